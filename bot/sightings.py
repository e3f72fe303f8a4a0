"""Who saw the same about a server, and when they are so many that it is an incident.

Each question is within the caller's transaction. Of two who make the fifth, one waits for the other.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot import audit, later, store
from bot.conversation import Conversation
from bot.deeds import Deed
from bot.incident_card import Standing
from bot.incidents import CARD_EVERY, SPREAD, one_at_a_time, silence_due, standing
from bot.knowing import server_of
from bot.store import Stored
from bot.tables import incident_members, incidents, sightings
from knowledge.book import Book


def met(connection: Connection, stored: Stored, at: datetime, book: Book) -> Standing | None:
    """The incident that this trouble is part of, if it is: one that is open, or one that begins now.

    Notes that the trouble was seen. Everybody else's part of a new incident is left to their own turn.
    """
    trouble, company = stored.conversation, book.company
    assert trouble.row
    server = server_of(trouble, book)
    one_at_a_time(connection, stored.team, trouble.row)
    store.save(connection, stored)
    found = _open_one(connection, stored, server)
    _see(connection, stored, server, at)
    if found is not None:
        return _joined(connection, found, trouble, server, at, book)
    if trouble.incident:
        return None
    same = _same(
        connection, stored.team, trouble.row, server, at, timedelta(minutes=company.incident_minutes)
    )
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
        "silence_due": silence_due(at, book),
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
        "silence_due": silence_due(at, book),
    }
    connection.execute(update(incidents).where(incidents.c.id == found.id).values(changes))
    return standing(connection, found.id) if added is not None else None


def _card_due(found: Row[Any], at: datetime) -> datetime:
    """The card is drawn anew once a minute at most."""
    return found.card_due or (max(at, found.shown + CARD_EVERY) if found.shown else at)


def _same(
    connection: Connection, team: str, row: str, server: str | None, at: datetime, within: timedelta
) -> Sequence[Row[Any]]:
    """What was seen about this row and server within so long, now among it; a server whose name is not known
    may be any.

    Of those who write at once, the first may be worked last: what was seen after `at` counts as well.
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
        sightings.c.at > at - within,
        sightings.c.at < at + within,
        tuple_(sightings.c.conversation, sightings.c.trouble).not_in(over),
    )
    found = list(connection.execute(asked.order_by(sightings.c.at)))
    if server is None:
        named = Counter({one.server: 0 for one in found if one.server})
        named.update(server for _, server in {(one.person, one.server) for one in found} if server)
        server = next((name for name, _ in named.most_common(1)), None)
    found = [one for one in found if one.server is None or one.server == server]
    ends = [at, *(one.at for one in found if one.at > at)]
    spans = ([one for one in found if end - within < one.at <= end] for end in ends)
    return max(spans, key=lambda span: len({one.person for one in span}))
