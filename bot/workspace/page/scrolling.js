// Stays at the newest message while the reader is there, and otherwise says that something came.

import { button, div, el, icon, sync } from "./dom.js";

const NEAR = 120; // pixels that still count as "at the bottom"
const MARGIN = 12;

/** A scrolling frame around `content`, with a pill that leads to what came out of sight. */
export class Scrolling {
  constructor(content, words, testid) {
    this.content = content;
    this.words = words;
    this.unseen = [];
    this.stick = true;
    this.place = 0; // which height of the content was last at the frame's lower edge
    this.frame = el(
      "div",
      {
        className: "messages",
        "data-testid": testid,
        role: "region",
        "aria-label": words.messages,
        tabIndex: 0,
        onscroll: () => this.#scrolled(),
      },
      content,
    );
    this.pill = button({
      className: "pill",
      hidden: true,
      "data-testid": "new-messages",
      onclick: () => this.#toUnseen(),
    });
    this.node = div("messages-frame", this.frame, this.pill);
    this.observer = new ResizeObserver(() => this.stick && this.#toBottom());
    this.observer.observe(content);
    this.observer.observe(this.frame);
  }

  /** Where reading begins: at `mark` if there is one, else at the end. Call once the node is on the page. */
  start(mark) {
    requestAnimationFrame(() => {
      if (mark && !this.#visible(mark)) this.#toBottom();
      if (mark && this.#top(mark) < 0) this.#align(mark);
    });
  }

  /** A new node: shown if the reader is at the end or follows it, else announced by the pill. */
  arrived(node, { follow }) {
    const tall = node.offsetHeight > this.frame.clientHeight - 2 * MARGIN;
    const last = this.#isLast(node);
    if (tall && (follow || (this.stick && last))) this.#align(node);
    else if (follow && last) this.#toBottom();
    else if (follow) this.#reveal(node);
    else if (!(this.stick && last) && !this.#visible(node)) this.#miss(node);
  }

  #isLast(node) {
    const end = this.content.getBoundingClientRect().bottom;
    return end - node.getBoundingClientRect().bottom < NEAR;
  }

  #top(node) {
    return node.getBoundingClientRect().top - this.frame.getBoundingClientRect().top;
  }

  #visible(node) {
    const top = this.#top(node);
    return top >= 0 && top < this.frame.clientHeight - 40;
  }

  #toBottom() {
    this.stick = true;
    this.frame.scrollTop = this.frame.scrollHeight;
  }

  #align(node) {
    this.stick = false;
    this.frame.scrollTop += this.#top(node) - MARGIN;
  }

  #reveal(node) {
    const below = this.#top(node) + node.offsetHeight + MARGIN - this.frame.clientHeight;
    if (this.#top(node) < 0) this.#align(node);
    else if (below > 0) {
      this.stick = false;
      this.frame.scrollTop += below;
    }
  }

  #miss(node) {
    this.unseen.push(node.dataset.ts);
    this.#drawPill();
  }

  /** The message as it is drawn now: an edit draws it anew. */
  #find(ts) {
    return this.content.querySelector(`[data-ts="${ts}"]`);
  }

  /** Only who scrolls up leaves the end: a picture that was drawn late pushes it away without that. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.frame;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    const place = scrollTop + clientHeight; // the composer shrinks when it has sent: that is no scrolling up
    this.stick = near || (this.stick && place >= this.place);
    this.place = place;
    this.unseen = this.unseen.filter((ts) => this.#find(ts) && !this.#visible(this.#find(ts)));
    this.#drawPill();
  }

  #drawPill() {
    const first = this.#find(this.unseen[0]);
    this.pill.hidden = !first;
    if (first) sync(this.pill, [icon(this.#top(first) < 0 ? "up" : "down"), el("span", {}, this.words.newMessages)]);
  }

  #toUnseen() {
    this.lead(this.unseen.shift());
    this.#scrolled();
  }

  /** Leads the reader to one message, if it is here. */
  lead(ts) {
    const node = this.#find(ts);
    if (!node) return;
    this.#align(node);
    node.classList.remove("arrived");
    requestAnimationFrame(() => node.classList.add("arrived"));
    node.focus({ preventScroll: true });
  }

  close() {
    this.observer.disconnect();
  }
}
