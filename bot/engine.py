"""The engine of the durable road, procrastinate on PostgreSQL: when it tries again, who tends the dead.

While a new version replaces an old one, workers of both take jobs. A worker that does not know a job's task
fails it for good. So workers take only from queues that they name, and a task, or a kind of event, that the
version before does not know goes to a queue with a new name. The lock counts across queues.
"""

import asyncio
import logging
import random
from datetime import timedelta
from typing import Any

import psycopg
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.jobs import Job
from procrastinate.utils import utcnow
from psycopg import AsyncConnection
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot import metrics
from bot.calls import NotNow

logger = logging.getLogger(__name__)

CONCURRENCY = 10
POLLING = 0.05  # seconds; the engine may miss a notification that comes while it asks for jobs
HEARTBEAT = 1.0
DEAD_AFTER = 5.0
LOOK_EVERY = 1.0
PAUSE_AT_MOST = 60.0
ATTEMPTS_AT_MOST = 12  # about five minutes; waiting for Slack or the database goes on beyond it

EVENTS = "default"
CATCHING_UP = "catching_up"
WAYS_IN = "ways_in"
AT_THE_DESK = "at_the_desk"
SUMMARIES = "summaries"
PAUSING = "pausing"
QUEUES = (EVENTS, CATCHING_UP, WAYS_IN, AT_THE_DESK, SUMMARIES, PAUSING)


# Nothing is lost by waiting for the database.
DATABASE_AWAY = (
    psycopg.OperationalError,
    OperationalError,
    InternalError,  # a transaction that the server ended, a standby that only reads
    PoolTimeout,
    ConnectorException,
)


# The engine's own way is two steps, between which another process may have given the job back and a living
# worker have taken it. What is locked is being given back at this moment.
GIVE_BACK = """
    WITH stalled AS (
        SELECT job.id
        FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND (
            job.worker_id IS NULL
            OR worker.last_heartbeat < now() - make_interval(secs => %(silent_for)s)
        )
        FOR UPDATE OF job SKIP LOCKED
    )
    SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM stalled
"""


class Pauses(BaseRetryStrategy):
    """When a job is tried again: when Slack says so, else after a growing pause; at once after a shutdown."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None if it is not tried again."""
        # not all at the same moment
        growing = min(PAUSE_AT_MOST, 0.5 * 2 ** min(job.attempts, 12)) * random.uniform(0.8, 1.2)
        match exception:
            case NotNow(after=after):
                pause = growing if after is None else min(max(after, 0.0), 3600.0)
            case asyncio.CancelledError() | JobAborted():
                pause = 0.0
            case _ if isinstance(exception, DATABASE_AWAY):
                pause = growing
            case _ if job.attempts >= ATTEMPTS_AT_MOST:
                return None
            case _:
                pause = growing
        return RetryDecision(retry_at=utcnow() + timedelta(seconds=pause))


def queue(address: str) -> App:
    """The engine on this database, not yet opened."""
    # Each of the engine's queries is a transaction of its own; said so, it takes one round trip, not three.
    connector = PsycopgConnector(conninfo=address, min_size=2, max_size=12, configure=_autocommit)
    # An hourly job that was missed is done at the next start.
    return App(connector=connector, periodic_defaults={"max_delay": 3600})


async def _autocommit(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)


async def work(app: App, stop: asyncio.Event, working: asyncio.Event) -> None:
    """Works the queue until `stop`, also through times without a database; `working` is set meanwhile."""
    while not stop.is_set():
        worker = asyncio.create_task(
            app.run_worker_async(
                name="worker",
                queues=list(QUEUES),
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=POLLING,
                listen_notify=True,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
                shutdown_graceful_timeout=10,
            )
        )
        stopped = asyncio.create_task(stop.wait())
        working.set()
        try:
            await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            working.clear()
            stopped.cancel()
            worker.cancel()
            ended = (await asyncio.gather(worker, return_exceptions=True))[0]
        if not stop.is_set():
            logger.warning("the worker ended and is started again: %s", ended or RuntimeError())
            await _pause(stop, 1.0)


async def look_after_the_dead(app: App, stop: asyncio.Event) -> None:
    """Until `stop`, gives the jobs of workers that died back to the queue."""
    while not stop.is_set():
        try:
            await give_back(app, DEAD_AFTER)
        except ConnectorException as error:
            logger.warning("the jobs of dead workers could not be looked for: %s", error)
        await _pause(stop, LOOK_EVERY)


async def give_back(app: App, silent_for: float) -> int:
    """Gives back the jobs of workers that were silent for so many seconds; how many there were."""
    given = await app.connector.execute_query_all_async(GIVE_BACK, silent_for=silent_for)
    metrics.GIVEN_BACK.inc(len(given))
    for job in given:
        logger.warning("job %d of a dead worker is given back", job["id"])
    return len(given)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
