// The middle of the page: one conversation with its head, its messages (or the bot's Home tab) and its composer;
// and, beside a channel, one thread of it.

import { acceptsDrops } from "./attachments.js";
import { button, div, el, icon, sync } from "./dom.js";
import { Messages } from "./messages.js";
import { drawHome } from "./views.js";

const timely = ({ type }) => type === "tick" || type === "clock";
const has = (channel, { id }) => channel.members.includes(id);

function empty(store, channel) {
  const { words, bot, me } = store;
  const [title, note] =
    channel.kind === "im"
      ? [words.emptyBot, words.emptyBotNote]
      : channel.name === "helpdesk" && me.role === "helpdesk"
        ? [words.emptyHelpdesk, words.emptyHelpdeskNote]
        : channel.kind === "mpim"
          ? [store.nameOf(channel), words.emptyChannelNote(bot.name)]
          : [words.emptyChannel(channel.name), has(channel, bot) ? words.emptyChannelNote(bot.name) : ""];
  const picture = () => el("img", { src: "icon.svg", alt: "" });
  return () =>
    el("div", { className: "empty", "data-testid": "empty" }, picture(), el("strong", {}, title), el("p", {}, note));
}

/** One conversation; `app` gives the store, what is under way and the ways to elsewhere. */
export class Conversation {
  constructor(app, channel, tab) {
    Object.assign(this, { app, channel, wanted: tab });
    const { words } = app.store;
    this.composer = app.composer(channel.id, null);
    this.messages = new Messages(app, {
      form: channel.kind === "im" ? "inline" : "collapsed",
      channel: channel.id,
      openThread: app.openThread,
      composer: (thread) => app.composer(channel.id, thread),
      empty: empty(app.store, channel),
      announce: app.announce,
    });
    this.tabs = el("div", { className: "tabs", role: "tablist" });
    this.body = div("conversation-body");
    const properties = { className: "conversation", "data-channel": channel.id };
    this.node = el("main", properties, this.#head(), this.tabs, this.body);
    acceptsDrops(this.node, words.dropHere, () => (this.tab === "home" ? null : this.composer));
    this.#drawTab();
  }

  #head() {
    const { store } = this.app;
    const { kind, topic, shared } = this.channel;
    const name = store.nameOf(this.channel);
    const menu = button(
      {
        className: "tool drawer-only",
        "aria-label": store.words.openMenu,
        "aria-controls": "sidebar",
        "data-testid": "menu",
        onclick: this.app.openDrawer,
      },
      icon("menu"),
    );
    return el(
      "header",
      { className: "conversation-head" },
      menu,
      div(
        "conversation-title",
        el("h1", {}, kind === "channel" ? `# ${name}` : name),
        topic && el("small", {}, topic),
      ),
      shared && el("span", { className: "badge badge-external" }, store.words.shared),
    );
  }

  #drawTab() {
    const { store } = this.app;
    const hasHome = this.channel.kind === "im" && (store.home || store.app.home);
    this.tab = hasHome ? this.wanted : "messages";
    const draw = (tab) =>
      button(
        {
          role: "tab",
          className: "tab",
          "aria-selected": String(tab === this.tab),
          "data-testid": `tab-${tab}`,
          onclick: () => this.app.openTab(tab),
        },
        store.words[tab],
      );
    sync(this.tabs, hasHome ? ["home", "messages"].map(draw) : []);
    if (this.tab === "home") this.#drawHome();
    else if (this.messages.node.parentNode !== this.body) sync(this.body, [this.messages.node, this.composer.node]);
  }

  /** A newer Home takes the place of the old one where it stands: scrolled as it was, the same button in focus. */
  #drawHome() {
    this.home ||= el("div", { className: "home", "data-testid": "home", tabIndex: 0 });
    const focused = this.home.contains(document.activeElement) && document.activeElement.dataset.actionId;
    sync(this.home, [drawHome(this.app.store, this.app.actions)]);
    sync(this.body, [this.home]);
    const same = focused && [...this.home.querySelectorAll("[data-action-id]")].find((node) => node.dataset.actionId === focused);
    if (same) same.focus({ preventScroll: true });
  }

  update(change) {
    if (change.type === "home" || (change.type === "clock" && this.tab === "home")) this.#drawTab();
    else if (change.channel === this.channel.id || timely(change)) this.messages.update(change);
  }

  close() {
    this.messages.close();
  }
}

/** One thread of a channel, beside it (on a phone: instead of it). */
export class ThreadPanel {
  constructor(app, channel, thread) {
    Object.assign(this, { channel, thread });
    const { words } = app.store;
    const composer = app.composer(channel.id, thread);
    const name = app.store.nameOf(channel);
    const place = channel.kind === "channel" ? `# ${name}` : name;
    this.messages = new Messages(app, {
      form: "thread",
      channel: channel.id,
      thread,
      composer: () => composer,
      empty: () => el("p", { className: "empty" }, words.noReplies),
      announce: app.announce,
    });
    const close = button(
      { className: "tool", "aria-label": words.closeThread, "data-testid": "close-thread", onclick: app.closeThread },
      icon("close"),
    );
    const title = div("conversation-title", el("h2", {}, words.thread), el("small", {}, place));
    this.node = el(
      "aside",
      {
        className: "thread-panel",
        "data-testid": "thread-panel",
        "aria-label": words.thread,
        onkeydown: (event) => event.key === "Escape" && !event.isComposing && app.closeThread(),
      },
      el("header", { className: "conversation-head" }, title, close),
      this.messages.node,
      composer.node,
    );
    acceptsDrops(this.node, words.dropHere, () => composer);
    this.focus = () => composer.focus();
  }

  update(change) {
    if (change.channel === this.channel.id || timely(change)) this.messages.update(change);
  }

  close() {
    this.messages.close();
  }
}
