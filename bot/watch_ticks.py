"""Looks which reminders of watched certificates are due, and gives each to its person's order.

Like bot.later: nothing waits in the engine's queue. What was given twice, after a crash, has the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from bot import watches
from bot.accepted import Expiring
from bot.later import AT_ONCE, LOOK_EVERY, keep_looking

Accept = Callable[[Expiring], Awaitable[object]]


class WatchTicks:
    """Gives what is due to `accept`."""

    def __init__(self, engine: Engine, accept: Accept, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._accept = accept
        self._clock = clock

    async def tick(self) -> int:
        """Once; gives how many were due."""
        now = self._clock()
        due = await asyncio.to_thread(self._due, now)
        for event in due:
            await self._accept(event)
        if due:
            await asyncio.to_thread(self._given, due)
        return len(due)

    async def keep(self, stop: asyncio.Event, every: float = LOOK_EVERY) -> None:
        """Until `stop`, every so many seconds."""
        await keep_looking(self.tick, stop, every)

    def _due(self, now: datetime) -> list[Expiring]:
        with self._engine.connect() as connection:
            found = watches.due(connection, now, AT_ONCE)
        return [
            Expiring(
                id=f"watch:{watch.id}:{watch.due.timestamp():.6f}",
                team=watch.team,
                person=watch.person,
                at=now,
                watch=watch.id,
                due=watch.due,
            )
            for watch in found
            if watch.due
        ]

    def _given(self, events: Sequence[Expiring]) -> None:
        with self._engine.begin() as connection:
            watches.given(connection, [(event.watch, event.due) for event in events])
