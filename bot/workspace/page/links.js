// Links, mentions and dates: what mrkdwn, Markdown and rich text have in common.

import { el, span } from "./dom.js";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** A bare web address at the place where a sticky search stands; trailing punctuation is the sentence's. */
export const BARE_URL = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/#=&%+]/y;

/** The three entities that Slack's escaping makes, undone once. */
export function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** A link that opens elsewhere, or the bare label if the address is of no scheme that we follow. */
export function link(address, label) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, label);
  }
  if (!SCHEMES.has(url.protocol)) return el("span", {}, label);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href }, label);
}

export function userMention(world, id, fallback) {
  const person = world.person(id);
  const name = person ? person.name : fallback || id;
  return el("span", { className: id === world.me.id ? "mention mention-me" : "mention" }, `@${name}`);
}

export function channelMention(world, id, fallback) {
  const channel = world.channel(id);
  return span("mention", `#${channel ? channel.name : fallback || id}`);
}

export function broadcast(range) {
  return span("mention mention-me", `@${range}`);
}

/** A moment in the reader's own zone; `fallback` where the moment is none. */
export function date(world, seconds, pattern, address, fallback) {
  const known = Number.isFinite(seconds) && /\{\w+\}/.test(pattern);
  const moment = () => ({ dateTime: new Date(seconds * 1000).toISOString(), title: world.clock.full(seconds) });
  const node = known ? el("time", moment(), world.clock.dateText(seconds, pattern)) : fallback;
  return address ? link(address, node) : el("span", {}, node);
}
