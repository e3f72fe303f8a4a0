"""Whether a message of ours is in Slack already: each carries a name in its metadata, by which it is known.

Sources: https://docs.slack.dev/messaging/message-metadata, …/reference/methods/conversations.replies and
conversations.history (`include_all_metadata`).
"""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import Refused, understood
from bot.store import Thread

EVENT_TYPE = "outlook_certificate_reply"

# How far this machine's clock and Slack's may be apart.
CLOCKS_APART = timedelta(minutes=5)
PAGES_AT_MOST = 20
PAGE = 200


def metadata(name: str) -> dict[str, Any]:
    """What the message with this name carries."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": name}}


class PostedBefore:
    """Looks for messages of ours."""

    def __init__(self, slack: AsyncWebClient) -> None:
        self._slack = slack

    async def ts_of(self, place: Thread, name: str, since: datetime) -> str | None:
        """The message with this name that was posted since then. Raises NotNow.

        Where we may not look, nothing is found: better twice than never.
        """
        where: dict[str, Any] = {
            "channel": place.channel,
            "oldest": f"{(since - CLOCKS_APART).timestamp():.6f}",
            "limit": PAGE,
            "include_all_metadata": True,
        }
        ask: Any = self._slack.conversations_history
        if place.ts is not None:
            ask, where = self._slack.conversations_replies, {**where, "ts": place.ts}
        cursor = ""
        for _ in range(PAGES_AT_MOST):
            try:
                with understood():
                    answer = await ask(**where, **({"cursor": cursor} if cursor else {}))
            except Refused:
                return None
            for message in answer.get("messages") or ():
                if message.get("metadata") == metadata(name):
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None
        return None
