"""The results as a picture, tests/bench.svg: in light and in dark, and readable without its colours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.bench_road import PROCESSES, Road
from tests.bench_road_told import RATE_AT_LEAST, REPLY_AT_MOST

WIDTH = 760
LABELS = 176
"""Where the bars begin."""
BARS = 400
"""How wide the longest bar is."""
BAR, GAP = 18, 8

STYLE = """
  .ground { fill: #ffffff; stroke: #d0d7de }
  text { fill: #1f2328; font: 13px system-ui, sans-serif;
         stroke: #ffffff; stroke-width: 3px; paint-order: stroke; stroke-linejoin: round }
  .title { font-size: 16px; font-weight: 600 }
  .head { font-weight: 600 }
  .small { font-size: 12px; fill: #57606a }
  .bare { fill: #8c959f } .durable { fill: #e69f00 } .bot { fill: #0072b2 }
  .aim { stroke: #1f2328; stroke-width: 1.5; stroke-dasharray: 4 3 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117; stroke: #30363d }
    text { fill: #e6edf3; stroke: #0d1117 }
    .small { fill: #9da7b3 }
    .bare { fill: #7d8590 } .durable { fill: #e69f00 } .bot { fill: #56b4e9 }
    .aim { stroke: #e6edf3 }
  }
"""


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, which side's it is, how long, and what is written behind it."""

    label: str
    side: str
    value: float
    told: str


@dataclass(frozen=True)
class Panel:
    """Bars on one scale, and the length at which the bot's aim is."""

    head: str
    bars: Sequence[Bar]
    aim: float | None = None
    aim_told: str = ""


def picture(road: Road, machine: str) -> str:
    """The SVG; `machine` is said below it."""
    body: list[str] = []
    y = 62
    for panel in _panels(road):
        body += _drawn(panel, y)
        y += 26 + len(panel.bars) * (BAR + GAP) + (18 if panel.aim is not None else 0) + 18
    told = " ".join(line for line in body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 24}" '
        f'viewBox="0 0 {WIDTH} {y + 24}" role="img" aria-labelledby="title">\n'
        f'<title id="title">{escape(_summary(road))}</title>\n<style>{STYLE}</style>\n'
        f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{y + 23}" rx="6"/>\n'
        + _text(20, 32, "From an event to its answer, on one local Slack", "title")
        + told
        + _text(20, y + 4, machine, "small")
        + "</svg>\n"
    )


def _summary(road: Road) -> str:
    return (
        f"This bot answers in {road.reply_ratio:.1f} times the time of a durable echo "
        f"and answers {road.rate_ratio(1):.2f} times as many events a second."
    )


def _panels(road: Road) -> Iterator[Panel]:
    named = (("bare Bolt echo", "bare", road.bare), ("durable echo", "durable", road.durable))
    everyone = (*named, ("this bot", "bot", road.bot))
    aim = REPLY_AT_MOST * road.durable.quantile(50)
    yield Panel(
        "Reply latency, one event at a time: median (99th percentile)",
        [
            Bar(name, side, of.quantile(50), f"{of.quantile(50):.1f} ms ({of.quantile(99):.0f} ms)")
            for name, side, of in everyone
        ],
        aim,
        f"aim for this bot: at most {REPLY_AT_MOST:g} × the durable echo",
    )
    for processes in PROCESSES:
        yield Panel(
            f"Events per second, {processes} process{'es' if processes > 1 else ''}",
            [
                Bar(name, side, of.rate(processes).per_second, f"{of.rate(processes).per_second:.0f}")
                for name, side, of in everyone
            ],
            RATE_AT_LEAST * road.durable.rate(processes).per_second,
            f"aim for this bot: at least {RATE_AT_LEAST:g} × the durable echo",
        )
    sizes = [(f"{grown.conversations:,} stored", grown) for grown in road.grown]
    yield Panel(
        "This bot's median reply, by stored conversations",
        [Bar(name, "bot", grown.reply, f"{grown.reply:.1f} ms") for name, grown in sizes],
    )
    yield Panel(
        "This bot's events per second, by stored conversations",
        [Bar(name, "bot", grown.per_second, f"{grown.per_second:.0f}") for name, grown in sizes],
    )
    yield Panel(
        "The hourly erasing of what is too old, by stored conversations",
        [
            Bar(name, "bot", grown.erase, f"{grown.erase:.0f} ms ({grown.erased} erased)")
            for name, grown in sizes
        ],
    )
    if all(grown.resident for grown in road.grown):
        yield Panel(
            "The memory of a process of this bot, by stored conversations",
            [Bar(name, "bot", grown.resident or 0.0, f"{grown.resident:.0f} MB") for name, grown in sizes],
        )


def _drawn(panel: Panel, y: int) -> Iterator[str]:
    longest = max(*(bar.value for bar in panel.bars), panel.aim or 0.0) or 1.0
    yield _text(20, y, panel.head, "head")
    top = y + 12
    for bar in panel.bars:
        width = max(bar.value / longest * BARS, 1.0)
        yield _text(LABELS - 10, top + 14, bar.label, anchor="end")
        yield (
            f'<rect class="{bar.side}" x="{LABELS}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>\n'
        )
        if bar is panel.bars[-1] and panel.aim is not None:
            x = LABELS + panel.aim / longest * BARS
            yield f'<line class="aim" x1="{x:.1f}" y1="{top - 4}" x2="{x:.1f}" y2="{top + BAR + 6}"/>\n'
            yield _text(max(x, LABELS + 110), top + BAR + 20, panel.aim_told, "small", "middle")
        yield _text(LABELS + width + 8, top + 14, bar.told)
        top += BAR + GAP


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    shown = f' class="{kind}"' if kind else ""
    return f'<text{shown} x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>\n'
