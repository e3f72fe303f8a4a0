// The elements that people type into. Source: docs.slack.dev, "Block elements".

import { el, freshId } from "./dom.js";
import { plainOf } from "./text.js";
import { actionable, use } from "./using.js";

const LONGEST = 3000;

/** A field of the browser's own for a date, a time or both; `read` and `write` turn the chosen one into its text. */
function picker(type, { chosen, initial, read = (text) => text, write = (value) => value }) {
  return (surface, block, element, labelling) => {
    const { world } = surface;
    const state = () => ({ [chosen]: node.value ? read(node.value, world) : null });
    const hold = () => surface.hold(block, element, { type: element.type, ...state() });
    const change = () => {
      hold();
      use(surface, block, element, state());
    };
    const placeholder = element.placeholder ? plainOf(element.placeholder) : world.words.choose;
    const held = surface.held(block, element);
    const value = held ? held[chosen] : element[initial];
    const zone = element.timezone && freshId();
    const described = [labelling["aria-describedby"], zone].filter(Boolean).join(" ");
    const node = el("input", {
      type,
      className: "field",
      value: value ? write(value, world) : "",
      autofocus: element.focus_on_load,
      ...labelling,
      "aria-label": labelling["aria-labelledby"] ? null : placeholder,
      "aria-describedby": described || null,
      ...actionable(surface, block, element),
      onchange: change,
    });
    hold();
    return zone ? el("span", { className: "zoned" }, node, el("small", { id: zone }, element.timezone)) : node;
  };
}

export const datepicker = picker("date", { chosen: "selected_date", initial: "initial_date" });
export const timepicker = picker("time", { chosen: "selected_time", initial: "initial_time" });
export const datetimepicker = picker("datetime-local", {
  chosen: "selected_date_time",
  initial: "initial_date_time",
  read: (text, { clock }) => clock.seconds(text),
  write: (seconds, { clock }) => clock.local(seconds),
});

export function plainTextInput(surface, block, element, labelling) {
  const hold = () => surface.hold(block, element, { type: element.type, value: node.value || null });
  const node = el(element.multiline ? "textarea" : "input", {
    className: "field",
    value: surface.held(block, element)?.value ?? element.initial_value ?? "",
    placeholder: element.placeholder ? plainOf(element.placeholder) : "",
    maxLength: element.max_length || LONGEST,
    rows: element.multiline ? 4 : undefined,
    autofocus: element.focus_on_load,
    "data-action-id": element.action_id,
    ...labelling,
    oninput: hold,
  });
  const enter = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    use(surface, block, element, { value: node.value });
  };
  if (block.dispatch_action) node.addEventListener("keydown", enter);
  hold();
  return node;
}
