"""What runs beside the answering until it is stopped; what breaks is told at once, and started again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot import metrics
from bot.logs import fields

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds; twice as long each time
PAUSE_AT_MOST = 60.0
IS_WELL_AFTER = 60.0
"""Who ran for so many seconds begins with the first pause again."""


class Background:
    """Tasks by name. Each runs until `stop`, and ends by itself soon after that."""

    def __init__(self, stop: asyncio.Event, *, pause: float = PAUSE) -> None:
        self._stop = stop
        self._pause = pause
        self._tasks: list[asyncio.Task[None]] = []
        self._broken: dict[str, None] = {}

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """From now on this runs."""
        self._tasks.append(asyncio.create_task(self._kept(name, run), name=name))

    @property
    def broken(self) -> tuple[str, ...]:
        """Those that broke and do not run at this moment."""
        return tuple(self._broken)

    async def ended(self) -> None:
        """Returns when all have ended, after `stop`."""
        await asyncio.gather(*self._tasks)

    async def _kept(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        loop, pause = asyncio.get_running_loop(), self._pause
        while not self._stop.is_set():
            began = loop.time()
            try:
                await run()
                if self._stop.is_set():
                    return
                logger.error("a task in the background ended by itself", extra=fields(task=name))
            except Exception as error:  # noqa: BLE001 - whatever it is, the others go on, and so does this one
                logger.error("a task in the background broke: %s", error, extra=fields(task=name))
            metrics.BROKEN_TASKS.labels(name).inc()
            if loop.time() - began > IS_WELL_AFTER:
                pause = self._pause
            self._broken[name] = None
            await self._wait(pause)
            del self._broken[name]
            pause = min(2 * pause, PAUSE_AT_MOST)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            pass
