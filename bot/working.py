"""An attempt to work an event: named in the log, counted by how it ended."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

from bot import correlation, metrics
from bot.calls import NotNow, failure_of
from bot.correlation import Work
from bot.deeds import Turned
from bot.engine import DATABASE_AWAY
from bot.logs import fields

logger = logging.getLogger(__name__)

Result = Literal["done", "again", "later", "failed", "given_up", "stopped"]


@contextmanager
def attempt(event: object, number: int, clock: Callable[[], datetime]) -> Iterator[Work]:
    """The attempt with this number (from 1) to work what a job holds."""
    with correlation.working(event, number) as work:
        result: Result = "failed"
        try:
            yield work
        except NotNow as later:
            result = "later"
            told = fields(
                kind=work.kind, why=failure_of(later), after=later.after, tries=number, ms=work.milliseconds
            )
            logger.info("put off", extra=told)
            raise
        except DATABASE_AWAY:
            result = "later"
            told = fields(kind=work.kind, why="database", tries=number, ms=work.milliseconds)
            logger.info("put off", extra=told)
            raise
        except asyncio.CancelledError:
            result = "stopped"
            raise
        except Exception as error:
            logger.warning("an attempt failed: %s", error, extra=fields(kind=work.kind, tries=number))
            raise
        else:
            result = "given_up" if work.given_up else "again" if work.again else "done"
            if not work.is_told:  # nothing of it is kept: the Home tab was shown
                worked("event", None, now=clock().timestamp())
        finally:
            metrics.WORKED.labels(work.kind, result).inc()


def worked(step: str, turned: Turned | None, *, now: float | None, transaction: float | None = None) -> None:
    """The line of an event that was worked, and how long it had waited for that."""
    work = correlation.current()
    if work is None:
        return
    work.is_told = True
    waited = work.waited(now) if now is not None else None
    is_new = step == "event" and not work.again
    if is_new and waited is not None:
        metrics.UNTIL_WORKED.labels(work.kind).observe(waited)
    told = fields(
        kind=work.kind,
        step="again" if step == "event" and work.again else step,
        case=turned.case if turned else None,
        row=turned.row if turned else None,
        phase=turned.phase if turned else None,
        recognised=turned.recognition if turned else None,
        decision=turned.decision if turned else None,
        tries=work.tries,
        ms=work.milliseconds,
        transaction_ms=transaction,
        waited_ms=round(waited * 1000) if waited is not None else None,
    )
    logger.info("worked", extra=told)
