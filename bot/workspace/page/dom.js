// Nodes are made here and nowhere from markup: text only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M20 11.5 12 19.5a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.6",
  send: "M4 12 3.5 4.5 21 12 3.5 19.5 4 12h8",
  certificate: "M7 3.5h7l4 4v6M7 3.5v17h5M14 3.5v4h4M10 11h4M16.5 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M15 19.5V23l1.5-1 1.5 1v-3.5",
  mention: "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M15.5 8.5V13a2.5 2.5 0 0 0 5 0v-1a8.5 8.5 0 1 0-3.5 6.9",
  menu: "M4 6.5h16M4 12h16M4 17.5h16",
  close: "M6 6l12 12M18 6 6 18",
  reply: "M9 7 4 12l5 5M4.5 12H14a6 6 0 0 1 6 6",
  more: "M5 12a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0M11.4 12a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0M17.8 12a.6.6 0 1 0 1.2 0 .6.6 0 0 0-1.2 0",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  check: "M5 12.5 10 17.5 19.5 7",
  wait: "M12 7v5l3.5 2M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.01",
  error: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9l6 6M15 9l-6 6",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 11v5.5M12 7.6v.01",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  good: "M7 11v9H4v-9zM7 11l4-7.5a2 2 0 0 1 3 2L13 10h6.5l-1.5 8a2.5 2.5 0 0 1-2.5 2H7",
  bad: "M17 13V4h3v9zM17 13l-4 7.5a2 2 0 0 1-3-2L11 14H4.5L6 6a2.5 2.5 0 0 1 2.5-2H17",
};

/** A node with its properties (`on…` are listeners, names with a dash are attributes) and children. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "popover") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return node;
}

export const div = (className, ...children) => el("div", { className }, ...children);
export const span = (className, ...children) => el("span", { className }, ...children);

/** A button that never submits a form. */
export const button = (properties, ...children) => el("button", { type: "button", ...properties }, ...children);

/** A line icon; it is decoration, its button carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Makes `parent` hold exactly `nodes`, moving as little as possible so that focus and scroll survive. */
export function sync(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let place = parent.firstChild;
  for (const node of nodes) {
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
}

/** Bytes as people read them. */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1000 * 1000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1000 / 1000).toFixed(1)} MB`;
}

let counter = 0;

/** An id for `for`, `aria-describedby` and their like. */
export function freshId() {
  counter += 1;
  return `n${counter}`;
}
