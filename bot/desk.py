"""Who belongs to the helpdesk: the members of its channel.

Source: https://docs.slack.dev/reference/methods/conversations.members (channels:read, groups:read)
"""

import asyncio
import logging
import time
from collections.abc import Callable

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import NotNow, Refused, understood

logger = logging.getLogger(__name__)

# Seconds that an answer counts; and for how long nobody asks again after Slack did not answer.
KNOWN_FOR = 180.0
NOT_ASKED_FOR = 15.0

# Slack gives no more at once.
MEMBERS_AT_ONCE = 999


class Desk:
    """The helpdesk, by its channel. `clock` is in seconds, and only ever goes on."""

    def __init__(
        self, slack: AsyncWebClient, channel: str | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slack = slack
        self._channel = channel
        self._clock = clock
        self._members: frozenset[str] = frozenset()
        self._until = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def has(self, person: str) -> bool:
        """Whether the person is a member. If Slack does not say, nobody is; without a channel neither."""
        if self._channel is None:
            return False
        async with self._one_at_a_time:
            if self._clock() >= self._until:
                await self._ask(self._channel)
        return person in self._members

    async def _ask(self, channel: str) -> None:
        try:
            self._members, known_for = await self._listed(channel), KNOWN_FOR
        except (NotNow, Refused) as refused:
            logger.warning("who belongs to the helpdesk is not known: %s", refused.reason)
            self._members, known_for = frozenset(), NOT_ASKED_FOR
        self._until = self._clock() + known_for

    async def _listed(self, channel: str) -> frozenset[str]:
        found: set[str] = set()
        cursor: str | None = None
        while True:
            with understood():
                answer = await self._slack.conversations_members(
                    channel=channel, limit=MEMBERS_AT_ONCE, cursor=cursor
                )
            found.update(answer.get("members") or ())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return frozenset(found)
