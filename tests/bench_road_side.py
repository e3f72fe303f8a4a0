"""One side of the comparison: how long people wait for an app, and what it answers a second."""

import asyncio
import contextlib
import itertools
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path

from bot.workspace.app import serve_workspace
from bot.workspace.people import Person
from tests.bench_road_machine import BARE, BOT, DURABLE, Server, Started, started, used
from tests.bench_road_people import EMPLOYEES, Slack, Talk, Waited, at_once, echoed, helped, one_at_a_time

IN_FLIGHT = 12
WARM_UP = 40  # events: everybody's first message, and each statement's plan
SETTLE = 0.5  # seconds
SECONDS = 2.0


@dataclass(frozen=True)
class Rate:
    """What a number of processes answer when there is always more to do."""

    per_second: float
    app: float
    """Milliseconds of the processor per event, of all processes of the app together; 0: could not be read."""
    database: float
    slack: float
    """Of the local Slack and the people in it."""


def mean(rates: Sequence[Rate]) -> Rate:
    """The mean of several, number by number."""
    return Rate(*(statistics.mean(numbers) for numbers in zip(*map(astuple, rates), strict=True)))


@dataclass
class Side:
    """An app, and what was measured of it so far."""

    name: str
    command: Sequence[str]
    talk: Talk
    waits: list[Waited] = field(default_factory=list)
    rates: dict[int, list[Rate]] = field(default_factory=dict)
    """By the number of processes."""
    starts: list[float] = field(default_factory=list)
    """Seconds from the start of the process to the first event that it took."""
    resident: float | None = None
    """MB of one process after all that it had to do, the greatest."""

    def quantile(self, percent: int, kind: str = "") -> float:
        """So many percent of the answers came within these milliseconds."""
        taken = [waited.milliseconds for waited in self.waits if kind in ("", waited.kind)]
        return statistics.quantiles(taken, n=100, method="inclusive")[percent - 1]

    def rate(self, processes: int) -> Rate:
        """The mean of the rounds."""
        rates = self.rates[processes]
        return Rate(
            *(statistics.mean(getattr(rate, name) for rate in rates) for name in Rate.__annotations__)
        )


def sides() -> tuple[Side, Side, Side]:
    """A bare echo, a durable one, this bot."""
    return (
        Side("a bare Bolt echo", BARE, echoed),
        Side("a durable echo", DURABLE, echoed),
        Side("this bot", BOT, helped),
    )


@dataclass(frozen=True)
class Played:
    """An app that was started in a local Slack of its own."""

    side: Side
    slack: Slack
    apps: tuple[Started, ...]
    server: Server
    database: str
    people: Iterator[Person]
    """Who writes next: somebody who has not written for long, and whose last talk is not open."""

    async def wait_alone(self, times: int) -> list[Waited]:
        """How long people wait while nobody else writes, so many times."""
        return await one_at_a_time(self.slack, self.side.talk, self.people, times)

    async def press_hard(self) -> Rate:
        """What it answers a second when `IN_FLIGHT` events are always under way."""
        waits: list[Waited] = []
        crowd = asyncio.create_task(at_once(self.slack, self.side.talk, self.people, IN_FLIGHT, waits))
        try:
            await _while_alive(crowd, SETTLE)
            before, answered = used(self.apps, self.server, self.database), len(waits)
            await _while_alive(crowd, SECONDS)
            answered = len(waits) - answered
            taken = used(self.apps, self.server, self.database).since(before)
        finally:
            crowd.cancel()
            await asyncio.gather(crowd, return_exceptions=True)
        spent = (seconds * 1000 / answered for seconds in (taken.app, taken.database, taken.slack))
        return Rate(answered / taken.clock, *spent)


async def _while_alive(crowd: asyncio.Task[None], seconds: float) -> None:
    """So many seconds; raises what ended the crowd, should anything."""
    await asyncio.wait({crowd}, timeout=seconds)
    if crowd.done():
        crowd.result()


@asynccontextmanager
async def played(
    side: Side, processes: int, server: Server, database: str, folder: Path
) -> AsyncIterator[Played]:
    """The app as so many processes on this database, warm, while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    slack = Slack()
    async with serve_workspace(slack), contextlib.AsyncExitStack() as stack:
        apps = [
            await stack.enter_async_context(started(side.command, slack, folder, database))
            for _ in range(processes)
        ]
        slack.lead_to(*(app.address for app in apps))
        play = Played(side, slack, tuple(apps), server, database, itertools.cycle(EMPLOYEES))
        await play.wait_alone(WARM_UP)
        yield play


async def start_up(side: Side, folder: Path, database: str | None) -> float:
    """Seconds from the start of the process to the first event that it took."""
    folder.mkdir(parents=True, exist_ok=True)
    slack = Slack()
    async with serve_workspace(slack):
        begin = time.perf_counter()
        async with started(side.command, slack, folder, database) as app:
            slack.lead_to(app.address)
            await slack.say_hello(EMPLOYEES[0])
            return time.perf_counter() - begin
