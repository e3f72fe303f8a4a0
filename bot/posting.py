"""Messages in Slack: posted once, found again by their name where they may be out already, changed."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import todo
from bot.calls import ITS_TURN, NotNow, Refused, understood
from bot.limits import BeyondLimits, require_within
from bot.pace import Pace
from bot.sent import PostedBefore, metadata
from bot.store import Thread
from bot.todo import Undone

logger = logging.getLogger(__name__)

# Slack's words: a message is not there (any more) or cannot be changed; the blocks were not to its liking;
# the thread is gone.
NOT_TO_BE_CHANGED = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"}
)
BAD_BLOCKS = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long"}
)
NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message"})

# What was read longer ago may have been taken over: this process, or its machine, may have stood still so
# long that the others think it dead (bot.engine.DEAD_AFTER).
IS_FRESH = timedelta(seconds=2)

# Seconds that a message waits for its channel here; when it is more, the worker does something else.
PATIENCE = 1.5


class DoneElsewhere(Exception):
    """Another process did it meanwhile."""


class Posting:
    """Posts and changes messages, at Slack's pace. Raises NotNow where that has to wait, and Refused."""

    def __init__(
        self, engine: Engine, slack: AsyncWebClient, pace: Pace, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._pace = pace
        self._before = PostedBefore(slack)
        self._clock = clock

    async def post(self, place: Thread, body: Mapping[str, Any], undone: Undone, name: str = "") -> str:
        """Posts it, unless a message of this name (the item's, if no other is given) is there already. Raises
        DoneElsewhere too."""
        name = name or undone.name
        if undone.in_doubt and (ts := await self._before.ts_of(place, name, undone.made)):
            return ts
        try:
            return await self._posted(place, content(body), undone, name, body.get("broadcast") is True)
        except Refused as refused:
            if refused.reason in BAD_BLOCKS:  # better the bare words than nothing
                logger.error("Slack refused blocks: %s", refused.reason)
                return await self._posted(place, {"text": body["text"]}, undone, name)
            if refused.reason in NO_THREAD and place.channel.startswith("D"):  # not into a whole channel
                return await self.post(Thread(place.channel, None), body, undone, name)
            raise

    async def _posted(
        self, place: Thread, told: Mapping[str, Any], undone: Undone, name: str, broadcast: bool = False
    ) -> str:
        _require_within(told)
        pause = self._pace.take(place.channel, PATIENCE)
        if pause > PATIENCE:
            raise NotNow(ITS_TURN, pause)
        await asyncio.sleep(pause)
        # what came before, also the look whether it is out, may have taken long
        stale = self._clock() - undone.read > IS_FRESH
        if stale and await asyncio.to_thread(self._is_done, undone.id):
            raise DoneElsewhere
        try:
            with understood():
                answer = await self._slack.chat_postMessage(
                    channel=place.channel,
                    thread_ts=place.ts,
                    reply_broadcast=True if broadcast and place.ts else None,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata=metadata(name),
                    **told,
                )
        except NotNow as later:
            if later.after:
                self._pace.close(place.channel, later.after)
            raise
        return str(answer["ts"])

    def _is_done(self, item: int) -> bool:
        with self._engine.begin() as connection:
            return todo.is_done(connection, item)

    async def changed(self, message: Thread | None, body: Mapping[str, Any]) -> str | None:
        """The message says this from now on; None where there is none, or none that can be changed."""
        if message is None or message.ts is None:
            return None
        _require_within(body)
        try:
            with understood():
                await self._slack.chat_update(channel=message.channel, ts=message.ts, **content(body))
        except Refused as refused:
            if refused.reason in NOT_TO_BE_CHANGED:
                return None
            raise
        return message.ts


def content(body: Mapping[str, Any]) -> dict[str, Any]:
    """What of an item's body is the message itself."""
    return {name: body[name] for name in ("blocks", "text") if name in body}


def _require_within(told: Mapping[str, Any]) -> None:
    """What Slack would refuse is not even sent. Raises Refused, as Slack's own refusal does."""
    try:
        require_within(told.get("blocks", []), told.get("text", ""))
    except BeyondLimits:
        raise Refused("invalid_blocks") from None
