// All that the page asks of the workspace's server.

/** The server's refusal; `code` is its error word, or the HTTP status. */
class Refused extends Error {
  constructor(code) {
    super(String(code));
    this.code = String(code);
  }
}

function address(path, query) {
  const known = Object.entries(query).filter(([, value]) => value);
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}

async function checked(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok === false) throw new Refused(answer.error || response.status);
  return answer;
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return checked(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Everything that this person may see; without one, that the `follower` of a link to `channel` may, or who else reads it. */
export async function readState(user, { follower, channel } = {}) {
  return checked(await fetch(address("/local/state", { user, follower, channel }), { cache: "no-store" }));
}

export const act = (action) => post("/local/action", action);
export const opened = (user, channel, tab) => post("/local/open", { user, channel, tab });
export const submitted = (user, viewId, values) => post("/local/submit", { user, view_id: viewId, values });
export const closed = (user, viewId) => post("/local/close", { user, view_id: viewId });
export const useShortcut = (user, callbackId, message = {}) =>
  post("/local/shortcut", { user, callback_id: callbackId, ...message });
export const erase = (user, channel, ts) => post("/local/delete", { user, channel, ts });
export const moveClock = (user, to) => post("/local/clock", { user, to });
export const fileAddress = (id, user) => address(`/local/file/${encodeURIComponent(id)}`, { user });

/** A sample certificate as a file to attach. */
export async function sample(name) {
  const response = await fetch(`/local/samples/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Refused(response.status);
  const bytes = await response.blob();
  return new File([bytes], name, { type: bytes.type || "application/octet-stream" });
}

/** Sends one message with its files; `progress` hears the sent share, 0 to 1. */
export function postMessage({ user, channel, thread_ts: thread, text, files }, progress) {
  const form = new FormData();
  form.set("user", user);
  form.set("channel", channel);
  if (thread) form.set("thread_ts", thread);
  form.set("text", text);
  for (const file of files) form.append("files", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/local/message");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      const answer = request.response || {};
      if (request.status >= 200 && request.status < 300 && answer.ok) resolve(answer);
      else reject(new Refused(answer.error || request.status));
    };
    request.onerror = () => reject(new Refused("connection"));
    request.send(form);
  });
}

const LONGEST_PAUSE = 10_000;

/** The server's events for one person, reconnected until closed. */
export class Events {
  /** `hear(event)` for each event, `connected(is)` at each change of the connection. */
  constructor(user, hear, connected) {
    this.user = user;
    this.hear = hear;
    this.connected = connected;
    this.pause = 500;
    this.#open();
  }

  #open() {
    this.source = new EventSource(address("/local/events", { user: this.user }));
    this.source.onopen = () => {
      this.pause = 500;
      this.connected(true);
    };
    this.source.onmessage = (message) => this.hear(JSON.parse(message.data));
    this.source.onerror = () => {
      this.connected(false);
      this.source.close(); // the browser's own retry gives up on an HTTP error; ours does not
      this.timer = setTimeout(() => this.#open(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    };
  }

  close() {
    clearTimeout(this.timer);
    this.source.close();
  }
}
