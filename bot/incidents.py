"""What is remembered of incidents: who saw the same about a server, how many, what all of them were told.

Each question is within the caller's transaction. Of two who make the fifth, one waits for the other.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot import audit, later, lock_order, store
from bot.conversation import Conversation
from bot.deeds import Deed
from bot.desk_events import IncidentMet
from bot.incident_card import Member, Standing
from bot.knowing import server_of
from bot.store import Stored
from bot.tables import conversations, incident_members, incidents, sightings
from bot.troubles import case_of
from knowledge.book import Book

SPREAD = "incident"
"""What is to be come back to (bot.later) in each conversation that is part of an incident."""

NOT_CALLED = "not_called"
"""In the body of that: nobody at the helpdesk heard of the incident."""

CARD_EVERY = timedelta(minutes=1)
SILENT = timedelta(hours=24)


def met(connection: Connection, stored: Stored, at: datetime, book: Book) -> Standing | None:
    """The incident that this trouble is part of, if it is: one that is open, or one that begins now.

    Notes that the trouble was seen. Everybody else's part of a new incident is left to their own turn.
    """
    trouble, company = stored.conversation, book.company
    assert trouble.row
    server = server_of(trouble, book)
    _one_at_a_time(connection, stored.team, trouble.row)
    store.save(connection, stored)
    found = _open_one(connection, stored, server)
    _see(connection, stored, server, at)
    if found is not None:
        return _joined(connection, found, trouble, server, at, book)
    if trouble.incident:
        return None
    since = at - timedelta(minutes=company.incident_minutes)
    same = _same(connection, stored.team, trouble.row, server, since, at)
    if all((one.conversation, one.trouble) != (trouble.number, trouble.trouble) for one in same):
        return None  # it was part of one that is over
    if len({one.person for one in same}) < company.incident_people:
        return None
    names = {server, *(one.server for one in same)} - {None}
    begun = {
        "team": stored.team,
        "row": trouble.row,
        "server": next(iter(names), None),
        "began": min(at, *(one.at for one in same)),
        "touched": at,
        "card_due": at,
        "silence_due": company.working_hours.next_day(at + SILENT),
    }
    number: int = connection.execute(insert(incidents).values(begun).returning(incidents.c.id)).scalar_one()
    audit.note(Deed("incident_opened", f"I-{number}", row=trouble.row), book.version)
    part = [
        {"incident": number, "conversation": one.conversation, "trouble": one.trouble, "person": one.person}
        for one in same
    ]
    connection.execute(insert(incident_members), part)
    for one in {one.conversation for one in same} - {trouble.number}:
        later.remember(connection, one, SPREAD, f"I-{number}", at)
    return standing(connection, number)


def _one_at_a_time(connection: Connection, team: str, row: str) -> None:
    of = func.hashtextextended(f"incident:{team}:{row}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(of)))


def _see(connection: Connection, stored: Stored, server: str | None, at: datetime) -> None:
    """The first time counts; the server's name may be told later."""
    trouble = stored.conversation
    row = upsert(sightings).values(
        conversation=trouble.number,
        trouble=trouble.trouble,
        row=trouble.row,
        team=stored.team,
        person=trouble.person,
        server=server,
        at=at,
    )
    key = ["conversation", "trouble", "row"]
    connection.execute(row.on_conflict_do_update(index_elements=key, set_={"server": row.excluded.server}))


def _open_one(connection: Connection, stored: Stored, server: str | None) -> Row[Any] | None:
    """The newest open incident about the same, locked; not one that the person left."""
    trouble = stored.conversation
    left = select(incident_members.c.incident).where(
        incident_members.c.conversation == trouble.number,
        incident_members.c.trouble == trouble.trouble,
        incident_members.c.left,
    )
    found = select(incidents).where(
        incidents.c.team == stored.team,
        incidents.c.row == trouble.row,
        incidents.c.closed.is_(None),
        incidents.c.id.not_in(left),
    )
    if server:
        found = found.where(or_(incidents.c.server.is_(None), incidents.c.server == server))
    return connection.execute(found.order_by(incidents.c.id.desc()).limit(1).with_for_update()).first()


def _joined(
    connection: Connection,
    found: Row[Any],
    trouble: Conversation,
    server: str | None,
    at: datetime,
    book: Book,
) -> Standing | None:
    row = upsert(incident_members).values(
        incident=found.id, conversation=trouble.number, trouble=trouble.trouble, person=trouble.person
    )
    added = connection.execute(row.on_conflict_do_nothing().returning(incident_members.c.incident)).first()
    if added is None and (server is None or found.server):
        return None
    changes = {
        "server": found.server or server,
        "touched": at,
        "card_due": _card_due(found, at),
        "silence_due": book.company.working_hours.next_day(at + SILENT),
    }
    connection.execute(update(incidents).where(incidents.c.id == found.id).values(changes))
    return standing(connection, found.id) if added is not None else None


def _card_due(found: Row[Any], at: datetime) -> datetime:
    """The card is drawn anew once a minute at most."""
    return found.card_due or (max(at, found.shown + CARD_EVERY) if found.shown else at)


def _same(
    connection: Connection, team: str, row: str, server: str | None, since: datetime, until: datetime
) -> Sequence[Row[Any]]:
    """What was seen about this row and server; a server whose name is not known may be any.

    Where this one is not known, it is the one that most name. What was part of an incident that is over
    counts no more, whatever becomes known of it.
    """
    over = (
        select(incident_members.c.conversation, incident_members.c.trouble)
        .join(incidents, incidents.c.id == incident_members.c.incident)
        .where(incidents.c.closed.is_not(None))
    )
    asked = select(sightings).where(
        sightings.c.team == team,
        sightings.c.row == row,
        sightings.c.at > since,
        sightings.c.at <= until,
        tuple_(sightings.c.conversation, sightings.c.trouble).not_in(over),
    )
    found = connection.execute(asked.order_by(sightings.c.at)).all()
    if server is None:
        named = Counter({one.server: 0 for one in found if one.server})
        named.update(server for _, server in {(one.person, one.server) for one in found} if server)
        server = next((name for name, _ in named.most_common(1)), None)
    return [one for one in found if one.server is None or one.server == server]


# One incident


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


def leave(connection: Connection, conversation: int, trouble: int, number: int, at: datetime) -> None:
    """This trouble is another one, and counts no more.

    The incident is locked before what was seen, as whoever joins or closes it does, or two of them could
    wait for each other.
    """
    row = connection.execute(
        select(incidents.c.team, incidents.c.row).where(incidents.c.id == number)
    ).first()
    if row is not None:
        _one_at_a_time(connection, row.team, row.row)
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
    silence = book.company.working_hours.next_day(at + SILENT)
    changes = {"update": text, "updated": at, "touched": at, "card_due": at, "silence_due": silence}
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
    digits = name.removeprefix("I-")
    is_one = name.startswith("I-") and digits.isdecimal() and digits.isascii() and len(digits) < 16
    return int(digits) if is_one else 0
