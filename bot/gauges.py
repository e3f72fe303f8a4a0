"""What the database says of the moment, for /metrics: what waits, what is open.

Every process reports the same, for there is one database: the largest of them counts, never the sum.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.cases import open_at_desk
from bot.engine import DEAD_AFTER
from bot.tables import incidents, outbox

PATIENCE = 2.0
"""Seconds that one question may take the database."""

CASES_EVERY = 60.0
"""Seconds for which it is remembered how many cases are open."""

SHARED = "The same in every process: take the maximum, not the sum."

QUEUE = text(
    """
    SELECT
        count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS waiting,
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS put_off,
        count(*) FILTER (WHERE status = 'doing') AS doing,
        count(*) FILTER (WHERE status = 'failed') AS failed
    FROM procrastinate_jobs WHERE task_name = 'event'
    """
)
OLDEST = text(
    """
    SELECT extract(epoch FROM now() - min(told.at))
    FROM procrastinate_jobs AS job JOIN procrastinate_events AS told ON told.job_id = job.id
    WHERE job.task_name = 'event' AND job.status IN ('todo', 'doing') AND told.type = 'deferred'
    """
)
WORKERS = text(
    """
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => :silent)
    """
)


@dataclass(frozen=True)
class _Definition:
    name: str
    meaning: str
    label: str | None = None


DEFINITIONS = {
    "jobs": _Definition(
        "helpdesk_queue_jobs",
        f"Events in the queue: waiting, put_off (for a time), doing, failed (for good). {SHARED}",
        "state",
    ),
    "oldest": _Definition(
        "helpdesk_queue_oldest_seconds",
        f"The age of the oldest event that is not worked; 0 if there is none. {SHARED}",
    ),
    "replies": _Definition("helpdesk_replies_waiting", f"Replies that are not delivered yet. {SHARED}"),
    "workers": _Definition("helpdesk_workers", f"Workers that show a sign of life. {SHARED}"),
    "cases": _Definition(
        "helpdesk_cases_open",
        f"Cases at the helpdesk and in no incident: waiting, or taken; up to a minute old. {SHARED}",
        "state",
    ),
    "incidents": _Definition("helpdesk_incidents_open", f"Incidents that are open. {SHARED}"),
}
UP = _Definition("helpdesk_database_up", "Whether the database answered this scrape (1) or not (0).")

metrics.DESCRIBED.extend(
    metrics.Described(one.name, (one.label,) if one.label else (), one.meaning)
    for one in (*DEFINITIONS.values(), UP)
)

Told = dict[str, dict[str, float]]
"""By the gauge, and by its label's value ("" where it has none)."""


class Gauges:
    """Asks the database; for the cases, which cost a look at each conversation, only once in a while."""

    def __init__(self, database: Engine, *, cases_every: float = CASES_EVERY) -> None:
        self._database = database
        self.cases_every = cases_every
        self._cases: dict[str, float] = {}
        self._asked = -math.inf

    def read(self) -> Told:
        """What the database tells; without what takes it too long.

        Raises SQLAlchemyError if it tells nothing.
        """
        told: Told = {}
        with self._database.connect() as connection:
            connection.execute(text(f"SET LOCAL statement_timeout = {PATIENCE * 1000:.0f}"))
            try:
                for name, values in self._read(connection):
                    told[name] = values
            except SQLAlchemyError:
                if not told:
                    raise
            connection.rollback()
        return told

    def _read(self, connection: Connection) -> Iterator[tuple[str, dict[str, float]]]:
        jobs = connection.execute(QUEUE).one()
        yield "jobs", {name: float(value) for name, value in jobs._mapping.items()}
        yield "oldest", {"": float(connection.execute(OLDEST).scalar() or 0)}
        waiting = select(func.count()).select_from(outbox).where(outbox.c.done.is_(None))
        yield "replies", {"": float(connection.execute(waiting).scalar_one())}
        yield "workers", {"": float(connection.execute(WORKERS, {"silent": DEAD_AFTER}).scalar_one())}
        are_open = select(func.count()).select_from(incidents).where(incidents.c.closed.is_(None))
        yield "incidents", {"": float(connection.execute(are_open).scalar_one())}
        if time.monotonic() - self._asked >= self.cases_every:
            self._cases, self._asked = {}, time.monotonic()
            at_desk, taken = open_at_desk(connection)
            self._cases = {"waiting": float(at_desk), "taken": float(taken)}
        if self._cases:
            yield "cases", self._cases


def registry(told: Told) -> CollectorRegistry:
    """The gauges; if nothing is told, only that the database is down."""
    made = CollectorRegistry()
    Gauge(UP.name, UP.meaning, registry=made).set(1 if told else 0)
    for key, values in told.items():
        given = DEFINITIONS[key]
        gauge = Gauge(given.name, given.meaning, (given.label,) if given.label else (), registry=made)
        for label, value in values.items():
            (gauge.labels(label) if given.label else gauge).set(value)
    return made
