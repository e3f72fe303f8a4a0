"""Texts as Slack takes them: apart at emphasis and links, cut, made visible, escaped. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot import limits
from bot.limits import units

_BOLD = re.compile(r"\*(?=\S)([^*\n]+)(?<=\S)\*")
_LINK = re.compile(r"(https://[A-Za-z0-9](?:[A-Za-z0-9._~:/?#!$&'()+,;=%-]*[A-Za-z0-9/_=~-])?)")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BROADCAST = re.compile(r"@(?=here|channel|everyone|group)")

MARKS = 4
"""At most so many characters make one that is shown: a letter between two marks, and one to spare."""


@dataclass(frozen=True)
class Run:
    """A stretch of text with one appearance."""

    text: str
    bold: bool = False
    link: bool = False


def runs_of(text: str, longest: int) -> list[Run]:
    """The text taken apart at its emphasis and its links, without their marks; cut at `longest` units."""
    text = text[: MARKS * longest]
    found = []
    for number, stretch in enumerate(_BOLD.split(text)):
        for place, piece in enumerate(_LINK.split(stretch)):
            if piece:
                found.append(Run(piece, bold=number % 2 == 1, link=place % 2 == 1))
    if len(found) > limits.ELEMENTS // 2:  # more marks than anybody writes
        found = [Run(text)]
    return list(_cut(found, longest))


def _cut(runs: Iterable[Run], longest: int) -> Iterator[Run]:
    left = longest
    for run in runs:
        text = run.text if run.link else shown(run.text)
        if units(text) <= left:
            left -= units(text)
            yield Run(text, run.bold, run.link)
        else:  # half an address leads elsewhere: a link goes as a whole
            yield Run(short("" if run.link else text + "…", left) or "…", run.bold)
            return


def short(text: str, longest: int) -> str:
    """The text, or its beginning and “…”, in at most `longest` UTF-16 units."""
    if units(text) <= longest:
        return text
    return text.encode("utf-16-le")[: max(2 * (longest - 1), 0)].decode("utf-16-le", "ignore") + "…"


def visible(text: str) -> str:
    """Control characters, lone surrogates and what turns the direction of writing, as codes."""
    text = text.replace("\t", " ").replace("\r\n", "\n")
    return _CONTROL.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def shown(text: str) -> str:
    """The text where Slack looks for no mark-up. Addresses that `quote` broke up can be copied again."""
    return visible(text).replace("<", "＜").replace("@\u2060", "@")


def as_mrkdwn(run: Run) -> str:
    """The stretch with mrkdwn's own marks, escaped."""
    if run.link:
        return f"<{escape(run.text)}>"
    # The zero-width spaces are the blanks that mrkdwn wants around its marks.
    return f"\u200b*{escape(run.text)}*\u200b" if run.bold else escape(run.text)


def escape(text: str) -> str:
    """The text where Slack looks for mark-up: no mention, no link, no broadcast."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST.sub("@\u2060", escaped)


def escaped_within(text: str, most: int) -> str:
    """The text escaped, or as much of its beginning as fits into `most` bytes with “…”."""
    escaped = escape(text)
    if len(escaped.encode()) <= most:
        return escaped
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if len(escape(text[:middle] + "…").encode()) <= most:
            low = middle
        else:
            high = middle - 1
    return escape(text[:low] + "…")


def without_marks(text: str) -> str:
    """The text without the marks of its emphasis."""
    return _BOLD.sub(r"\1", text)
