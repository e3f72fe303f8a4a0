// The files that wait in a composer: chosen, pasted, dropped, or a sample.

import { button, el, icon, size, span, sync } from "./dom.js";

const LIMIT = 10;

async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false; // gone, or a folder
  }
}

/** A row of removable files; `changed` hears every change. */
export class Attachments {
  constructor(words, changed) {
    this.words = words;
    this.changed = changed;
    this.files = [];
    this.row = el("ul", { className: "chips", hidden: true });
    this.trouble = el("p", { className: "composer-trouble", role: "alert", hidden: true });
  }

  async add(files) {
    this.say(null);
    for (const file of files) {
      if (this.files.length >= LIMIT) {
        this.say(this.words.tooMany(LIMIT));
        break;
      }
      if (await readable(file)) this.files.push(file);
      else this.say(this.words.unreadable(file.name));
    }
    this.#draw();
  }

  /** What was dropped or pasted; folders are refused with a word. */
  async take(transfer) {
    const items = [...transfer.items].filter((item) => item.kind === "file");
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
    await this.add(items.filter((item) => !folders.includes(item)).map((item) => item.getAsFile()).filter(Boolean));
    if (folders.length) this.say(this.words.folder);
  }

  /** Hands the files over and is empty. */
  clear() {
    const files = this.files;
    this.files = [];
    this.say(null);
    this.#draw();
    return files;
  }

  say(text) {
    this.trouble.textContent = text || "";
    this.trouble.hidden = !text;
  }

  #remove(file) {
    const index = this.files.indexOf(file);
    this.files.splice(index, 1);
    this.#draw();
    const rest = this.row.querySelectorAll("button");
    if (rest.length) rest[Math.min(index, rest.length - 1)].focus();
  }

  #draw() {
    const chip = (file) =>
      el(
        "li",
        { className: "chip" },
        icon("file"),
        span("chip-name", file.name),
        el("small", {}, size(file.size)),
        button(
          {
            className: "chip-remove",
            "aria-label": this.words.removeFile(file.name),
            onclick: () => this.#remove(file),
          },
          icon("close"),
        ),
      );
    sync(this.row, this.files.map(chip));
    this.row.hidden = !this.files.length;
    this.changed();
  }
}

/** While files are dragged over `area` the hint shows; dropped, they go to the composer `target()` gives. */
export function acceptsDrops(area, hint, target) {
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const show = (change) => {
    depth = Math.max(0, depth + change);
    area.classList.toggle("dragging", depth > 0);
  };
  area.append(el("div", { className: "drop-hint", "aria-hidden": "true" }, icon("attach"), el("span", {}, hint)));
  area.addEventListener("dragenter", (event) => carriesFiles(event) && show(1));
  area.addEventListener("dragleave", (event) => carriesFiles(event) && show(-1));
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = target() ? "copy" : "none";
  });
  area.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    show(-depth);
    target()?.take(event.dataTransfer);
  });
}
