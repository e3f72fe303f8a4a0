"""The durable road from an event to its replies: written down, worked exactly once, delivered in order.

Whatever happened before a crash, working the event again goes on from there: the conversation, its replies
and the note that the event was worked are one transaction, and each reply is marked once it is delivered.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

from procrastinate import App, JobContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import asides, dialogue, fault, intake, people, store, todo
from bot.accepted import Click, Message, Opened, read
from bot.calls import NotNow
from bot.conversation import Conversation
from bot.engine import DATABASE_AWAY, EVENTS, Pauses
from bot.events import (
    ButtonExpired,
    Event,
    ExampleChosen,
    File,
    FilesInspected,
    LanguageChosen,
    Looked,
    MessagePosted,
    PersonAsked,
    Restarted,
    pressed,
)
from bot.inspecting import Inspecting
from bot.outbox import Outbox
from bot.people import Profile
from bot.placing import Newcomer, language_of, placed, thread_of
from bot.profiles import Profiles
from bot.rendering import NO_CONVERSATION, drawn, echoed, items, late
from bot.replies import NoteUnmatched, Reply
from bot.store import Stored, Thread
from bot.todo import Item, Kind, Undone
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# Slack waits three seconds.
ACCEPTED_WITHIN = 2.5

# How often an event is tried that fails by a fault of ours, before a person is called: seconds.
TRIES_OF_OURS = 4

# An answer that comes later says that it knows.
LATE = timedelta(minutes=10)

# Buttons that mean the same whatever trouble they were shown with.
ANY_TIME = (LanguageChosen, PersonAsked, Restarted)


@dataclass(frozen=True)
class Defaults:
    """What an installation is set to."""

    language: Language
    time_zone: str
    retention_days: int
    desk: str | None
    """The helpdesk's channel."""


