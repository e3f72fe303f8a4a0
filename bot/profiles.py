"""What Slack's profiles say of people: asked for once a day, and never waited for in vain."""

import asyncio
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import people
from bot.calls import NotNow, Refused, understood
from bot.people import Profile

A_DAY = timedelta(days=1)
KEPT_AT_MOST = 10_000


class Profiles:
    """The profiles, kept in the database and for a day in this process."""

    def __init__(self, engine: Engine, slack: AsyncWebClient) -> None:
        self._engine = engine
        self._slack = slack
        self._kept: dict[tuple[str, str], tuple[datetime, Profile]] = {}

    async def of(self, team: str, person: str, now: datetime) -> Profile:
        """The profile; an empty one if Slack does not give it."""
        asked, known = self._kept.get((team, person), (None, Profile()))
        if asked and now - asked < A_DAY:
            return known
        found = await asyncio.to_thread(self._remembered, team, person, now)
        if found is None:
            try:
                found = await self._ask(person)
            except (NotNow, Refused):
                return known
            found = await asyncio.to_thread(self._remember, team, person, found, now)
        self._keep(team, person, found, now)
        return found

    def forget(self, team: str, person: str) -> None:
        """What is known in this process may be out of date."""
        self._kept.pop((team, person), None)

    async def _ask(self, person: str) -> Profile:
        with understood():
            answer = await self._slack.users_info(user=person, include_locale=True)
        user = answer.get("user") or {}
        told = user.get("profile") or {}
        return Profile(
            name=told.get("real_name") or user.get("real_name") or user.get("name") or "",
            email=told.get("email") or None,
            locale=user.get("locale") or None,
            time_zone=user.get("tz") or None,
        )

    def _remembered(self, team: str, person: str, now: datetime) -> Profile | None:
        with self._engine.begin() as connection:
            return people.profile(connection, team, person, now - A_DAY)

    def _remember(self, team: str, person: str, found: Profile, now: datetime) -> Profile:
        with self._engine.begin() as connection:
            return people.keep_profile(connection, team, person, found, now)

    def _keep(self, team: str, person: str, found: Profile, now: datetime) -> None:
        if len(self._kept) >= KEPT_AT_MOST:
            self._kept.clear()
        self._kept[team, person] = now, found
