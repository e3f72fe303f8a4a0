"""Whether this process is alive and can work, and what it counts: for whoever watches it from outside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from prometheus_client import generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import gauges, metrics
from bot.background import Background
from bot.migrate import works_with

logger = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds that the database is waited for; who asks waits for ten as a rule."""

Told = TypeVar("Told")


class Health:
    """What is asked of one process. `working` is set while its worker takes jobs."""

    def __init__(self, database: Engine, background: Background, working: asyncio.Event) -> None:
        self._database = database
        self.gauges = gauges.Gauges(database)
        self._background = background
        self._working = working
        self._others: list[tuple[str, Callable[[], Awaitable[bool]]]] = []
        self._stopping = False
        # A thread of its own: where the database does not even refuse, it hangs, and must not keep others.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")

    def close(self) -> None:
        """Nothing more is asked."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """From now on it is not ready: it is about to end."""
        self._stopping = True

    def needs(self, otherwise: str, holds: Callable[[], Awaitable[bool]]) -> None:
        """It is ready only while this holds; `otherwise` says that it does not."""
        self._others.append((otherwise, holds))

    async def unhealthy(self) -> tuple[str, ...]:
        """What broke and does not run at this moment, by its name."""
        return self._background.broken

    async def unready(self) -> tuple[str, ...]:
        """Why it cannot work, in short; nothing if it can."""
        reasons = ["it is stopping"] if self._stopping else []
        try:
            if not await self._asked(lambda: works_with(self._database)):
                reasons.append("the tables are those of another version: python -m bot migrate")
        except (SQLAlchemyError, TimeoutError):
            reasons.append("no database")
        if not self._working.is_set():
            reasons.append("the worker does not run")
        return (*reasons, *[otherwise for otherwise, holds in self._others if not await holds()])

    async def metrics(self) -> bytes:
        """All metrics, in Prometheus' text format; without what the database does not tell in time."""
        told: gauges.Told = {}
        try:
            told = await self._asked(self.gauges.read)
        except (SQLAlchemyError, TimeoutError) as error:
            logger.info("a scrape went without the database: %s", error)
        return generate_latest(metrics.REGISTRY) + generate_latest(gauges.registry(told))

    async def _asked(self, question: Callable[[], Told]) -> Told:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.get_running_loop().run_in_executor(self._thread, question)
