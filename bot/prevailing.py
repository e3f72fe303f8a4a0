"""What holds for everybody at this moment: a pause, and the notices that are up.

Every turn asks for it, so it is one question.
"""

from datetime import datetime

from sqlalchemy import Connection, and_, literal, select

from bot import notices as of_notices
from bot import pauses as of_pauses
from bot.notice import Notice
from bot.pause import Pause
from bot.tables import notices, pauses

_ALWAYS = select(literal(1).label("one")).subquery("always")
PREVAILING = (
    select(pauses.c.began, pauses.c.reason_ja, pauses.c.reason_en, *notices.c)
    .select_from(
        _ALWAYS.outerjoin(pauses, of_pauses.OPEN).outerjoin(
            notices, and_(of_notices.STANDS, of_notices.HAS_BEGUN)
        )
    )
    .order_by(notices.c.id)
    .limit(of_notices.AT_MOST)
)


def prevailing(connection: Connection, team: str, now: datetime) -> tuple[Pause | None, tuple[Notice, ...]]:
    """The pause that there is, and the notices that are up in this workspace, by their numbers."""
    rows = connection.execute(PREVAILING, {"of_team": team, "at": now}).all()
    paused = of_pauses.read(rows[0]) if rows[0].began else None
    return paused, tuple(of_notices.read(row) for row in rows if row.id is not None)
