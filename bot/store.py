"""What is remembered: questions to the tables and changes of them, each within the caller's transaction.

Statements that every message needs are built once; what they are asked with comes in by name.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.accepted import storable
from bot.conversation import Conversation
from bot.replies import NoteUnmatched
from bot.tables import (
    conversation_numbers,
    conversations,
    events,
    threads,
    unmatched,
)


@dataclass(frozen=True)
class Stored:
    """A conversation, and where it was begun."""

    conversation: Conversation
    team: str
    channel: str


@dataclass(frozen=True)
class Thread:
    """A thread in Slack; without `ts` the channel itself."""

    channel: str
    ts: str | None


def one_at_a_time(connection: Connection, what: str) -> None:
    """Of two who do this, one waits until the other's transaction has ended."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


# Events

CLAIM = upsert(events).on_conflict_do_nothing().returning(events.c.id)


def claim(connection: Connection, event: str, at: datetime) -> bool:
    """Whether this event is new; from then on it is not."""
    return connection.execute(CLAIM, {"id": event, "at": at}).first() is not None


# Conversations

# Who works a conversation keeps others from that; rows that belong to it (bot.later, …) may be added
# meanwhile, or an incident and one of its many could wait for each other.
_STORED = (conversations.c.team, conversations.c.channel, conversations.c.state)
LOAD = select(*_STORED).where(conversations.c.number == bindparam("number")).with_for_update(key_share=True)
_SAVE = upsert(conversations)
SAVE = _SAVE.on_conflict_do_update(
    index_elements=["number"], set_={name: _SAVE.excluded[name] for name in ("is_open", "touched", "state")}
)


def load(connection: Connection, number: int) -> Stored | None:
    """The conversation, locked until the transaction ends; None if it was erased."""
    row = connection.execute(LOAD, {"number": number}).first()
    return _stored(row) if row else None


SEEN = select(*_STORED).where(conversations.c.number == bindparam("number"))


def seen(connection: Connection, number: int) -> Stored | None:
    """The conversation as it is at this moment, not locked; None if it was erased."""
    row = connection.execute(SEEN, {"number": number}).first()
    return _stored(row) if row else None


def save(connection: Connection, stored: Stored) -> None:
    """Keeps the conversation as it is now."""
    conversation = stored.conversation
    now = {
        "number": conversation.number,
        "team": stored.team,
        "person": conversation.person,
        "channel": stored.channel,
        "is_open": conversation.is_open,
        "touched": conversation.touched,
        "state": conversation.model_dump(mode="json"),
    }
    connection.execute(SAVE, now)


def _stored(row: Any) -> Stored:
    return Stored(Conversation.model_validate(row.state), row.team, row.channel)


def next_number(connection: Connection) -> int:
    """The number of a new conversation."""
    number: int = connection.execute(select(conversation_numbers.next_value())).scalar_one()
    return number


def earlier(connection: Connection, team: str, person: str, since: datetime) -> list[Conversation]:
    """The person's conversations that were touched since then, the newest first."""
    found = (
        select(conversations.c.state)
        .where(conversations.c.person == person, conversations.c.team == team)
        .where(conversations.c.touched >= since)
        .order_by(conversations.c.touched.desc(), conversations.c.number.desc())
        .limit(20)
    )
    return list(readable(connection.execute(found).scalars()))


def readable(states: Iterable[object]) -> Iterator[Conversation]:
    """Conversations as they are kept; those that a later version wrote are left out."""
    for state in states:
        with contextlib.suppress(ValidationError):
            yield Conversation.model_validate(state)


def set_aside(connection: Connection, team: str, person: str) -> None:
    """Conversations of the person that cannot be read are no longer gone on with: the next message begins
    a new one."""
    of_person = (conversations.c.team == team, conversations.c.person == person)
    found = select(conversations.c.number, conversations.c.state).where(*of_person)
    broken = [row.number for row in connection.execute(found) if not any(readable([row.state]))]
    if broken:
        connection.execute(delete(threads).where(threads.c.conversation.in_(broken)))
        closed = update(conversations).where(conversations.c.number.in_(broken))
        connection.execute(closed.values(is_open=False))


def lock_in_order(connection: Connection, which: ColumnElement[bool]) -> None:
    """Waits for whoever works one of these conversations; always in the same order, so that of two who erase
    none waits for the other in a circle."""
    connection.execute(
        select(conversations.c.number).where(which).order_by(conversations.c.number).with_for_update()
    )


# Threads

_LED_HERE = (
    select(threads.c.conversation)
    .where(threads.c.channel == bindparam("channel"), threads.c.thread_ts == bindparam("thread"))
    .where(threads.c.person == bindparam("person"))
    .scalar_subquery()
)
_NEWEST = (
    select(conversations.c.number)
    .where(conversations.c.person == bindparam("person"), conversations.c.channel == bindparam("channel"))
    .where(conversations.c.is_open, conversations.c.touched >= bindparam("since"))
    .order_by(conversations.c.touched.desc(), conversations.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_FOUND = select(*_STORED, _LED_HERE.label("led_here"))
IN_THREAD = _FOUND.where(conversations.c.number == _LED_HERE).with_for_update(key_share=True)
IN_THREAD_OR_NEWEST = _FOUND.where(
    conversations.c.number == func.coalesce(_LED_HERE, _NEWEST)
).with_for_update(key_share=True)
_JOIN = upsert(threads)
JOIN = _JOIN.on_conflict_do_update(
    index_elements=["channel", "thread_ts", "person"], set_={"conversation": _JOIN.excluded.conversation}
)


def goes_on(
    connection: Connection, thread: Thread, person: str, since: datetime | None
) -> tuple[Stored | None, bool]:
    """The person's conversation in this thread, locked; else, with `since`, the one in this channel that is
    open and was touched last, not before then. And whether it was already led in this thread."""
    asked = {"channel": thread.channel, "thread": thread.ts, "person": person}
    if since is None:
        row = connection.execute(IN_THREAD, asked).first()
    else:
        row = connection.execute(IN_THREAD_OR_NEWEST, asked | {"since": since}).first()
    return (_stored(row), row.led_here is not None) if row else (None, False)


def join(connection: Connection, thread: Thread, person: str, number: int) -> None:
    """From now on this thread is (also) the conversation's."""
    led = {"channel": thread.channel, "thread_ts": thread.ts, "person": person, "conversation": number}
    connection.execute(JOIN, led)


_PLACE = select(func.max(threads.c.thread_ts)).where(
    threads.c.conversation == bindparam("number"), threads.c.channel == bindparam("channel")
)


def place_of(connection: Connection, stored: Stored) -> Thread:
    """Where the conversation was led last."""
    at = {"number": stored.conversation.number, "channel": stored.channel}
    return Thread(stored.channel, connection.execute(_PLACE, at).scalar())


# Messages without a row

NOTE = insert(unmatched)
NEWEST_FIRST = select(unmatched).order_by(unmatched.c.at.desc(), unmatched.c.id.desc())


def note_unmatched(connection: Connection, notes: Iterable[NoteUnmatched], at: datetime) -> None:
    """Keeps messages for which the tables had no row."""
    rows = [
        {"at": at, "language": note.language, "text": storable(note.redacted), "decision": note.decision}
        for note in notes
    ]
    if rows:
        connection.execute(NOTE, rows)


def unmatched_lines(connection: Connection) -> Iterator[str]:
    """The messages without a row, newest first, as the lines that `python -m knowledge unmatched` reads."""
    for row in connection.execute(NEWEST_FIRST):
        one = {"at": row.at.isoformat(), "language": row.language, "decision": row.decision, "text": row.text}
        yield json.dumps(one)
