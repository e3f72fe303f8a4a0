"""HTML and SVG, put together so that no text can become mark-up. PURE."""

import re
from collections.abc import Iterable
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


def table(
    caption: str, heads: Iterable[str], rows: Iterable[Iterable[Child]], *, numbers: bool = True
) -> Html:
    """A table: the first cell of a row is its head, the others are numbers, unless it is told otherwise."""
    head = element("tr", *(element("th", one, scope="col") for one in heads))
    body = []
    for row in rows:
        first, *others = row
        cells = (element("td", one) for one in others)
        body.append(element("tr", element("th", first, scope="row"), *cells))
    drawn = element(
        "table",
        element("caption", caption),
        element("thead", head),
        element("tbody", *body),
        class_="numbers" if numbers else None,
    )
    return element("div", drawn, class_="wide", tabindex="0", role="region", aria_label=caption)


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
