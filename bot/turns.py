"""One turn of a conversation in the caller's transaction: a step, what is kept of it, what is to be done."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot import (
    apology,
    audit,
    dialogue,
    greeting,
    incident,
    incidents,
    kept_outcomes,
    later,
    notice_lead,
    opening,
    pauses,
    sightings,
    store,
    todo,
)
from bot.conversation import Conversation
from bot.deeds import turned
from bot.desk_events import IncidentMet
from bot.events import Event, FilesInspected, InCase, NotMine
from bot.gone import without_gone
from bot.opening import Lead
from bot.outcome import changed
from bot.pause import Pause, explained
from bot.people import Profile
from bot.placing import Newcomer, language_of
from bot.prevailing import prevailing
from bot.rendering import NO_CONVERSATION, drawn, echoed, items, late
from bot.replies import NoteUnmatched, Remind, Reply, Text
from bot.store import Stored, Thread
from bot.todo import Item, Kind, Undone
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# An answer that comes later says that it knows.
LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Defaults:
    """What an installation is set to."""

    language: Language
    time_zone: str
    retention_days: int
    desk: str | None
    """The helpdesk's channel."""


@dataclass(frozen=True)
class Turns:
    """Takes turns, by the tables and what the installation is set to."""

    book: Book
    defaults: Defaults
    clock: Callable[[], datetime]

    def step(
        self,
        connection: Connection,
        stored: Stored,
        happened: Event,
        event: str,
        thread: Thread,
        *,
        label: str = "",
        lead: Lead | None = None,
    ) -> list[Undone]:
        """What the event makes of the conversation; what is to be done is given back.

        The first message is headed by the button's `label`, or by the `lead`. Where a step of ours breaks,
        there is an apology, and a person takes over.
        """
        before = stored.conversation
        paused, up = prevailing(connection, stored.team, self.clock())
        try:
            after, replies = dialogue.step(before, happened, self.book, paused)
            after, replies = self._among_many(connection, stored, happened, after, replies, paused)
            if notice_lead.may_lead(before, after, happened, replies):
                after, replies = notice_lead.led(after, happened, replies, up, self.book)
            if self.clock() - happened.at > LATE:
                replies = late(replies, self.book)
            if lead:
                replies = opening.headed(replies, lead, self.book)
            wanted = self._items(after, echoed(replies, label), event, thread)
            if lead:  # the message that says “checking…” is replaced later, and begins so again
                wanted = [_with_lead(item, lead) for item in wanted]
            notes = [reply for reply in replies if isinstance(reply, NoteUnmatched)]
            reminders = [reply for reply in replies if isinstance(reply, Remind)]
            outcomes = changed(before, after, self.book)
        except Exception as error:  # noqa: BLE001 - whatever broke is ours: an apology, and a person takes over
            logger.error("a step of conversation %d broke: %s", before.number, error)
            after, wanted = self._apology(before, happened, event, thread)
            notes, reminders = [], []
            outcomes = changed(before, after, self.book)
        store.save(connection, Stored(after, stored.team, stored.channel))
        kept_outcomes.keep(connection, after.number, outcomes)
        store.note_unmatched(connection, notes, happened.at)
        audit.note_turn(turned(before, happened, after, notes, self.book), self.book.version)
        for remind in reminders:
            later.remember(connection, after.number, remind.what, remind.case, remind.due)
        return todo.put(connection, wanted, self.clock())

    def _among_many(
        self,
        connection: Connection,
        stored: Stored,
        happened: Event,
        after: Conversation,
        replies: tuple[Reply, ...],
        paused: Pause | None,
    ) -> tuple[Conversation, tuple[Reply, ...]]:
        """The same, if others have the same trouble just now: then the incident is told instead."""
        before = without_gone(stored.conversation, self.book)
        for trouble, number in incident.memberships(before) - incident.memberships(after):
            incidents.leave(connection, after.number, trouble, number, happened.at)
        if isinstance(happened, NotMine | IncidentMet | InCase) or not self.defaults.desk:
            return after, replies
        if after.recognised_by == "example":  # nobody's trouble
            return after, replies
        if not incident.sighted(before, after, happened, replies, self.book):
            return after, replies
        now = Stored(after, stored.team, stored.channel)
        standing = sightings.met(connection, now, happened.at, self.book)
        if standing is None or after.incident:
            return after, replies
        met = incidents.news(after.case, standing, happened.at)
        slot = incident.slot_of(replies)
        waiting, told = incident.incident_met(
            after, met, self.book, slot=slot, first=not before.passed_on or before.trouble != after.trouble
        )
        if paused and after.told_paused != before.told_paused:
            told = explained(told, paused, after, self.book)
        return waiting, incident.folded(replies, told) if told else replies

    def put_items(self, connection: Connection, wanted: Sequence[Item]) -> list[Undone]:
        """Several things to be done outside of all conversations."""
        return todo.put(connection, wanted, self.clock())

    def put(
        self,
        connection: Connection,
        event: str,
        person: str,
        kind: Kind,
        body: dict[str, Any],
        thread: Thread,
    ) -> list[Undone]:
        """Something to be done outside of all conversations."""
        return todo.put(connection, [Item(kind, event, None, thread, person, body)], self.clock())

    def language(self, profile: Profile) -> Language:
        """The person's."""
        return language_of(profile, self.defaults.language)

    def newcomer(self, profile: Profile) -> Newcomer:
        """What a new conversation of this person begins with."""
        return Newcomer(profile, self.language(profile), self.defaults.time_zone)

    def greeting(self, connection: Connection, language: Language) -> dict[str, Any]:
        """The first word to a person, as Slack takes it."""
        said = greeting.greeting(self.book, language, self.defaults.retention_days)
        if paused := pauses.current(connection):
            said = replace(said, parts=(Text(paused.said(self.book, language, "paused_here")), *said.parts))
        return drawn(said, NO_CONVERSATION)

    def _apology(
        self, before: Conversation, happened: Event, event: str, thread: Thread
    ) -> tuple[Conversation, list[Item]]:
        """An apology and the hand-over; should these break too, the bare words of both."""
        slot = happened.slot if isinstance(happened, FilesInspected) else None
        for turn in (apology.failed, apology.failed_twice):
            try:
                after, replies = turn(before, self.book, happened.at, slot)
                return after, self._items(after, replies, event, thread)
            except Exception as error:  # noqa: BLE001 - the next words are simpler
                logger.error("an apology of conversation %d broke: %s", before.number, error)
        raise AssertionError("not even the bare words could be said")

    def _items(self, after: Conversation, replies: Iterable[Reply], event: str, thread: Thread) -> list[Item]:
        return list(items(replies, after, event, thread, desk=self.defaults.desk))


def _with_lead(item: Item, lead: Lead) -> Item:
    if item.kind != "check":
        return item
    return replace(item, body=item.body | {"lead": lead.model_dump(mode="json")})


def lead_of(item: Item) -> Lead | None:
    """What the message that this item's result replaces began with."""
    kept = item.body.get("lead")
    return Lead.model_validate(kept) if kept else None
