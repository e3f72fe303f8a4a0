"""What people do in the app's Home tab: worked once, and then shown there.

Nothing of it is said anywhere else; to show the tab once more does no harm.
"""

import asyncio
import logging

from sqlalchemy import Engine

from bot import audit, notice_turns, people, store, watch_turns
from bot.accepted import AtHome, Filled, InHome
from bot.calls import Refused
from bot.desk import Desk
from bot.notice import Told
from bot.profiles import Profiles
from bot.publishing import Home
from bot.turns import Turns
from knowledge.rows import Language

logger = logging.getLogger(__name__)


class HomeTab:
    """Works what is done in the Home tabs, and publishes them."""

    def __init__(self, engine: Engine, turns: Turns, profiles: Profiles, home: Home, desk: Desk) -> None:
        self._engine = engine
        self._turns = turns
        self._profiles = profiles
        self._home = home
        self._desk = desk

    async def opened(self, event: AtHome) -> None:
        """Somebody came to it, or chose a language there."""
        if event.language:
            await asyncio.to_thread(self._choose_language, event, event.language)
        self._profiles.forget(event.team, event.person)  # another process may have heard of another language
        await self._show(event)

    def _choose_language(self, event: AtHome, language: Language) -> None:
        with self._engine.begin() as connection:
            people.choose_language(connection, event.team, event.person, language)

    async def pressed(self, event: InHome) -> None:
        """A button of a watched certificate was pressed."""
        now = self._turns.clock()
        profile = await self._profiles.of(event.team, event.person, now)

        def take() -> None:
            with audit.transaction(self._engine, now=now.timestamp()) as connection:
                if store.claim(connection, event.id, event.at):
                    watch_turns.in_home(self._turns, connection, event, profile)

        await asyncio.to_thread(take)
        await self._show(event)

    async def noticed(self, event: Filled | InHome) -> None:
        """A notice was put up or ended; the tab shows it, or why nothing came of it."""
        if not await self._desk.has(event.person):
            await self._show(event, Told("only_the_desk"))
            return

        def take() -> Told | None:
            now, book = self._turns.clock(), self._turns.book
            with audit.transaction(self._engine, now=now.timestamp()) as connection:
                if store.claim(connection, event.id, event.at):
                    notice_turns.done(connection, event, book, now)
                return notice_turns.told(connection, event, book, now)

        await self._show(event, await asyncio.to_thread(take))

    async def _show(self, event: AtHome | Filled | InHome, told: Told | None = None) -> None:
        """The tab as it is now, and what is told of what was just done in it."""
        try:
            await self._home.publish(event.team, event.person, told)
        except Refused as refused:
            logger.warning("a Home tab was not taken: Slack said %s", refused.reason)
