"""When the bot could last hear Slack: what was said while it could not is looked for afterwards.

Slack sends an event again for about six minutes and then no more. A process that is alive, whose database
answers and whom Slack's API answers could have heard, so far as it can see; every few seconds one of them
writes that down. What it cannot see is whether Slack reaches it: for that, people are looked after regularly.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from procrastinate.exceptions import ConnectorException
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot.calls import NotNow, Refused, understood
from bot.tables import pulse

logger = logging.getLogger(__name__)

EVERY = 20.0  # seconds
OUTAGE = timedelta(minutes=2)

# What the rows are about: when Slack was heard, and when people were last looked after regularly.
HEARD = 1

Regularly = Mapping[int, tuple[timedelta, Callable[[], Awaitable[None]]]]
"""By the row's number (2 and more): how often, and what is done then."""


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
        regularly: Regularly | None = None,
        outage: timedelta = OUTAGE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._missed = missed
        self._regularly = regularly or {}
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
            heard = await asyncio.to_thread(self._last, HEARD)
            if heard and now - heard > self._outage:
                logger.warning("Slack could not be heard for %d s", (now - heard).total_seconds())
                await self._missed(heard)
            await asyncio.to_thread(self._write, HEARD, now)
            for row, (every, act) in self._regularly.items():
                last = await asyncio.to_thread(self._last, row)
                if last and now - last < every:
                    continue
                if last:  # at the very first start there is nothing behind us
                    await act()
                await asyncio.to_thread(self._write, row, now)
        except (SQLAlchemyError, ConnectorException) as error:
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

    def _last(self, row: int) -> datetime | None:
        with self._engine.connect() as connection:
            heard: datetime | None = connection.execute(
                select(pulse.c.heard).where(pulse.c.id == row)
            ).scalar()
            return heard

    def _write(self, row: int, now: datetime) -> None:
        put = upsert(pulse).values(id=row, heard=now)
        with self._engine.begin() as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["id"], set_={"heard": now}))
