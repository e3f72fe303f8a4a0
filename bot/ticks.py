"""Looks every second what is due, and gives it to be worked.

Nothing waits in the engine's queue until then: a job that waits would hold up every later one with its lock.
When something is due, an event takes its turn in its person's order, like everything else.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.accepted import Expiring, Overdue

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
AT_ONCE = 200

Due = TypeVar("Due", Overdue, Expiring)


class Ticks(ABC, Generic[Due]):
    """Gives what is due to `accept`. What was given twice, after a crash, has the same id."""

    def __init__(
        self, engine: Engine, accept: Callable[[Due], Awaitable[object]], clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._accept: Callable[[Due], Awaitable[object]] = accept
        self._clock = clock

    @abstractmethod
    def due(self, connection: Connection, now: datetime) -> Sequence[Due]:
        """What is due now, at most AT_ONCE of a kind."""

    @abstractmethod
    def given(self, connection: Connection, events: Sequence[Due]) -> None:
        """These are in the queue; what was put off meanwhile stays."""

    async def tick(self) -> int:
        """Once; gives how many were due."""
        due = await asyncio.to_thread(self._look, self._clock())
        for event in due:
            await self._accept(event)
        if due:
            await asyncio.to_thread(self._give, due)
        return len(due)

    async def keep(self, stop: asyncio.Event, every: float = LOOK_EVERY) -> None:
        """Until `stop`, every so many seconds; at once, where there was more than one look takes."""
        while not stop.is_set():
            try:
                more = await self.tick() == AT_ONCE
            except (SQLAlchemyError, ConnectorException, TimeoutError) as error:
                more = False
                logger.warning("what is due could not be looked for: %s", error)
            if more:
                continue
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                pass

    def _look(self, now: datetime) -> Sequence[Due]:
        with self._engine.connect() as connection:
            return self.due(connection, now)

    def _give(self, events: Sequence[Due]) -> None:
        with self._engine.begin() as connection:
            self.given(connection, events)
