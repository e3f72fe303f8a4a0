// Starts the page: the address says who looks at what, the store says what there is, the parts draw it.

import { Actions } from "./actions.js";
import { Composer } from "./composer.js";
import { Conversation, ThreadPanel } from "./conversation.js";
import { div, el, sync } from "./dom.js";
import { Outbox } from "./outbox.js";
import { Events, opened, readState } from "./server.js";
import { Sidebar } from "./sidebar.js";
import { remember, remembered, Store } from "./store.js";
import { Dialogs } from "./views.js";
import { words } from "./words.js";

const RETRY = 1500; // milliseconds until the first state is asked for again
const MINUTE = 60_000;
const NOTICE = 6000; // milliseconds a notice stays
const ANNOUNCED = 1500; // milliseconds an announcement stays

const store = new Store();
const actions = new Actions(store);
const outbox = new Outbox(store);
const dialogs = new Dialogs(store, actions);
const workspace = document.getElementById("workspace");
const announcements = document.getElementById("announcements");
const connection = el("div", { className: "connection", role: "status", "data-testid": "connection", hidden: true });
const notice = el("div", { className: "notice", role: "alert", hidden: true });
const veil = el("div", { className: "veil", onclick: () => drawer(false) });
const stage = div("stage");
const sidebar = new Sidebar(store, {
  choose: (channel) => go({ channel, thread: null, tab: null }),
  become: (user) => go({ user, channel: null, thread: null, tab: null }),
  close: () => drawer(false),
});

let events = null;
let held = null; // events that come while the state is being read
let conversation = null;
let panel = null;
let composers = new Map();
let listening = false; // whether the events of this person come in
let arrived = true; // whether the server knows which conversation is open
let noticeTimer = 0;
let announceTimer = 0;

// --- where we are -------------------------------------------------------------------------------------------

function route() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(["user", "channel", "thread", "tab"].map((name) => [name, query.get(name)]));
}

function addressOf(place) {
  const known = Object.entries(place).filter(([, value]) => value);
  return `${location.pathname}?${new URLSearchParams(known)}`;
}

/** Corrects the address without a step in the history. */
function stand(place) {
  history.replaceState(null, "", addressOf(place));
}

function go(change) {
  history.pushState(null, "", addressOf({ ...route(), ...change }));
  arrive();
}

/** Shows what the address says; another person means another state and other events. */
function arrive() {
  drawer(false);
  if (!store.loaded || route().user !== store.me.id) connect();
  else show();
}

function usualChannel() {
  const helpdesk = store.me.role === "helpdesk" && store.channels.find((channel) => channel.name === "helpdesk");
  return helpdesk || store.channels.find((channel) => channel.kind === "im") || store.channels[0];
}

// --- the server ---------------------------------------------------------------------------------------------

async function connect() {
  events?.close();
  events = null;
  listening = false;
  held = [];
  const asked = route().user;
  // A link to a conversation names nobody: whoever looked last on this computer follows it.
  const { channel } = route();
  const link = asked ? {} : { channel, follower: channel && remembered("person").id };
  let state;
  try {
    state = await readState(asked, link);
  } catch (trouble) {
    if (trouble.code === "user_not_found") return startOver();
    say(store.words ? store.words.offline : words(navigator.language).connecting);
    return setTimeout(() => events || connect(), RETRY);
  }
  if (route().user !== asked) return null; // somebody else was chosen meanwhile
  dialogs.clear();
  actions.clear();
  composers = new Map();
  remember("person", { id: state.user.id });
  take(state);
  stand({ ...route(), user: store.me.id });
  show();
  for (const view of state.views || []) dialogs.open(view);
  events = new Events(store.me.id, hear, connected);
  return null;
}

/** Nobody of that name is here: as the first person, then. */
function startOver() {
  remember("person", {});
  stand({ ...route(), user: null });
  return connect();
}

function take(state) {
  store.load(state);
  for (const event of held || []) store.apply(event);
  held = null;
}

function hear(event) {
  if (held) held.push(event);
  else store.apply(event);
}

/** Whatever came between the last state and this connection is read again. */
async function connected(is) {
  say(is ? null : store.words.offline);
  listening = is;
  if (!is) return;
  tellOpened();
  const mine = events;
  held = [];
  try {
    const state = await readState(store.me.id);
    if (events === mine) take(state);
  } catch {
    held = null; // the connection is gone again and will say so itself
  }
}

/** Says which conversation is open, once the bot's answer to that can be heard. */
function tellOpened() {
  if (arrived || !listening) return;
  arrived = true;
  opened(store.me.id, conversation.channel.id, conversation.wanted).catch(() => {}); // a lost connection shows itself
}

function say(text) {
  connection.textContent = text || "";
  connection.hidden = !text;
}

// --- what is shown ------------------------------------------------------------------------------------------

const app = {
  store,
  actions,
  outbox,
  composer: composerOf,
  announce,
  openThread: (thread) => go({ thread }),
  closeThread: () => go({ thread: null }),
  openTab: (tab) => go({ tab: tab === "home" ? "home" : null }),
  openDrawer: () => drawer(true),
};

