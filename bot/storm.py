"""A storm of cards: beyond a few in a minute they wait, and once a minute one message stands for them all.

Each question is within the caller's transaction; of two who ask at once, one waits for the other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot import lock_order
from bot.accepted import Overdue
from bot.store import one_at_a_time
from bot.tables import cards_held, cards_opened, conversations
from bot.todo import Item, Undone

TOGETHER = "cards_together"
"""What is due when the cards that wait have waited long enough."""

EVERY = timedelta(minutes=1)


def holds(connection: Connection, undone: Undone, at: datetime, most: int) -> bool:
    """Whether a new card has to wait, and does from now on; `most` a minute stand alone.

    What waits already takes the newer form.
    """
    one_at_a_time(connection, "cards")
    item, case = undone.item, undone.item.body["case"]
    waits = (cards_held.c.conversation == item.conversation, cards_held.c.case == case)
    newer = update(cards_held).where(*waits, cards_held.c.kind == "open_case").values(body=_kept(item))
    if connection.execute(newer).rowcount:
        return True
    opened = upsert(cards_opened).values(conversation=item.conversation, case=case, at=at)
    if connection.execute(opened.on_conflict_do_nothing()).rowcount == 0:
        return False  # it was let through before, and its card is gone or not out yet
    lately = select(func.count()).select_from(cards_opened).where(cards_opened.c.at > at - EVERY)
    waiting = select(func.count()).select_from(cards_held)
    if connection.execute(lately).scalar_one() <= most and not connection.execute(waiting).scalar_one():
        return False
    this = (cards_opened.c.conversation == item.conversation, cards_opened.c.case == case)
    connection.execute(update(cards_opened).where(*this).values(together=True))
    _hold(connection, undone, at)
    return True


def is_held(connection: Connection, conversation: int, case: str) -> bool:
    """Whether the case's card waits."""
    waits = (cards_held.c.conversation == conversation, cards_held.c.case == case)
    return connection.execute(select(cards_held.c.id).where(*waits).limit(1)).first() is not None


def holds_too(connection: Connection, undone: Undone, at: datetime) -> bool:
    """Whether what belongs into a card's thread waits with the card."""
    one_at_a_time(connection, "cards")
    item = undone.item
    if item.conversation is None or not is_held(connection, item.conversation, item.body["case"]):
        return False
    _hold(connection, undone, at)
    return True


def _kept(item: Item) -> dict[str, Any]:
    place = {"channel": item.thread.channel, "thread_ts": item.thread.ts}
    return {"body": item.body, "person": item.person, **place}


def _hold(connection: Connection, undone: Undone, at: datetime) -> None:
    item = undone.item
    row = upsert(cards_held).values(
        conversation=item.conversation,
        case=item.body["case"],
        item=undone.id,
        kind=item.kind,
        slot=item.slot,
        body=_kept(item),
        at=at,
    )
    connection.execute(row.on_conflict_do_nothing(index_elements=["item"]))


def take_all(connection: Connection) -> Sequence[Row[Any]]:
    """All that waits, in order; it waits no more. Of whom it is, nobody is erased meanwhile."""
    one_at_a_time(connection, "cards")
    lock_order.hold(connection, select(cards_held.c.conversation))
    taken = connection.execute(delete(cards_held).returning(*cards_held.c)).all()
    return sorted(taken, key=lambda row: int(row.id))


def due(connection: Connection, now: datetime) -> list[Overdue]:
    """Nothing waits longer than a minute."""
    asked = (
        select(cards_held.c.id, cards_held.c.at, conversations.c.team)
        .join(conversations, conversations.c.number == cards_held.c.conversation)
        .order_by(cards_held.c.id)
        .limit(1)
    )
    row = connection.execute(asked).first()
    if row is None or row.at + EVERY > now:
        return []
    event = Overdue(
        id=f"{TOGETHER}:{row.id}:{row.at.timestamp():.6f}",
        team=row.team,
        at=now,
        due=row.at + EVERY,
        what=TOGETHER,
        name=str(row.id),
    )
    return [event]


def given(connection: Connection, event: Overdue) -> None:
    """It is due again in a minute, should nothing come of it; once it was worked, nothing waits any more."""
    if event.what == TOGETHER:
        this = (cards_held.c.id == int(event.name), cards_held.c.at == event.due - EVERY)
        connection.execute(update(cards_held).where(*this).values(at=event.at))
