"""People in a local Slack who talk with an app, and how long each of them waits for an answer."""

import asyncio
import contextlib
import html
import itertools
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.workspace.people import BOT_USER, Channel, Person, direct_message
from bot.workspace.wire import Json
from bot.workspace.workspace import Workspace
from knowledge.load import load
from tests.road import ROW_1, sample

EMPLOYEES = tuple(
    Person(
        f"U0BENCH{number:04}", f"bench.{number}", f"社員 {number}", f"bench{number}@example.co.jp", "ja-JP"
    )
    for number in range(800)
)
"""So many that nobody speaks faster than Slack lets the bot answer in one talk (bot.pace)."""

ANSWERED_WITHIN = 30.0  # seconds
TALKS_IN_TURNS = 4


@dataclass(frozen=True)
class Waited:
    """How long somebody waited for the answer to this."""

    kind: str
    milliseconds: float


class Slack(Workspace):
    """A local Slack that hears the moment at which an answer stands there.

    What the bot says while it looks at a file is no answer yet.
    """

    def __init__(self) -> None:
        super().__init__(people=EMPLOYEES)
        self._expected: dict[tuple[str, str], asyncio.Future[float]] = {}
        book = load()
        self._pending = {book.say("checking_one", language) for language in ("ja", "en")}
        self._addresses: Iterator[str] = iter(())

    def lead_to(self, *addresses: str) -> None:
        """From now on what people do goes to these processes of the app in turns."""
        self._addresses = itertools.cycle(addresses)

    def add(self, place: Channel, message: Json, *, only_for: str | None = None) -> Json:
        """Posts a message, as Slack does, and hears it."""
        added = super().add(place, message, only_for=only_for)
        self._hear(place.id, added)
        return added

    def change(self, place: Channel, message: Json, **changes: Any) -> Json:
        """Changes a message, as Slack does; where it said that the answer would come, that is the answer."""
        was_pending = self._is_pending(message)
        changed = super().change(place, message, **changes)
        if was_pending:
            self._hear(place.id, changed)
        return changed

    def _is_pending(self, message: Json) -> bool:
        return html.unescape(message["text"]) in self._pending

    def _hear(self, channel: str, message: Json) -> None:
        if message["user"] != BOT_USER or self._is_pending(message):
            return
        expected = self._expected.pop((channel, message.get("thread_ts", "")), None)
        if expected and not expected.done():
            expected.set_result(time.perf_counter())

    def _expect(self, channel: str, thread: str) -> asyncio.Future[float]:
        return self._expected.setdefault((channel, thread), asyncio.get_running_loop().create_future())

    async def say_hello(self, person: Person) -> None:
        """Somebody writes; returns as soon as the app has taken that. Raises TimeoutError."""
        self.event_url = next(self._addresses)
        await self.say(person.id, direct_message(person.id), "こんにちは")
        taken = self.courier.deliveries
        await self.wait_for(lambda: any(one.outcome == "acknowledged" for one in taken), ANSWERED_WITHIN)

    async def write(self, person: Person, text: str, *files: tuple[str, bytes]) -> tuple[str, Waited]:
        """Somebody writes a message of its own; its ts, and how long they waited. Raises TimeoutError."""
        return await self._write("paste" if text else "upload", person, text, files, None)

    async def add_file(self, person: Person, thread: str, name: str, data: bytes) -> Waited:
        """Somebody adds a file to a thread. Raises TimeoutError."""
        return (await self._write("upload", person, "", ((name, data),), thread))[1]

    async def _write(
        self, kind: str, person: Person, text: str, files: tuple[tuple[str, bytes], ...], thread: str | None
    ) -> tuple[str, Waited]:
        channel = direct_message(person.id)
        self.event_url = next(self._addresses)
        begin = time.perf_counter()
        ts = await self.say(person.id, channel, text, files, thread)
        expected = self._expect(channel, thread or ts)
        return ts, await _waited(kind, begin, expected)

    async def press(self, person: Person, thread: str, button: str) -> Waited:
        """Somebody presses this button of the thread's newest message. Raises TimeoutError."""
        channel = direct_message(person.id)
        replies = self.state.messages[channel].values()
        shown = next(
            reply for reply in reversed(replies) if reply.get("thread_ts") == thread and "blocks" in reply
        )
        self.event_url = next(self._addresses)
        begin = time.perf_counter()
        expected = self._expect(channel, thread)
        assert await self.click(person.id, channel, shown["ts"], button), "the app did not take a press"
        return await _waited("click", begin, expected)


async def _waited(kind: str, begin: float, expected: asyncio.Future[float]) -> Waited:
    async with asyncio.timeout(ANSWERED_WITHIN):
        return Waited(kind, (await expected - begin) * 1000)


Talk = Callable[[Slack, Person], AsyncGenerator[Waited, None]]


async def helped(slack: Slack, person: Person) -> AsyncGenerator[Waited, None]:
    """A person is helped by this bot: pastes the error, answers, adds the certificate, answers, is done."""
    thread, waited = await slack.write(person, ROW_1)
    yield waited
    yield await slack.press(person, thread, "answer:changed:new_pc")
    file = sample("expired")
    yield await slack.add_file(person, thread, file.name, file.data)
    yield await slack.press(person, thread, "answer:new_certificate:yes")
    yield await slack.press(person, thread, "ended:choose_certificate:solved")


async def echoed(slack: Slack, person: Person) -> AsyncGenerator[Waited, None]:
    """A person writes to an echo as often as `helped` does something."""
    for _ in range(5):
        yield (await slack.write(person, ROW_1))[1]


async def _in_turns(slack: Slack, talk: Talk, people: Iterator[Person]) -> AsyncGenerator[Waited, None]:
    """Talks without end, several people's in turns: nobody writes again in the moment of the last answer.

    Who does waits up to 50 ms longer: one person's events are worked one after the other, and the engine
    finds the successor when it next looks (bot.engine.POLLING).
    """
    talks = [talk(slack, next(people)) for _ in range(TALKS_IN_TURNS)]
    while True:
        for place, one in enumerate(talks):
            waited = await anext(one, None)
            if waited is None:
                talks[place] = talk(slack, next(people))
                waited = await anext(talks[place])
            yield waited


async def one_at_a_time(slack: Slack, talk: Talk, people: Iterator[Person], times: int) -> list[Waited]:
    """How long people waited while nobody else wrote."""
    waits: list[Waited] = []
    async with contextlib.aclosing(_in_turns(slack, talk, people)) as talks:
        async for waited in talks:
            waits.append(waited)
            if len(waits) >= times:
                break
    return waits


async def at_once(slack: Slack, talk: Talk, people: Iterator[Person], many: int, waits: list[Waited]) -> None:
    """So many events are always under way; goes on until it is cancelled. `waits` grows by each answer."""

    async def one() -> None:
        async with contextlib.aclosing(_in_turns(slack, talk, people)) as talks:
            async for waited in talks:
                waits.append(waited)

    async with asyncio.TaskGroup() as group:
        for _ in range(many):
            group.create_task(one())