/** Told to screen readers; what was read out is taken away again. */
function announce(text) {
  announcements.textContent = text.slice(0, 300);
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => (announcements.textContent = ""), ANNOUNCED);
}

function composerOf(channel, thread) {
  const key = `${channel} ${thread || ""}`;
  if (!composers.has(key)) {
    const place = store.channel(channel);
    const { writeReply, writeToBot, writeToChannel, writeToGroup } = store.words;
    const write = { im: () => writeToBot, mpim: writeToGroup, channel: writeToChannel }[place.kind];
    const composer = new Composer(store, {
      placeholder: thread ? writeReply : write(store.nameOf(place)),
      send: ({ text, files }) => outbox.send({ channel, thread, text, files }),
      prefix: thread ? "thread-" : "",
      mention: place.kind !== "im" && place.members.includes(store.bot.id),
      quiet: Boolean(thread),
      shortcut: (id) => actions.shortcut(id),
    });
    composers.set(key, composer);
  }
  return composers.get(key);
}

/** Draws the place of the address. */
function show() {
  const place = route();
  const channel = store.channel(place.channel) || usualChannel();
  const tab = place.tab || "messages";
  if (place.channel !== channel.id) {
    if (place.channel) tell(store.words.unknownConversation);
    stand({ ...place, channel: channel.id, thread: null });
  }
  document.documentElement.lang = store.clock.locale.slice(0, 2);
  const shown = conversation && [conversation.user, conversation.channel.id, conversation.wanted].join();
  const same = shown === [store.me.id, channel.id, tab].join();
  if (!same) {
    conversation?.close();
    conversation = Object.assign(new Conversation(app, channel, tab), { user: store.me.id });
    arrived = false;
    tellOpened();
  }
  const thread = threadBeside(channel);
  if (panel?.thread !== thread || !same) {
    panel?.close();
    panel = thread ? new ThreadPanel(app, channel, thread) : null;
  }
  sync(stage, [conversation.node, panel?.node].filter(Boolean));
  stage.classList.toggle("with-thread", Boolean(panel));
  sync(workspace, [connection, sidebar.node, veil, stage, notice]);
  if (!matchMedia("(pointer: coarse)").matches) (panel || conversation.composer).focus();
  const asked = route().thread;
  if (asked && !panel) {
    requestAnimationFrame(() => conversation.messages.reveal(asked));
    stand({ ...route(), thread: null });
  }
  seen();
}

/** The thread of the address, if it is one of this channel; a talk with the bot shows its threads itself. */
function threadBeside(channel) {
  const { thread } = route();
  return channel.kind !== "im" && store.threads(channel.id).some(({ ts }) => ts === thread) ? thread : null;
}

/** What is on the screen counts as read. */
function seen() {
  if (document.visibilityState !== "visible" || !conversation) return;
  store.markRead(conversation.channel.id);
  if (panel) store.markRead(panel.channel.id, panel.thread);
  badges();
}

function badges() {
  const current = conversation?.channel.id;
  sidebar.update(current);
  const unread = store.channels.filter(({ id }) => id !== current).reduce((sum, { id }) => sum + store.unread(id), 0);
  const place = store.nameOf(conversation.channel);
  const name = conversation.channel.kind === "channel" ? `#${place}` : place;
  document.title = `${unread ? `(${unread}) ` : ""}${name} – ${store.words.workspace}`;
}

function tell(text) {
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.hidden = true), NOTICE);
}

function drawer(open) {
  const phone = matchMedia("(max-width: 760px)").matches;
  document.body.classList.toggle("drawer-open", open && phone);
  sidebar.node.inert = phone && !open;
  stage.inert = phone && open;
  if (open && phone) sidebar.node.querySelector("button")?.focus();
}

store.subscribe((change) => {
  if (change.type === "notice") tell(change.text);
  if (change.type === "clock") {
    sidebar.clock.update();
    tell(store.words.clockMoved(store.clock.dated(store.clock.now())));
  }
  if (change.type === "view") dialogs.open(change.view);
  if (!conversation || conversation.user !== store.me.id) return;
  const redrawn = change.type === "loaded" ? { type: "tick" } : change;
  conversation.update(redrawn);
  panel?.update(redrawn);
  if (panel && change.how === "deleted" && threadBeside(panel.channel) === null) app.closeThread();
  if (["message", "loaded"].includes(change.type)) seen();
});

addEventListener("popstate", arrive);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("drawer-open")) drawer(false);
});
document.addEventListener("visibilitychange", () => store.loaded && seen());
matchMedia("(max-width: 760px)").addEventListener("change", () => drawer(false));
// A missed drop must not leave the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
setInterval(() => store.loaded && store.tell({ type: "tick" }), MINUTE); // "today" becomes "yesterday"

sync(workspace, [connection]);
drawer(false);
connect();
