"""Opens dialogs, of the slash command and of buttons, within the three seconds that Slack gives for it.

It is the one thing that is done before anything is written down (views.open takes a `trigger_id` for three
seconds: https://docs.slack.dev/interactivity/handling-user-interaction).
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import entry, forms, incidents, intake, people, store
from bot.accepted import Answer, Commanded, Wanted
from bot.calls import NotNow, Refused, understood
from bot.desk import Desk
from bot.gone import without_gone
from bot.incident_card import Standing
from bot.incident_forms import INCIDENT_FORMS, incident_form
from bot.notice import FORM
from bot.notice_forms import notice_form
from bot.placing import language_of
from bot.store import Stored
from bot.troubles import trouble_of
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# Seconds: to look up the language, and in all.
LOOK_UP = 0.8
OPENED_WITHIN = 2.5


class Dialogs:
    """The way to the dialog; `language` is for whom none is known."""

    def __init__(
        self,
        slack: AsyncWebClient,
        engine: Engine,
        book: Book,
        language: Language,
        desk: Desk,
        clock: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._clock = clock
        self._desk = desk
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

    async def open_form(self, wanted: Wanted) -> None:
        """Opens the dialog of a button; where it is not for who pressed it, or its case is gone, one that
        says so. Raises NotNow if none could be opened: Slack then shows that it failed."""
        language = self._language
        try:
            async with asyncio.timeout(OPENED_WITHIN):
                language = await self._language_for(wanted)
                view = await self._form(wanted, language)
                with understood():
                    await self._slack.views_open(trigger_id=wanted.trigger, view=view)
        except (NotNow, Refused) as failed:
            logger.warning("a dialog could not be opened: %s", failed.reason)
            raise NotNow("the dialog was not opened") from None
        except (TimeoutError, SQLAlchemyError):
            logger.warning("a dialog could not be opened in time")
            raise NotNow("the dialog was not opened") from None

    async def _form(self, wanted: Wanted, language: Language) -> dict[str, Any]:
        if wanted.form == FORM:
            return await self._notice_form(wanted, language)
        if incident := incidents.number_of(wanted.about):
            return await self._incident_form(wanted, incident, language)
        stored = await asyncio.to_thread(self._load, intake.conversation_of(wanted.about))
        case = intake.case_in(stored.conversation, wanted.about) if stored else None
        trouble = trouble_of(stored.conversation, case) if stored and case else None
        trouble = without_gone(trouble, self._book) if trouble else None
        name = next((form for form in forms.FORMS if form == wanted.form), None)
        if trouble is None or trouble.handed is None or name is None:
            said = self._book.say("case_erased", language)
        elif name in forms.OF_THE_DESK and not await self._desk.has(wanted.person):
            said = self._book.say("only_the_helpdesk", language)
        elif name not in forms.OF_THE_DESK and trouble.person != wanted.person:
            said = self._book.say("form_only_the_owner", language)
        else:
            language = self._book.company.language if name in forms.OF_THE_DESK else trouble.language
            return forms.form(name, trouble, self._book, language, wanted.about)
        return forms.told_instead(said, self._book, language)

    async def _notice_form(self, wanted: Wanted, language: Language) -> dict[str, Any]:
        if not await self._desk.has(wanted.person):
            return forms.told_instead(self._book.say("only_the_helpdesk", language), self._book, language)
        return notice_form(self._book, language, self._clock())

    async def _incident_form(self, wanted: Wanted, number: int, language: Language) -> dict[str, Any]:
        incident = await asyncio.to_thread(self._standing, number)
        name = next((form for form in INCIDENT_FORMS if form == wanted.form), None)
        if not await self._desk.has(wanted.person):
            return forms.told_instead(self._book.say("only_the_helpdesk", language), self._book, language)
        if incident is None or name is None or incident.closed:
            said = "incident_closed_before" if incident and incident.closed else "incident_gone"
            text = self._book.say(said, language, case=wanted.about[:20])
            return forms.told_instead(text, self._book, language)
        return incident_form(name, incident, self._book)

    def _standing(self, number: int) -> Standing | None:
        with self._engine.connect() as connection:
            return incidents.standing(connection, number)

    def _load(self, number: int) -> Stored | None:
        with self._engine.connect() as connection:
            return store.seen(connection, number)

    async def _language_for(self, asked: Commanded | Wanted) -> Language:
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
