"""What is older than RETENTION_DAYS is erased, once an hour."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from procrastinate import App
from sqlalchemy import Connection, Engine, delete, func, or_, text

from bot import kept_outcomes, watches
from bot.store import lock_in_order
from bot.tables import conversations, events, incidents, notices, outbox, pauses, people, statuses, unmatched
from bot.watching import KEPT_AFTER

logger = logging.getLogger(__name__)

# What people did and the engine has had for so long, failed or still waiting: it carries their words. What is
# being worked just now is erased in an hour.
ERASE_JOBS = text(
    """
    DELETE FROM procrastinate_jobs AS job
    WHERE args ? 'event' AND status <> 'doing'
      AND EXISTS (SELECT FROM procrastinate_events WHERE job_id = job.id AND at < :cutoff)
    """
)


class Retention:
    """Keeps for so many days what people did and said; an instance is the queue's hourly task."""

    def __init__(self, engine: Engine, queue: App, days: int, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._queue = queue
        self._days = days
        self._clock = clock
        queue.periodic(cron="17 * * * *")(queue.task(name="erase", retry=3)(self._erase_hourly))

    async def _erase_hourly(self, timestamp: int) -> None:
        gone = await asyncio.to_thread(self.erase)
        # Jobs that failed for good keep what was said in them.
        await self._queue.job_manager.delete_old_jobs(
            nb_hours=self._days * 24,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )
        if gone:
            logger.info("%d conversations were older than they may be, and are erased", gone)

    def erase(self) -> int:
        """Erases what is older than that; gives how many conversations that were."""
        now = self._clock()
        with self._engine.begin() as connection:  # before conversations are locked: bot.lock_order
            watches.erase_ended(connection, now - KEPT_AFTER)
        with self._engine.begin() as connection:
            gone = erase_before(connection, now - timedelta(days=self._days))
            kept_outcomes.erase_old(connection, now)
            return gone


def erase_before(connection: Connection, cutoff: datetime) -> int:
    """Erases what was last touched before this moment; gives how many conversations that were."""
    old = conversations.c.touched < cutoff
    lock_in_order(connection, old)
    gone = connection.execute(delete(conversations).where(old)).rowcount
    connection.execute(delete(incidents).where(incidents.c.touched < cutoff))
    over = or_(notices.c.until < cutoff, notices.c.ended < cutoff)
    connection.execute(delete(notices).where(over))
    connection.execute(delete(events).where(events.c.at < cutoff))
    connection.execute(delete(outbox).where(outbox.c.made < cutoff))
    connection.execute(delete(pauses).where(pauses.c.ended < cutoff))
    connection.execute(delete(statuses).where(statuses.c.until < func.now()))  # nobody asks for these again
    connection.execute(delete(unmatched).where(unmatched.c.at < cutoff))
    connection.execute(delete(people).where(func.greatest(people.c.asked, people.c.greeted) < cutoff))
    connection.execute(ERASE_JOBS, {"cutoff": cutoff})
    return gone
