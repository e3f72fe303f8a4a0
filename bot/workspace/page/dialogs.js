// A confirmation, as Slack's `confirm` object describes it.

import { button, div, el, freshId } from "./dom.js";
import { textOf } from "./text.js";

/** Asks; true if the person confirms. */
export function confirmed(world, confirm) {
  const title = freshId();
  return new Promise((resolve) => {
    const answer = (value) => () => {
      dialog.close();
      resolve(value);
    };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = el(
      "dialog",
      {
        className: "dialog",
        role: "alertdialog",
        "aria-labelledby": title,
        onclose: () => {
          resolve(false); // by Escape; after an answer this changes nothing
          dialog.remove();
        },
      },
      el("h2", { id: title }, textOf(world, confirm.title)),
      div("dialog-body", textOf(world, confirm.text)),
      div(
        "dialog-foot",
        button({ className: "button", onclick: answer(false) }, textOf(world, confirm.deny)),
        button({ className: `button ${style}`, onclick: answer(true) }, textOf(world, confirm.confirm)),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
