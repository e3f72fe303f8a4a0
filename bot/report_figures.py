"""What the outcomes of a period add up to. PURE: outcomes go in, figures come out, no words.

Every case counts once, in the period in which it ended. The greeting's examples are nobody's trouble and do
not count.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from bot.outcome import Outcome
from bot.report_period import Period, Week
from knowledge.book import Book

End = Literal["alone", "desk", "incident", "silent"]
"""Solved without a person; given to the helpdesk, however it ended there; with an incident; or nobody
answered, so that it is unknown."""

ENDS: tuple[End, ...] = ("alone", "desk", "incident", "silent")

ENOUGH = 5
"""So many make a percentage, and so many offers without one success are worth a look."""

RowOf = str | None
Key = TypeVar("Key")


def end_of(outcome: Outcome) -> End:
    """Where a case ended."""
    if outcome.how == "incident":
        return "incident"
    if outcome.how == "desk" or outcome.handed:
        return "desk"
    return "silent" if outcome.how == "unknown" else "alone"


def median(values: Iterable[float]) -> float | None:
    """The middle one, or between the two in the middle; None of nothing."""
    every = sorted(values)
    if not every:
        return None
    half = len(every) // 2
    return every[half] if len(every) % 2 else (every[half - 1] + every[half]) / 2


@dataclass(frozen=True)
class Totals:
    """Some cases together. `questions` and `minutes` (first word to the end, where the end is known) are
    medians; `good` and `bad` are what people said of the end, `file_good`, `file_bad` of a checked file."""

    cases: int
    ends: Mapping[End, int]
    questions: float | None
    minutes: float | None
    good: int
    bad: int
    file_good: int
    file_bad: int

    @property
    def alone(self) -> int:
        return self.ends["alone"]

    @property
    def rated(self) -> int:
        return self.good + self.bad


def totals(outcomes: Collection[Outcome]) -> Totals:
    ends = Counter(map(end_of, outcomes))
    rated = Counter(one.feedback for one in outcomes)
    files = Counter(one.file_feedback for one in outcomes)
    return Totals(
        cases=len(outcomes),
        ends={end: ends[end] for end in ENDS},
        questions=median(one.questions for one in outcomes),
        minutes=median(one.minutes for one in outcomes if one.how != "unknown"),
        good=rated["good"],
        bad=rated["bad"],
        file_good=files["good"],
        file_bad=files["bad"],
    )


@dataclass(frozen=True)
class OfWeek:
    """A week's cases by row, and how many ended where. `new_tables`: the first case with other tables is in
    it, with the version and its day."""

    week: Week
    totals: Totals
    rows: Mapping[RowOf, int]
    new_tables: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True)
class Tries:
    """What became of a remedy in the cases in which it was advised, by what was told of it last. `otherwise`
    is an answer of its own (it is not in the list, it was received), `could_not` counts by reason, `by_desk`
    (counted under another head, too) are those that the helpdesk closed with it."""

    offered: int
    helped: int
    did_not: int
    otherwise: int
    could_not: Mapping[str, int]
    untold: int
    by_desk: int

    @property
    def stopped(self) -> int:
        return sum(self.could_not.values())

    @property
    def never_helped(self) -> bool:
        return self.offered >= ENOUGH and not self.helped and not self.by_desk


@dataclass(frozen=True)
class Cure:
    """What the helpdesk said had cured cases of a row; `remedy` None: something else, or nobody knows.
    `offered`: the tables offer it for this row; `shown` is how many of the people had been advised it."""

    row: RowOf
    remedy: str | None
    cases: int
    shown: int
    offered: bool


@dataclass(frozen=True)
class AtDesk:
    """The cases of a row that the helpdesk had. The medians are in minutes, nights and holidays included."""

    row: RowOf
    cases: int
    closed: int
    themselves: int
    until_taken: float | None
    at_desk: float | None


@dataclass(frozen=True)
class Figures:
    """All that stands in the report about cases."""

    period: Period
    current: Totals
    before: Totals
    examples: int
    weeks: tuple[OfWeek, ...]
    rows: Mapping[RowOf, Totals]
    remedies: Mapping[str, Tries]
    by_row: Mapping[tuple[RowOf, str], Tries]
    desk: tuple[AtDesk, ...]
    cures: tuple[Cure, ...]
    tables: tuple[tuple[str, datetime, int], ...]
    """The versions of the tables, the first case that ended with each, and how many did."""


Offers = Callable[[str], Collection[str]]
"""Which remedies the tables offer for a row."""


def offers_of(book: Book) -> Offers:
    """What these tables offer."""
    return lambda row: {case.do for case in book.errors[row].case} if row in book.errors else set()


def figures(outcomes: Sequence[Outcome], period: Period, offers: Offers) -> Figures:
    """`outcomes` are those of the period and of the one before, in order of their end; others do no harm."""
    real = [one for one in outcomes if one.recognised_by != "example"]
    before = period.before()
    now = [one for one in real if period.holds(one.ended)]
    rows = _by(now, lambda one: one.row)
    return Figures(
        period=period,
        current=totals(now),
        before=totals([one for one in real if before.holds(one.ended)]),
        examples=sum(period.holds(one.ended) for one in outcomes) - len(now),
        weeks=_weeks(now, real, period),
        rows={row: totals(rows[row]) for row in _most(rows)},
        remedies=_tries(now, lambda one, remedy: remedy),
        by_row=_tries(now, lambda one, remedy: (one.row, remedy)),
        desk=_desk(now),
        cures=_cures(now, offers),
        tables=_tables(now),
    )


def _by(outcomes: Iterable[Outcome], key: Callable[[Outcome], Key]) -> dict[Key, list[Outcome]]:
    found: dict[Key, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(key(one), []).append(one)
    return found


def _most(groups: Mapping[Key, Collection[object]]) -> list[Key]:
    """The largest first, then by name."""
    return sorted(groups, key=lambda key: (-len(groups[key]), str(key)))


def _weeks(now: Sequence[Outcome], every: Sequence[Outcome], period: Period) -> tuple[OfWeek, ...]:
    first = {version: ended for version, ended, _ in _tables(every)}
    oldest = min(first.values(), default=None)
    changes = [(version, ended) for version, ended in first.items() if ended != oldest]
    found = []
    for week in period.weeks():
        ended = [one for one in now if week.begin <= one.ended < week.end]
        rows = Counter(one.row for one in ended)
        new = tuple(one for one in changes if week.begin <= one[1] < week.end)
        found.append(OfWeek(week, totals(ended), rows, new))
    return tuple(found)


def _tables(outcomes: Iterable[Outcome]) -> tuple[tuple[str, datetime, int], ...]:
    versions = _by(outcomes, lambda one: one.tables)
    every = ((version, min(one.ended for one in of), len(of)) for version, of in versions.items())
    return tuple(sorted(every, key=lambda one: (one[1], one[0])))


def _tries(outcomes: Iterable[Outcome], key: Callable[[Outcome, str], Key]) -> dict[Key, Tries]:
    told: dict[Key, Counter[str]] = {}
    for one in outcomes:
        for remedy in one.shown:
            counted = told.setdefault(key(one, remedy), Counter())
            counted[_told(one, remedy)] += 1
            counted["by_desk"] += one.how in ("desk", "incident") and one.remedy == remedy
    found = {}
    for name, counted in told.items():
        reasons = {
            what.removeprefix("could_not:"): number
            for what, number in sorted(counted.items())
            if what.startswith("could_not:")
        }
        found[name] = Tries(
            offered=sum(counted.values()) - counted["by_desk"],
            helped=counted["helped"],
            did_not=counted["did_not"],
            otherwise=counted["otherwise"],
            could_not=reasons,
            untold=counted["untold"],
            by_desk=counted["by_desk"],
        )
    return dict(sorted(found.items(), key=lambda one: (-one[1].offered, str(one[0]))))


def _told(outcome: Outcome, remedy: str) -> str:
    if outcome.how in ("remedy", "alone") and outcome.remedy == remedy:
        return "helped"
    of_it = [one for one in outcome.tried if one.remedy == remedy]
    if not of_it:
        return "untold"
    match of_it[-1].outcome:
        case "could_not":
            return f"could_not:{of_it[-1].reason or 'other'}"
        case "not_solved" | "solved":  # it was there again after all
            return "did_not"
        case _:
            return "otherwise"


def _desk(outcomes: Iterable[Outcome]) -> tuple[AtDesk, ...]:
    rows = _by((one for one in outcomes if end_of(one) == "desk"), lambda one: one.row)
    return tuple(
        AtDesk(
            row=row,
            cases=len(rows[row]),
            closed=sum(one.how == "desk" for one in rows[row]),
            themselves=sum(one.how in ("remedy", "alone") for one in rows[row]),
            until_taken=median(
                one.minutes_until_taken for one in rows[row] if one.minutes_until_taken is not None
            ),
            at_desk=median(one.minutes_at_desk for one in rows[row] if one.minutes_at_desk is not None),
        )
        for row in _most(rows)
    )


def _cures(outcomes: Iterable[Outcome], offers: Offers) -> tuple[Cure, ...]:
    closed = _by((one for one in outcomes if one.how == "desk"), lambda one: (one.row, one.remedy))
    return tuple(
        Cure(
            row=row,
            remedy=remedy,
            cases=len(closed[row, remedy]),
            shown=sum(remedy in one.shown for one in closed[row, remedy]),
            offered=row is not None and remedy in offers(row),
        )
        for row, remedy in _most(closed)
    )
