"""Publishes people's Home tabs: what the database knows, drawn for whom it is shown to."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import cases, notices, pauses, watches
from bot.calls import NotNow, Refused, understood
from bot.cases import Link
from bot.desk import Desk
from bot.home import Reader, home_view
from bot.home_facts import Shown
from bot.limits import BeyondLimits
from bot.notice import Told
from bot.placing import language_of, zone_or
from bot.profiles import Profiles
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# What the helpdesk looks back on, in days; no further than conversations are kept.
LOOKED_BACK = 7


class Home:
    """The Home tabs. `language` and `time_zone` serve where a profile has none."""

    def __init__(
        self,
        *,
        engine: Engine,
        slack: AsyncWebClient,
        book: Book,
        profiles: Profiles,
        desk: Desk,
        language: Language,
        time_zone: str,
        retention_days: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._slack = slack
        self._book = book
        self._profiles = profiles
        self._desk = desk
        self._language: Language = language
        self._time_zone = time_zone
        self._retention_days = retention_days
        self._clock = clock
        self._workspace: str | None = None

    async def publish(self, team: str, person: str, told: Told | None = None) -> None:
        """Shows the person their Home tab as it is now, and what is `told` of what they just did there; once
        more does no harm.

        Raises NotNow if Slack has to be waited for, Refused if it does not take it.
        """
        now = self._clock()
        profile, of_desk, workspace = await asyncio.gather(
            self._profiles.of(team, person, now), self._desk.has(person), self._address()
        )
        shown = await asyncio.to_thread(self._shown, team, person, now, links(workspace), of_desk)
        shown = replace(shown, told=told)
        reader = Reader(
            language_of(profile, self._language),
            zone_or(profile.time_zone, self._time_zone),
            self._retention_days,
            now,
        )
        try:
            view = home_view(shown, reader, self._book)
        except BeyondLimits:  # what Slack would refuse is not even sent
            raise Refused("view_too_large") from None
        with understood():
            await self._slack.views_publish(user_id=person, view=view)

    def _shown(self, team: str, person: str, now: datetime, link: Link, of_desk: bool) -> Shown:
        with self._engine.begin() as connection:
            own = cases.of_person(connection, team, person, link)
            own = replace(
                own,
                watches=watches.of_person(connection, team, person),
                pause=pauses.current(connection),
            )
            if not of_desk:
                return replace(own, notices=notices.up(connection, team, now))
            own = replace(own, notices=notices.standing(connection, team, now))
            since = now - timedelta(days=min(LOOKED_BACK, self._retention_days))
            return replace(own, desk=cases.of_desk(connection, team, since, now, link))

    async def _address(self) -> str | None:
        """Where the workspace is, such as https://example.slack.com/; None while Slack does not say."""
        if self._workspace is None:
            try:
                with understood():
                    self._workspace = (await self._slack.auth_test()).get("url")
            except (NotNow, Refused) as refused:
                logger.warning("the workspace's address is not known: %s", refused.reason)
        return self._workspace


def links(workspace: str | None) -> Link:
    """Links to threads, made as `chat.getPermalink` gives them: that would be a call for each case.

    Source: https://docs.slack.dev/reference/methods/chat.getPermalink
    """

    def link(channel: str, ts: str) -> str | None:
        if not workspace:
            return None
        message = f"archives/{channel}/p{ts.replace('.', '')}"
        return f"{workspace.rstrip('/')}/{message}?thread_ts={ts}&cid={channel}"

    return link
