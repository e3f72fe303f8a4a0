"""What Slack's profiles say of people: asked for once a day, and never waited for in vain."""

import asyncio
from datetime import UTC, datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot import people
from bot.accepted import storable
from bot.calls import NotNow, Refused, understood
from bot.people import Profile

A_DAY = timedelta(days=1)
KEPT_AT_MOST = 10_000

# Seconds that a profile stays in this process: for the messages of one talk, and no longer, so that who is
# forgotten in the database (bot.forget) is soon forgotten here.
IN_MEMORY = 60.0

AT_ANY_TIME = datetime.fromtimestamp(0, UTC)


class Profiles:
    """The profiles, kept in the database and for a minute in this process."""

    def __init__(self, engine: Engine, slack: AsyncWebClient) -> None:
        self._engine = engine
        self._slack = slack
        self._kept: dict[tuple[str, str], Profile] = {}

    async def of(self, team: str, person: str, now: datetime) -> Profile:
        """The profile; an empty one if Slack does not give it."""
        if known := self._kept.get((team, person)):
            return known
        found = await asyncio.to_thread(self._remembered, team, person, now - A_DAY)
        if found is None:
            try:
                found = await self._ask(person)
            except (NotNow, Refused):
                return await asyncio.to_thread(self._remembered, team, person, AT_ANY_TIME) or Profile()
            found = await asyncio.to_thread(self._remember, team, person, found, now)
        self._keep(team, person, found)
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
            name=storable(told.get("real_name") or user.get("real_name") or user.get("name") or ""),
            email=storable(told.get("email") or "") or None,
            locale=storable(user.get("locale") or "") or None,
            time_zone=storable(user.get("tz") or "") or None,
        )

    def _remembered(self, team: str, person: str, since: datetime) -> Profile | None:
        with self._engine.begin() as connection:
            return people.profile(connection, team, person, since)

    def _remember(self, team: str, person: str, found: Profile, now: datetime) -> Profile:
        with self._engine.begin() as connection:
            return people.keep_profile(connection, team, person, found, now)

    def _keep(self, team: str, person: str, found: Profile) -> None:
        if len(self._kept) >= KEPT_AT_MOST:
            self._kept.clear()
        self._kept[team, person] = found
        asyncio.get_running_loop().call_later(IN_MEMORY, self.forget, team, person)
