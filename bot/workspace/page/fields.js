// The elements that people type into. Source: docs.slack.dev, "Block elements".

import { el } from "./dom.js";
import { plainOf } from "./text.js";
import { actionable, use } from "./using.js";

const LONGEST = 3000;

export function datepicker(surface, block, element, labelling) {
  const state = () => ({ selected_date: node.value || null });
  const hold = () => surface.hold(block, element, { type: element.type, ...state() });
  const change = () => {
    hold();
    use(surface, block, element, state());
  };
  const placeholder = element.placeholder ? plainOf(element.placeholder) : surface.world.words.choose;
  const label = labelling["aria-labelledby"] ? null : placeholder;
  const value = surface.held(block, element)?.selected_date || element.initial_date || "";
  const node = el("input", {
    type: "date",
    className: "field",
    value,
    autofocus: element.focus_on_load,
    ...labelling,
    "aria-label": label,
    ...actionable(surface, block, element),
    onchange: change,
  });
  hold();
  return node;
}

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
