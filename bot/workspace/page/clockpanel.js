// The workspace's date and time, above the conversations, and the way to move it forward.

import { button, div, el, freshId, icon, span } from "./dom.js";
import { place } from "./menu.js";
import { moveClock } from "./server.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MORNING = "T09:00";

/** The date `days` after a date, both as YYYY-MM-DD. */
function after(date, days) {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
}

/** How many days it is until the next Monday; on a Monday, seven. */
function untilMonday(date) {
  return (8 - new Date(`${date}T00:00Z`).getUTCDay()) % 7 || 7;
}

/** The moments that one press leads to: `{id, label, to, seconds}`; `to` is what the server is asked for. */
function moments({ clock, words }) {
  const now = clock.now();
  const today = clock.day(now);
  const later = (id, seconds) => ({ id, label: words.clockSteps[id], seconds: now + seconds });
  const morning = (id, days) => {
    const date = after(today, days);
    return { id, label: words.clockSteps[id], to: date + MORNING, date };
  };
  return [
    later("minutes", 10 * MINUTE),
    later("hour", HOUR),
    morning("tomorrow", 1),
    morning("monday", untilMonday(today)),
    later("week", 7 * DAY),
    later("month", 30 * DAY),
  ].map((moment) => ({ to: moment.seconds && new Date(moment.seconds * 1000).toISOString(), ...moment }));
}

/** A row that shows the time and opens the panel. */
export class ClockPanel {
  constructor(store) {
    this.store = store;
    this.face = el("time");
    this.note = el("small");
    const properties = { className: "clock-face", "aria-haspopup": "dialog", "aria-expanded": "false", "data-testid": "clock" };
    this.opener = button({ ...properties, onclick: () => this.#open() }, icon("wait"), span("clock-words", this.face, this.note));
    this.node = div("clock", this.opener);
  }

  /** Draws what the time is now, and again when the minute is over. */
  update() {
    const { words, clock } = this.store;
    const now = clock.now();
    const text = clock.dated(now);
    this.face.textContent = text;
    this.face.dateTime = new Date(now * 1000).toISOString();
    this.note.textContent = clock.ahead >= MINUTE ? words.clockAhead(clock.span(clock.ahead)) : "";
    const label = [words.moveClock, text, this.note.textContent].filter(Boolean).join(words.comma);
    this.opener.setAttribute("aria-label", label);
    this.opener.title = words.moveClock;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), (MINUTE - (now % MINUTE)) * 1000 + 50);
  }

  #open() {
    const panel = this.#draw();
    panel.addEventListener("toggle", (event) => {
      this.opener.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "closed") panel.remove();
    });
    panel.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
    this.opener.after(panel);
    panel.showPopover({ source: this.opener });
    place(panel, this.opener);
    panel.querySelector("button").focus();
  }

  #draw() {
    const { store } = this;
    const { words, clock } = store;
    const [title, note, label] = [freshId(), freshId(), freshId()];
    const trouble = el("p", { className: "failure", role: "alert", hidden: true });
    const move = async (to) => {
      try {
        await moveClock(store.me.id, to);
        panel.hidePopover();
        this.opener.focus();
      } catch (refusal) {
        trouble.textContent = words.clockRefused[refusal.code] || words.actionFailed;
        trouble.hidden = false;
      }
    };
    const draw = ({ id, label: step, to, seconds, date }) => {
      const shown = date ? clock.dateName(date) : clock.dated(seconds);
      const properties = { className: "menu-item", "data-testid": `clock-${id}`, onclick: () => move(to) };
      return button(properties, el("span", {}, step), el("small", {}, shown));
    };
    const least = clock.local(clock.now());
    const field = el("input", { type: "datetime-local", className: "field", min: least, value: least, id: label, "data-testid": "clock-to" });
    const form = el(
      "form",
      {
        className: "clock-form",
        noValidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          move(field.value);
        },
      },
      el("label", { htmlFor: label }, words.clockTo),
      div("clock-fields", field, el("button", { type: "submit", className: "button primary" }, words.clockGo)),
      trouble,
    );
    const properties = { role: "dialog", popover: "auto", className: "menu clock-panel", "data-testid": "clock-panel" };
    const panel = el(
      "div",
      { ...properties, "aria-labelledby": title, "aria-describedby": note },
      el("p", { className: "menu-title", id: title }, words.moveClock),
      el("p", { className: "menu-heading", id: note }, words.clockNote),
      div("clock-steps", moments(store).map(draw)),
      form,
    );
    return panel;
  }
}
