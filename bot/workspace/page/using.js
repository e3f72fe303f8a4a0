// What every interactive element shares: its name on the page, its busy look, its confirmation.

import { confirmed } from "./dialogs.js";

/** Attributes by which an element is found again and shown busy. */
export function actionable(surface, block, element) {
  const busy = surface.busy(block, element) ? "true" : null;
  return {
    "data-action-key": surface.key(block, element),
    "data-action-id": element.action_id,
    "aria-busy": busy,
    "aria-disabled": busy,
  };
}

export function isBusy(node) {
  return node.getAttribute("aria-busy") === "true";
}

/** Asks for confirmation if the element wants it, then tells the bot; true if it was told. */
export async function use(surface, block, element, choice) {
  if (element.confirm && !(await confirmed(surface.world, element.confirm))) return false;
  surface.act(block, element, choice);
  return true;
}
