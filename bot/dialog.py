"""Opens the dialog of the slash command, within the three seconds that Slack gives for it.

It is the one thing that is done before anything is written down (views.open takes a `trigger_id` for three
seconds: https://docs.slack.dev/interactivity/handling-user-interaction).
"""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import entry, people
from bot.accepted import Answer, Commanded
from bot.calls import NotNow, Refused, understood
from bot.placing import language_of
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# Seconds: to look up the language, and in all.
LOOK_UP = 0.8
OPENED_WITHIN = 2.5


class Dialogs:
    """The way to the dialog; `language` is for whom none is known."""

    def __init__(self, slack: AsyncWebClient, engine: Engine, book: Book, language: Language) -> None:
        self._slack = slack
        self._engine = engine
        self._book = book
        self._language = language

    async def open(self, asked: Commanded) -> Answer | None:
        """Opens it; if that fails, gives what the person is told instead."""
        language = self._language
        try:
            async with asyncio.timeout(OPENED_WITHIN):
                language = await self._language_for(asked)
                view = entry.dialog(self._book, language, asked.text)
                with understood():
                    await self._slack.views_open(trigger_id=asked.trigger, view=view)
        except (NotNow, Refused) as failed:
            logger.warning("the dialog could not be opened: %s", failed.reason)
        except TimeoutError:
            logger.warning("the dialog could not be opened in time")
        else:
            return None
        return {"response_type": "ephemeral", "text": self._book.say("dialog_not_opened", language)}

    async def _language_for(self, asked: Commanded) -> Language:
        """As far as it is known here: to ask Slack would take too long."""
        with contextlib.suppress(TimeoutError, SQLAlchemyError):
            async with asyncio.timeout(LOOK_UP):
                return await asyncio.to_thread(self._look_up, asked.team, asked.person)
        return self._language

    def _look_up(self, team: str, person: str) -> Language:
        ever = datetime.fromtimestamp(0, UTC)
        with self._engine.connect() as connection:
            known = people.profile(connection, team, person, ever)
        return language_of(known, self._language) if known else self._language
