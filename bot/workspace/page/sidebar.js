// The left column: the conversations, and at its foot the people one can be.

import { ClockPanel } from "./clockpanel.js";
import { button, div, el, icon, span, sync } from "./dom.js";
import { avatar } from "./message.js";
import { language } from "./words.js";

/** Draws itself anew on `update()`; `choose(channel)` and `become(user)` are told of presses. */
export class Sidebar {
  constructor(store, { choose, become, close }) {
    Object.assign(this, { store, choose, become, close });
    this.clock = new ClockPanel(store);
    this.node = el("nav", { className: "sidebar", id: "sidebar" });
  }

  update(current) {
    const { store } = this;
    const { words } = store;
    this.node.setAttribute("aria-label", words.conversations);
    this.clock.update();
    const focused = this.node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    const of = (kind) => store.channels.filter((channel) => channel.kind === kind);
    const entries = (...kinds) => kinds.flatMap(of).map((channel) => this.#entry(channel, current));
    const scrolled = [...this.node.children].map((part) => part.scrollTop);
    sync(this.node, [
      div(
        "sidebar-head",
        el("div", {}, el("strong", {}, words.workspace), el("small", {}, words.workspaceNote)),
        button({ className: "tool drawer-only", "aria-label": words.closeMenu, onclick: this.close }, icon("close")),
      ),
      this.clock.node,
      div(
        "sidebar-lists",
        this.#group(words.directMessages, entries("im", "mpim")),
        this.#group(words.channels, entries("channel")),
      ),
      this.#people(),
    ]);
    scrolled.forEach((top, index) => (this.node.children[index].scrollTop = top));
    if (focused) this.node.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  }

  #group(title, entries) {
    if (!entries.length) return null;
    const list = el("ul", {}, entries.map((entry) => el("li", {}, entry)));
    return el("div", { role: "group", "aria-label": title }, el("h2", {}, title), list);
  }

  #entry(channel, current) {
    const { store } = this;
    const unread = channel.id === current ? 0 : store.unread(channel.id);
    const marks = { channel: "#", mpim: String(channel.members.length - 1) };
    const sign =
      channel.kind === "im"
        ? avatar(store, store.bot.id)
        : el("span", { className: `hash ${channel.kind}`, "aria-hidden": "true" }, marks[channel.kind]);
    const name = span("entry-name", store.nameOf(channel));
    const badge = { className: "count", "data-testid": "unread", "aria-label": store.words.unread(unread) };
    const properties = {
      className: `entry${unread ? " unread" : ""}`,
      "aria-current": channel.id === current ? "page" : null,
      "data-testid": `channel-${channel.name}`,
      "data-channel": channel.id,
      "data-kind": channel.kind,
      onclick: () => this.choose(channel.id),
    };
    const mark = channel.shared && span("shared", store.words.external);
    return button(properties, sign, name, mark, unread > 0 && el("span", badge, unread > 99 ? "99+" : String(unread)));
  }

  /** Those of one role stand together; among them each says only the language. */
  #people() {
    const { store } = this;
    const { words } = store;
    const draw = (user) => {
      const current = user.id === store.me.id;
      const properties = {
        className: "person",
        "aria-pressed": String(current),
        "data-testid": `person-${user.id}`,
        "data-role": user.role,
        "data-locale": user.locale,
        onclick: () => current || this.become(user.id),
      };
      return button(
        properties,
        avatar(store, user.id),
        span("person-words", el("span", {}, user.real_name), el("small", {}, words.languages[language(user.locale)])),
        current && icon("check"),
      );
    };
    const users = [...store.users.values()];
    const drawRole = (role) => {
      const found = users.filter((user) => user.role === role);
      const label = words.roles[role];
      const heading = el("h3", { "aria-hidden": "true" }, label);
      return found.length > 0 && el("div", { role: "group", "aria-label": label }, heading, found.map(draw));
    };
    const { switchPerson } = words;
    const properties = { className: "people", role: "group", "aria-label": switchPerson, "data-testid": "person-switch" };
    return el("div", properties, el("h2", {}, switchPerson), Object.keys(words.roles).map(drawRole));
  }
}
