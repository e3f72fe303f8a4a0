"""The durable road from an event to its replies: written down, worked exactly once, delivered in order.

Whatever happened before a crash, working the event again goes on from there: the conversation, its replies
and the note that the event was worked are one transaction, and each reply is marked once it is delivered.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import assert_never

from procrastinate import App, JobContext
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import (
    arrivals,
    audit,
    clicks,
    correlation,
    desk_turns,
    dialogue,
    fault,
    kept_outcomes,
    notice_turns,
    people,
    store,
    todo,
    watch_turns,
    watches,
    working,
)
from bot.acceptance import Acceptance
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
    Opened,
    Overdue,
    Stranger,
    Submitted,
    Wanted,
    read,
)
from bot.calls import NotNow, Refused
from bot.desk import Desk
from bot.desk_events import Desk as Member
from bot.desk_turns import DESK
from bot.engine import DATABASE_AWAY, EVENTS, Pauses
from bot.events import ExampleChosen, FilesInspected, MessagePosted, pressed
from bot.inspecting import Inspecting
from bot.looked import File, Looked
from bot.notice import Told
from bot.notice_turns import is_of_notices
from bot.outbox import Outbox
from bot.people import Profile
from bot.placing import placed, thread_of
from bot.profiles import Profiles
from bot.publishing import Home
from bot.store import Thread
from bot.todo import Undone
from bot.turns import Defaults, Turns, lead_of
from bot.typed import intent
from bot.watching import KEPT_AFTER
from bot.ways import Ways
from knowledge.book import Book
from knowledge.rows import Language

logger = logging.getLogger(__name__)

# How often an event is tried that fails by a fault of ours, before a person is called: seconds.
TRIES_OF_OURS = 4

EVER = datetime.fromtimestamp(0, UTC)


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
        ways: Ways,
        home: Home,
        desk: Desk,
        defaults: Defaults,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._book = book
        self._profiles = profiles
        self._outbox = outbox
        self._inspecting = inspecting
        self._ways = ways
        self._home = home
        self._desk = desk
        self._defaults = defaults
        self._clock = clock
        self._turns = Turns(book, defaults, clock)
        self._queue = queue
        task = queue.task(name="event", queue=EVENTS, retry=Pauses(), pass_context=True)(self._job)
        self._acceptance = Acceptance(engine, task, book, ways, defaults.desk, clock)
        queue.periodic(cron="17 * * * *")(queue.task(name="erase", retry=3)(self._erase_hourly))

    async def accept(self, event: Kept | Commanded | Wanted) -> Answer | None:
        """Writes the event down (bot.acceptance)."""
        return await self._acceptance.accept(event)

    async def _job(self, context: JobContext, event: object) -> None:
        """Works one event; where it cannot be worked at all, a person is called."""
        with working.attempt(event, context.job.attempts + 1, self._clock) as attempt:
            try:
                await self.work(event)
            except (NotNow, *DATABASE_AWAY):
                raise
            except Exception as error:
                if context.job.attempts < TRIES_OF_OURS:
                    raise
                logger.error("an event could not be worked: %s", error)
                attempt.given_up = True
                await self._deliver(await asyncio.to_thread(self._own_up, read(event)))

    def _own_up(self, event: Kept) -> list[Undone]:
        with self._transaction("apology") as connection:
            if not store.claim(connection, f"{event.id}:owned_up", self._clock()):
                return todo.undone(connection, event.id, self._clock())
            fault.set_aside(connection, event)
            if isinstance(event, Expiring):
                watch_turns.passed_over(self._turns, connection, event)
            known = people.profile(connection, event.team, event.person, EVER) or Profile()
            told = fault.own_up(
                event, self._book, self._defaults.desk, self._turns.language(known), self._defaults.language
            )
            return todo.put(connection, told, self._clock())

    async def work(self, event: object) -> None:
        """Works one event, or goes on where it was left. Raises NotNow if Slack has to be waited for."""
        accepted = read(event)
        match accepted:
            case Message() | Click() | Opened():
                await self._work_here(accepted)
            case Submitted() | Elsewhere():
                await self._work_in_their_talk(accepted)
            case AtHome():
                await self._show_home(accepted)
            case Filled() | InHome() if is_of_notices(accepted):
                await self._work_notice(accepted)
            case Filled() | DeskWrote() | Overdue():
                await self._work_in_their_case(accepted)
            case Expiring():
                await self._remind(accepted)
            case InHome():
                await self._work_in_home(accepted)
            case Stranger():
                await self._deliver(await asyncio.to_thread(self._turn_away, accepted))
                await asyncio.to_thread(self._forget, accepted)
            case _:
                assert_never(accepted)

    async def _show_home(self, event: AtHome) -> None:
        """The Home tab as it is now; once more does no harm, so it is not written down that it was shown."""
        if event.language:
            await asyncio.to_thread(self._choose_language, event, event.language)
        self._profiles.forget(event.team, event.person)  # another process may have heard of another language
        try:
            await self._home.publish(event.team, event.person)
        except Refused as refused:
            logger.warning("a Home tab was not taken: Slack said %s", refused.reason)

    def _choose_language(self, event: AtHome, language: Language) -> None:
        with self._engine.begin() as connection:
            people.choose_language(connection, event.team, event.person, language)

    async def _remind(self, event: Expiring) -> None:
        """A certificate runs out: said in its owner's talk with the bot, if they are still there."""
        profile, talk = Profile(), ""
        if await self._ways.authors.is_here(event.person):
            profile = await self._profiles.of(event.team, event.person, self._clock())
            talk = await self._ways.talks.of(event.person)

        def take() -> list[Undone]:
            with self._transaction() as connection:
                if not store.claim(connection, event.id, event.at):
                    return self._left(connection, event.id)
                if not talk:
                    watch_turns.left(connection, event)
                    return []
                return watch_turns.reminded(self._turns, connection, event, profile, talk)

        await self._deliver(await asyncio.to_thread(take))

    async def _work_in_home(self, event: InHome) -> None:
        """What was pressed in the Home tab, which then shows what came of it."""
        profile = await self._profiles.of(event.team, event.person, self._clock())

        def take() -> None:
            with self._transaction() as connection:
                if store.claim(connection, event.id, event.at):
                    watch_turns.in_home(self._turns, connection, event, profile)

        await asyncio.to_thread(take)
        await self._show(event)

    async def _work_notice(self, event: Filled | InHome) -> None:
        """A notice was put up or ended in the Home tab, which then shows it, or why nothing came of it."""
        if not await self._desk.has(event.person):
            await self._show(event, Told("only_the_desk"))
            return

        def take() -> Told | None:
            now = self._clock()
            with self._transaction() as connection:
                if store.claim(connection, event.id, event.at):
                    notice_turns.done(connection, event, self._book, now)
                return notice_turns.told(connection, event, self._book, now)

        await self._show(event, await asyncio.to_thread(take))

    async def _show(self, event: Filled | InHome, told: Told | None = None) -> None:
        """The Home tab after something was done in it, and what is told of that."""
        try:
            await self._home.publish(event.team, event.person, told)
        except Refused as refused:
            logger.warning("a Home tab was not taken: Slack said %s", refused.reason)

    async def _work_here(self, event: Message | Click | Opened) -> None:
        """What is answered where it was said or pressed."""
        profile = Profile()
        place = None if isinstance(event, Opened) or not event.private else thread_of(event)
        async with self._ways.status.shown(place, lambda: self._working(profile)):
            profile = await self._profiles.of(event.team, event.person, self._clock())
            by = None
            if isinstance(event, Click) and event.button.startswith(DESK):
                by = await self._of_the_desk(event.person, profile)
            await self._deliver(await asyncio.to_thread(self._take, event, profile, by))
        if isinstance(event, Opened):
            await self._outbox.suggest(event.channel, self._examples(profile))

    async def _of_the_desk(self, person: str, profile: Profile) -> Member | None:
        return Member(person, profile.name or person) if await self._desk.has(person) else None

    async def _work_in_their_case(self, event: Filled | DeskWrote | Overdue) -> None:
        """What is answered in the thread of the employee whose case it is."""
        profile = Profile()
        if not isinstance(event, Overdue):
            profile = await self._profiles.of(event.team, event.person, self._clock())
        by = Member(event.person, profile.name or event.person)
        is_theirs = not isinstance(event, DeskWrote) or await self._desk.surely_has(event.person)

        def take() -> list[Undone]:
            with self._transaction() as connection:
                if not store.claim(connection, event.id, event.at):
                    return self._left(connection, event.id)
                match event:
                    case Filled():
                        return desk_turns.filled(self._turns, connection, event, by)
                    case DeskWrote() if not is_theirs:
                        return desk_turns.not_of_the_desk(self._turns, connection, event)
                    case DeskWrote():
                        return desk_turns.wrote(self._turns, connection, event, by)
                    case Overdue():
                        return desk_turns.came_due(self._turns, connection, event)
                    case _:
                        assert_never(event)

        await self._deliver(await asyncio.to_thread(take))

    async def _work_in_their_talk(self, event: Submitted | Elsewhere) -> None:
        """What is answered in the talk of somebody with the bot."""
        now = self._clock()
        whom = await arrivals.addressee(event, self._ways)
        profile = await self._profiles.of(event.team, whom.person, now)
        acting, talk = profile, whom.talk
        if whom.person != event.person:
            acting = await self._profiles.of(event.team, event.person, now)
            talk = await arrivals.talk_of(event.person, self._ways)

        def take() -> list[Undone]:
            with self._transaction() as connection:
                if not store.claim(connection, event.id, event.at):
                    return self._left(connection, event.id)
                if isinstance(event, Submitted):
                    return arrivals.submitted(self._turns, connection, event, whom, profile)
                language = self._turns.language(acting)
                return arrivals.shown(self._turns, connection, event, whom, profile, language, talk)

        await self._deliver(await asyncio.to_thread(take))

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
                in_doubt = later.in_doubt or first.in_doubt  # a look that had to wait answers nothing
                unsent = [item.id for item in (rest if in_doubt else waiting)]
                with contextlib.suppress(SQLAlchemyError):  # then they are looked for before they are sent
                    await asyncio.to_thread(self._leave_word, unsent)
                raise

    def _transaction(self, step: str = "event") -> AbstractContextManager[Connection]:
        """In which an event is worked; what it did is told once it is stored (bot.audit)."""
        return audit.transaction(self._engine, step, self._clock().timestamp())

    def _left(self, connection: Connection, event: str) -> list[Undone]:
        """What is still to be done of an event that was worked before."""
        left = todo.undone(connection, event, self._clock())
        if work := correlation.current():
            work.again, work.has_replied = True, todo.has_spoken(connection, left)
        return left

    def _leave_word(self, unsent: list[int]) -> None:
        with self._engine.begin() as connection:
            todo.not_sent(connection, unsent)

    # In one transaction each; what is to be done is given back.

    def _take(self, event: Message | Click | Opened, profile: Profile, by: Member | None) -> list[Undone]:
        with self._transaction() as connection:
            if not store.claim(connection, event.id, event.at):
                return self._left(connection, event.id)
            match event:
                case Message():
                    return self._posted(connection, event, profile)
                case Click():
                    return clicks.clicked(self._turns, connection, event, profile, by, self._profiles.forget)
                case Opened():
                    return self._greet(connection, event, profile)
                case _:
                    assert_never(event)

    def _posted(self, connection: Connection, event: Message, profile: Profile) -> list[Undone]:
        if not event.files and intent(event.text, self._book) == "watched":
            return watch_turns.listed(self._turns, connection, event, profile)
        files = tuple(File(file.id, file.name) for file in event.files)
        stored = placed(connection, event, self._turns.newcomer(profile), self._book)
        happened = MessagePosted(event.text, files, event.at)
        return self._turns.step(connection, stored, happened, event.id, thread_of(event))

    def _greet(self, connection: Connection, event: Opened, profile: Profile) -> list[Undone]:
        if not people.greet(connection, event.team, event.person, event.at):
            return []
        body = self._turns.greeting(connection, self._turns.language(profile))
        place = Thread(event.channel, None)
        return self._turns.put(connection, event.id, event.person, "say", body, place)

    def _turn_away(self, event: Stranger) -> list[Undone]:
        with self._transaction() as connection:
            if not store.claim(connection, event.id, event.at):
                return self._left(connection, event.id)
            return arrivals.turned_away(self._turns, connection, event)

    def _forget(self, event: Stranger) -> None:
        with self._engine.begin() as connection:
            arrivals.forget(connection, event)

    # Files

    async def _check(self, undone: Undone) -> list[Undone]:
        """Fetches and inspects the files of an item, and goes on with what they tell."""
        told = await self._inspecting.inspect(undone.item.body, self._clock())
        return await asyncio.to_thread(self._inspected, undone, told)

    def _inspected(self, undone: Undone, told: tuple[Looked, ...]) -> list[Undone]:
        item, now = undone.item, self._clock()
        with self._transaction("files") as connection:
            stored = store.load(connection, item.conversation or 0)
            if store.claim(connection, f"{item.event}:inspected:{undone.id}", now) and stored:
                ids = tuple(file["id"] for file in item.body["files"])
                renews = watch_turns.renews(connection, stored, told)
                happened = FilesInspected(told, item.slot or "", now, ids, renews)
                place = todo.place_of(connection, item)
                self._turns.step(connection, stored, happened, item.event, place, lead=lead_of(item))
                number = stored.conversation.number
                watch_turns.checked(self._turns, connection, number, happened, item.event, place)
            todo.done(connection, undone.id, now)
            return todo.undone(connection, item.event, now)

    # The rest

    def _working(self, profile: Profile) -> str:
        return self._book.say("status_working", self._turns.language(profile))

    def _examples(self, profile: Profile) -> dict[str, str]:
        """The greeting's examples: what stands on the button, and the text that it stands for."""
        language = self._turns.language(profile)
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
        now = self._clock()
        cutoff = now - timedelta(days=self._defaults.retention_days)
        with self._engine.begin() as connection:  # before conversations are locked: bot.lock_order
            watches.erase_ended(connection, now - KEPT_AFTER)
        with self._engine.begin() as connection:
            gone = store.erase_before(connection, cutoff)
            kept_outcomes.erase_old(connection, now)
            return gone
