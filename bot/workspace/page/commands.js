// What a slash at the beginning brings up: the app's commands, chosen by arrows, Tab, Enter or a press.

import { el, freshId, span, sync } from "./dom.js";

/** The list above one composer's field; `chosen(command)` is told of a choice. */
export class Commands {
  #shown = [];
  #current = 0;

  constructor(store, field, chosen) {
    Object.assign(this, { store, field, chosen });
    this.node = el("div", {
      className: "suggestions",
      id: freshId(),
      role: "listbox",
      "aria-label": store.words.commands,
      "data-testid": "commands",
      hidden: true,
    });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.node.id);
    field.addEventListener("blur", () => this.hide());
  }

  /** Follows what stands in the field. */
  update() {
    const { value } = this.field;
    const begun = /^\/[^\s/]*$/.test(value);
    this.#shown = begun ? this.store.app.commands.filter(({ command }) => command.startsWith(value)) : [];
    this.#current = 0;
    this.#draw();
  }

  hide() {
    this.#shown = [];
    this.#draw();
  }

  /** True if the key was meant for the list. */
  key(event) {
    const { length } = this.#shown;
    if (!length || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const whole = this.#shown[this.#current].command === this.field.value;
    if (step) {
      this.#current = (this.#current + step + length) % length;
      this.#draw();
    } else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" || (event.key === "Enter" && !whole)) this.#choose(this.#shown[this.#current]);
    else return false;
    event.preventDefault();
    return true;
  }

  #choose(command) {
    this.hide();
    this.chosen(command.command);
  }

  #draw() {
    sync(this.node, this.#shown.map((command, index) => this.#option(command, index)));
    this.node.hidden = !this.#shown.length;
    const current = this.node.children[this.#current];
    if (current) this.field.setAttribute("aria-activedescendant", current.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #option(command, index) {
    const press = (event) => {
      event.preventDefault(); // the field keeps the focus
      this.#choose(command);
    };
    const properties = {
      className: "suggestion",
      id: `${this.node.id}-${index}`,
      role: "option",
      "aria-selected": String(index === this.#current),
      onpointerdown: press,
    };
    return el(
      "div",
      properties,
      el("strong", {}, command.command),
      command.usage_hint && span("usage", command.usage_hint),
      el("small", {}, command.description),
    );
  }
}
