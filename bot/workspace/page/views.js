// Dialogs that the bot opens, and its Home tab.

import { button, div, el, freshId, sync } from "./dom.js";
import { Form } from "./form.js";
import { drawBlocks } from "./render.js";
import { closed, submitted } from "./server.js";
import { plainOf } from "./text.js";

/** What stands on the bot's Home tab. */
export function drawHome(store, actions) {
  const blocks = store.home?.blocks || [];
  const content = blocks.length
    ? drawBlocks(actions.viewSurface(store.home, new Form()), blocks)
    : el("p", { className: "empty" }, store.words.emptyHome);
  return div("home-content", content);
}

/** The stack of open dialogs. */
export class Dialogs {
  #stack = [];

  constructor(store, actions) {
    this.store = store;
    this.actions = actions;
  }

  /** Shows a view: a newer form of one that is open, one on top of it, or the first. */
  open(view) {
    const open = this.#stack.find((entry) => entry.view.id === view.id);
    if (open) {
      open.view = view;
      this.#draw(open);
      return;
    }
    const below = this.#stack.at(-1);
    if (below && view.previous_view_id !== below.view.id) this.#dropAll();
    this.#push(view);
  }

  #push(view) {
    const title = freshId();
    const dialog = el("dialog", { className: "dialog modal", "aria-labelledby": title, "data-testid": "modal" });
    const entry = { view, title, dialog, form: new Form() };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#closeByPerson(entry);
    });
    this.#stack.push(entry);
    document.body.append(dialog);
    this.#draw(entry);
    dialog.showModal();
  }

  #draw(entry) {
    const { view, form, dialog } = entry;
    const { words } = this.store;
    const focused = dialog.contains(document.activeElement) && document.activeElement.dataset.actionId;
    const submit = (event) => {
      event.preventDefault();
      this.#submit(entry);
    };
    entry.trouble = el("p", { className: "failure", role: "alert", hidden: true });
    entry.button = view.submit && el("button", { type: "submit", className: "button primary" }, plainOf(view.submit));
    const close = button(
      { className: "button", onclick: () => this.#closeByPerson(entry) },
      view.close ? plainOf(view.close) : view.submit ? words.cancel : words.close,
    );
    sync(dialog, [
      el(
        "form",
        { noValidate: true, onsubmit: submit },
        el("h2", { id: entry.title }, plainOf(view.title)),
        div("dialog-body", drawBlocks(this.actions.viewSurface(view, form), view.blocks), entry.trouble),
        div("dialog-foot", close, entry.button),
      ),
    ]);
    if (focused) this.#find(dialog, "actionId", focused)?.focus();
  }

  #find(dialog, name, value) {
    return [...dialog.querySelectorAll("*")].find((node) => node.dataset[name] === value);
  }

  #fault(entry, blockId, text) {
    const input = this.#find(entry.dialog, "blockId", blockId);
    if (input) input.querySelector(".field-error").textContent = text;
    return input?.querySelector("input, textarea, select");
  }

  async #submit(entry) {
    const { view, form, dialog, button } = entry;
    if (button.getAttribute("aria-busy") === "true") return;
    for (const error of dialog.querySelectorAll(".field-error")) error.textContent = "";
    entry.trouble.hidden = true;
    const inputs = view.blocks.filter((block) => block.type === "input");
    const faults = inputs.map((block) => [block.block_id, form.fault(this.store.words, block)]);
    const found = faults.filter(([, fault]) => fault);
    if (found.length) {
      this.#show(entry, Object.fromEntries(found));
      return;
    }
    button.setAttribute("aria-busy", "true");
    try {
      this.#answered(entry, await submitted(this.store.me.id, view.id, form.values));
    } catch {
      entry.trouble.textContent = this.store.words.actionFailed;
      entry.trouble.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  #show(entry, faults) {
    const fields = Object.entries(faults).map(([block, text]) => this.#fault(entry, block, text));
    fields.find(Boolean)?.focus();
  }

  /** The bot's answer to a submission (docs.slack.dev, "Modals", `response_action`). */
  #answered(entry, answer) {
    const what = answer.response_action;
    if (what === "errors") this.#show(entry, answer.errors);
    else if (what === "clear") this.#dropAll();
    else if (what === "update" && answer.view) {
      entry.view = answer.view;
      this.#draw(entry);
    } else if (what === "push" && answer.view) this.#push(answer.view);
    else if (what !== "update" && what !== "push") this.#drop(entry);
  }

  #closeByPerson(entry) {
    this.#drop(entry);
    closed(this.store.me.id, entry.view.id).catch(() => {}); // the dialog is gone either way
  }

  #drop(entry) {
    this.#stack = this.#stack.filter((other) => other !== entry);
    entry.dialog.close();
    entry.dialog.remove();
  }

  #dropAll() {
    for (const entry of [...this.#stack]) this.#drop(entry);
  }

  /** Another person looks now. */
  clear() {
    this.#dropAll();
  }
}
