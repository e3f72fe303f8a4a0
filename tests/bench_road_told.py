"""What was measured of the road, in lines for people: ratios first, and whether each aim is met."""

import asyncio
import os
from collections.abc import Iterator

from tests.bench_road import PROCESSES, Road, measure
from tests.bench_road_growth import Grown
from tests.bench_road_side import IN_FLIGHT

REPLY_AT_MOST = 1.5
"""The bot's median answer, in those of the durable echo."""
RATE_AT_LEAST = 0.5
"""What the bot answers a second, in what the durable echo does."""
START_AT_MOST = 3.0  # seconds
RESIDENT_AT_MOST = 200.0  # MB
QUIET = 0.05
"""The share of the processors that others may have: they hold up most who computes most."""


def lines(road: Road) -> Iterator[str]:
    """All that was measured."""
    yield from _others(road)
    yield from _replies(road)
    yield from _rates(road)
    yield from _one_process(road)
    yield from _growth(road.grown[0], road.grown[-1])


def _replies(road: Road) -> Iterator[str]:
    sides = (road.bot, road.durable, road.bare)
    for percent, ratio in (
        (50, road.reply_ratio),
        (99, road.bot.quantile(99) / road.durable.quantile(99)),
    ):
        bot, durable, bare = (side.quantile(percent) for side in sides)
        met = _aim(ratio <= REPLY_AT_MOST, f"≤ {REPLY_AT_MOST:g} ×") if percent == 50 else ""
        told = f"{bot:.1f} ms, {durable:.1f} ms; a bare one {bare:.1f} ms"
        yield f"reply, p{percent}           {ratio:6.2f} × a durable echo ({told}){met}"
    for kind, what in (
        ("paste", "a pasted error"),
        ("click", "an answer's button"),
        ("upload", "a certificate, fetched and checked"),
    ):
        ratio = road.bot.quantile(50, kind) / road.durable.quantile(50)
        yield f"                     {ratio:6.2f} × for {what} ({road.bot.quantile(50, kind):.1f} ms)"


def _rates(road: Road) -> Iterator[str]:
    sides = (road.bot, road.durable, road.bare)
    for processes in PROCESSES:
        ratio = road.rate_ratio(processes)
        bot, durable, bare = (side.rate(processes).per_second for side in sides)
        met = _aim(ratio >= RATE_AT_LEAST, f"≥ {RATE_AT_LEAST:g} ×")
        told = f"{bot:.0f}, {durable:.0f}; a bare one {bare:.0f}"
        yield f"events a second, {processes}   {ratio:6.2f} × a durable echo ({told}){met}"
    yield (
        f"                     {IN_FLIGHT} always under way; cores for the app, PostgreSQL, the local Slack "
        f"and its people: {os.cpu_count() or 1}"
    )
    if road.processor_ratio is not None:
        spent = [f"{rate.app:.1f} + {rate.database:.1f} ms" for rate in (side.rate(1) for side in sides)]
        yield (
            f"processor, an event  {road.processor_ratio:6.2f} × a durable echo "
            f"(app + PostgreSQL: {spent[0]}, {spent[1]}; a bare one {spent[2]})"
        )


def _others(road: Road) -> Iterator[str]:
    if road.others is not None:
        doubt = "; ratios of times want a quiet machine" if road.others > QUIET else ""
        yield f"others               {road.others:6.0%} of the processors meanwhile{doubt}"


def _one_process(road: Road) -> Iterator[str]:
    start = max(road.bot.starts)
    met = _aim(start <= START_AT_MOST, f"≤ {START_AT_MOST:g} s")
    yield f"start-up             {start:6.2f} s to the first event that is taken{met}"
    yield f"                     {road.first_start:6.2f} s where the embedded database has yet to be made"
    if (resident := road.bot.resident) is None:
        yield "memory               cannot be read here"
    else:
        met = _aim(resident <= RESIDENT_AT_MOST, f"≤ {RESIDENT_AT_MOST:g} MB")
        yield f"memory               {resident:6.0f} MB resident, without the picture reader{met}"


def _growth(few: Grown, many: Grown) -> Iterator[str]:
    yield f"growth               from {few.conversations:,} to {many.conversations:,} stored conversations:"
    yield f"  reply, p50         {many.reply / few.reply:6.2f} × ({few.reply:.1f} ms, {many.reply:.1f} ms)"
    yield (
        f"  events a second    {many.per_second / few.per_second:6.2f} × "
        f"({few.per_second:.0f}, {many.per_second:.0f})"
    )
    yield (
        f"  hourly erasing     {many.erase / few.erase:6.2f} × ({few.erase:.0f} ms for {few.erased} "
        f"conversations, {many.erase:.0f} ms for {many.erased})"
    )
    if few.resident and many.resident:
        yield (
            f"  memory             {many.resident / few.resident:6.2f} × "
            f"({few.resident:.0f} MB, {many.resident:.0f} MB)"
        )
    yield f"  on the disk        {many.stored / 1000:6.1f} kB a conversation, with all that belongs to it"


def _aim(is_met: bool, aim: str) -> str:
    return f"; aim {aim}: {'met' if is_met else 'MISSED'}"


if __name__ == "__main__":
    for line in lines(asyncio.run(measure())):
        print(line)
