"""The outcomes that are kept: written with the step that ended the trouble, asked for by the report.

They hold nothing of a person's, so they stay longer than conversations; when that of theirs is erased (by
its age, or by `forget`), the database cuts the link to it, and with it the case's number.
"""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.outcome import Outcome
from bot.tables import outcomes

KEPT_FOR = timedelta(days=400)
"""A year and a month more: this November beside the last."""

_COLUMNS = [column for column in outcomes.columns if column.name != "id"]
_KEEP = upsert(outcomes)
# Which tables led to the end does not change by what is told of it later.
_CHANGED = [column.name for column in _COLUMNS if column.name not in ("conversation", "trouble", "tables")]
KEEP = _KEEP.on_conflict_do_update(
    index_elements=["conversation", "trouble"], set_={name: _KEEP.excluded[name] for name in _CHANGED}
)
_OF_TROUBLE = (
    outcomes.c.conversation == bindparam("number"),
    outcomes.c.trouble == bindparam("which"),
)
DROP = delete(outcomes).where(*_OF_TROUBLE)
OF_TROUBLE = select(*_COLUMNS).where(*_OF_TROUBLE).with_for_update()


def keep(connection: Connection, conversation: int, changed: Mapping[int, Outcome | None]) -> None:
    """Keeps these outcomes of a conversation's troubles, in place of earlier ones; None: it is open again."""
    for trouble, outcome in changed.items():
        if outcome is None:
            connection.execute(DROP, {"number": conversation, "which": trouble})
        else:
            shape = outcome.model_dump(include={"shown", "tried"}, mode="json")
            connection.execute(KEEP, outcome.model_dump() | shape)


def outcome_of(connection: Connection, conversation: int, trouble: int) -> Outcome | None:
    """How this trouble ended, locked until the transaction ends; None if it has not, or is too long ago."""
    row = connection.execute(OF_TROUBLE, {"number": conversation, "which": trouble}).first()
    return next(iter(_readable([row])), None) if row else None


def outcomes_since(connection: Connection, since: datetime, until: datetime | None = None) -> list[Outcome]:
    """What ended since then (and before `until`), in order."""
    asked = select(*_COLUMNS).where(outcomes.c.ended >= since)
    if until:
        asked = asked.where(outcomes.c.ended < until)
    return _readable(connection.execute(asked.order_by(outcomes.c.ended, outcomes.c.id)))


def erase_old(connection: Connection, now: datetime) -> int:
    """Erases what ended longer ago than KEPT_FOR; gives how many that were."""
    return connection.execute(delete(outcomes).where(outcomes.c.ended < now - KEPT_FOR)).rowcount


def _readable(rows: Iterable[Row[Any]]) -> list[Outcome]:
    found = []
    for row in rows:
        with contextlib.suppress(ValidationError):  # what a later version wrote; the rest still counts
            found.append(Outcome.model_validate(dict(row._mapping)))
    return found
