"""HTML and SVG, put together so that no text can become mark-up. PURE."""

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

_NOT_SHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
EMPTY = frozenset({"meta", "br", "rect", "line", "circle", "path"})


class Html(str):
    """What is mark-up already; every other text is escaped where it is put in."""

    __slots__ = ()


Child = Html | str | None


def text(words: str) -> Html:
    """Words as they are; control characters, and those that turn the direction of writing, as codes."""
    return Html(escape(_NOT_SHOWN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", words)))


def joined(children: Iterable[Child]) -> Html:
    """One after the other."""
    return Html("".join(one if isinstance(one, Html) else text(one) for one in children if one is not None))


def element(name: str, /, *children: Child, **attributes: str | float | None) -> Html:
    """An element. `class_` is `class`, other underscores are hyphens; what is None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in EMPTY:
        return Html(f"<{name}{given}/>")
    return Html(f"<{name}{given}>{joined(children)}</{name}>")


def _number(value: str | float) -> str:
    """Two digits are enough for a drawing, and the same everywhere."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


Row = Sequence[Child]


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Row],
    *,
    words: Collection[int] = (),
    quiet: bool = False,
) -> Html:
    """A table: the first cell of a row is its head, the others are numbers, but for the columns of `words`.

    `quiet`: the caption is only heard, for a heading above says the same.
    """
    return grouped_table(caption, heads, [(None, list(rows))], words=words, quiet=quiet)


def grouped_table(
    caption: str,
    heads: Sequence[str],
    groups: Iterable[tuple[str | None, Sequence[Row]]],
    *,
    words: Collection[int] = (),
    quiet: bool = False,
) -> Html:
    """A table whose rows stand together in groups, each under a heading (if it has one)."""

    def kind(column: int) -> str:
        return "words" if column in words or not column else "number"

    head = (element("th", one, scope="col", class_=kind(column)) for column, one in enumerate(heads))
    bodies = []
    for heading, rows in groups:
        drawn = [
            element(
                "tr",
                element("th", row[0], scope="row", class_="words"),
                *(element("td", cell, class_=kind(column)) for column, cell in enumerate(row[1:], 1)),
            )
            for row in rows
        ]
        if heading is not None:
            above = element("th", heading, scope="rowgroup", colspan=len(heads), class_="group")
            drawn.insert(0, element("tr", above))
        bodies.append(element("tbody", *drawn))
    told = element("caption", caption, class_="heard" if quiet else None)
    whole = element("table", told, element("thead", element("tr", *head)), *bodies)
    return element("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def section(id_: str, title: str, means: str | None, *children: Child) -> Html:
    """A heading, the sentence that says what the numbers mean, and they."""
    told = element("p", means, class_="means") if means else None
    return element("section", element("h2", title, id=id_), told, *children, aria_labelledby=id_)


def figure(drawn: Html, *besides: Child) -> Html:
    """A chart with its legend."""
    return element("figure", *besides, drawn)


def nothing(sentence: str) -> Html:
    """What will stand there, and why there is nothing."""
    return element("p", sentence, class_="nothing")
