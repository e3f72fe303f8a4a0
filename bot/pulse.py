"""When the bot could last hear Slack: what was said while it could not is looked for afterwards.

Slack sends an event again for about six minutes and then no more. A process that is alive, whose database
answers and whom Slack's API answers could have heard; every minute one of them writes that down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.calls import NotNow, Refused, understood
from bot.engine import DATABASE_AWAY
from bot.tables import pulse

logger = logging.getLogger(__name__)

EVERY = 20.0  # seconds
OUTAGE = timedelta(minutes=2)

ONLY = 1
HEARD = select(pulse.c.heard).where(pulse.c.id == ONLY).with_for_update()


class Pulse:
    """Writes down that Slack could be heard, and tells when it could not for a while.

    `missed` is called with the moment from which on it could not, before that is forgotten.
    """

    def __init__(
        self,
        engine: Engine,
        slack: AsyncWebClient,
        missed: Callable[[datetime], Awaitable[None]],
        *,
        outage: timedelta = OUTAGE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._missed = missed
        self._outage = outage
        self._clock = clock

    async def beat(self) -> None:
        """Once: asks Slack, looks when it was last heard, and writes down that it is now."""
        try:
            with understood():
                await self._slack.auth_test()
        except (NotNow, Refused) as silent:
            logger.warning("Slack does not answer: %s", silent.reason)
            return
        now = self._clock()
        try:
            heard = await asyncio.to_thread(self._last)
            if heard and now - heard > self._outage:
                logger.warning("Slack could not be heard for %d s", (now - heard).total_seconds())
                await self._missed(heard)
            await asyncio.to_thread(self._write, now)
        except DATABASE_AWAY as error:
            logger.warning("the database does not answer: %s", error)

    async def keep(self, stop: asyncio.Event, every: float = EVERY) -> None:
        """Until `stop`, every so many seconds."""
        while not stop.is_set():
            await self.beat()
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                pass

    def _last(self) -> datetime | None:
        with self._engine.connect() as connection:
            heard: datetime | None = connection.execute(HEARD).scalar()
            return heard

    def _write(self, now: datetime) -> None:
        with self._engine.begin() as connection:
            _put(connection, now)


def _put(connection: Connection, now: datetime) -> None:
    row = upsert(pulse).values(id=ONLY, heard=now)
    connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"heard": now}))
