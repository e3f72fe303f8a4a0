"""What is remembered: questions to the tables and changes of them, each within the caller's transaction.

Statements that every message needs are built once; what they are asked with comes in by name.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from pydantic import ValidationError
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    create_engine,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.accepted import storable
from bot.conversation import Conversation
from bot.replies import NoteUnmatched
from bot.tables import (
    cards,
    conversation_numbers,
    conversations,
    events,
    incident_members,
    incidents,
    notices,
    outbox,
    pauses,
    people,
    statuses,
    threads,
    unmatched,
)
from bot.troubles import ALARM, case_of


def connect_to(address: str, *, idle_at_most: float | None = None) -> Engine:
    """A pool of connections to the database at this address (libpq's form); opened when first used.

    A transaction in which nothing is asked for `idle_at_most` seconds is ended by the server: who hangs, or
    whose machine is gone, keeps no row from the others.
    """

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(address)
        if idle_at_most is not None:
            limit = f"SET idle_in_transaction_session_timeout = '{idle_at_most * 1000:.0f}ms'"
            connection.execute(limit.encode())
            connection.commit()
        return connection

    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=8,
        max_overflow=24,
        json_serializer=_json,
    )


def _json(value: object) -> str:
    text = json.dumps(value)
    if "\\u0000" in text or "\\ud" in text:
        text = json.dumps(_clean(value))
    return text


def _clean(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case dict():
            return {_clean(name): _clean(item) for name, item in value.items()}
        case list() | tuple():
            return [_clean(item) for item in value]
        case _:
            return value


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


# The helpdesk's cards

_CASE_NAMED = select(cards.c.conversation, cards.c.case)
_CASES_AT = _CASE_NAMED.where(
    cards.c.channel == bindparam("channel"),
    or_(cards.c.root == bindparam("thread"), and_(cards.c.root.is_(None), cards.c.ts == bindparam("thread"))),
)


def cases_at(connection: Connection, channel: str, thread: str) -> list[tuple[int, str]]:
    """The conversations and cases whose card, or whose alarm of a private key, this thread is of."""
    found = connection.execute(_CASES_AT, {"channel": channel, "thread": thread}).all()
    if not found:
        return _cases_in_incident(connection, channel, thread)
    return [(row.conversation, row.case.removesuffix(ALARM)) for row in found]


def _cases_in_incident(connection: Connection, channel: str, thread: str) -> list[tuple[int, str]]:
    """The cases of the incident whose card this thread is of."""
    asked = (
        select(conversations.c.state, incident_members.c.trouble)
        .join(incident_members, incident_members.c.conversation == conversations.c.number)
        .join(incidents, incidents.c.id == incident_members.c.incident)
        .where(incidents.c.channel == channel, incidents.c.ts == thread, ~incident_members.c.left)
    )
    found = []
    for row in connection.execute(asked):
        for conversation in readable([row.state]):
            if case := case_of(conversation, row.trouble):
                found.append((conversation.number, case))
    return found


# As people write a case's number before their text, full-width too.
_NAMED = re.compile(r"\s*[cｃ][-－](\d{1,15})(?:[-－](\d{1,9}))?(?![a-z\d])[\s:：]*", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """The case that a text begins with, the number of its conversation, and the rest of the text."""

    case: str
    conversation: int
    rest: str


def named(text: str) -> Named | None:
    """What case the text begins with; None if with none."""
    found = _NAMED.match(text)
    if found is None:
        return None
    number, turn = int(found[1]), f"-{int(found[2])}" if found[2] else ""
    return Named(f"C-{number}{turn}", number, text[found.end() :])


def case_at(
    connection: Connection, channel: str, here: Sequence[tuple[int, str]], text: str
) -> tuple[int, str, str] | None:
    """The conversation and the case that the text is for, and the text for it: the case of this thread, of
    which `here` are the cases (`cases_at`). Elsewhere, and in a thread of several, the text begins with the
    case's number. None if it does not, and where it names another case than its thread's: then it is not
    known which of them is meant."""
    begins = named(text)
    if len(here) == 1:
        return (*here[0], text) if begins is None or begins.case == here[0][1] else None
    if begins is None:
        return None
    of_case = (cards.c.channel == channel, cards.c.case.in_((begins.case, begins.case + ALARM)))
    found = [one for one in here if one[1] == begins.case]
    found = found or [
        (row.conversation, begins.case) for row in connection.execute(_CASE_NAMED.where(*of_case))
    ]
    return (*found[0], begins.rest) if found else None


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


# Forgetting

# What people did and the engine has had for so long, failed or still waiting: it carries their words. What is
# being worked just now is erased in an hour.
ERASE_JOBS = text(
    """
    DELETE FROM procrastinate_jobs AS job
    WHERE args ? 'event' AND status <> 'doing'
      AND EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id AND at < :cutoff)
    """
)


def erase_before(connection: Connection, cutoff: datetime) -> int:
    """Erases what was last touched before this moment; gives how many conversations that were."""
    old = conversations.c.touched < cutoff
    lock_in_order(connection, old)
    gone = connection.execute(delete(conversations).where(old)).rowcount
    connection.execute(delete(incidents).where(incidents.c.touched < cutoff))
    over = or_(notices.c.until < cutoff, notices.c.ended < cutoff)
    connection.execute(delete(notices).where(over))
    connection.execute(delete(events).where(events.c.at < cutoff))
    connection.execute(delete(outbox).where(outbox.c.made < cutoff))
    connection.execute(delete(pauses).where(pauses.c.ended < cutoff))
    connection.execute(delete(statuses).where(statuses.c.until < func.now()))  # nobody asks for these again
    connection.execute(delete(unmatched).where(unmatched.c.at < cutoff))
    connection.execute(delete(people).where(func.greatest(people.c.asked, people.c.greeted) < cutoff))
    connection.execute(ERASE_JOBS, {"cutoff": cutoff})
    return gone


def lock_in_order(connection: Connection, which: ColumnElement[bool]) -> None:
    """Waits for whoever works one of these conversations; always in the same order, so that of two who erase
    none waits for the other in a circle."""
    connection.execute(
        select(conversations.c.number).where(which).order_by(conversations.c.number).with_for_update()
    )
