// Slack's text objects.

import { span } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A `plain_text` or `mrkdwn` object as one node. */
export function textOf(world, object) {
  if (object.type === "mrkdwn") return span("text", mrkdwn(world, object.text));
  return span("text", plainOf(object));
}

/** The words of a `plain_text` object. */
export function plainOf(object) {
  return object.emoji === false ? object.text : withEmoji(object.text);
}
