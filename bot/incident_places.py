"""When an incident's card is to be drawn, or somebody reminded of it, and where the card stands.

Each question is within the caller's transaction.
"""

from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update

from bot.accepted import Overdue
from bot.incidents import number_of
from bot.store import Thread
from bot.tables import incidents, outbox


def card_place(connection: Connection, number: int) -> Thread | None:
    """The message that is the incident's card."""
    asked = select(incidents.c.channel, incidents.c.ts).where(incidents.c.id == number)
    row = connection.execute(asked.where(incidents.c.ts.is_not(None))).first()
    return Thread(row.channel, row.ts) if row else None


def keep_place(connection: Connection, number: int, channel: str, ts: str) -> None:
    """The incident's card is this message."""
    connection.execute(update(incidents).where(incidents.c.id == number).values(channel=channel, ts=ts))


def drawn(connection: Connection, number: int, at: datetime) -> None:
    """The card was drawn just now."""
    connection.execute(update(incidents).where(incidents.c.id == number).values(shown=at))


def brought_up(connection: Connection, number: int, again: datetime | None) -> None:
    """It was brought up; the next time is then, or never (None)."""
    connection.execute(update(incidents).where(incidents.c.id == number).values(silence_due=again))


def times_brought_up(connection: Connection, number: int) -> int:
    """How often it was brought up since somebody last had the same or said a word about it."""
    spoken = select(incidents.c.touched).where(incidents.c.id == number).scalar_subquery()
    asked = (
        select(func.count())
        .select_from(outbox)
        .where(
            outbox.c.made > spoken, outbox.c.event.startswith(f"incident_silence:{number}:", autoescape=True)
        )
    )
    return int(connection.execute(asked).scalar_one())


_WHEN = {"incident_card": incidents.c.card_due, "incident_silence": incidents.c.silence_due}


OF_INCIDENTS = frozenset(_WHEN)


def due(connection: Connection, now: datetime) -> list[Overdue]:
    """The cards that are to be drawn anew; the incidents about which nobody said a word."""
    asked = select(incidents.c.id, incidents.c.team, *_WHEN.values())
    late = or_(*(when <= now for when in _WHEN.values()))
    rows = connection.execute(asked.where(late).order_by(incidents.c.id)).all()
    return [
        Overdue(
            id=f"{what}:{row.id}:{moment.timestamp():.6f}",
            team=row.team,
            at=now,
            due=moment,
            what=what,
            name=f"I-{row.id}",
        )
        for row in rows
        for what, moment in (("incident_card", row.card_due), ("incident_silence", row.silence_due))
        if moment and moment <= now
    ]


def given(connection: Connection, event: Overdue) -> None:
    """It was given to be worked; what became due meanwhile stays."""
    column = _WHEN.get(event.what)
    if column is not None:
        of = (incidents.c.id == number_of(event.name), column == event.due)
        connection.execute(update(incidents).where(*of).values({column: None}))
