"""Which days a report is about: those of the company's time zone, in weeks that begin on Monday. PURE."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS = 3660

_LAST = re.compile(r"(\d{1,4})\s*([dw])", re.IGNORECASE)


class BadReport(Exception):
    """A report that cannot be made as it was asked for; the sentence says what to write instead."""


@dataclass(frozen=True)
class Week:
    """The part of a week that is in the period: from `begin` on and before `end`; `monday` names it."""

    monday: date
    begin: datetime
    end: datetime
    days: int


@dataclass(frozen=True)
class Period:
    """Whole days, `first` to `last`, in a zone; `made` is where it is broken off, if that is earlier."""

    first: date
    last: date
    zone: ZoneInfo
    made: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begin(self) -> datetime:
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment that is no longer in it."""
        return midnight(self.last + timedelta(days=1), self.zone)

    @property
    def is_over(self) -> bool:
        return self.end <= self.made

    def holds(self, at: datetime) -> bool:
        return self.begin <= at < self.end

    def before(self) -> "Period":
        """As many days that end where this one begins."""
        last = self.first - timedelta(days=1)
        return Period(last - timedelta(days=self.days - 1), last, self.zone, self.made)

    def day(self, at: datetime) -> date:
        """Which day a moment is in this zone."""
        return at.astimezone(self.zone).date()

    def weeks(self) -> tuple[Week, ...]:
        """The weeks that have a day in it; the first and the last may be parts."""
        return tuple(self._weeks())

    def _weeks(self) -> Iterator[Week]:
        first = self.first
        while first <= self.last:
            monday = monday_of(first)
            last = min(monday + timedelta(days=6), self.last)
            following = last + timedelta(days=1)
            yield Week(
                monday, midnight(first, self.zone), midnight(following, self.zone), (following - first).days
            )
            first = following


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When this day begins there. In UTC: two times of one zone are compared by the clock on the wall."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period(since: str, until: str | None, now: datetime, zone: ZoneInfo) -> Period:
    """From words such as `30d`, `12w` or `2026-11-01`, and the last day. Raises BadReport."""
    today = now.astimezone(zone).date()
    last = _date(until, "--until") if until else today
    if found := _LAST.fullmatch(since.strip()):
        days = int(found[1]) * (7 if found[2].lower() == "w" else 1)
        if not 1 <= days <= MOST_DAYS:
            raise BadReport(
                f"--since は 1 日から {MOST_DAYS} 日までで指定してください。\n"
                f"--since goes from 1 day to {MOST_DAYS} days."
            )
        if last.toordinal() - days < MOST_DAYS:  # the one before has to be there, too
            raise _backwards()
        return Period(last - timedelta(days=days - 1), last, zone, now)
    first = _date(since, "--since")
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS) or first > today:
        raise _backwards()
    return Period(first, last, zone, now)


def _date(words: str, where: str) -> date:
    try:
        day = date.fromisoformat(words.strip())
    except ValueError:
        told = "30d、12w、2026-11-01 のように" if where == "--since" else "2026-11-01 のように"
        shown = "like 30d, 12w or 2026-11-01" if where == "--since" else "like 2026-11-01"
        raise BadReport(f"{where} は {told}書いてください。\nWrite {where} {shown}.") from None
    if not 1980 <= day.year <= 9000:
        raise _backwards()
    return day


def _backwards() -> BadReport:
    return BadReport(
        "--since は今日まで、--until はそれ以降の日にしてください。\n"
        "--since must not lie after today, nor --until before it."
    )
