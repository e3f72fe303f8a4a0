"""When automatic help is paused (python -m bot pause): kept in the database, so that it holds for every
process on it at once and no restart forgets it.

Each question is within the caller's transaction; of two who ask at once, one waits for the other. The
helpdesk's channel is told when it begins and when it ends, once each, by whichever process looks first.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from bot.accepted import Overdue
from bot.pause import Pause
from bot.store import one_at_a_time
from bot.tables import pauses

BEGAN = "pause_began"
ENDED = "pause_ended"
OF_PAUSES = frozenset((BEGAN, ENDED))
"""What is due where the helpdesk has to be told (bot.later)."""

_TOLD = {BEGAN: pauses.c.told_began, ENDED: pauses.c.told_ended}

# There is one at most.
OPEN = pauses.c.ended.is_(None)


def current(connection: Connection) -> Pause | None:
    """The pause that there is just now."""
    row = connection.execute(select(pauses).where(OPEN)).first()
    return read(row) if row else None


def begin(connection: Connection, at: datetime, reason_ja: str = "", reason_en: str = "") -> Pause | None:
    """Pauses automatic help. Gives the pause that there was before, and leaves it, if there was one."""
    one_at_a_time(connection, "pause")
    if before := current(connection):
        return before
    begun = {"began": at, "reason_ja": reason_ja, "reason_en": reason_en}
    connection.execute(insert(pauses).values(begun))
    return None


def end(connection: Connection, at: datetime) -> Pause | None:
    """Switches automatic help on again. Gives the pause that ended; None if there was none."""
    one_at_a_time(connection, "pause")
    row = connection.execute(update(pauses).where(OPEN).values(ended=at).returning(*pauses.c)).first()
    return read(row) if row else None


def read(row: Row[Any]) -> Pause:
    """The pause as it is kept."""
    return Pause(row.began, row.reason_ja, row.reason_en)


# The helpdesk is told


def pause_of(connection: Connection, name: str) -> Pause | None:
    """The pause with this number."""
    row = connection.execute(select(pauses).where(pauses.c.id == int(name))).first()
    return read(row) if row else None


def due(connection: Connection, now: datetime) -> Sequence[Overdue]:
    """What the helpdesk has not been told yet."""
    ended = _untold(ENDED)
    rows = connection.execute(select(pauses).where(or_(_untold(BEGAN), ended)).order_by(pauses.c.id)).all()
    return [
        Overdue(
            id=f"{what}:{row.id}",
            at=now,
            due=moment,
            what=what,
            name=str(row.id),
        )
        for row in rows
        for what, moment, told in ((BEGAN, row.began, row.told_began), (ENDED, row.ended, row.told_ended))
        if moment and not told
    ]


def _untold(what: str) -> ColumnElement[bool]:
    moment = pauses.c.began if what == BEGAN else pauses.c.ended
    return moment.is_not(None) & ~_TOLD[what]


def given(connection: Connection, event: Overdue) -> None:
    """It was given to be worked."""
    if event.what in OF_PAUSES:
        told = {_TOLD[event.what]: True}
        connection.execute(update(pauses).where(pauses.c.id == int(event.name)).values(told))
