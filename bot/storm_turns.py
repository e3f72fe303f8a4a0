"""The cards that waited are put into the channel together, in one transaction."""

import logging
from collections import Counter
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row

from bot import store, storm
from bot.accepted import Overdue
from bot.cards_together import cards_together
from bot.conversation import Conversation
from bot.gone import without_gone
from bot.rendering import NO_CONVERSATION, drawn
from bot.store import Thread
from bot.todo import Item, Undone
from bot.troubles import trouble_of
from bot.turns import Turns

logger = logging.getLogger(__name__)

SOLVED = 1
"""Lines that say no more than that it is solved."""


def came_due(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """One message that lists them, and in its thread each card and what belongs to it.

    Who solved it meanwhile needs no card, nor does who is in an incident; but what they wrote for the
    helpdesk meanwhile comes out: with the card, or in the incident's thread.
    """
    desk = turns.defaults.desk
    rows = storm.take_all(connection)
    lines = Counter(_case(row) for row in rows if row.kind != "open_case")
    waiting: dict[tuple[int, str], Conversation | None] = {}
    incidents: dict[tuple[int, str], int] = {}
    for row in rows:
        known, trouble = _as_it_is(connection, row)
        if trouble and trouble.incident and trouble.is_in_incident:
            incidents[_case(row)] = trouble.incident.number
        elif not known or (trouble and (trouble.phase != "solved" or lines[_case(row)] > SOLVED)):
            waiting[_case(row)] = without_gone(trouble, turns.book) if trouble else None
    if desk is None:
        return []
    readable = [trouble for trouble in waiting.values() if trouble]
    together = len(waiting) > 1 and bool(readable)
    wanted: list[Item] = []
    if together:
        body = drawn(cards_together(readable, turns.book), NO_CONVERSATION)
        wanted.append(Item("cards_together", event.id, None, Thread(desk, None), "", body))
    for row in rows:
        if _case(row) in waiting:
            wanted.append(_item(event.id, row, {"together": event.id} if together else {}))
        elif _case(row) in incidents and row.kind != "open_case":
            wanted.append(_item(event.id, row, {"incident": incidents[_case(row)]}))
    return turns.put_items(connection, wanted)


def _case(row: Row[Any]) -> tuple[int, str]:
    return row.conversation, row.case


def _as_it_is(connection: Connection, row: Row[Any]) -> tuple[bool, Conversation | None]:
    """Whether the conversation could be read, and its trouble. One of a later version cannot: its card is
    drawn already, and comes without a line in the list, or it would hold up all the others."""
    try:
        stored = store.seen(connection, row.conversation)
    except ValidationError as error:
        logger.warning("a card comes without its line: %d things of it are unreadable", error.error_count())
        return False, None
    return True, trouble_of(stored.conversation, row.case) if stored else None


def _item(event: str, row: Row[Any], more: dict[str, Any]) -> Item:
    kept = row.body
    body = kept["body"] | {"waited": True} | more
    place = Thread(kept["channel"], kept["thread_ts"])
    return Item(row.kind, event, row.conversation, place, kept["person"], body, row.slot)
