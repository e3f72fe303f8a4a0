// The messages of one conversation, in one of three forms: "inline" (a talk with the bot: every thread open,
// one below the other), "collapsed" (a channel: threads as a count) and "thread" (one thread, beside a channel).

import { button, div, el, icon, span, sync } from "./dom.js";
import { author, drawMessage, drawPending } from "./message.js";
import { spoken } from "./mrkdwn.js";
import { Scrolling } from "./scrolling.js";

const TOGETHER = 5 * 60; // seconds between messages that share one head

/** Draws and keeps drawn; `options` are {form, channel, thread, openThread, composer, empty, announce}. */
export class Messages {
  #nodes = new Map();

  constructor({ store, actions, outbox }, options) {
    Object.assign(this, { store, actions, outbox }, options);
    const unread = store.firstUnread(this.channel);
    this.newSince = this.form !== "thread" && unread && store.all(this.channel)[0] !== unread ? unread.ts : null;
    this.content = div("messages-content");
    const testid = this.form === "thread" ? "thread-message-list" : "message-list";
    this.scrolling = new Scrolling(this.content, store.words, testid);
    this.node = this.scrolling.node;
    this.replying = new Set();
    this.draw();
    this.scrolling.start(this.newSince && this.#nodes.get("new-since")?.node);
  }

  /** Brings one message into sight. */
  reveal(ts) {
    this.scrolling.lead(ts);
  }

  /** Follows a change of the store. */
  update(change) {
    if (change.type === "acted") this.followed = change.thread;
    this.draw();
    if (change.type === "message" && change.how === "added") this.#arrived(change.message);
    else if (change.type === "message" && change.how === "changed") this.#say(change.message);
    else if (change.type === "outbox" && change.how === "added") this.#sent(change.entry);
    else if (change.type === "status" && change.status) this.announce(change.status);
  }

  draw() {
    const focused = this.content.contains(document.activeElement) ? document.activeElement : null;
    this.seen = new Set();
    sync(this.content, this.form === "thread" ? this.#aloneThread() : this.#all());
    for (const key of this.#nodes.keys()) if (!this.seen.has(key)) this.#nodes.delete(key);
    if (focused && !focused.isConnected) this.#refocus(focused);
  }

  /** The kept node of that key, drawn anew if its stamp changed. */
  #keep(key, stamp, draw) {
    this.seen.add(key);
    const kept = this.#nodes.get(key);
    if (kept?.stamp.every((value, index) => value === stamp[index])) return kept.node;
    const node = draw();
    this.#nodes.set(key, { node, stamp });
    return node;
  }

  #all() {
    const { store, channel } = this;
    const nodes = [];
    let day = null;
    for (const { ts, thread, broadcast } of this.#entries()) {
      if (store.clock.day(ts) !== day) {
        day = store.clock.day(ts);
        nodes.push(this.#line(`day ${day}`, store.clock.dayName(ts)));
      }
      const collapsed = this.form === "collapsed";
      if ((collapsed ? ts : thread?.root?.ts) === this.newSince) nodes.push(this.#newLine());
      if (broadcast) nodes.push(this.#broadcast(broadcast));
      else nodes.push(collapsed ? this.#collapsedThread(thread) : this.#openThread(thread));
    }
    const pending = this.outbox.of(channel).filter((entry) => !entry.thread_ts);
    const shown = [...nodes, ...pending.map((entry) => this.#pending(entry))];
    return [...(shown.length ? shown : [this.#keep("empty", [], this.empty)]), ...this.#tail(null)];
  }

  /** What stands one below the other: threads, and the replies that were shown to everybody, in order of time. */
  #entries() {
    const { store, channel } = this;
    const shown = store.threads(channel).filter(({ root }) => root || this.form === "inline");
    const threads = shown.map((thread) => ({ ts: (thread.root || thread.replies[0]).ts, thread }));
    const broadcasts = store.broadcasts(channel).map((broadcast) => ({ ts: broadcast.ts, broadcast }));
    return [...threads, ...broadcasts].sort((one, other) => Number(one.ts) - Number(other.ts));
  }

  /** A reply that everybody sees, with the way to its thread; where threads are open it stands there as well. */
  #broadcast(message) {
    const { store, channel } = this;
    const { words } = store;
    const thread = message.thread_ts;
    const key = this.form === "inline" ? `${message.ts} broadcast` : message.ts;
    const root = store.find(channel, thread);
    const open = () => (this.form === "inline" ? this.reveal(thread) : this.openThread(thread));
    const draw = () => {
      const about = root && root.subtype !== "tombstone" && spoken(store, root.text || "");
      const properties = { className: "reply-to", "data-testid": "broadcast", onclick: open };
      const above = button(properties, icon("reply"), el("span", {}, words.repliedToThread), about && el("small", {}, about));
      const node = drawMessage(this.actions.messageSurface(channel, message), channel, message, { above });
      node.dataset.ts = key;
      return node;
    };
    return this.#keep(key, [message, root, store.failure(channel, message.ts), store.clock.stamp], draw);
  }

  /** Words in a line across: a day, a count of replies, where the news begins. */
  #line(key, words, className = "day") {
    return this.#keep(key, [words], () => el("div", { className, role: "separator" }, el("span", {}, words)));
  }

  #newLine() {
    return this.#line("new-since", this.store.words.newSince, "new-since");
  }

  #message(message, before, foot = null, footStamp = "") {
    const { store, channel } = this;
    const continued = Boolean(before) && this.#continues(before, message);
    const draw = () => {
      const surface = this.actions.messageSurface(channel, message);
      return drawMessage(surface, channel, message, { continued, foot: foot?.() });
    };
    return this.#keep(message.ts, [message, continued, store.failure(channel, message.ts), footStamp, store.clock.stamp], draw);
  }

  /** Whether the second message needs no head of its own. */
  #continues(before, message) {
    const sameAuthor = author(this.store, before).id === author(this.store, message).id;
    const soon = Number(message.ts) - Number(before.ts) < TOGETHER;
    return sameAuthor && soon && !before.ephemeral && !message.ephemeral;
  }

  #pending(entry) {
    const ways = { again: () => this.outbox.retry(entry), rewrite: () => this.#rewrite(entry) };
    const node = this.#keep(`pending ${entry.id}`, [entry.failed], () => drawPending(this.store, entry, ways));
    const progress = node.querySelector("progress");
    if (progress) progress.value = entry.progress;
    return node;
  }

  /** What could not be sent goes back to where it was written. */
  #rewrite(entry) {
    this.outbox.discard(entry);
    this.composer(entry.thread_ts).restore(entry);
  }

  /** Replies with what is on its way below them. */
  #replies(thread) {
    const nodes = [];
    thread.replies.forEach((reply, index) => {
      if (reply.ts === this.newSince) nodes.push(this.#newLine());
      nodes.push(this.#message(reply, index ? thread.replies[index - 1] : null));
    });
    const pending = this.outbox.of(this.channel).filter((entry) => entry.thread_ts === thread.ts);
    return [...nodes, ...pending.map((entry) => this.#pending(entry)), ...this.#tail(thread.ts)];
  }

  #openThread(thread) {
    const replies = this.#keep(`replies ${thread.ts}`, [], () => div("replies"));
    sync(replies, this.#replies(thread));
    const root = thread.root && this.#message(thread.root, null);
    const foot = this.replying.has(thread.ts) ? this.composer(thread.ts).node : this.#replyHere(thread);
    return this.#section(thread, [root, replies.childNodes.length > 0 && replies, foot]);
  }

  #section({ ts }, nodes) {
    const properties = { className: "thread", "data-testid": "thread", "data-thread-ts": ts };
    const section = this.#keep(`thread ${ts}`, [], () => el("section", properties));
    sync(section, nodes.filter(Boolean));
    return section;
  }

  /** Nobody can answer what only they see. */
  #replyHere({ ts, root }) {
    if (root?.ephemeral) return null;
    const open = () => {
      this.replying.add(ts);
      this.draw();
      const composer = this.composer(ts);
      composer.node.scrollIntoView({ block: "nearest" });
      composer.focus();
    };
    const properties = { className: "reply-here", "data-testid": "reply-here", onclick: open };
    const draw = () => button(properties, icon("reply"), el("span", {}, this.store.words.replyHere));
    return this.#keep(`reply ${ts}`, [], draw);
  }

  #collapsedThread(thread) {
    const { store, channel } = this;
    const fresh = store.unreadInThread(channel, thread.ts);
    const count = thread.replies.filter((reply) => !reply.ephemeral).length;
    const newest = thread.replies.at(-1);
    const foot = () =>
      !thread.root.ephemeral &&
      button(
        {
          className: count ? "reply-count" : "reply-here",
          "data-testid": "replies",
          onclick: () => this.openThread(thread.ts),
        },
        count ? el("strong", {}, store.words.replies(count)) : [icon("reply"), el("span", {}, store.words.replyHere)],
        newest && el("small", {}, store.words.lastReply(store.clock.moment(newest.ts))),
        fresh && span("fresh", store.words.newReplies),
      );
    const message = this.#message(thread.root, null, foot, `${count} ${fresh} ${newest?.ts}`);
    return this.#section(thread, [message, ...this.#tail(thread.ts)]);
  }

  #aloneThread() {
    const thread = this.store.threads(this.channel).find(({ ts }) => ts === this.thread);
    if (!thread) return [this.#keep("empty", [], this.empty)];
    const { words } = this.store;
    const count = thread.replies.length;
    const line = this.#line("count", count ? words.replies(count) : words.noReplies);
    const root = thread.root ? [this.#message(thread.root, null)] : [];
    return [...root, line, ...this.#replies(thread)];
  }

  /** The bot's status line and the prompts it suggests at this place. */
  #tail(thread) {
    const { store, channel } = this;
    const status = store.status(channel, thread);
    const prompts = store.promptsOf(channel, thread);
    const drawStatus = () => {
      const dots = el("span", { className: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
      const words = el("span", {}, `${store.bot.name}: ${status}`);
      return el("p", { className: "status", "data-testid": "status" }, dots, words);
    };
    return [
      status && this.#keep(`status ${thread}`, [status], drawStatus),
      prompts && this.#keep(`prompts ${thread}`, [prompts], () => this.#prompts(prompts, thread)),
    ].filter(Boolean);
  }

  #prompts({ title, prompts }, thread) {
    const choose = (message) => () => {
      this.store.dropPrompts(this.channel, thread);
      this.outbox.send({ channel: this.channel, thread, text: message, files: [] });
    };
    const draw = (prompt) => button({ className: "prompt", onclick: choose(prompt.message) }, prompt.title);
    const properties = { className: "prompts", role: "group", "data-testid": "prompts", "aria-label": title };
    return el("div", properties, title && el("p", {}, title), prompts.map(draw));
  }

  #concerns(message) {
    return this.form !== "thread" || message.thread_ts === this.thread || message.ts === this.thread;
  }

  #arrived(message) {
    const node = this.#nodes.get(message.ts)?.node;
    if (!node || !this.#concerns(message)) return;
    const mine = this.store.mine(message);
    const thread = message.thread_ts || message.ts;
    if (mine) this.followed = thread;
    node.classList.add("arrived");
    this.scrolling.arrived(node, { follow: mine || this.followed === thread });
    this.#say(message);
  }

  #sent(entry) {
    if (entry.thread_ts) this.followed = entry.thread_ts;
    const node = this.#nodes.get(`pending ${entry.id}`)?.node;
    if (node) this.scrolling.arrived(node, { follow: true });
  }

  #say(message) {
    if (this.store.mine(message) || !this.#nodes.has(message.ts) || !this.#concerns(message)) return;
    this.announce(`${author(this.store, message).name}: ${spoken(this.store, message.text)}`);
  }

  /** A focused button was drawn anew: its successor, or its message, takes the focus. */
  #refocus(lost) {
    const message = this.#nodes.get(lost.closest("[data-ts]")?.dataset.ts)?.node;
    const key = lost.dataset.actionKey;
    const elements = [...this.content.querySelectorAll("[data-action-key]")];
    const successor = key && elements.find((node) => node.dataset.actionKey === key);
    (successor || message)?.focus({ preventScroll: true });
  }

  close() {
    this.scrolling.close();
  }
}
