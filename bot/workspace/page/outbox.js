// Messages on their way: shown at once, sent one after the other, kept with a way to retry when that fails.

import { freshId } from "./dom.js";
import { postMessage } from "./server.js";

/** What this page has sent and the server has not yet shown. */
export class Outbox {
  #last = Promise.resolve();

  constructor(store) {
    this.store = store;
    this.entries = [];
  }

  /** Those of one conversation that the server has not shown. */
  of(channel) {
    this.entries = this.entries.filter((entry) => !entry.ts || !this.store.has(entry.channel, entry.ts));
    return this.entries.filter((entry) => entry.channel === channel && entry.user === this.store.me.id);
  }

  send({ channel, thread, text, files }) {
    const entry = { id: freshId(), user: this.store.me.id, channel, thread_ts: thread || null, text, files };
    this.entries.push(entry);
    this.#post(entry);
  }

  retry(entry) {
    this.#post(entry);
  }

  discard(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    this.#tell(entry);
  }

  #post(entry) {
    Object.assign(entry, { failed: null, progress: 0 });
    this.#tell(entry, "added");
    this.#last = this.#last.then(async () => {
      try {
        const answer = await postMessage(entry, (share) => {
          entry.progress = share;
          this.#tell(entry, "progress");
        });
        entry.ts = answer.ts;
        if (!answer.ts) this.entries = this.entries.filter((other) => other !== entry); // a command leaves no message
      } catch (refusal) {
        entry.failed = refusal.code;
      }
      this.#tell(entry, entry.failed ? "failed" : "sent");
    });
  }

  #tell(entry, how = "discarded") {
    this.store.tell({ type: "outbox", how, channel: entry.channel, entry });
  }
}
