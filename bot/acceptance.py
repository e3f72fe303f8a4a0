"""What Slack tells is accepted: written down as a job before Slack hears that it was, or answered at once.

Sources: https://docs.slack.dev/apis/events-api (three seconds) and
https://docs.slack.dev/interactivity/handling-user-interaction
"""

import asyncio
from typing import Any

from procrastinate.tasks import Task
from sqlalchemy import Engine

from bot import entry, forms, intake
from bot.accepted import (
    Answer,
    AtHome,
    Click,
    Commanded,
    DeskWrote,
    Elsewhere,
    Expiring,
    Filled,
    InHome,
    Kept,
    Message,
    Overdue,
    Stranger,
    Submitted,
    Wanted,
)
from bot.afterwards import AFTERWARDS
from bot.calls import NotNow
from bot.desk_turns import DESK
from bot.engine import AT_THE_DESK, EVENTS, PAUSING, WAYS_IN
from bot.pauses import OF_PAUSES
from bot.watch_words import WATCH
from bot.ways import Ways
from knowledge.book import Book

# Slack waits three seconds.
ACCEPTED_WITHIN = 2.5

# Kinds of events that the version before did not know go where its workers do not look (bot.engine).
NEWER = (Submitted, Elsewhere, Stranger, AtHome)
AT_DESK = (Filled, DeskWrote, Overdue, Expiring, InHome)
NEWER_BUTTONS = (DESK, WATCH, *AFTERWARDS)


def _queue(event: Kept) -> str:
    if isinstance(event, Overdue) and event.what in OF_PAUSES:
        return PAUSING
    if isinstance(event, AT_DESK) or (isinstance(event, Click) and event.button.startswith(NEWER_BUTTONS)):
        return AT_THE_DESK
    return WAYS_IN if isinstance(event, NEWER) else EVENTS


class Acceptance:
    """Takes what is for us; `desk` is the helpdesk's channel."""

    def __init__(
        self, engine: Engine, task: Task[..., Any, Any], book: Book, ways: Ways, desk: str | None
    ) -> None:
        self._engine = engine
        self._task = task
        self._book = book
        self._ways = ways
        self._desk = desk

    async def accept(self, event: Kept | Commanded | Wanted) -> Answer | None:
        """Writes the event down: when this returns, it will be answered. What is not for us is not kept.

        Gives what Slack is told at once: that the dialog did not open, or what is wrong in it (then it is not
        kept either). Raises TimeoutError while Slack would still listen: it sends the event again.
        """
        if isinstance(event, Commanded):
            told = await self._ways.dialogs.open(event)
            if told and event.by_button:  # Slack shows no sentence there, but its own sign that it failed
                raise NotNow("the dialog was not opened")
            return told
        if isinstance(event, Wanted):
            await self._ways.dialogs.open_form(event)
            return None
        if wrong := self._faults(event):
            return {"response_action": "errors", "errors": wrong}
        async with asyncio.timeout(ACCEPTED_WITHIN):
            kept = await self._for_us(event)
            if kept is not None:
                task = self._task.configure(lock=await self._lock(kept), queue=_queue(kept))
                await task.defer_async(event=kept.model_dump(mode="json"))
        return None

    def _faults(self, event: Kept) -> dict[str, str]:
        """What is wrong in a dialog that was sent."""
        match event:
            case Submitted():
                return entry.faults(event, self._book)
            case Filled():
                return forms.faults(event.form, event.values, event.language, self._book)
            case _:
                return {}

    async def _lock(self, event: Kept) -> str:
        """In whose order the event is worked."""
        number = None
        match event:
            case Click() if not event.private:
                number = intake.conversation_of(event.value)
            case Filled():
                number = intake.conversation_of(event.about)
            case DeskWrote():
                number = await asyncio.to_thread(intake.conversation_for, self._engine, event)
            case _:
                pass
        if number is None:
            return event.lock
        return await asyncio.to_thread(intake.owners_lock, self._engine, number, event.lock)

    async def _for_us(self, event: Kept) -> Kept | None:
        """The event as it is kept; None if it is nothing to us."""
        if not isinstance(event, Message) or event.private:
            return event
        if event.channel == self._desk:
            written = await asyncio.to_thread(intake.at_the_desk, self._engine, event)
            if written:
                return written
        if event.mentioned:
            return event
        if event.thread_ts is None:
            return None
        return event if await asyncio.to_thread(intake.is_followed, self._engine, event) else None
