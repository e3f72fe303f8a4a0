"""What was done to whom, told once it is stored: a line each for the audit, and the counters beside it.

What is noted within a transaction is told after its commit, and never if there is none: an event that is
worked a second time finds it done and tells nothing. A process that dies right after the commit has stored
what it could not tell any more.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from bot import correlation, metrics, working
from bot.deeds import Deed, Turned
from bot.logs import AUDIT, fields

audit = logging.getLogger(AUDIT)


@dataclass
class _Noted:
    turned: list[tuple[Turned, str]] = field(default_factory=list)
    deeds: list[tuple[Deed, str]] = field(default_factory=list)


_NOTED: ContextVar[_Noted | None] = ContextVar("noted", default=None)


@contextmanager
def transaction(engine: Engine, step: str = "event", now: float | None = None) -> Iterator[Connection]:
    """A transaction that works an event, or the `step` that follows from it; `now` in seconds since 1970.

    What was noted in it is told once it is committed.
    """
    noted = _Noted()
    token = _NOTED.set(noted)
    began = time.perf_counter()
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        _NOTED.reset(token)
    _tell(noted)
    last = noted.turned[-1][0] if noted.turned else None
    working.worked(step, last, now=now, transaction=correlation.since(began))


def note_turn(turned: Turned, tables: str) -> None:
    """A turn was taken in this transaction; `tables` is their version."""
    if noted := _NOTED.get():
        noted.turned.append((turned, tables))


def note(deed: Deed, tables: str = "") -> None:
    """Something was done in this transaction; outside of one it is told at once."""
    if noted := _NOTED.get():
        noted.deeds.append((deed, tables))
    else:
        _line(deed, tables)


def _tell(noted: _Noted) -> None:
    for turned, tables in noted.turned:
        metrics.count_turn(turned)
        for deed in turned.deeds:
            _line(deed, tables)
    for deed, tables in noted.deeds:
        _line(deed, tables)


def _line(deed: Deed, tables: str) -> None:
    told = fields(
        what=deed.what,
        case=deed.case,
        person=deed.person,
        row=deed.row,
        remedy=deed.remedy,
        how=deed.ending,
        tables=tables,
    )
    audit.info("done", extra=told)
