// Block Kit as nodes: one function per block that the workspace's API accepts. Source: docs.slack.dev, "Blocks".

import { div, el, freshId, icon, span } from "./dom.js";
import { drawElement } from "./elements.js";
import { link } from "./links.js";
import { markdown } from "./markdown.js";
import { richText } from "./richtext.js";
import { plainOf, textOf } from "./text.js";

/** A picture of this origin; another site's is described and linked, never fetched. */
function picture(world, { image_url: address, alt_text: description }, className) {
  const url = new URL(address, location.href);
  if (url.origin === location.origin) return el("img", { className, src: url.href, alt: description, loading: "lazy" });
  const properties = { className: "foreign-picture", title: world.words.foreignPicture };
  return el("span", properties, link(url.href, `${world.words.picture}: ${description}`));
}

function section(surface, block) {
  const { world } = surface;
  const { text, fields, accessory } = block;
  const drawAccessory = () =>
    accessory.type === "image" ? picture(world, accessory, "thumbnail") : drawElement(surface, block, accessory);
  return div(
    "section",
    div(
      "section-body",
      text && div("section-text", textOf(world, text)),
      fields && div("fields", fields.map((field) => el("div", {}, textOf(world, field)))),
    ),
    accessory && div("accessory", drawAccessory()),
  );
}

function context({ world }, block) {
  const draw = (element) =>
    element.type === "image" ? picture(world, element, "context-picture") : textOf(world, element);
  return div("context", block.elements.map(draw));
}

function image({ world }, block) {
  const title = block.title && el("figcaption", {}, plainOf(block.title));
  return el("figure", { className: "image" }, title, picture(world, block, "picture"));
}

function input(surface, block) {
  const { words } = surface.world;
  const [label, hint, error] = [freshId(), freshId(), freshId()];
  const described = [block.hint && hint, error].filter(Boolean).join(" ");
  const labelling = {
    "aria-labelledby": label,
    "aria-describedby": described,
    "aria-required": block.optional ? null : "true",
  };
  return el(
    "div",
    { className: "input", "data-block-id": block.block_id },
    el(
      "div",
      { className: "label", id: label },
      plainOf(block.label),
      block.optional && span("optional", ` ${words.optional}`),
    ),
    drawElement(surface, block, block.element, labelling),
    el("div", { className: "field-error", id: error, role: "alert" }),
    block.hint && el("div", { className: "hint", id: hint }, plainOf(block.hint)),
  );
}

function cell(world, content) {
  if (content.type === "rich_text") return richText(world, content);
  return content.text;
}

function table({ world }, block) {
  const drawCell = (content, column) => {
    const { align = "left", is_wrapped: wrapped = false } = block.column_settings?.[column] || {};
    return el("td", { className: `align-${align} ${wrapped ? "wrapped" : "unwrapped"}` }, cell(world, content));
  };
  const rows = block.rows.map((cells) => el("tr", {}, cells.map(drawCell)));
  return el("div", { className: "table-scroll", tabIndex: 0 }, el("table", {}, el("tbody", {}, rows)));
}

const LEVEL_ICONS = { default: "info", info: "info", warning: "warning", error: "error", success: "check" };

function alert({ world }, block) {
  const level = block.level || "default";
  const properties = { className: `alert ${level}`, role: "note", "aria-label": world.words.levels[level] };
  return el("div", properties, icon(LEVEL_ICONS[level]), el("div", {}, textOf(world, block.text)));
}

const TASK_ICONS = { pending: "wait", in_progress: "wait", complete: "check", error: "error" };

function taskCard({ world }, block) {
  const status = block.status || "pending";
  const sources = (block.sources || []).map((source) => link(source.url, source.text));
  return div(
    `task-card ${status}`,
    div(
      "task-title",
      icon(TASK_ICONS[status]),
      el("span", {}, block.title),
      span("task-status", world.words.taskStates[status]),
    ),
    block.details && div("task-body", richText(world, block.details)),
    block.output && div("task-body", richText(world, block.output)),
    sources.length > 0 && div("task-sources", sources),
  );
}

function plan(surface, block) {
  return div("plan", div("plan-title", block.title), (block.tasks || []).map((task) => taskCard(surface, task)));
}

function elementsIn(className) {
  return (surface, block) => div(className, block.elements.map((element) => drawElement(surface, block, element)));
}

const BLOCKS = {
  section,
  context,
  image,
  input,
  table,
  alert,
  plan,
  task_card: taskCard,
  header: (_, block) => el("h3", { className: "header" }, plainOf(block.text)),
  divider: () => el("hr"),
  actions: elementsIn("actions"),
  context_actions: elementsIn("context-actions"),
  rich_text: ({ world }, block) => div("rich-text", richText(world, block)),
  markdown: ({ world }, block) => div("markdown", markdown(world, block.text)),
};

/** The nodes of a message's or view's blocks, for one surface (see elements.js). */
export function drawBlocks(surface, blocks) {
  return blocks.map((block) => {
    const draw = BLOCKS[block.type];
    const node = draw ? draw(surface, block) : div("not-drawn", surface.world.words.notDrawn(block.type));
    node.classList.add("block");
    return node;
  });
}
