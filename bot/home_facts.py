"""What stands on somebody's Home tab, as the tables know it, and how much of it. PURE."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation import Phase
from bot.notice import Notice, Told
from bot.pause import Pause
from bot.watching import Watch

# How much of each list is shown; what is more is counted.
OWN_OPEN = 10
OWN_CLOSED = 3
HANDED_OVER = 25
INCIDENTS = 5
ROWS = 10
WATCHED = 10


@dataclass(frozen=True)
class Case:
    """A case of the person who looks. `link` leads to its thread."""

    case: str
    row: str | None
    phase: Phase
    touched: datetime
    link: str | None = None
    is_unknown: bool = False
    """It was closed because nobody answered."""


@dataclass(frozen=True)
class HandedOver:
    """A case that is at the helpdesk since then; `taken_by` is the name of who has it. If somebody had it and
    nobody does now, then since `free_since`. `link` leads to its card."""

    case: str
    row: str | None
    person: str
    name: str = field(repr=False)
    since: datetime
    urgent: bool = False
    link: str | None = None
    taken_by: str = ""
    free_since: datetime | None = None


@dataclass(frozen=True)
class OpenIncident:
    """An incident that is open; `link` leads to its card."""

    name: str
    row: str
    server: str | None
    people: int
    since: datetime
    link: str | None = None


@dataclass(frozen=True)
class Week:
    """What came in during the last `days`: how often which error, how it went, and the messages that no row
    fitted."""

    days: int
    rows: tuple[tuple[str | None, int], ...] = ()
    alone: int = 0
    handed_over: int = 0
    unmatched: int = 0

    @property
    def cases(self) -> int:
        """How many came in."""
        return sum(count for _, count in self.rows)


@dataclass(frozen=True)
class OfTheDesk:
    """What a member of the helpdesk sees beside their own; `count` is how many wait in all. An incident
    stands there once, not its cases."""

    waiting: tuple[HandedOver, ...]
    count: int
    week: Week
    incidents: tuple[OpenIncident, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What is on somebody's Home tab; the counts are those of all, also of what is not in the lists.

    `notices` are those that are up, for the helpdesk also those that are planned; `told` is what came of what
    the person just did with one.
    """

    open: tuple[Case, ...] = ()
    open_count: int = 0
    closed: tuple[Case, ...] = ()
    desk: OfTheDesk | None = None
    watches: tuple[Watch, ...] = ()
    notices: tuple[Notice, ...] = ()
    told: Told | None = None
    pause: Pause | None = None
