"""The cards that waited are put into the channel together, in one transaction."""

from typing import Any

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


def came_due(turns: Turns, connection: Connection, event: Overdue) -> list[Undone]:
    """One message that lists them, and in its thread each card and what belongs to it.

    Who solved it meanwhile needs no card, nor does who is in an incident.
    """
    desk = turns.defaults.desk
    rows = storm.take_all(connection)
    waiting: dict[tuple[int, str], Conversation] = {}
    for row in rows:
        if trouble := _still_open(connection, row):
            waiting[row.conversation, row.case] = without_gone(trouble, turns.book)
    if desk is None or not waiting:
        return []
    together = len(waiting) > 1
    wanted: list[Item] = []
    if together:
        body = drawn(cards_together(list(waiting.values()), turns.book), NO_CONVERSATION)
        wanted.append(Item("cards_together", event.id, None, Thread(desk, None), "", body))
    kept = [row for row in rows if (row.conversation, row.case) in waiting]
    wanted += [_item(event.id, row, together) for row in kept]
    return turns.put_items(connection, wanted)


def _still_open(connection: Connection, row: Row[Any]) -> Conversation | None:
    stored = store.seen(connection, row.conversation)
    trouble = trouble_of(stored.conversation, row.case) if stored else None
    gone = trouble is None or trouble.phase == "solved" or trouble.is_in_incident
    return None if gone else trouble


def _item(event: str, row: Row[Any], together: bool) -> Item:
    kept = row.body
    body = kept["body"] | {"waited": True} | ({"together": event} if together else {})
    place = Thread(kept["channel"], kept["thread_ts"])
    return Item(row.kind, event, row.conversation, place, kept["person"], body, row.slot)
