// Slack's mrkdwn as nodes. Source: docs.slack.dev, "Formatting message text".

import { el, span } from "./dom.js";
import { emoji, SHORTCODE } from "./emoji.js";
import { BARE_URL, broadcast, channelMention, date, link, unescape, userMention } from "./links.js";

// Slack styles a word only between white space or ASCII punctuation: next to a Japanese character or a
// full-width bracket the marks stay visible. We show that too, so that such a text is noticed here first.
const BOUNDARY = String.raw`[\s!-/:-@[-\`{-~‘’“”…]`;
const OPENS = new RegExp(BOUNDARY);
const STYLES = {
  "*": { tag: "strong", whole: styled("*") },
  _: { tag: "em", whole: styled("_") },
  "~": { tag: "s", whole: styled("~") },
  "`": { tag: "code", whole: styled("`") },
};

function styled(mark) {
  const sign = `\\${mark}`;
  return new RegExp(`${sign}(?!\\s)([^${sign}\\n]*[^\\s${sign}])${sign}(?=$|${BOUNDARY})`, "y");
}

function at(pattern, text, place) {
  pattern.lastIndex = place;
  return pattern.exec(text);
}

const ENTITY = /<([^<>\n]+)>/y;
const ESCAPED = /&(?:amp|lt|gt);/y;

function special(world, command, label) {
  const [name, ...rest] = command.split("^");
  if (name === "date") return date(world, Number(rest[0]), unescape(rest[1] || ""), rest[2], unescape(label || ""));
  if (["here", "channel", "everyone"].includes(name)) return broadcast(name);
  return span("mention", unescape(label || name));
}

function entity(world, inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : inner.slice(bar + 1);
  if (target.startsWith("@")) return userMention(world, target.slice(1), label && unescape(label));
  if (target.startsWith("#")) return channelMention(world, target.slice(1), label && unescape(label));
  if (target.startsWith("!")) return special(world, target.slice(1), label);
  const address = unescape(target);
  return link(address, label ? inline(world, label, false) : address.replace(/^mailto:/, ""));
}

/** One line or more without blocks: styles, links, mentions, emoji, the three escapes. */
function inline(world, text, links = true) {
  const nodes = [];
  let plain = "";
  const put = (node) => {
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(node);
  };
  for (let place = 0; place < text.length; ) {
    const sign = text[place];
    let found = null;
    if (sign === "<" && links && (found = at(ENTITY, text, place))) put(entity(world, found[1]));
    else if (sign === "&" && (found = at(ESCAPED, text, place))) plain += unescape(found[0]);
    else if (sign === "h" && links && (found = at(BARE_URL, text, place))) {
      const address = unescape(found[0]);
      put(link(address, address));
    }
    else if (sign === ":" && (found = at(SHORTCODE, text, place)) && emoji(found[1])) plain += emoji(found[1]);
    else if (sign in STYLES && (place === 0 || OPENS.test(text[place - 1]))) {
      found = at(STYLES[sign].whole, text, place);
      const inside = () => (sign === "`" ? unescape(found[1]) : inline(world, found[1], links));
      if (found) put(el(STYLES[sign].tag, {}, inside()));
    } else found = null;
    if (!found) plain += sign;
    place += found ? found[0].length : 1;
  }
  if (plain) nodes.push(plain);
  return nodes;
}

const QUOTED = /^(?:&gt;|>) ?/;

/** Text in which lines that begin with > are quotes; >>> quotes all that follows. */
function paragraphs(world, text) {
  const nodes = [];
  const lines = text.split("\n");
  let group = [];
  let quoting = false;
  const close = () => {
    if (!group.length) return;
    const body = inline(world, group.join("\n"));
    nodes.push(quoting ? el("blockquote", {}, body) : el("span", {}, body));
    group = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const rest = /^(?:&gt;&gt;&gt;|>>>) ?/.exec(lines[index]);
    const quoted = rest || QUOTED.exec(lines[index]);
    if (Boolean(quoted) !== quoting) close();
    quoting = Boolean(quoted);
    group.push(quoted ? lines[index].slice(quoted[0].length) : lines[index]);
    if (rest) {
      group.push(...lines.slice(index + 1));
      break;
    }
  }
  close();
  return nodes;
}

/** The nodes of a mrkdwn text; their parent keeps white space (`white-space: pre-wrap`). */
export function mrkdwn(world, text) {
  const nodes = [];
  text.split(/```([\s\S]+?)```/).forEach((part, index) => {
    if (index % 2) nodes.push(el("pre", {}, el("code", {}, unescape(part.replace(/^\n|\n$/g, "")))));
    else if (part) {
      const before = index > 0 ? part.replace(/^\n/, "") : part;
      if (before) nodes.push(...paragraphs(world, before));
    }
  });
  return nodes;
}

/** What a screen reader is told: the text without its marks. */
export function spoken(world, text) {
  const holder = el("div", {}, mrkdwn(world, text || ""));
  return holder.textContent.replace(/\s+/g, " ").trim();
}
