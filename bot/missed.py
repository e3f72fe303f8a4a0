"""What people wrote while Slack could not reach the bot: read from the talks' history and answered late.

One job a page of talks: a process that dies in between loses a page's work at most. A message that was
worked already is not kept a second time, and one that is kept twice is recognised by its id.

Sources: https://docs.slack.dev/reference/methods/conversations.list, conversations.history and
conversations.replies; for an app of a company's own they take about 50 calls a minute.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, func, select, true, union

from bot.accepted import Message
from bot.calls import NotNow, Refused, understood
from bot.engine import AT_THE_DESK, CATCHING_UP, Pauses
from bot.payloads import accepted, is_of
from bot.store import Thread
from bot.tables import cards, conversations, events, incidents, threads

logger = logging.getLogger(__name__)

# Slack may have given up on an event shortly before nobody listened any more.
BEFORE = timedelta(minutes=10)
AT_MOST = timedelta(days=7)
TALKS_A_PAGE = 100
KNOWN_AT_MOST = 1000
CARDS_AT_MOST = 200  # threads of cards, the latest touched first: a call each
MESSAGES_A_PAGE = 200
# A call that has to wait is made again in here; a longer wait is the engine's.
PATIENCE = 70.0

Accept = Callable[[Message], Awaitable[object]]


class Missed:
    """Looks for what was missed, and gives it to `accept` in the order in which it was written."""

    def __init__(
        self,
        engine: Engine,
        queue: App,
        slack: AsyncWebClient,
        accept: Accept,
        *,
        at_most: timedelta = AT_MOST,
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._accept = accept
        self._at_most = at_most
        self._task = queue.task(name="catch_up", queue=CATCHING_UP, retry=Pauses())(self.look)

    async def since(self, heard: datetime) -> None:
        """Has everything looked through that was written since then; at once, and by whoever has time."""
        await self._have_looked(heard, known=False)

    async def lately(self, every: timedelta) -> None:
        """Has those looked after who wrote before, as far back as that.

        That Slack does not reach us, while we reach Slack, nobody sees.
        """
        await self._have_looked(datetime.now(UTC) - every, known=True)

    async def _have_looked(self, heard: datetime, *, known: bool) -> None:
        since = max(heard - BEFORE, datetime.now(UTC) - self._at_most)
        # the version before knows no `known`: it may take a job without, and not one from a queue of ours
        queue, more = (AT_THE_DESK, {"known": True}) if known else (CATCHING_UP, {})
        task = self._task.configure(queue=queue, lock="catch_up", queueing_lock=f"catch_up_{known}")
        try:
            await task.defer_async(since=since.timestamp(), cursor="", **more)
        except AlreadyEnqueued:
            logger.info("what was missed is already to be looked for")

    async def look(self, since: float, cursor: str, known: bool = False) -> None:
        """Looks through one page of the talks, or all those that are `known`, and has the next one looked
        through. Raises NotNow."""
        me = await self._call(self._slack.auth_test)
        bot = _Bot(me["team_id"], me["user_id"], me.get("enterprise_id"))
        led = await asyncio.to_thread(self._led, datetime.fromtimestamp(since, UTC), known)
        talks, following = await self._talks(cursor, known=known)
        if not cursor:
            for channel in sorted({thread.channel for thread in led if not thread.channel.startswith("D")}):
                await self._hand_in(await self._threads(bot, channel, led, since))
        for channel in talks:
            written = [
                bot.heard(message, channel)
                async for message in self._pages(
                    self._slack.conversations_history, channel=channel, since=since
                )
            ]
            await self._hand_in(written + await self._threads(bot, channel, led, since))
        if following:
            await self._task.configure(lock="catch_up").defer_async(since=since, cursor=following)

    async def _talks(self, cursor: str, *, known: bool) -> tuple[list[str], str]:
        """A page of the talks with people, and the next page's cursor."""
        if known:
            return await asyncio.to_thread(self._known_talks), ""
        try:
            page = await self._call(
                self._slack.conversations_list,
                types="im",
                limit=TALKS_A_PAGE,
                exclude_archived=True,
                cursor=cursor,
            )
        except Refused as refused:
            logger.warning("only talks that are known are looked through: Slack said %s", refused.reason)
            return await asyncio.to_thread(self._known_talks), ""
        following = (page.get("response_metadata") or {}).get("next_cursor") or ""
        return [talk["id"] for talk in page["channels"]], following

    async def _threads(
        self, bot: "_Bot", channel: str, led: list[Thread], since: float
    ) -> list[Message | None]:
        found = []
        for thread in led:
            if thread.channel == channel:
                replies = self._pages(
                    self._slack.conversations_replies, channel=channel, ts=thread.ts, since=since
                )
                found += [bot.heard(reply, channel) async for reply in replies if float(reply["ts"]) >= since]
        return found

    async def _hand_in(self, found: list[Message | None]) -> None:
        missed = {message.id: message for message in found if message}
        known = await asyncio.to_thread(self._known, list(missed)) if missed else set()
        for id_ in sorted(missed.keys() - known, key=lambda id_: float(missed[id_].ts)):
            logger.info("a message that was missed is answered now")
            try:
                await self._accept(missed[id_])
            except TimeoutError:  # the database is slow: later, and never for the last time
                raise NotNow("what was missed could not be written down in time") from None

    async def _pages(self, ask: Any, *, since: float, **where: Any) -> AsyncIterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            try:
                page = await self._call(
                    ask, **where, oldest=f"{since:.6f}", limit=MESSAGES_A_PAGE, cursor=cursor
                )
            except Refused as refused:  # a talk with somebody who left, a thread that was deleted
                logger.info("a talk could not be looked through: %s", refused.reason)
                return
            for message in page["messages"]:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    async def _call(self, ask: Any, **arguments: Any) -> Any:
        while True:
            try:
                with understood():
                    return await ask(**{name: value for name, value in arguments.items() if value != ""})
            except NotNow as later:
                if later.after is None or later.after > PATIENCE:
                    raise
                await asyncio.sleep(later.after)

    def _led(self, since: datetime, known: bool) -> list[Thread]:
        """The threads of conversations that were open then, and those in which the helpdesk speaks of cases:
        of every open one, or of those of late, where only they are looked after who are `known`."""
        of_late = conversations.c.touched >= since - timedelta(days=1)
        led = (
            select(threads.c.channel, threads.c.thread_ts)
            .join(conversations, conversations.c.number == threads.c.conversation)
            .where(conversations.c.is_open, of_late)
        )
        of_cards = (
            select(cards.c.channel, func.coalesce(cards.c.root, cards.c.ts))
            .join(conversations, conversations.c.number == cards.c.conversation)
            .where(conversations.c.is_open, of_late if known else true())
            .order_by(conversations.c.touched.desc())
            .limit(CARDS_AT_MOST)
            .subquery()
        )
        of_incidents = select(incidents.c.channel, incidents.c.ts).where(
            incidents.c.closed.is_(None), incidents.c.ts.is_not(None)
        )
        found = union(led, select(of_cards), of_incidents)
        with self._engine.connect() as connection:
            return [Thread(row.channel, row.thread_ts) for row in connection.execute(found)]

    def _known_talks(self) -> list[str]:
        """Those that were worked in, the latest first."""
        latest = func.max(conversations.c.touched)
        found = (
            select(conversations.c.channel)
            .where(conversations.c.channel.startswith("D"))
            .group_by(conversations.c.channel)
            .order_by(latest.desc())
            .limit(KNOWN_AT_MOST)
        )
        with self._engine.connect() as connection:
            return list(connection.execute(found).scalars())

    def _known(self, ids: list[str]) -> set[str]:
        with self._engine.connect() as connection:
            return set(connection.execute(select(events.c.id).where(events.c.id.in_(ids))).scalars())


class _Bot:
    """Who we are, and what we would have heard of a message in a history."""

    def __init__(self, team: str, user: str, organisation: str | None) -> None:
        self._team = team
        self._user = user
        self._organisation = organisation

    def heard(self, message: Mapping[str, Any], channel: str) -> Message | None:
        home = [one for one in (self._team, self._organisation) if one]
        body = {
            "type": "event_callback",
            "team_id": self._team,
            "authorizations": [
                {
                    "is_bot": True,
                    "user_id": self._user,
                    "team_id": self._team,
                    "enterprise_id": self._organisation,
                }
            ],
            # a history does not say so: people of other companies are not answered late either
            "is_ext_shared_channel": not is_of(tuple(home), message),
            "event": {**message, "channel": channel},
        }
        event = accepted(body)
        return event if isinstance(event, Message) else None
