"""What is left to do when an event cannot be worked: the person is told, and the helpdesk is called."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from bot import asides, store, todo
from bot.accepted import (
    AtHome,
    Click,
    DeskWrote,
    Elsewhere,
    Expiring,
    Filled,
    InHome,
    Kept,
    Message,
    Opened,
    Overdue,
    Stranger,
    Submitted,
)
from bot.placing import thread_of
from bot.store import Thread
from bot.todo import Item
from knowledge.book import Book
from knowledge.rows import Language


def set_aside(connection: Connection, event: Kept) -> None:
    """What this event cannot get past holds up nothing that comes later."""
    at = datetime.now(UTC)
    store.claim(connection, event.id, at)
    todo.give_up_event(connection, event.id, at, "broken")
    store.set_aside(connection, event.team, event.person)
    if isinstance(event, Elsewhere) and event.author:
        store.set_aside(connection, event.team, event.author)


def own_up(event: Kept, book: Book, desk: str | None, language: Language, desks: Language) -> list[Item]:
    """What the person and the helpdesk (its channel) are told, each in their language; nothing to who only
    looked, or is of another company."""
    if isinstance(event, Opened | Stranger | AtHome | Overdue | Expiring | InHome):
        return []
    then = "not_worked_desk_called" if desk else "not_worked_call_the_desk"
    told = "\n".join(asides.said(book, name, language) for name in ("not_worked", then))
    items = [_item(event, _place(event), told)]
    if desk:
        line = asides.said(book, "not_worked_for_the_desk", desks, event.person)
        items.append(_item(event, Thread(desk, None), line))
    return items


def _place(event: Message | Click | Submitted | Elsewhere | Filled | DeskWrote) -> Thread:
    """Where the person is told; by their own id Slack puts it into their talk with the bot."""
    if isinstance(event, Message | Click):
        return thread_of(event)
    if isinstance(event, DeskWrote):
        return Thread(event.channel, event.thread_ts)
    return Thread(event.person, None)


def _item(event: Kept, place: Thread, text: str) -> Item:
    return Item("say", event.id, None, place, event.person, {"text": text})
