// Presses on their way to the bot: busy at once, free again when the server has answered.

import { Form } from "./form.js";
import { act, useShortcut } from "./server.js";

/** Sends what people press in messages and views, and shows which element is still under way. */
export class Actions {
  #busy = new Set();
  #forms = new Map();

  constructor(store) {
    this.store = store;
  }

  /** The surface (see elements.js) of one message. */
  messageSurface(channel, message) {
    const target = { channel, ts: message.ts };
    const form = this.#formOf(`${channel} ${message.ts}`);
    return {
      ...this.#surface(message.ts, target, form, message.thread_ts || message.ts),
      shortcut: (callbackId) => this.shortcut(callbackId, target),
    };
  }

  #formOf(key) {
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    return this.#forms.get(key);
  }

  /** Another person looks now. */
  clear() {
    this.#forms.clear();
  }

  /** Uses a shortcut: one of a message, or a global one. */
  async shortcut(callbackId, message = {}) {
    try {
      await useShortcut(this.store.me.id, callbackId, message);
    } catch {
      this.store.tell({ type: "notice", text: this.store.words.actionFailed });
    }
  }

  /** The surface of a modal or the Home tab; `form` keeps what its elements hold. */
  viewSurface(view, form) {
    const surface = this.#surface(view.id, { view_id: view.id }, form);
    return {
      ...surface,
      act: (block, element, choice) => {
        const isTold = block.type !== "input" || block.dispatch_action;
        return isTold ? surface.act(block, element, choice) : Promise.resolve(false);
      },
    };
  }

  #surface(id, target, form, thread) {
    const key = (block, element) => `${id} ${block.block_id} ${element.action_id}`;
    return {
      world: this.store,
      key,
      busy: (block, element) => this.#busy.has(key(block, element)),
      hold: (block, element, state) => form.hold(block, element, state),
      held: (block, element) => form.held(block, element),
      act: (block, element, choice) => {
        const used = { block_id: block.block_id, action_id: element.action_id, ...choice };
        const action = { user: this.store.me.id, ...target, ...used, values: form.values };
        return this.#act(key(block, element), thread, action);
      },
    };
  }

  async #act(key, thread, action) {
    if (this.#busy.has(key)) return false;
    this.#mark(key, true);
    if (thread) this.store.tell({ type: "acted", channel: action.channel, thread });
    try {
      await act(action);
      return true;
    } catch {
      this.store.tell({ type: "notice", text: this.store.words.actionFailed });
      return false;
    } finally {
      this.#mark(key, false);
    }
  }

  #mark(key, busy) {
    if (busy) this.#busy.add(key);
    else this.#busy.delete(key);
    for (const node of document.querySelectorAll("[data-action-key]")) {
      if (node.dataset.actionKey !== key) continue;
      for (const name of ["aria-busy", "aria-disabled"]) {
        if (busy) node.setAttribute(name, "true");
        else node.removeAttribute(name);
      }
    }
  }
}
