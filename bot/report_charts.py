"""Figures -> SVG. PURE: small drawings of bars, columns and a line.

Across, everything is in percent of the width, so that the writing keeps its size on a phone and on paper;
up and down it is in pixels. A part is told by its pattern, its lightness and its number, not by colour alone.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.report_html import Html, element, joined

LINE = 18
NARROWEST = 340
"""Pixels: the width of a chart on a narrow phone. What has to fit, has to fit there."""

MOST_LABELS = 26
"""Beyond so many columns, numbers stand at none of them, only in the table."""


@dataclass(frozen=True)
class Part:
    """A piece of a bar: how it is drawn (1 to 5), and its name."""

    fill: int
    name: str


@dataclass(frozen=True)
class Bar:
    """A name and the sizes of the parts, in the order of the legend. `marks` stand above a column."""

    name: str
    sizes: tuple[int, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """What is drawn, in words: `title` names it, `told` says the essence to who does not see it."""

    id: str
    title: str
    told: str


def _svg(drawing: Drawing, height: float, *children: Html) -> Html:
    return element(
        "svg",
        element("title", drawing.title, id=f"{drawing.id}-title"),
        element("desc", drawing.told, id=f"{drawing.id}-desc"),
        *children,
        class_="chart",
        role="img",
        width="100%",
        height=height,
        aria_labelledby=f"{drawing.id}-title {drawing.id}-desc",
    )


def patterns() -> Html:
    """The fills, once a page; charts refer to them."""
    stripes = element("path", d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4", class_="ink")
    dots = joined(element("circle", cx=x, cy=y, r=1.1, class_="ink") for x, y in ((2, 2), (6, 6)))
    cross = element("path", d="M0,0 l8,8 M8,0 l-8,8", class_="ink")
    drawn = [
        element(
            "pattern",
            element("rect", width=8, height=8, class_=f"ground{number}"),
            ink,
            id=f"fill{number}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for number, ink in ((2, stripes), (3, dots), (4, cross))
    ]
    return element("svg", element("defs", *drawn), width=0, height=0, aria_hidden="true", class_="patterns")


def legend(parts: Sequence[Part]) -> Html:
    """Which fill is what."""
    items = []
    for part in parts:
        swatch = element(
            "svg", _piece("0", "0", "100%", "14", part.fill), width=22, height=14, aria_hidden="true"
        )
        items.append(element("li", swatch, " ", part.name))
    return element("ul", *items, class_="legend")


def _piece(x: str, y: str, width: str, height: str, fill: int) -> Html:
    return element("rect", x=x, y=y, width=width, height=height, class_=f"fill{fill}")


def bars(drawing: Drawing, parts: Sequence[Part], rows: Sequence[Bar], units: str) -> Html:
    """A bar for each row: its name above it, the number in each piece that is wide enough, the sum behind.

    `units` says how the sum is written, with {} for it."""
    most = max((sum(row.sizes) for row in rows), default=0) or 1
    step, thick, room = 46, 20, 82.0  # percent: the rest is for the sum
    drawn: list[Html] = []
    for number, row in enumerate(rows):
        top = number * step
        drawn.append(
            element("text", shortened(row.name, 2 * NARROWEST // 13), x="0", y=top + 15, class_="name")
        )
        left = 0.0
        for part, size in zip(parts, row.sizes, strict=True):
            width = room * size / most
            if size:
                drawn.append(_piece(_percent(left), str(top + 21), _percent(width), str(thick), part.fill))
                if width / 100 * NARROWEST > 9 * len(str(size)) + 4:
                    drawn.append(_number(size, _percent(left + width / 2), top + 36, part.fill))
            left += width
        total = units.replace("{}", str(sum(row.sizes)))
        drawn.append(element("text", total, x=_percent(left), dx=6, y=top + 36, class_="sum"))
    return _svg(drawing, max(len(rows) * step, 1), *drawn)


def _number(size: int, x: str, y: float, fill: int) -> Html:
    return element("text", str(size), x=x, y=y, text_anchor="middle", class_=f"on{fill}")


def columns(drawing: Drawing, parts: Sequence[Part], rows: Sequence[Bar], *, height: int = 190) -> Html:
    """A column for each row, the first part lowest, its sum above it, its name below; marks are flags."""
    top = 16 + LINE * max((len(row.marks) for row in rows), default=0)
    foot = top + height
    most = max((sum(row.sizes) for row in rows), default=0) or 1
    room = 100 / max(len(rows), 1)
    drawn = [element("line", x1="0", x2="100%", y1=foot, y2=foot, class_="axis")]
    written = len(rows) <= MOST_LABELS
    if not written:  # then a line tells how high the highest is
        drawn.append(element("line", x1="0", x2="100%", y1=top, y2=top, class_="grid"))
        drawn.append(element("text", str(most), x="0", y=top - 3, class_="scale"))
    for number, row in enumerate(rows):
        drawn += _column(row, parts, number * room, room, foot, height / most, written=written)
        drawn += _flags(row.marks, number * room, foot)
    return _svg(drawing, foot + 20, *drawn, *_names([row.name for row in rows], foot + 15))


def _column(
    row: Bar, parts: Sequence[Part], left: float, room: float, foot: float, scale: float, *, written: bool
) -> Iterator[Html]:
    middle, wide, level = _percent(left + room / 2), room * 0.72, foot
    is_told = not written
    for part, size in zip(parts, row.sizes, strict=True):
        if not size:
            continue
        high = size * scale
        level -= high
        place = {"x": _percent(left + room * 0.14), "width": _percent(wide)}
        yield element("rect", y=level, height=high, class_=f"fill{part.fill}", **place)
        if written and high >= 13 and wide / 100 * NARROWEST > 8 * len(str(size)):
            yield _number(size, middle, level + high / 2 + 4, part.fill)
            is_told = is_told or size == sum(row.sizes)
    if sum(row.sizes) and not is_told:
        total = str(sum(row.sizes))
        yield element("text", total, x=middle, y=level - 4, class_="sum", text_anchor="middle")


def _flags(marks: Sequence[str], left: float, foot: float) -> Iterator[Html]:
    if marks:
        yield element("line", x1=_percent(left), x2=_percent(left), y1=2, y2=foot, class_="mark")
    toward, anchor = (5, None) if left < 70 else (-5, "end")
    for number, mark in enumerate(marks):
        y = 12 + number * LINE
        yield element("text", mark, x=_percent(left), dx=toward, y=y, class_="marked", text_anchor=anchor)


def line(drawing: Drawing, names: Sequence[str], shares: Sequence[float | None], *, height: int = 90) -> Html:
    """Shares (0 to 1) as points joined by a line, each with its number; None is a gap."""
    room = 100 / max(len(names), 1)
    foot = height + 20
    drawn = [
        joined(
            (
                element("line", x1="0", x2="100%", y1=y, y2=y, class_="axis" if share == 0 else "grid"),
                element("text", f"{share:.0%}", x="0", y=y - 3, class_="scale"),
            )
        )
        for share in (0.0, 0.5, 1.0)
        for y in (foot - share * height,)
    ]
    last: tuple[float, float] | None = None
    for number, share in enumerate(shares):
        if share is None:
            last = None
            continue
        x, y = (number + 0.5) * room, foot - share * height
        if last:
            x1, y1 = last
            drawn.append(element("line", x1=_percent(x1), y1=y1, x2=_percent(x), y2=y, class_="join"))
        drawn.append(element("circle", cx=_percent(x), cy=y, r=4, class_="point"))
        if room / 100 * NARROWEST > 30:
            above = y - 8 if share < 0.9 else y + 17
            drawn.append(
                element("text", f"{share:.0%}", x=_percent(x), y=above, class_="sum", text_anchor="middle")
            )
        last = (x, y)
    return _svg(drawing, foot + 20, *drawn, *_names(names, foot + 15))


def _names(names: Sequence[str], y: float) -> Iterator[Html]:
    """Below the columns, as many as fit on a phone; the first and the last stay within the width."""
    room = 100 / max(len(names), 1)
    widest = max((width_of(name) for name in names), default=1) * 7 + 20
    every = max(1, -(-widest * len(names) // NARROWEST))
    for number, name in enumerate(names):
        if number % every == 0:
            middle, half = (number + 0.5) * room, 100 * width_of(name) * 3.5 / NARROWEST
            near = "0" if middle < half else "100%" if middle > 100 - half else None
            anchor = {"0": None, "100%": "end"}.get(near or "", "middle")
            yield element("text", name, x=near or _percent(middle), y=y, class_="name", text_anchor=anchor)


def width_of(words: str) -> int:
    """In halves of a full-width character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def shortened(words: str, most: int) -> str:
    """At most so many halves; what is cut ends with “…”."""
    if width_of(words) <= most:
        return words
    while width_of(words) > most - 1:
        words = words[:-1]
    return words + "…"


def _percent(share: float) -> str:
    return f"{share:.3f}".rstrip("0").rstrip(".") + "%"
