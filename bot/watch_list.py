"""What `python -m bot watch` prints: the certificates that are watched, the next end first.

No name and no address stands in it: there is none.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot import watches
from bot.talk import local
from bot.watch_words import digits
from bot.watching import Watch, days_left

_HEADS = (
    "期限 / ends",
    "日 / days",
    "だれ / who",
    "用途 / for",
    "フィンガープリント / SHA-256",
    "状態 / state",
    "次 / next",
)
NONE = "見守っている証明書はありません。\nNo certificates are watched."


def found(engine: Engine, now: datetime, days: int | None) -> list[Watch]:
    """All watches; with `days` those whose certificates end within so many days."""
    before = None if days is None else now + timedelta(days=days)
    with engine.connect() as connection:
        return watches.everything(connection, before)


def as_json(listed: list[Watch], now: datetime, time_zone: str) -> Iterator[str]:
    """One JSON object a line."""
    for watch in listed:
        yield json.dumps(
            {
                "team": watch.team,
                "person": watch.person,
                "not_after": watch.not_after.isoformat(),
                "days": days_left(watch.not_after, now, time_zone),
                "purpose": watch.purpose,
                "fingerprint": digits(watch),
                "state": watch.state,
                "next": watch.due.isoformat() if watch.due else None,
            }
        )


def as_table(listed: list[Watch], now: datetime, time_zone: str) -> Iterator[str]:
    """Lines for people, columns apart by tabulators; days are those of this zone."""
    if not listed:
        yield NONE
        return
    yield "\t".join(_HEADS)
    for watch in listed:
        yield "\t".join(
            (
                local(watch.not_after, time_zone).date().isoformat(),
                str(days_left(watch.not_after, now, time_zone)),
                watch.person,
                watch.purpose,
                digits(watch),
                watch.state,
                local(watch.due, time_zone).date().isoformat() if watch.due else "–",
            )
        )
