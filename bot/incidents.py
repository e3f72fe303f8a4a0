"""What is remembered of an incident: how many are in it, what all of them were told, that it is over.

Each question is within the caller's transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, tuple_, update

from bot import later, lock_order, store
from bot.button_ids import number_in
from bot.conversation import Conversation
from bot.desk_events import IncidentMet
from bot.incident_card import Member, Standing
from bot.tables import conversations, incident_members, incidents, sightings
from bot.troubles import case_of
from knowledge.book import Book

SPREAD = "incident"
"""What is to be come back to (bot.later) in each conversation that is part of an incident."""

NOT_CALLED = "not_called"
"""In the body of that: nobody at the helpdesk heard of the incident."""

CARD_EVERY = timedelta(minutes=1)
SILENT = timedelta(hours=24)


def silence_due(at: datetime, book: Book) -> datetime:
    """When an incident of which nothing is heard from now on is brought up again."""
    return book.company.working_hours.next_day(at + SILENT)


def news(case: str, incident: Standing, at: datetime) -> IncidentMet:
    """This case is part of the incident from now on."""
    return IncidentMet(
        case, incident.number, incident.people, incident.began, incident.update, incident.updated, at
    )


def standing(connection: Connection, number: int, *, lock: bool = False) -> Standing | None:
    """The incident as it is now; None if there is none (any more)."""
    asked = select(incidents).where(incidents.c.id == number)
    row = connection.execute(asked.with_for_update() if lock else asked).first()
    if row is None:
        return None
    return Standing(
        number=row.id,
        row=row.row,
        server=row.server,
        began=row.began,
        people=people(connection, number),
        update=row.update,
        updated=row.updated,
        closed=row.closed,
        remedy=row.remedy,
        words=row.words,
        tell=row.tell,
        by=row.closed_by,
    )


def people(connection: Connection, number: int) -> int:
    """How many people are in it."""
    persons = func.count(incident_members.c.person.distinct())
    asked = select(persons).where(incident_members.c.incident == number, ~incident_members.c.left)
    return int(connection.execute(asked).scalar_one())


def troubles_in(connection: Connection, number: int, conversation: int) -> list[int]:
    """Which troubles of the conversation are part of it."""
    asked = select(incident_members.c.trouble).where(
        incident_members.c.incident == number,
        incident_members.c.conversation == conversation,
        ~incident_members.c.left,
    )
    return list(connection.execute(asked.order_by(incident_members.c.trouble)).scalars())


def members(connection: Connection, number: int, most: int) -> tuple[tuple[Member, ...], int]:
    """The first of its cases, and how many there are."""
    asked = (
        select(conversations.c.state, incident_members.c.trouble, func.count().over().label("all_of_them"))
        .join(incident_members, incident_members.c.conversation == conversations.c.number)
        .where(incident_members.c.incident == number, ~incident_members.c.left)
        .order_by(conversations.c.number)
        .limit(most)
    )
    rows = connection.execute(asked).all()
    shown = []
    for row in rows:
        conversation = Conversation.model_validate(row.state)
        case = case_of(conversation, row.trouble) or conversation.case
        shown.append(Member(case, conversation.person_name))
    return tuple(shown), rows[0].all_of_them if rows else 0


def one_at_a_time(connection: Connection, team: str, row: str) -> None:
    """Whoever begins, joins or leaves an incident about this row waits for the others who do."""
    store.one_at_a_time(connection, f"incident:{team}:{row}")


def leave(connection: Connection, conversation: int, trouble: int, number: int, at: datetime) -> None:
    """This trouble is another one, and counts no more.

    The incident is locked before what was seen, as whoever joins or closes it does, or two of them could
    wait for each other.
    """
    row = connection.execute(
        select(incidents.c.team, incidents.c.row).where(incidents.c.id == number)
    ).first()
    if row is not None:
        one_at_a_time(connection, row.team, row.row)
        connection.execute(select(incidents.c.id).where(incidents.c.id == number).with_for_update())
    of = (incident_members.c.conversation == conversation, incident_members.c.trouble == trouble)
    connection.execute(
        update(incident_members).where(incident_members.c.incident == number, *of).values(left=True)
    )
    seen = (sightings.c.conversation == conversation, sightings.c.trouble == trouble)
    connection.execute(delete(sightings).where(*seen))
    is_open = and_(incidents.c.id == number, incidents.c.closed.is_(None))
    due = func.coalesce(incidents.c.card_due, func.greatest(incidents.c.shown + CARD_EVERY, at), at)
    connection.execute(update(incidents).where(is_open).values(card_due=due))


def tell_all(connection: Connection, number: int, text: str, at: datetime, book: Book) -> None:
    """What everybody in it is told from now on."""
    changes = {"update": text, "updated": at, "touched": at, "card_due": at}
    changes |= {"silence_due": silence_due(at, book)}
    connection.execute(update(incidents).where(incidents.c.id == number).values(changes))
    _spread(connection, number, at)


def close(
    connection: Connection, number: int, remedy: str | None, words: str, tell: str, by: str, at: datetime
) -> None:
    """It is over."""
    changes = {
        "closed": at,
        "closed_by": by,
        "remedy": remedy,
        "words": words,
        "tell": tell,
        "touched": at,
        "card_due": at,
        "silence_due": None,
    }
    connection.execute(update(incidents).where(incidents.c.id == number).values(changes))
    part = select(incident_members.c.conversation, incident_members.c.trouble)
    theirs = tuple_(sightings.c.conversation, sightings.c.trouble)
    of_it = select(incident_members.c.conversation).where(incident_members.c.incident == number)
    lock_order.hold(connection, of_it)
    over = delete(sightings).where(theirs.in_(part.where(incident_members.c.incident == number)))
    connection.execute(over)  # who comes now sees another one
    _spread(connection, number, at)


def not_called(connection: Connection, number: int, at: datetime) -> None:
    """The helpdesk's channel did not take its card: everybody in it is to hear that."""
    _spread(connection, number, at, {NOT_CALLED: True})


def _spread(connection: Connection, number: int, at: datetime, body: dict[str, Any] | None = None) -> None:
    asked = (
        select(incident_members.c.conversation)
        .distinct()
        .where(incident_members.c.incident == number, ~incident_members.c.left)
    )
    for conversation in sorted(connection.execute(asked).scalars()):
        later.remember(connection, conversation, SPREAD, f"I-{number}", at, body)


def number_of(name: str) -> int:
    """The number in "I-7"; 0 if it is none."""
    return number_in(name.removeprefix("I-")) if name.startswith("I-") else 0
