"""Says in a talk that the bot is at work, when that takes a while.

Source: https://docs.slack.dev/reference/methods/assistant.threads.setStatus. Slack takes a status away with
the next message, but not when a message is changed, and at the latest after two minutes.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import NotNow, Refused, understood
from bot.store import Thread

logger = logging.getLogger(__name__)

AFTER = 0.7  # seconds; what is faster needs no word
CLEARED_WITHIN = 2.0


class Status:
    """The word that stands under the person's message while the answer is being worked out."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    @asynccontextmanager
    async def shown(self, place: Thread | None, words: Callable[[], str]) -> AsyncIterator[None]:
        """While the block runs, from a moment on. The block never fails for it, and ends at most two
        seconds later.

        Without a place nothing is said.
        """
        if place is None or place.ts is None:
            yield
            return
        begun = asyncio.Event()
        saying = asyncio.create_task(self._later(place, words, begun))
        try:
            yield
        finally:
            if begun.is_set():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CLEARED_WITHIN):
                        await asyncio.wait({saying})
                        await self._say(place, "")
            saying.cancel()

    async def _later(self, place: Thread, words: Callable[[], str], begun: asyncio.Event) -> None:
        await asyncio.sleep(AFTER)
        begun.set()
        await self._say(place, words())

    async def _say(self, place: Thread, words: str) -> None:
        try:
            with understood():
                await self._slack.assistant_threads_setStatus(
                    channel_id=place.channel, thread_ts=place.ts or "", status=words
                )
        except (NotNow, Refused) as refused:
            logger.debug("no status was shown: %s", refused.reason)
