// The interactive elements of Block Kit. Source: docs.slack.dev, "Block elements".
//
// A `surface` is where they stand: a message, the Home tab or a modal. It has
//   world            whose names, words and clock are used
//   key(block, element)                 names the element, to show it busy
//   act(block, element, choice)         tells the bot that it was used; a promise of whether the bot took it
//   hold(block, element, state), held(block, element)    what the element holds, for the next thing that is told

import { button, el, freshId, icon, span } from "./dom.js";
import { datepicker, datetimepicker, plainTextInput, timepicker } from "./fields.js";
import { link } from "./links.js";
import { opensMenu } from "./menu.js";
import { plainOf, textOf } from "./text.js";
import { actionable, isBusy, use } from "./using.js";

function pressButton(surface, block, element) {
  const properties = {
    className: `button ${element.style || ""}`,
    "aria-label": element.accessibility_label,
    ...actionable(surface, block, element),
  };
  const choice = element.value === undefined ? {} : { value: element.value };
  const press = () => isBusy(node) || use(surface, block, element, choice);
  const label = el("span", {}, plainOf(element.text));
  const node = element.url ? link(element.url, label) : button({ ...properties, onclick: press }, label);
  if (element.url) {
    node.className = properties.className;
    node.addEventListener("click", press);
  }
  return node;
}

function options(element) {
  return element.options || (element.option_groups || []).flatMap((group) => group.options);
}

function staticSelect(surface, block, element, labelling) {
  const all = options(element);
  const kept = surface.held(block, element)?.selected_option || element.initial_option;
  const chosen = all.find((option) => option.value === kept?.value) || null;
  const draw = (option) => {
    const selected = option.value === chosen?.value;
    return el("option", { value: String(all.indexOf(option)), selected }, plainOf(option.text));
  };
  const drawGroup = (group) => el("optgroup", { label: plainOf(group.label) }, group.options.map(draw));
  const drawn = element.option_groups ? element.option_groups.map(drawGroup) : all.map(draw);
  const placeholder = element.placeholder ? plainOf(element.placeholder) : surface.world.words.choose;
  const properties = {
    className: "select",
    autofocus: element.focus_on_load,
    ...labelling,
    "aria-label": labelling["aria-labelledby"] ? null : placeholder,
    ...actionable(surface, block, element),
  };
  const none = el("option", { value: "", disabled: true, selected: !chosen }, placeholder);
  const node = el("select", properties, none, drawn);
  const state = () => ({ selected_option: node.value ? all[Number(node.value)] : null });
  let before = node.value;
  surface.hold(block, element, { type: element.type, ...state() });
  node.addEventListener("change", async () => {
    if (await use(surface, block, element, state())) before = node.value;
    else node.value = before;
    surface.hold(block, element, { type: element.type, ...state() });
  });
  return node;
}

function overflow(surface, block, element) {
  const { words } = surface.world;
  const node = button(
    { className: "button icon-button", "aria-label": words.moreActions, ...actionable(surface, block, element) },
    icon("more"),
  );
  const choose = (option) => () => {
    if (option.url) link(option.url, "").click();
    use(surface, block, element, { selected_option: option });
  };
  const items = element.options.map((option) => ({
    label: plainOf(option.text),
    note: option.description && plainOf(option.description),
    choose: choose(option),
  }));
  return span("anchored", opensMenu(node, items));
}

/** Radio buttons or check boxes; `read` makes the state of the chosen options. */
function choices(type, initial, read) {
  return (surface, block, element, labelling) => {
    const name = freshId();
    const all = element.options;
    const held = surface.held(block, element);
    const kept = held ? initial(held, "selected") : initial(element, "initial");
    let chosen = all.filter((option) => kept.some((other) => other.value === option.value));
    const isChosen = (option) => chosen.some((other) => other.value === option.value);
    const show = () => inputs.forEach((input, index) => (input.checked = isChosen(all[index])));
    const change = async () => {
      const now = all.filter((_, index) => inputs[index].checked);
      if (await use(surface, block, element, read(now))) chosen = now;
      else show();
      surface.hold(block, element, { type: element.type, ...read(chosen) });
    };
    const inputs = all.map(() => el("input", { type, name, onchange: change }));
    show();
    surface.hold(block, element, { type: element.type, ...read(chosen) });
    const draw = (option, index) => {
      const note = option.description && el("small", {}, textOf(surface.world, option.description));
      const text = el("span", {}, textOf(surface.world, option.text), note);
      return el("label", { className: "choice" }, inputs[index], text);
    };
    const role = type === "radio" ? "radiogroup" : "group";
    const properties = { role, className: "choices", ...labelling, ...actionable(surface, block, element) };
    return el("div", properties, all.map(draw));
  };
}

const one = (from, when) => [from[`${when}_option`]].filter(Boolean);
const several = (from, when) => from[`${when}_options`] || [];
const radioButtons = choices("radio", one, (chosen) => ({ selected_option: chosen[0] || null }));
const checkboxes = choices("checkbox", several, (chosen) => ({ selected_options: chosen }));

/** Shows which side is pressed, on the nodes that stand there now: the message may have been drawn anew. */
function showPressed(key, pressed) {
  for (const node of document.querySelectorAll("[data-side]")) {
    if (node.dataset.actionKey === key) node.setAttribute("aria-pressed", String(node.dataset.side === pressed));
  }
}

function feedbackButtons(surface, block, element) {
  const sides = [[element.positive_button, "good"], [element.negative_button, "bad"]];
  const key = surface.key(block, element);
  const { world } = surface;
  const pressed = world.pressed(key);
  const nodes = sides.map(([side, name]) => {
    const press = async (event) => {
      if (isBusy(event.currentTarget) || !(await surface.act(block, element, { value: side.value }))) return;
      world.press(key, side.value);
      showPressed(key, side.value);
    };
    const properties = {
      className: "button quiet",
      "aria-label": side.accessibility_label,
      "aria-pressed": String(side.value === pressed),
      "data-side": side.value,
      ...actionable(surface, block, element),
      onclick: press,
    };
    return button(properties, icon(name), el("span", {}, plainOf(side.text)));
  });
  return el("span", { className: "feedback", role: "group" }, nodes);
}

function iconButton(surface, block, element) {
  const press = () => isBusy(node) || use(surface, block, element, { value: element.value });
  const node = button(
    {
      className: "button quiet",
      "aria-label": element.accessibility_label,
      ...actionable(surface, block, element),
      onclick: press,
    },
    icon("trash"),
    el("span", {}, plainOf(element.text)),
  );
  return node;
}

const ELEMENTS = {
  button: pressButton,
  static_select: staticSelect,
  overflow,
  radio_buttons: radioButtons,
  checkboxes,
  datepicker,
  timepicker,
  datetimepicker,
  plain_text_input: plainTextInput,
  feedback_buttons: feedbackButtons,
  icon_button: iconButton,
};

/** The node of an element; `labelling` are the aria attributes that tie it to its label. */
export function drawElement(surface, block, element, labelling = {}) {
  const draw = ELEMENTS[element.type];
  return draw ? draw(surface, block, element, labelling) : span("not-drawn", surface.world.words.notDrawn(element.type));
}