class Road:
    """Takes events, works them and delivers what comes of them."""

    def __init__(
        self,
        *,
        engine: Engine,
        queue: App,
        book: Book,
        profiles: Profiles,
        outbox: Outbox,
        inspecting: Inspecting,
        defaults: Defaults,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._book = book
        self._profiles = profiles
        self._outbox = outbox
        self._inspecting = inspecting
        self._defaults = defaults
        self._clock = clock
        self._queue = queue
        self._task = queue.task(name="event", queue=EVENTS, retry=Pauses(), pass_context=True)(self._job)
        queue.periodic(cron="17 * * * *")(queue.task(name="erase", retry=3)(self._erase_hourly))

    async def accept(self, event: Message | Click | Opened) -> None:
        """Writes the event down: when this returns, it will be answered. What is not for us is not kept.

        Raises TimeoutError while Slack would still listen: it sends the event again.
        """
        async with asyncio.timeout(ACCEPTED_WITHIN):
            if await self._is_for_us(event):
                lock = event.lock
                if isinstance(event, Click) and not event.private:
                    lock = await asyncio.to_thread(intake.owners_lock, self._engine, event)
                await self._task.configure(lock=lock).defer_async(event=event.model_dump(mode="json"))

    async def _job(self, context: JobContext, event: object) -> None:
        """Works one event; where it cannot be worked at all, a person is called."""
        try:
            await self.work(event)
        except (NotNow, *DATABASE_AWAY):
            raise
        except Exception as error:
            if context.job.attempts < TRIES_OF_OURS:
                raise
            logger.error("an event could not be worked: %s", error)
            await self._deliver(await asyncio.to_thread(self._own_up, read(event)))

    def _own_up(self, event: Message | Click | Opened) -> list[Undone]:
        with self._engine.begin() as connection:
            fault.set_aside(connection, event)
            told = fault.own_up(event, self._defaults.desk, self._defaults.language)
            return todo.put(connection, told, self._clock())

    async def work(self, event: object) -> None:
        """Works one event, or goes on where it was left. Raises NotNow if Slack has to be waited for."""
        accepted = read(event)
        profile = await self._profiles.of(accepted.team, accepted.person, self._clock())
        waiting = await asyncio.to_thread(self._take, accepted, profile)
        await self._deliver(waiting)
        if isinstance(accepted, Opened):
            await self._outbox.suggest(accepted.channel, self._examples(profile))

    async def _deliver(self, waiting: list[Undone]) -> None:
        while waiting:
            first, *rest = waiting
            try:
                if first.item.kind == "check":
                    waiting = await self._check(first)
                else:
                    await self._outbox.send(first)
                    waiting = rest
            except NotNow as later:
                unsent = [item.id for item in (rest if later.in_doubt else waiting)]
                with contextlib.suppress(SQLAlchemyError):  # then they are looked for before they are sent
                    await asyncio.to_thread(self._leave_word, unsent)
                raise

    def _leave_word(self, unsent: list[int]) -> None:
        with self._engine.begin() as connection:
            todo.not_sent(connection, unsent)

    # In one transaction each; what is to be done is given back.

    def _take(self, event: Message | Click | Opened, profile: Profile) -> list[Undone]:
        with self._engine.begin() as connection:
            if not store.claim(connection, event.id, event.at):
                return todo.undone(connection, event.id, self._clock())
            match event:
                case Message():
                    files = tuple(File(file.id, file.name) for file in event.files)
                    posted = MessagePosted(event.text, files, event.at)
                    return self._go_on(connection, event, posted, profile)
                case Click():
                    return self._click(connection, event, profile)
                case Opened():
                    return self._greet(connection, event, profile)
                case _:
                    assert_never(event)

    def _click(self, connection: Connection, event: Click, profile: Profile) -> list[Undone]:
        if event.value == NO_CONVERSATION:
            return self._click_on_greeting(connection, event, profile)
        trouble = event.value.partition(".")[2]
        number = intake.conversation_of(event)
        owner = store.owner(connection, number)
        if owner is not None and owner != event.person:
            return self._whisper(connection, event, asides.only_the_owner(owner, self._language(profile)))
        stored = store.load(connection, number)
        if stored is None:
            return self._whisper(connection, event, asides.expired(self._language(profile)))
        happened = pressed(event.button, event.at)
        of_another = trouble and trouble != str(stored.conversation.trouble)
        if of_another and not isinstance(happened, ANY_TIME):
            happened = ButtonExpired(event.at)
        return self._step(connection, stored, happened, event.id, thread_of(event), event.label)

    def _click_on_greeting(self, connection: Connection, event: Click, profile: Profile) -> list[Undone]:
        """The greeting belongs to no conversation: an example begins one, a language turns the greeting."""
        match happened := pressed(event.button, event.at):
            case ExampleChosen():
                return self._go_on(connection, event, happened, profile)
            case LanguageChosen(language=language):
                people.choose_language(connection, event.team, event.person, language)
                self._profiles.forget(event.team, event.person)
                body = self._greeting(language) | {"replaces": event.message_ts}
                return self._put(connection, event, "say", body, Thread(event.channel, None))
            case _:
                return self._whisper(connection, event, asides.expired(self._language(profile)))

    def _greet(self, connection: Connection, event: Opened, profile: Profile) -> list[Undone]:
        if not people.greet(connection, event.team, event.person, event.at):
            return []
        body = self._greeting(self._language(profile))
        return self._put(connection, event, "say", body, Thread(event.channel, None))

    def _go_on(
        self, connection: Connection, event: Message | Click, happened: Event, profile: Profile
    ) -> list[Undone]:
        newcomer = Newcomer(profile, self._language(profile), self._defaults.time_zone)
        stored = placed(connection, event, newcomer, self._book)
        return self._step(connection, stored, happened, event.id, thread_of(event))

    def _step(
        self,
        connection: Connection,
        stored: Stored,
        happened: Event,
        event: str,
        thread: Thread,
        label: str = "",
    ) -> list[Undone]:
        before = stored.conversation
        try:
            after, replies = dialogue.step(before, happened, self._book)
            if self._clock() - happened.at > LATE:
                replies = late(replies, self._book)
            wanted = self._items(after, echoed(replies, label), event, thread)
            notes = [reply for reply in replies if isinstance(reply, NoteUnmatched)]
        except Exception as error:  # noqa: BLE001 - whatever broke is ours: an apology, and a person takes over
            logger.error("a step of conversation %d broke: %s", before.number, error)
            after, wanted = self._apology(before, happened, event, thread)
            notes = []
        store.save(connection, Stored(after, stored.team, stored.channel))
        store.note_unmatched(connection, notes, happened.at)
        return todo.put(connection, wanted, self._clock())

    def _apology(
        self, before: Conversation, happened: Event, event: str, thread: Thread
    ) -> tuple[Conversation, list[Item]]:
        """An apology and the hand-over; should these break too, the bare words of both."""
        slot = happened.slot if isinstance(happened, FilesInspected) else None
        for turn in (dialogue.failed, dialogue.failed_twice):
            try:
                after, replies = turn(before, self._book, happened.at, slot)
                return after, self._items(after, replies, event, thread)
            except Exception as error:  # noqa: BLE001 - the next words are simpler
                logger.error("an apology of conversation %d broke: %s", before.number, error)
        raise AssertionError("not even the bare words could be said")

    def _items(self, after: Conversation, replies: Iterable[Reply], event: str, thread: Thread) -> list[Item]:
        return list(items(replies, after, event, thread, desk=self._defaults.desk is not None))

    def _whisper(self, connection: Connection, event: Click, body: dict[str, Any]) -> list[Undone]:
        return self._put(connection, event, "whisper", body, Thread(event.channel, event.thread_ts))

    def _put(
        self, connection: Connection, event: Click | Opened, kind: Kind, body: dict[str, Any], thread: Thread
    ) -> list[Undone]:
        """Something outside of all conversations."""
        return todo.put(connection, [Item(kind, event.id, None, thread, event.person, body)], self._clock())

    def _greeting(self, language: Language) -> dict[str, Any]:
        return drawn(dialogue.greeting(self._book, language, self._defaults.retention_days), NO_CONVERSATION)

    # Files

    async def _check(self, undone: Undone) -> list[Undone]:
        """Fetches and inspects the files of an item, and goes on with what they tell."""
        told = await self._inspecting.inspect(undone.item.body, self._clock())
        return await asyncio.to_thread(self._inspected, undone, told)

    def _inspected(self, undone: Undone, told: tuple[Looked, ...]) -> list[Undone]:
        item, now = undone.item, self._clock()
        with self._engine.begin() as connection:
            stored = store.load(connection, item.conversation or 0)
            if store.claim(connection, f"{item.event}:inspected:{undone.id}", now) and stored:
                happened = FilesInspected(told, item.slot or "", now)
                self._step(connection, stored, happened, item.event, item.thread)
            todo.done(connection, undone.id, now)
            return todo.undone(connection, item.event, now)

    # The rest

    async def _is_for_us(self, event: Message | Click | Opened) -> bool:
        if not isinstance(event, Message) or event.private or event.mentioned:
            return True
        return event.thread_ts is not None and await asyncio.to_thread(
            intake.is_followed, self._engine, event
        )

    def _language(self, profile: Profile) -> Language:
        return language_of(profile, self._defaults.language)

    def _examples(self, profile: Profile) -> dict[str, str]:
        """The greeting's examples: what stands on the button, and the text that it stands for."""
        language = self._language(profile)
        greeting = dialogue.greeting(self._book, language, self._defaults.retention_days)
        return {
            button.label: self._book.say(f"example_{example.number}", language)
            for button in greeting.buttons()
            if isinstance(example := pressed(button.id, self._clock()), ExampleChosen)
        }

    async def _erase_hourly(self, timestamp: int) -> None:
        gone = await asyncio.to_thread(self.erase)
        # Jobs that failed for good keep what was said in them.
        await self._queue.job_manager.delete_old_jobs(
            nb_hours=self._defaults.retention_days * 24,
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )
        if gone:
            logger.info("%d conversations were older than they may be, and are erased", gone)

    def erase(self) -> int:
        """Erases what is older than RETENTION_DAYS; gives how many conversations that were."""
        cutoff = self._clock() - timedelta(days=self._defaults.retention_days)
        with self._engine.begin() as connection:
            return store.erase_before(connection, cutoff)
