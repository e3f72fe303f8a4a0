"""What is to be done in Slack, in order, as the tables keep it; which messages are the helpdesk's cards.

Between a message that Slack took and the note that it did, a process can die. So whoever finds an item undone
has to ask Slack first whether it is out already, unless the one before left word that it was not sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.store import Thread
from bot.tables import cards, outbox, threads

Kind = Literal[
    "say",
    "whisper",
    "check",
    "open_case",
    "add_to_case",
    "unsay",
    "pass_file",
    "incident_card",
    "cards_together",
]

PUT = insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
DONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("number"), outbox.c.done.is_(None))
    .values(done=bindparam("at"), ts=bindparam("message"), body=null())
)
JOIN_ROOT = (
    upsert(threads)
    .from_select(
        ["channel", "thread_ts", "person", "conversation"],
        select(outbox.c.channel, outbox.c.ts, outbox.c.person, outbox.c.conversation).where(
            outbox.c.id == bindparam("number"), outbox.c.conversation.is_not(None), outbox.c.ts.is_not(None)
        ),
    )
    .on_conflict_do_nothing()
)


@dataclass(frozen=True)
class Item:
    """One thing to be done in Slack: `body` is JSON, and what it holds depends on `kind`."""

    kind: Kind
    event: str
    conversation: int | None
    thread: Thread
    person: str
    body: dict[str, Any] = field(repr=False)
    slot: str | None = None


@dataclass(frozen=True)
class Undone:
    """An item with its number in the outbox, as it was read at that moment."""

    id: int
    made: datetime
    item: Item
    read: datetime
    in_doubt: bool
    """It may have been sent before, by a process that could not say so any more."""

    @property
    def name(self) -> str:
        """What the message itself carries, so that it is known again; no other item ever has the same."""
        return f"{self.id}-{self.made:%Y%m%dT%H%M%S.%f}"


def put(connection: Connection, items: Sequence[Item], at: datetime) -> list[Undone]:
    """Adds what is to be done, in this order."""
    if not items:
        return []
    numbers = connection.execute(PUT, [_as_row(item, at) for item in items]).scalars()
    added = zip(numbers, items, strict=True)
    return [Undone(number, at, item, read=at, in_doubt=False) for number, item in added]


def undone(connection: Connection, event: str, at: datetime) -> list[Undone]:
    """What is still to be done of this event, in order, now by the caller."""
    of_event = (outbox.c.event == event, outbox.c.done.is_(None))
    return _taken_over(connection, select(outbox).where(*of_event).order_by(outbox.c.id), at)


def read_again(connection: Connection, number: int, at: datetime) -> Undone | None:
    """The item as it is now; None if it was done meanwhile."""
    found = select(outbox).where(outbox.c.id == number, outbox.c.done.is_(None))
    return next(iter(_taken_over(connection, found, at)), None)


def is_done(connection: Connection, number: int) -> bool:
    """Whether it was done or given up."""
    found = select(outbox.c.id).where(outbox.c.id == number, outbox.c.done.is_(None))
    return connection.execute(found).first() is None


def not_sent(connection: Connection, numbers: Sequence[int]) -> None:
    """Leaves word that none of these is out; it counts until the next one takes them over."""
    connection.execute(update(outbox).where(outbox.c.id.in_(numbers)).values(held=True))


def has_spoken(connection: Connection, left: Sequence[Undone]) -> bool:
    """Whether something else of the same event was said before what is left of it."""
    if not left or (number := left[0].item.conversation) is None:
        return False
    said = (outbox.c.event == left[0].item.event, outbox.c.ts.is_not(None))
    found = select(outbox.c.id).where(outbox.c.conversation == number, *said).limit(1)
    return connection.execute(found).first() is not None


def _taken_over(connection: Connection, found: Select[Any], at: datetime) -> list[Undone]:
    rows = connection.execute(found.with_for_update()).all()
    if held := [row.id for row in rows if row.held]:
        connection.execute(update(outbox).where(outbox.c.id.in_(held)).values(held=False))
    return [_undone(row, at) for row in rows]


def done(connection: Connection, number: int, at: datetime, ts: str | None = None) -> None:
    """It was done, and who says so first is right. `ts` is the message's, or the id of an upload that can be
    taken back; what was to be said is not kept."""
    connection.execute(DONE, {"number": number, "at": at, "message": ts})


def note_upload(connection: Connection, number: int, body: dict[str, Any]) -> None:
    """What is to be done is as far as this: `body` says it to whoever goes on."""
    left = (outbox.c.id == number, outbox.c.done.is_(None))
    connection.execute(update(outbox).where(*left).values(body=body))


def given_up(connection: Connection, number: int, at: datetime, failure: str) -> None:
    """It will never be done; `failure` is Slack's word for the reason. What was to be said is kept for the
    retention time, so that it can be passed on by hand."""
    left = (outbox.c.id == number, outbox.c.done.is_(None))
    connection.execute(update(outbox).where(*left).values(done=at, failure=failure))


def give_up_event(connection: Connection, event: str, at: datetime, failure: str) -> None:
    """Nothing that is left of this event will be done."""
    left = (outbox.c.event == event, outbox.c.done.is_(None))
    connection.execute(update(outbox).where(*left).values(done=at, failure=failure))


def said_in_slot(connection: Connection, conversation: int, slot: str) -> Thread | None:
    """The message that holds this slot."""
    found = (
        select(outbox.c.channel, outbox.c.ts)
        .where(outbox.c.conversation == conversation, outbox.c.slot == slot, outbox.c.ts.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = connection.execute(found).first()
    return Thread(row.channel, row.ts) if row else None


def was_refused(connection: Connection, conversation: int, slot: str) -> bool:
    """Whether what was last to be said or passed on in this slot was given up."""
    of_slot = (outbox.c.conversation == conversation, outbox.c.slot == slot)
    found = select(outbox.c.failure).where(*of_slot).order_by(outbox.c.id.desc()).limit(1)
    return connection.execute(found).scalar() is not None


def root_done(connection: Connection, number: int, at: datetime, ts: str | None) -> None:
    """The same of a message that stands alone in a talk: its thread is from now on the conversation's, unless
    that was erased meanwhile."""
    done(connection, number, at, ts)
    connection.execute(JOIN_ROOT, {"number": number})


def place_of(connection: Connection, item: Item) -> Thread:
    """Where what follows the item stands: its thread, or the one under the conversation's first message in
    that talk."""
    if item.thread.ts is not None or item.conversation is None:
        return item.thread
    found = (
        select(outbox.c.ts)
        .where(outbox.c.conversation == item.conversation, outbox.c.channel == item.thread.channel)
        .where(outbox.c.thread_ts.is_(None), outbox.c.ts.is_not(None), outbox.c.kind != "pass_file")
        .order_by(outbox.c.id)
        .limit(1)
    )
    return Thread(item.thread.channel, connection.execute(found).scalar())


def _as_row(item: Item, at: datetime) -> dict[str, Any]:
    return {
        "event": item.event,
        "conversation": item.conversation,
        "kind": item.kind,
        "channel": item.thread.channel,
        "thread_ts": item.thread.ts,
        "person": item.person,
        "slot": item.slot,
        "body": item.body,
        "made": at,
    }


def _undone(row: Row[Any], at: datetime) -> Undone:
    thread = Thread(row.channel, row.thread_ts)
    item = Item(row.kind, row.event, row.conversation, thread, row.person, row.body, row.slot)
    return Undone(row.id, row.made, item, read=at, in_doubt=not row.held)


# The helpdesk's cards


def card(connection: Connection, conversation: int, case: str) -> Thread | None:
    """The message that is the case's card."""
    found = select(cards.c.channel, cards.c.ts).where(
        cards.c.conversation == conversation, cards.c.case == case
    )
    row = connection.execute(found).first()
    return Thread(row.channel, row.ts) if row else None


def card_thread(connection: Connection, conversation: int, case: str) -> Thread | None:
    """The thread in which the case is spoken of: its card's, or the one that its card stands in."""
    found = select(cards.c.channel, func.coalesce(cards.c.root, cards.c.ts).label("ts")).where(
        cards.c.conversation == conversation, cards.c.case == case
    )
    row = connection.execute(found).first()
    return Thread(row.channel, row.ts) if row else None


def root_of(connection: Connection, event: str) -> str | None:
    """The message above the cards that this event put into the channel together."""
    found = select(outbox.c.ts).where(outbox.c.event == event, outbox.c.kind == "cards_together")
    return connection.execute(found).scalar()


def keep_card(
    connection: Connection, conversation: int, case: str, channel: str, ts: str, root: str | None = None
) -> None:
    """The case's card is this message; in this thread (`root`), if it does not stand alone."""
    row = upsert(cards).values(conversation=conversation, case=case, channel=channel, ts=ts, root=root)
    place = {"channel": channel, "ts": ts, "root": root}
    connection.execute(row.on_conflict_do_update(index_elements=["conversation", "case"], set_=place))
