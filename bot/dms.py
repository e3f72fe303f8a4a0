"""A person's own talk with the bot: which channel it is, asked of Slack and remembered.

Source: https://docs.slack.dev/reference/methods/conversations.open (one user; an open one is given again).
"""

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import Refused, understood

KEPT_AT_MOST = 10_000


class Talks:
    """The talks that this process knows."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack
        self._known: dict[str, str] = {}

    async def of(self, person: str) -> str:
        """The channel's id. Raises NotNow, and Refused for somebody whom no app may write to."""
        if known := self._known.get(person):
            return known
        with understood():
            answer = await self._slack.conversations_open(users=person)
        channel = (answer.get("channel") or {}).get("id")
        if not isinstance(channel, str):
            raise Refused("no_channel")
        if len(self._known) >= KEPT_AT_MOST:
            self._known.clear()
        self._known[person] = channel
        return channel
