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
        self._members: frozenset[str] | None = None
        self._asked = float("-inf")
        self._until = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def has(self, person: str) -> bool:
        """Whether the person is a member. If Slack does not say, nobody is; without a channel neither."""
        if self._channel is None:
            return False
        async with self._one_at_a_time:
            if self._clock() >= self._until:
                await self._ask(self._channel)
        return person in (self._members or ())

    async def surely_has(self, person: str) -> bool:
        """The same of somebody whose words would be lost: who is not in the list may have joined since it
        was asked for, so Slack is asked once more. Raises NotNow if Slack does not say now; if it refuses to,
        nobody is."""
        if self._channel is None:
            return False
        async with self._one_at_a_time:
            now = self._clock()
            may_have_joined = person not in (self._members or ()) and now >= self._asked + NOT_ASKED_FOR
            if self._members is None or now >= self._until or may_have_joined:
                await self._ask(self._channel)
            if self._members is None:
                raise NotNow("who belongs to the helpdesk is not known")
        return person in self._members

    async def _ask(self, channel: str) -> None:
        try:
            self._members, known_for = await self._listed(channel), KNOWN_FOR
        except (NotNow, Refused) as refused:
            logger.warning("who belongs to the helpdesk is not known: %s", refused.reason)
            # who waits for what Slack will never say would wait for ever
            self._members = None if isinstance(refused, NotNow) else frozenset()
            known_for = NOT_ASKED_FOR
        self._asked = self._clock()
        self._until = self._asked + known_for

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
