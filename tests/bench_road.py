"""The road from an event to its answer: this bot beside two echoes, in one run, on one local Slack.

All of them are processes of their own. The local Slack, its people and PostgreSQL share the machine with
them.
"""

import contextlib
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench_road_growth import SIZES, Grown, growth
from tests.bench_road_machine import Server, server, used_by_others
from tests.bench_road_side import Side, played, sides, start_up

ROUNDS = 3
WAITS = 80
STARTS = 2
PROCESSES = (1, 2)


@dataclass(frozen=True)
class Road:
    """All that was measured."""

    bare: Side
    durable: Side
    bot: Side
    first_start: float
    """Seconds to the first event that was taken where the embedded database had yet to be made."""
    grown: tuple[Grown, ...]
    others: float | None
    """The share of the processors that others had meanwhile; None where that cannot be read."""

    @property
    def reply_ratio(self) -> float:
        """The median answer of the bot, in answers of the durable echo."""
        return self.bot.quantile(50) / self.durable.quantile(50)

    @property
    def processor_ratio(self) -> float | None:
        """The processor time that an event takes of the bot and its database, in that of the durable echo."""
        bot, durable = (side.rate(1) for side in (self.bot, self.durable))
        spent = durable.app + durable.database
        return (bot.app + bot.database) / spent if spent else None

    def rate_ratio(self, processes: int) -> float:
        """What the bot answers a second, in what the durable echo does."""
        return self.bot.rate(processes).per_second / self.durable.rate(processes).per_second


async def measure() -> Road:
    """Plays all sides, in turns, so that whatever else the machine does meets all of them."""
    bare, durable, bot = everyone = sides()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with server(folder / "server") as postgres:
            others = used_by_others(postgres)
            for processes in PROCESSES:
                _progress(f"three apps, processes of each: {processes}")
                await _compare(everyone, processes, postgres, folder)
            _progress("start-up")
            for number in range(STARTS):
                there = postgres.new_database(f"start_{number}")
                bot.starts.append(await start_up(bot, folder / "start", there))
            first_start = await start_up(bot, folder / "first", None)
            _progress("growth: " + ", ".join(f"{size:,}" for size in SIZES) + " stored conversations")
            led = [postgres.address_of(_database(bot, processes)) for processes in PROCESSES]
            sizes = await growth(bot, postgres, led, folder / "grown")
            return Road(bare, durable, bot, first_start, sizes, others())


async def _compare(everyone: Sequence[Side], processes: int, postgres: Server, folder: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        plays = []
        for side in everyone:
            name = _database(side, processes)
            started = played(side, processes, postgres, postgres.new_database(name), folder / name)
            plays.append(await stack.enter_async_context(started))
        for _ in range(ROUNDS):
            for play in plays if processes == 1 else ():
                play.side.waits.extend(await play.wait_alone(WAITS))
            for play in plays:
                play.side.rates.setdefault(processes, []).append(await play.press_hard())
        for play in plays:
            for app in play.apps:
                play.side.resident = max(filter(None, (play.side.resident, app.resident())), default=None)


def _database(side: Side, processes: int) -> str:
    return f"{'_'.join(side.name.lower().split())}_{processes}"


def _progress(what: str) -> None:
    print(f"  {what} …", file=sys.stderr, flush=True)
