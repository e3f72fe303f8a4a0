// One message as people see it.

import { confirmed } from "./dialogs.js";
import { button, div, el, icon, size, span } from "./dom.js";
import { emoji } from "./emoji.js";
import { opensMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { drawBlocks } from "./render.js";
import { erase, fileAddress } from "./server.js";

const SHADES = 8;
const SHOWN_PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const JAPANESE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

function initials(name) {
  const parts = name.trim().split(/[\s　]+/);
  if (JAPANESE.test(name)) return [...parts[0]].slice(0, 2).join("");
  return parts.slice(0, 2).map((part) => [...part][0] || "").join("").toUpperCase();
}

/** The round picture of a person, or the bot's own. */
export function avatar(store, id) {
  if (id === store.bot.id) return el("img", { className: "avatar", src: "icon.svg", alt: "" });
  const shade = Math.max(0, [...store.users.keys()].indexOf(id)) % SHADES;
  const name = store.person(id)?.name || id;
  return el("span", { className: `avatar shade-${shade}`, "aria-hidden": "true" }, initials(name));
}

/** Who wrote a message: an id, and the name that is shown. */
export function author(store, message) {
  const id = store.fromBot(message) ? store.bot.id : message.user;
  return { id, name: message.username || store.person(id)?.name || id };
}

function file(store, { id, name, title, alt_txt: description, size: bytes, mimetype, mode }) {
  if (mode === "tombstone") return div("text gone", store.words.fileDeleted);
  const address = fileAddress(id, store.me.id);
  const label = [icon("file"), span("file-name", title || name), el("small", {}, size(bytes || 0))];
  const link = el("a", { className: "file", href: address, download: name, "data-testid": "file" }, label);
  if (!SHOWN_PICTURES.has(mimetype)) return link;
  const broken = (event) => event.target.remove(); // named so, but no picture: the link stays
  return div("file-picture", el("img", { src: address, alt: description || name, loading: "lazy", onerror: broken }), link);
}

function failure(store, channel, message) {
  const state = store.mine(message) && store.failure(channel, message.ts);
  if (!state) return null;
  const words = state.retrying ? store.words.notDeliveredRetry : store.words.notDelivered;
  return el("p", { className: "failure", role: "status" }, icon("warning"), el("span", {}, words));
}

function reactions(store, { reactions: given }) {
  if (!given?.length) return null;
  const draw = ({ name, count }) => el("span", {}, `${emoji(name) || `:${name}:`} ${count}`);
  return el("p", { className: "reactions", "aria-label": store.words.reactions }, given.map(draw));
}

/** People can take back what they wrote: a file that nobody should see above all. */
function eraser(store, channel, message) {
  const { words } = store;
  const plain = (text) => ({ type: "plain_text", text });
  const ask = {
    title: plain(words.deleteTitle),
    text: plain(words.deleteText),
    confirm: plain(words.delete),
    deny: plain(words.cancel),
    style: "danger",
  };
  const press = async () => {
    if (!(await confirmed(store, ask))) return;
    const failed = () => store.tell({ type: "notice", text: words.actionFailed });
    await erase(store.me.id, channel, message.ts).catch(failed);
  };
  return button(
    {
      className: "tool",
      "aria-label": words.deleteMessage,
      title: words.deleteMessage,
      "data-testid": "delete",
      onclick: press,
    },
    icon("trash"),
  );
}

/** The app's shortcuts for this message, behind three dots. */
function shortcuts(surface, message) {
  const { words, app, bot } = surface.world;
  const offered = message.ephemeral ? [] : app.shortcuts.filter(({ type }) => type === "message");
  if (!offered.length) return null;
  const items = offered.map(({ name, callback_id: id }) => ({
    label: name,
    note: bot.name,
    choose: () => surface.shortcut(id),
  }));
  const label = words.messageActions;
  const opener = button(
    { className: "tool", "aria-label": label, title: label, "data-testid": "message-actions" },
    icon("more"),
  );
  return span("anchored", opensMenu(opener, items, { testid: "message-menu" }));
}

function tools(surface, channel, message) {
  if (message.subtype === "tombstone") return null;
  const store = surface.world;
  const found = [shortcuts(surface, message), store.mine(message) && eraser(store, channel, message)].filter(Boolean);
  return found.length > 0 && div("message-tools", found);
}

function body(surface, message) {
  const { world } = surface;
  if (message.subtype === "tombstone") return div("text gone", world.words.deleted);
  if (message.blocks?.length) return drawBlocks(surface, message.blocks);
  return message.text ? div("text", mrkdwn(world, message.text)) : null;
}

function head(store, message, { id, name }) {
  const { words, clock } = store;
  const moment = { dateTime: new Date(Number(message.ts) * 1000).toISOString(), title: clock.full(message.ts) };
  return div(
    "message-head",
    el("strong", { className: "author" }, name),
    id === store.bot.id && span("badge", words.app),
    store.isExternal(id) && span("badge badge-external", words.external),
    el("time", moment, clock.time(message.ts)),
    message.edited && span("edited", words.edited),
    message.ephemeral && span("only-you", words.onlyYou),
  );
}

/**
 * The node of a message; `continued` leaves out what the message above already says, `above` stands between its
 * head and its words, `foot` below them.
 */
export function drawMessage(surface, channel, message, { continued = false, above = null, foot = null } = {}) {
  const store = surface.world;
  const who = author(store, message);
  const content = body(surface, message);
  const kind = store.mine(message) ? "own" : who.id === store.bot.id ? "bot" : "other";
  return el(
    "article",
    {
      className: `message ${kind}${continued ? " continued" : ""}${message.ephemeral ? " ephemeral" : ""}`,
      tabIndex: -1,
      "aria-label": `${who.name}, ${store.clock.moment(message.ts)}`,
      "data-testid": "message",
      "data-ts": message.ts,
      "data-author": who.id,
    },
    div("message-side", continued ? null : avatar(store, who.id)),
    div(
      "message-main",
      continued ? null : head(store, message, who),
      above,
      content && div("message-body", content),
      message.files?.length && div("files", message.files.map((one) => file(store, one))),
      reactions(store, message),
      failure(store, channel, message),
      foot,
    ),
    tools(surface, channel, message),
  );
}

/** A message of one's own that the server has not shown yet: under way, or failed with a way to retry. */
export function drawPending(store, entry, { again, rewrite }) {
  const { words } = store;
  const drawFile = ({ name, size: bytes }) =>
    span("file", icon("file"), span("file-name", name), el("small", {}, size(bytes)));
  const failed = () => [
    icon("warning"),
    el("span", {}, words.notSent, words.notSentBecause[entry.failed]),
    button({ className: "button", onclick: again }, words.again),
    button({ className: "button quiet", onclick: rewrite }, words.rewrite),
  ];
  const sending = () => [
    entry.files.length > 0 && el("progress", { max: 1, value: entry.progress, "aria-label": words.sending }),
    el("span", {}, words.sending),
  ];
  return el(
    "article",
    { className: `message own pending${entry.failed ? " failed" : ""}`, "data-testid": "pending" },
    div("message-side", avatar(store, store.me.id)),
    div(
      "message-main",
      div("message-head", el("strong", { className: "author" }, store.person(store.me.id).name)),
      entry.text && div("message-body", div("text", entry.text)),
      entry.files.length > 0 && div("files", entry.files.map(drawFile)),
      entry.failed && el("p", { className: "failure", role: "alert" }, failed()),
      !entry.failed && el("p", { className: "sending" }, sending()),
    ),
  );
}
