// The `rich_text` block. Source: docs.slack.dev, "Rich text block".

import { div, el, span } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, date, link, userMention } from "./links.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function styled(node, style = {}) {
  return Object.keys(STYLE_TAGS).reduce(
    (inner, name) => (style[name] ? el(STYLE_TAGS[name], {}, inner) : inner),
    node,
  );
}

function fromCodePoints(unicode) {
  return String.fromCodePoint(...unicode.split("-").map((part) => parseInt(part, 16)));
}

const PARTS = {
  text: (_, part) => part.text,
  link: (_, part) => link(part.url, part.text || part.url),
  user: (world, part) => userMention(world, part.user_id),
  channel: (world, part) => channelMention(world, part.channel_id),
  usergroup: (_, part) => span("mention", `@${part.usergroup_id}`),
  date: (world, part) => date(world, part.timestamp, part.format, part.url, part.fallback || ""),
  color: (_, part) => el("code", {}, part.value),
  broadcast: (_, part) => broadcast(part.range),
  emoji: (_, part) => emoji(part.name) || (part.unicode ? fromCodePoints(part.unicode) : `:${part.name}:`),
};

function parts(world, elements) {
  return elements.map((part) => {
    const draw = PARTS[part.type];
    return draw ? styled(draw(world, part), part.style) : span("not-drawn", world.words.notDrawn(part.type));
  });
}

function list(world, element) {
  const ordered = element.style === "ordered";
  const indent = Math.min(element.indent || 0, 8);
  const classes = ["rich-list", `indent-${indent}`, `level-${indent % 3}`, element.border && "bordered"];
  const properties = { className: classes.filter(Boolean).join(" ") };
  if (ordered && element.offset) properties.start = element.offset + 1;
  const items = element.elements.map((item) => el("li", {}, parts(world, item.elements)));
  return el(ordered ? "ol" : "ul", properties, items);
}

const ELEMENTS = {
  rich_text_section: (world, element) => div("rich-section", parts(world, element.elements)),
  rich_text_list: list,
  rich_text_quote: (world, element) => el("blockquote", {}, parts(world, element.elements)),
  rich_text_preformatted: (world, element) => el("pre", {}, el("code", {}, parts(world, element.elements))),
};

/** The nodes of a rich_text block's elements. */
export function richText(world, block) {
  return block.elements.map((element) => {
    const draw = ELEMENTS[element.type];
    return draw ? draw(world, element) : span("not-drawn", world.words.notDrawn(element.type));
  });
}
