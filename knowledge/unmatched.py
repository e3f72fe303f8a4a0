"""The messages that belonged to no row, grouped by how often they came: what the tables may still lack."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge.concepts import Concepts
from knowledge.json_lines import json_lines
from knowledge.normalise import normalise
from knowledge.recognise import Recognition
from knowledge.redact import redacted

_NO_LETTER = re.compile(r"[\W_]+")
_COURTESY = re.compile(
    r"お世話になって(?:おり|い)ます|お疲れ様です|(?:どうぞ)?(?:よろしく|宜しく)?お願い(?:いた|致)?します|すみません(?:が)?"
    r"|please|thanks|thankyou"
)
_ENDING = re.compile(r"(?:です|ます|でした|ました)(?:が|けど|ね|よ)?$")


class Unmatched(BaseModel):
    """One message that was not diagnosed: `decision` is "none", or "vague" where candidates were shown."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    decision: Literal["none", "vague"] = "none"
    language: str = ""
    at: str = ""


class BadUnmatched(Exception):
    """A line that cannot be read; the sentence names it."""


@dataclass(frozen=True)
class Group:
    """Messages that say the same."""

    count: int
    shown: Unmatched
    """The latest."""


def read_unmatched(lines: Iterable[str]) -> Iterator[Unmatched]:
    """One message for each line `{"text", "decision", "language", "at"}`; redacted, whoever wrote the line.

    Raises BadUnmatched.
    """
    for _, one in json_lines(lines, Unmatched, BadUnmatched):
        yield one.model_copy(update={"text": redacted(one.text)})


def grouped(found: Iterable[Unmatched], concepts: Concepts) -> list[Group]:
    """The messages by what they say, the most frequent first; spelling, spaces, marks and courtesy aside."""
    groups: dict[tuple[str, str], list[Unmatched]] = {}
    for one in found:
        groups.setdefault((one.decision, _said(one.text, concepts)), []).append(one)
    every = [Group(len(alike), max(alike, key=lambda one: one.at)) for alike in groups.values()]
    every.sort(key=lambda group: group.shown.at, reverse=True)
    return sorted(every, key=lambda group: -group.count)


def _said(text: str, concepts: Concepts) -> str:
    plain = _NO_LETTER.sub("", normalise(text, concepts.spelling, concepts.katakana).text)
    return _ENDING.sub("", _COURTESY.sub("", plain)) or plain


def shown(groups: Iterable[Group], recognise: Callable[[str], Recognition]) -> Iterator[str]:
    """For people: how often, what was decided then, the day of the latest, the text; and what the tables say
    of it by now, where that is a row."""
    every = list(groups)
    of = {
        decision: sum(g.count for g in every if g.shown.decision == decision)
        for decision in ("none", "vague")
    }
    yield (
        f"{sum(of.values())} messages without a row, {len(every)} different: "
        f"{of['none']} not understood, {of['vague']} asked back."
    )
    for group in every:
        one = group.shown
        now = recognise(one.text)
        by_now = f"  (by now: {now.row})" if now.decision == "row" else ""
        yield f"{group.count:>5} × {one.decision:<5} {one.language:<2} {one.at[:10]:<10}  {one.text}{by_now}"
