// Where people write. Each place to write has its own composer, which keeps its draft.

import { Attachments } from "./attachments.js";
import { Commands } from "./commands.js";
import { button, div, el, icon, span } from "./dom.js";
import { opensMenu } from "./menu.js";
import { sample } from "./server.js";
import { language } from "./words.js";

const SIZES_ITSELF = CSS.supports("field-sizing", "content");
const TALLEST = 0.4; // of the window

/** One composer; `send({text, files})` takes what was written. */
export class Composer {
  constructor(store, { placeholder, send, shortcut, prefix = "", mention = false, quiet = false }) {
    const { words } = store;
    this.store = store;
    this.send = send;
    this.shortcut = shortcut;
    this.attachments = new Attachments(words, () => this.#changed());
    this.field = el("textarea", {
      className: "composer-field",
      rows: 1,
      placeholder,
      "aria-label": words.message,
      "data-testid": `${prefix}composer`,
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.#paste(event),
    });
    this.commands = quiet ? null : new Commands(store, this.field, (command) => this.#begin(command));
    this.chooser = el("input", {
      type: "file",
      multiple: true,
      className: "unseen",
      tabIndex: -1,
      "aria-label": words.attach,
      "data-testid": `${prefix}file-input`,
      onchange: () => this.#chosen(),
    });
    this.button = button(
      {
        className: "send",
        "aria-label": words.send,
        title: words.send,
        "data-testid": `${prefix}send`,
        onclick: () => this.#send(),
      },
      icon("send"),
    );
    this.node = div(
      quiet ? "composer composer-quiet" : "composer",
      this.attachments.trouble,
      this.commands?.node,
      div(
        "composer-box",
        this.attachments.row,
        this.field,
        div(
          "composer-tools",
          this.chooser,
          this.#attachButton(prefix),
          this.#samplesButton(prefix),
          !quiet && this.#shortcutsButton(),
          mention && this.#mentionButton(),
          span("composer-keys", words.keys),
          this.button,
        ),
      ),
    );
    this.#changed();
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Takes back what could not be sent, before whatever was written since. */
  async restore({ text, files }) {
    this.field.value = [text, this.field.value].filter(Boolean).join("\n");
    await this.attachments.add(files);
    this.focus();
  }

  /** Attaches what a drag or the clipboard carries. */
  async take(transfer) {
    await this.attachments.take(transfer);
    this.focus();
  }

  #tool(name, label, properties = {}) {
    return button({ className: "tool", "aria-label": label, title: label, ...properties }, icon(name));
  }

  #attachButton(prefix) {
    const choose = () => this.chooser.click();
    return this.#tool("attach", this.store.words.attach, { "data-testid": `${prefix}attach`, onclick: choose });
  }

  #samplesButton(prefix) {
    const { samples, words, me } = this.store;
    if (!samples.length) return null;
    const items = samples.map(({ name, title }) => ({
      label: title[language(me.locale)],
      note: name,
      choose: () => this.#addSample(name),
    }));
    const opener = this.#tool("certificate", words.samples, { "data-testid": `${prefix}sample-menu` });
    return span("anchored", opensMenu(opener, items, { heading: words.samplesNote, testid: `${prefix}samples` }));
  }

  /** The commands, and the shortcuts that need no message. */
  #shortcutsButton() {
    const { app, words } = this.store;
    const commands = app.commands.map(({ command, usage_hint: usage, description }) => ({
      label: [command, usage].filter(Boolean).join(" "),
      note: description,
      choose: () => this.#begin(command),
    }));
    const shortcuts = app.shortcuts
      .filter(({ type }) => type === "global")
      .map(({ name, description, callback_id: id }) => ({
        label: name,
        note: description,
        choose: () => this.shortcut(id),
      }));
    const items = [...shortcuts, ...commands];
    if (!items.length) return null;
    const opener = this.#tool("bolt", words.shortcuts, { "data-testid": "shortcut-menu" });
    return span("anchored", opensMenu(opener, items, { testid: "shortcuts" }));
  }

  /** Puts a command before what is written. */
  #begin(command) {
    const rest = this.field.value.replace(/^\/\S*\s*/, "");
    this.field.value = `${command} ${rest}`;
    this.#changed();
    this.focus();
  }

  #mentionButton() {
    const { bot, words } = this.store;
    const insert = () => {
      const before = this.field.value.slice(0, this.field.selectionStart);
      const gap = before && !/\s$/.test(before) ? " " : "";
      this.field.setRangeText(`${gap}@${bot.name} `, this.field.selectionStart, this.field.selectionEnd, "end");
      this.#changed();
      this.focus();
    };
    return this.#tool("mention", words.mentionBot(bot.name), { onclick: insert });
  }

  async #addSample(name) {
    try {
      await this.attachments.add([await sample(name)]);
    } catch {
      this.attachments.say(this.store.words.sampleMissing);
    }
    this.focus();
  }

  async #chosen() {
    await this.attachments.add(this.chooser.files);
    this.chooser.value = ""; // so that the same file can be chosen again
    this.focus();
  }

  #paste(event) {
    // Office puts a picture beside every text it copies: the text is what was meant.
    const carriesFile = [...event.clipboardData.items].some((item) => item.kind === "file");
    if (event.clipboardData.getData("text/plain") || !carriesFile) return;
    event.preventDefault();
    this.take(event.clipboardData);
  }

  #key(event) {
    if (this.commands?.key(event)) return;
    // While an input method composes, Enter chooses a word; 229 is how some browsers say so.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const text = this.field.value.trim();
    if (!text && !this.attachments.files.length) return;
    this.field.value = "";
    this.commands?.update();
    this.send({ text, files: this.attachments.clear() });
    this.focus();
  }

  #changed() {
    this.commands?.update();
    this.button.disabled = !this.field.value.trim() && !this.attachments.files.length;
    if (SIZES_ITSELF) return;
    this.field.style.height = "auto";
    this.field.style.height = `${Math.max(46, Math.min(this.field.scrollHeight, innerHeight * TALLEST))}px`;
  }
}
