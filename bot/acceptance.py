"""What Slack tells is accepted: written down as a job before Slack hears that it was, or answered at once.

Sources: https://docs.slack.dev/apis/events-api (three seconds) and
https://docs.slack.dev/interactivity/handling-user-interaction
"""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from procrastinate.tasks import Task
from sqlalchemy import Engine

from bot import correlation, entry, forms, intake, metrics, notice_forms
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
from bot.engine import AT_THE_DESK, EVENTS, PAUSING, SUMMARIES, WAYS_IN
from bot.logs import fields
from bot.notice import FORM
from bot.pauses import OF_PAUSES
from bot.watch_words import WATCH
from bot.ways import Ways
from bot.weekly import SUMMARY
from knowledge.book import Book

logger = logging.getLogger(__name__)

# Slack waits three seconds.
ACCEPTED_WITHIN = 2.5

# Kinds of events that the version before did not know go where its workers do not look (bot.engine).
NEWER = (Submitted, Elsewhere, Stranger, AtHome)
AT_DESK = (Filled, DeskWrote, Overdue, Expiring, InHome)
NEWER_BUTTONS = (DESK, WATCH, *AFTERWARDS)


def queue_of(event: Kept) -> str:
    """Where the event waits: there, where every version that looks knows it."""
    if isinstance(event, Overdue) and event.what == SUMMARY:
        return SUMMARIES
    if isinstance(event, Overdue) and event.what in OF_PAUSES:
        return PAUSING
    if isinstance(event, AT_DESK) or (isinstance(event, Click) and event.button.startswith(NEWER_BUTTONS)):
        return AT_THE_DESK
    return WAYS_IN if isinstance(event, NEWER) else EVENTS


class Acceptance:
    """Takes what is for us; `desk` is the helpdesk's channel."""

    def __init__(
        self,
        engine: Engine,
        task: Task[..., Any, Any],
        book: Book,
        ways: Ways,
        desk: str | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._task = task
        self._book = book
        self._ways = ways
        self._desk = desk
        self._clock = clock

    async def accept(self, event: Kept | Commanded | Wanted) -> Answer | None:
        """Writes the event down: when this returns, it will be answered. What is not for us is not kept.

        Gives what Slack is told at once: that the dialog did not open, or what is wrong in it (then it is not
        kept either). Raises TimeoutError while Slack would still listen: it sends the event again.
        """
        if isinstance(event, Commanded | Wanted):
            metrics.ACCEPTED.labels("command" if isinstance(event, Commanded) else "dialog").inc()
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
        began, heard = time.perf_counter(), self._clock().timestamp()
        with correlation.about(event.id):
            async with asyncio.timeout(ACCEPTED_WITHIN):
                kept = await self._for_us(event)
                if kept is not None:
                    task = self._task.configure(lock=await self._lock(kept), queue=queue_of(kept))
                    await task.defer_async(event=kept.model_dump(mode="json") | {correlation.HEARD: heard})
            if kept is not None:
                _tell(kept, began)
        return None

    def _faults(self, event: Kept) -> dict[str, str]:
        """What is wrong in a dialog that was sent."""
        match event:
            case Submitted():
                return entry.faults(event, self._book)
            case Filled() if event.form == FORM:
                return notice_forms.notice_faults(event.values, event.at, event.language, self._book)
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


def _tell(event: Kept, began: float) -> None:
    """The line of an event that was accepted."""
    metrics.ACCEPTED.labels(event.kind).inc()
    repeat = correlation.REPEAT.get()
    told = fields(
        kind=event.kind,
        conversation=_conversation(event) or None,
        ms=correlation.since(began),
        repeat=repeat.number if repeat else None,
        reason=repeat.reason if repeat else None,
    )
    logger.info("accepted", extra=told)


def _conversation(event: Kept) -> int:
    """The conversation that the event names; 0 if it names none."""
    match event:
        case Click(value=value) | Filled(about=value):
            return intake.conversation_of(value)
        case Overdue():
            return event.conversation
        case _:
            return 0
