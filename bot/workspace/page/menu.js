// A small menu that opens at its button and closes by choice, Escape or a press elsewhere.

import { button, el } from "./dom.js";

const GAP = 6;

/** Puts a menu below its opener, or above it where there is more room. */
export function place(menu, opener) {
  const anchor = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(GAP, Math.min(anchor.left, innerWidth - width - GAP));
  const above = anchor.top - height - GAP;
  const below = anchor.bottom + GAP;
  const lowest = Math.max(GAP, Math.min(below, innerHeight - height - GAP));
  menu.style.left = `${left}px`;
  menu.style.top = `${below + height < innerHeight || above < 0 ? lowest : above}px`;
}

function move(menu, step) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const next = items.indexOf(document.activeElement) + step;
  items[(next + items.length) % items.length]?.focus();
}

function draw(label, items, { heading, testid }) {
  const properties = { role: "menu", popover: "auto", className: "menu", "aria-label": label, "data-testid": testid };
  const menu = el("div", properties, heading && el("p", { className: "menu-heading" }, heading));
  for (const item of items) {
    const choose = () => {
      menu.hidePopover();
      item.choose();
    };
    const note = item.note && el("small", {}, item.note);
    menu.append(button({ role: "menuitem", className: "menu-item", onclick: choose }, el("span", {}, item.label), note));
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") menu.hidePopover();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(menu, step);
  });
  return menu;
}

/** Makes `opener` open a menu of `items` (`{label, note, choose}`); `heading` stands above them. */
export function opensMenu(opener, items, { heading, testid } = {}) {
  opener.setAttribute("aria-haspopup", "menu");
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", () => {
    const menu = draw(opener.getAttribute("aria-label"), items, { heading, testid });
    menu.addEventListener("toggle", (event) => {
      opener.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "closed") menu.remove();
    });
    opener.after(menu);
    menu.showPopover({ source: opener });
    place(menu, opener);
    move(menu, 1);
  });
  return opener;
}
