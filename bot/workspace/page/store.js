// What this person can see, kept current by the server's events. Knows no nodes.

import { Clock } from "./clock.js";
import { words } from "./words.js";

/** What this browser keeps under that key, or nothing. */
export function remembered(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {}; // storage is switched off or holds something else: everything counts as unread once
  }
}

/** Keeps a value in this browser. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage is switched off: the marks last as long as the page
  }
}

const byTs = (one, other) => Number(one.ts) - Number(other.ts);

/** The workspace as one person sees it; listeners hear `{type, channel, …}` after each change. */
export class Store {
  #listeners = new Set();

  constructor() {
    this.loaded = false;
    this.channels = [];
    this.messages = new Map();
    this.statuses = new Map();
    this.prompts = new Map();
    this.failures = new Map();
    this.samples = [];
    this.home = null;
    this.app = { home: false, commands: [], shortcuts: [] };
  }

  subscribe(listener) {
    this.#listeners.add(listener);
  }

  tell(change) {
    for (const listener of this.#listeners) listener(change);
  }

  /** Takes the server's whole state. */
  load(state) {
    if (this.me?.id !== state.user.id) for (const kept of [this.statuses, this.prompts, this.failures]) kept.clear();
    this.me = state.user;
    this.words = words(this.me.locale);
    this.clock = new Clock(this.me, state.clock);
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.bot = state.bot;
    this.channels = state.channels;
    this.samples = state.samples || [];
    this.home = state.home || null;
    this.app = state.app;
    const byItsTs = (list) => new Map(list.map((message) => [message.ts, message]));
    this.messages = new Map(Object.entries(state.messages).map(([channel, list]) => [channel, byItsTs(list)]));
    for (const prompts of state.prompts || []) {
      if (!this.#wroteIn(prompts)) this.prompts.set(this.#place(prompts), prompts);
    }
    for (const status of state.statuses || []) this.statuses.set(this.#place(status), status.status);
    this.reads = remembered(`read:${this.me.id}`);
    this.loaded = true;
    this.tell({ type: "loaded" });
  }

  #place({ channel, thread_ts: thread }) {
    return `${channel}:${thread || ""}`;
  }

  /** Examples are for those who have not written there yet. */
  #wroteIn({ channel, thread_ts: thread }) {
    return this.all(channel).some((message) => this.mine(message) && (!thread || message.thread_ts === thread));
  }

  status(channel, thread) {
    return this.statuses.get(this.#place({ channel, thread_ts: thread })) || "";
  }

  promptsOf(channel, thread) {
    return this.prompts.get(this.#place({ channel, thread_ts: thread })) || null;
  }

  dropPrompts(channel, thread) {
    if (this.prompts.delete(this.#place({ channel, thread_ts: thread }))) this.tell({ type: "prompts", channel });
  }

  /** One of the server's events. */
  apply(event) {
    const hear = {
      message: () => this.#put(event.channel, event.message, "added"),
      message_changed: () => this.#put(event.channel, event.message, "changed"),
      message_deleted: () => this.#remove(event.channel, event.ts),
      status: () => this.#setStatus(event),
      prompts: () => {
        this.prompts.set(this.#place(event), event);
        this.tell({ type: "prompts", channel: event.channel });
      },
      delivery_failed: () => this.#fail(event),
      home: () => {
        this.home = event.view;
        this.tell({ type: "home" });
      },
      clock: () => {
        this.clock.set(event);
        this.tell({ type: "clock" });
      },
      view_opened: () => this.tell({ type: "view", view: event.view }),
    }[event.type];
    if (hear) hear();
  }

  #put(channel, message, how) {
    if (!this.messages.has(channel)) this.messages.set(channel, new Map());
    const list = this.messages.get(channel);
    const change = list.has(message.ts) ? "changed" : "added";
    if (how === "changed" && change === "added") return; // an edit of what this person never saw
    list.set(message.ts, message);
    if (this.fromBot(message)) this.#arrived(channel);
    const mine = this.mine(message);
    for (const thread of [message.thread_ts || message.ts, null]) {
      const place = this.#place({ channel, thread_ts: thread });
      if (!mine) this.statuses.delete(place);
      else if (change === "added") this.prompts.delete(place);
    }
    this.tell({ type: "message", how: change, channel, message });
  }

  #remove(channel, ts) {
    const message = this.messages.get(channel)?.get(ts);
    if (!message) return;
    this.messages.get(channel).delete(ts);
    this.tell({ type: "message", how: "deleted", channel, message });
  }

  #setStatus(event) {
    const place = this.#place(event);
    this.#arrived(event.channel);
    if (event.status) this.statuses.set(place, event.status);
    else this.statuses.delete(place);
    this.tell({ type: "status", channel: event.channel, status: event.status });
  }

  /** `retrying` says whether the server goes on trying to reach the bot. */
  #fail(event) {
    const { channel, ts, retrying } = event;
    this.failures.set(`${channel}:${ts}`, { channel, retrying });
    this.tell({ type: "failure", channel, ts });
  }

  /** The bot does something there: what was being sent again has reached it. */
  #arrived(channel) {
    for (const [key, failure] of this.failures) {
      if (failure.retrying && failure.channel === channel) this.failures.delete(key);
    }
  }

  /** Which side of feedback buttons this person pressed: its value, or nothing. */
  pressed(key) {
    return remembered(`pressed:${this.me.id}`)[key];
  }

  press(key, value) {
    remember(`pressed:${this.me.id}`, { ...remembered(`pressed:${this.me.id}`), [key]: value });
  }

  failure(channel, ts) {
    return this.failures.get(`${channel}:${ts}`) || null;
  }

  find(channel, ts) {
    return this.messages.get(channel)?.get(ts) || null;
  }

  has(channel, ts) {
    return this.messages.get(channel)?.has(ts) || false;
  }

  mine(message) {
    return !message.bot_id && message.user === this.me.id;
  }

  fromBot(message) {
    return Boolean(message.bot_id) || message.user === this.bot.id;
  }

  /** Who may be mentioned or be an author: `{id, name}`, or null. */
  person(id) {
    if (id === this.bot.id) return this.bot;
    const user = this.users.get(id);
    return user ? { ...user, name: user.real_name || user.name } : null;
  }

  channel(id) {
    return this.channels.find((channel) => channel.id === id) || null;
  }

  /** What the conversation is called: a talk by who else is in it. */
  nameOf({ kind, name, members }) {
    if (kind === "channel") return name;
    if (kind === "im") return this.bot.name;
    const others = members.filter((id) => id !== this.me.id).sort((one) => (one === this.bot.id ? 1 : -1));
    return others.map((id) => this.person(id)?.name || id).join(this.words.comma);
  }

  /** Whether this is somebody of another company. */
  isExternal(id) {
    return this.users.get(id)?.role === "external";
  }

  all(channel) {
    return [...(this.messages.get(channel)?.values() || [])].sort(byTs);
  }

  /** Replies that stand in the conversation itself too. */
  broadcasts(channel) {
    return this.all(channel).filter(({ subtype }) => subtype === "thread_broadcast");
  }

  /** The conversation's threads in the order of their first message: `{ts, root, replies}`. */
  threads(channel) {
    const threads = new Map();
    for (const message of this.all(channel)) {
      const ts = message.thread_ts || message.ts;
      if (!threads.has(ts)) threads.set(ts, { ts, root: null, replies: [] });
      if (message.ts === ts) threads.get(ts).root = message;
      else threads.get(ts).replies.push(message);
    }
    return [...threads.values()].sort(byTs);
  }

  /** The first message of others that came after the last look, or null. */
  firstUnread(channel) {
    return this.#newer(channel, channel)[0] || null;
  }

  unread(channel) {
    return this.#newer(channel, channel).length;
  }

  unreadInThread(channel, thread) {
    const isReply = (message) => message.thread_ts === thread && message.ts !== thread;
    return this.#newer(channel, `${channel}:${thread}`).some(isReply);
  }

  /** What others wrote in the conversation since that place was last looked at. */
  #newer(channel, place) {
    const seen = this.#readUpTo(place);
    return this.all(channel).filter((message) => Number(message.ts) > seen && !this.mine(message));
  }

  #readUpTo(place) {
    return Number(this.reads[place] || 0);
  }

  /** Everything in the conversation (or in one thread of it) counts as seen. */
  markRead(channel, thread = null) {
    const list = this.all(channel).filter((message) => !thread || message.thread_ts === thread);
    const newest = list.at(-1);
    const place = thread ? `${channel}:${thread}` : channel;
    if (!newest || this.#readUpTo(place) >= Number(newest.ts)) return;
    this.reads[place] = newest.ts;
    remember(`read:${this.me.id}`, this.reads);
    this.tell({ type: "read", channel });
  }
}
