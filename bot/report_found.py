"""All that a report is made of, as it was found in the database. PURE."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.report_figures import Figures, RowOf
from bot.watching import Watch

MOST_TEXTS = 20
WITHIN = (30, 60, 90)
"""Days: the certificates that end within the first, then until the next."""


@dataclass(frozen=True)
class Text:
    """What several people wrote that fitted no error, redacted. `decision` is "none" or "vague"; `by_now` is
    the error that it would be by the tables of today."""

    text: str
    count: int
    decision: str
    last: datetime
    by_now: RowOf


@dataclass(frozen=True)
class Texts:
    """The texts of a period: how many, how many different ones, and the most frequent."""

    count: int
    different: int
    shown: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Incident:
    """One that began in the period; `server` is None if it is not known, or not told."""

    number: int
    row: str
    server: str | None
    began: datetime
    closed: datetime | None
    people: int
    remedy: str | None

    @property
    def minutes(self) -> float | None:
        """How long it took; None while it is open."""
        return (self.closed - self.began) / timedelta(minutes=1) if self.closed else None


@dataclass(frozen=True)
class OwnWords:
    """A cure in the helpdesk's own words, redacted."""

    row: RowOf
    words: str
    at: datetime


@dataclass(frozen=True)
class Found:
    """What was found. `has_texts`: what people wrote may be shown."""

    figures: Figures
    texts: Texts
    incidents: tuple[Incident, ...]
    watched: tuple[Watch, ...]
    own_words: tuple[OwnWords, ...]
    has_texts: bool
    retention_days: int
    kept_days: int
    tables: str
    """The version of the tables now."""
    made: datetime


def ending(watched: Sequence[Watch], now: datetime) -> tuple[tuple[Watch, ...], ...]:
    """The certificates by how soon they end: for each of WITHIN those that end by then, and not sooner."""
    limits = (0, *WITHIN)
    alive = [one for one in watched if one.state != "ended"]
    return tuple(
        tuple(one for one in alive if timedelta(days=after) < one.not_after - now <= timedelta(days=within))
        for after, within in zip(limits, WITHIN, strict=False)
    )


def owners(groups: Sequence[Sequence[Watch]]) -> list[tuple[str, tuple[int, ...], datetime]]:
    """Of each owner: how many certificates of each group, and when the first ends; the soonest first."""
    counted: dict[str, Counter[int]] = {}
    first: dict[str, datetime] = {}
    for number, group in enumerate(groups):
        for one in group:
            counted.setdefault(one.person, Counter())[number] += 1
            first[one.person] = min(one.not_after, first.get(one.person, one.not_after))
    found = [
        (person, tuple(of[number] for number in range(len(groups))), first[person])
        for person, of in counted.items()
    ]
    return sorted(found, key=lambda one: (one[2], one[0]))
