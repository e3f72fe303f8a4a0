// The `markdown` block: standard Markdown as far as Slack draws it. Source: docs.slack.dev, "Markdown block".

import { el } from "./dom.js";
import { emoji, SHORTCODE } from "./emoji.js";
import { BARE_URL, link, unescape } from "./links.js";

const INLINE = [
  [/\\([!-/:-@[-`{-~])/y, (_, found) => found[1]],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (_, found) => el("code", {}, unescape(found[2].replace(/^ (.*) $/, "$1")))],
  [
    /!?\[((?:[^[\]\\]|\\.)*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/y,
    (world, found) => link(unescape(found[2]), inline(world, found[1] || found[2])),
  ],
  [
    /<((?:https?:\/\/|mailto:)[^<>\s]+)>/y,
    (_, found) => link(unescape(found[1]), unescape(found[1]).replace(/^mailto:/, "")),
  ],
  [BARE_URL, (_, found) => link(unescape(found[0]), unescape(found[0]))],
  [/\*\*(?=\S)([\s\S]*?\S)\*\*(?!\*)/y, (world, found) => el("strong", {}, inline(world, found[1]))],
  [
    /(?<![\p{L}\p{N}])__(?=\S)([\s\S]*?\S)__(?![\p{L}\p{N}])/uy,
    (world, found) => el("strong", {}, inline(world, found[1])),
  ],
  [/~~(?=\S)([\s\S]*?\S)~~/y, (world, found) => el("s", {}, inline(world, found[1]))],
  [/\*(?=[^\s*])([^*]*[^\s*])\*(?!\*)/y, (world, found) => el("em", {}, inline(world, found[1]))],
  [
    /(?<![\p{L}\p{N}])_(?=[^\s_])([^_]*[^\s_])_(?![\p{L}\p{N}])/uy,
    (world, found) => el("em", {}, inline(world, found[1])),
  ],
  [/&(?:amp|lt|gt);/y, (_, found) => unescape(found[0])],
];
const STARTS = /[\\`![<h*_~&:]/;

function inline(world, text) {
  const nodes = [];
  let plain = "";
  for (let place = 0; place < text.length; ) {
    let drawn = null;
    let length = 1;
    if (STARTS.test(text[place])) {
      SHORTCODE.lastIndex = place;
      const short = text[place] === ":" && SHORTCODE.exec(text);
      if (short && emoji(short[1])) [drawn, length] = [emoji(short[1]), short[0].length];
      for (const [pattern, draw] of drawn ? [] : INLINE) {
        pattern.lastIndex = place;
        const found = pattern.exec(text);
        if (!found) continue;
        [drawn, length] = [draw(world, found), found[0].length];
        break;
      }
    }
    if (drawn === null) plain += text[place];
    else if (typeof drawn === "string") plain += drawn;
    else {
      nodes.push(plain, drawn);
      plain = "";
    }
    place += length;
  }
  nodes.push(plain);
  return nodes.filter((node) => node !== "");
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*\S*\s*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}(?:>|&gt;) ?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const STARTS_A_BLOCK = [FENCE, HEADING, RULE, QUOTE, ITEM];
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

function takeWhile(lines, start, test) {
  let end = start;
  while (end < lines.length && test(lines[end])) end += 1;
  return lines.slice(start, end);
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
}

function table(world, lines) {
  const aligns = cells(lines[1]).map((rule) => (/^:.*:$/.test(rule) ? "center" : /:$/.test(rule) ? "right" : "left"));
  const row = (line, tag) => {
    const draw = (cell, index) => el(tag, { className: `align-${aligns[index] || "left"}` }, inline(world, cell));
    return el("tr", {}, cells(line).map(draw));
  };
  const head = el("thead", {}, row(lines[0], "th"));
  const body = el("tbody", {}, lines.slice(2).map((line) => row(line, "td")));
  return el("div", { className: "table-scroll", tabIndex: 0 }, el("table", {}, head, body));
}

/** A list with what is indented below its items; a tick box before an item is drawn, not pressed. */
function list(world, lines) {
  const ordered = /\d/.test(ITEM.exec(lines[0])[2]);
  const base = ITEM.exec(lines[0])[1].length;
  const items = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && item[1].length <= base + 1) items.push({ text: item[3], below: [] });
    else items[items.length - 1].below.push(line.replace(new RegExp(`^\\s{0,${base + 2}}`), ""));
  }
  const node = el(ordered ? "ol" : "ul", ordered ? { start: parseInt(ITEM.exec(lines[0])[2], 10) } : {});
  for (const { text, below } of items) {
    const task = /^\[([ xX])\]\s+/.exec(text);
    const words = inline(world, task ? text.slice(task[0].length) : text);
    const box = task && (task[1] === " " ? "☐ " : "☑ ");
    node.append(el("li", task ? { className: "task" } : {}, box, words, blocks(world, below)));
  }
  return node;
}

function blocks(world, lines) {
  const nodes = [];
  for (let place = 0; place < lines.length; ) {
    const line = lines[place];
    const fence = FENCE.exec(line);
    const heading = HEADING.exec(line);
    let taken = 1;
    if (!line.trim()) taken = 1;
    else if (fence) {
      const body = takeWhile(lines, place + 1, (next) => next.trim() !== fence[1]);
      nodes.push(el("pre", {}, el("code", {}, unescape(body.join("\n")))));
      taken = body.length + 2;
    } else if (heading) nodes.push(el(`h${Math.min(heading[1].length + 2, 6)}`, {}, inline(world, heading[2])));
    else if (RULE.test(line)) nodes.push(el("hr"));
    else if (QUOTE.test(line)) {
      const body = takeWhile(lines, place, (next) => QUOTE.test(next));
      nodes.push(el("blockquote", {}, blocks(world, body.map((quoted) => quoted.replace(QUOTE, "")))));
      taken = body.length;
    } else if (ITEM.test(line)) {
      const body = takeWhile(lines, place, (next) => ITEM.test(next) || /^\s+\S/.test(next));
      nodes.push(list(world, body));
      taken = body.length;
    } else if (line.includes("|") && TABLE_RULE.test(lines[place + 1] || "")) {
      const body = takeWhile(lines, place, (next) => next.includes("|"));
      nodes.push(table(world, body));
      taken = body.length;
    } else {
      const other = (next) => !next.trim() || STARTS_A_BLOCK.some((pattern) => pattern.test(next));
      const body = [line, ...takeWhile(lines, place + 1, (next) => !other(next))];
      nodes.push(el("p", {}, inline(world, body.join("\n"))));
      taken = body.length;
    }
    place += taken;
  }
  return nodes;
}

/** The nodes of a standard Markdown text. */
export function markdown(world, text) {
  return blocks(world, text.split("\n"));
}
