"""What a card's thread says of what was sent or deleted: what Slack refused is said to be refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot import todo
from bot.todo import Item


def as_it_is(connection: Connection, item: Item) -> dict[str, Any]:
    """What is put into the thread (bot.replies.AddToCase), after all that it tells of was done or refused."""
    body, number = item.body, item.conversation
    if number is None:
        return body
    lost: dict[str, Any] = body["lost"]
    if (sent := body.get("sent")) and todo.was_refused(connection, number, sent):
        return body | lost
    lines = [line for slot, line in body.get("left", ()) if todo.was_refused(connection, number, slot)]
    return body | _with_lines(lost, lines) if lines else body


def _with_lines(message: dict[str, Any], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The message with these behind it; no two of its blocks have the same id."""
    blocks = [block for one in (message, *lines) for block in one["blocks"]]
    named = [block | {"block_id": f"{number}-{block['block_id']}"} for number, block in enumerate(blocks)]
    return {**message, "blocks": named}
