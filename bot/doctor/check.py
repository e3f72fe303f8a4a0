"""One check: its stable name, its title and the function that judges the facts; and what it found.

Pure: what is the case is told to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.doctor.facts import Facts

Level = Literal["ok", "note", "warning", "fault"]
LEVELS: tuple[Level, ...] = ("ok", "note", "warning", "fault")


class Said(NamedTuple):
    """The same in Japanese and in English."""

    ja: str
    en: str


NOTHING = Said("", "")


@dataclass(frozen=True)
class Result:
    """What a check found: `ok`, worth a `note`, a `warning`, or a `fault` with which something does not work.

    `about` names which of several things it is about, such as a setting.
    """

    level: Level
    detail: Said
    cure: Said = NOTHING
    about: str = ""


@dataclass(frozen=True)
class Check:
    """One check. What does not apply gives no result."""

    id: str
    """For monitoring: it stays the same."""
    title: Said
    look: Callable[[Facts], Iterable[Result]]


@dataclass(frozen=True)
class Found:
    """A result with the check that gave it."""

    id: str
    title: Said
    result: Result


def ok(ja: str, en: str, *, about: str = "") -> Result:
    """All is well."""
    return Result("ok", Said(ja, en), about=about)


def note(ja: str, en: str, cure: Said = NOTHING, *, about: str = "") -> Result:
    """Good to know; nothing has to be done."""
    return Result("note", Said(ja, en), cure, about)


def warning(ja: str, en: str, cure: Said, *, about: str = "") -> Result:
    """It works, but not as well or not for long."""
    return Result("warning", Said(ja, en), cure, about)


def fault(ja: str, en: str, cure: Said, *, about: str = "") -> Result:
    """It does not work."""
    return Result("fault", Said(ja, en), cure, about)
