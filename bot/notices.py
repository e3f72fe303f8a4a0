"""What is remembered of notices. Each question is within the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.notice import Notice, Told
from bot.store import one_at_a_time
from bot.tables import notices

AT_MOST = 50
"""Notices that are looked at; nobody reads so many."""


# Up, or planned: in the order in which they were put up. Every message asks for it.
STANDS = (
    (notices.c.team == bindparam("of_team")) & (notices.c.until > bindparam("at")) & notices.c.ended.is_(None)
)
STANDING = select(notices).where(STANDS).order_by(notices.c.id).limit(AT_MOST)
HAS_BEGUN = notices.c.starts <= bindparam("at")
UP = STANDING.where(HAS_BEGUN)


def up(connection: Connection, team: str, now: datetime) -> tuple[Notice, ...]:
    """Those that are up now."""
    return tuple(map(read, connection.execute(UP, {"of_team": team, "at": now})))


def standing(connection: Connection, team: str, now: datetime) -> tuple[Notice, ...]:
    """Those that are up now, and those that are planned."""
    return tuple(map(read, connection.execute(STANDING, {"of_team": team, "at": now})))


def put_up(connection: Connection, team: str, notice: Notice, now: datetime) -> int | None:
    """Puts it up, and gives its number; the same a second time is one (None).

    Of two who do it at once, one waits for the other.
    """
    one_at_a_time(connection, f"notices:{team}")
    if same(connection, team, notice, now):
        return None
    row = {
        "team": team,
        "row": notice.row,
        "server": notice.server,
        "ja": notice.ja,
        "en": notice.en,
        "starts": notice.starts,
        "until": notice.until,
        "put_up_by": notice.by,
    }
    number: int = connection.execute(insert(notices).values(row).returning(notices.c.id)).scalar_one()
    return number


def same(connection: Connection, team: str, notice: Notice, now: datetime) -> Notice | None:
    """The notice that says the same about the same, until the same moment, and is up or planned."""
    told = ("row", "server", "ja", "until")
    about = [notices.c[name].is_not_distinct_from(getattr(notice, name)) for name in told]
    found = connection.execute(STANDING.where(*about), {"of_team": team, "at": now}).first()
    return read(found) if found else None


def end(connection: Connection, team: str, number: int, by: str, now: datetime) -> bool:
    """Ends it; whoever comes second changes nothing (False)."""
    changed = update(notices).where(STANDS, notices.c.id == number).values(ended=now, ended_by=by)
    return connection.execute(changed, {"of_team": team, "at": now}).rowcount == 1


def why_not(connection: Connection, team: str, number: int, by: str) -> Told | None:
    """Why it was not `by` who ended it; None if it was."""
    asked = select(notices.c.ended, notices.c.ended_by)
    found = connection.execute(asked.where(notices.c.id == number, notices.c.team == team)).first()
    if found is None or found.ended is None:
        return Told("over")
    return None if found.ended_by == by else Told("ended", found.ended_by)


def forget(connection: Connection, person: str) -> None:
    """What this person put up or ended stays, without them."""
    for column in (notices.c.put_up_by, notices.c.ended_by):
        connection.execute(update(notices).where(column == person).values({column: ""}))


def read(row: Row[Any]) -> Notice:
    """The notice as it is kept."""
    return Notice(row.id, row.row, row.server, row.ja, row.en, row.starts, row.until, row.put_up_by)
