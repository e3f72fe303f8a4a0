"""When the helpdesk is there, so that people know when to expect an answer. Pure: time is an argument."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    rf"(?P<first>{'|'.join(_DAYS)})(?:-(?P<last>{'|'.join(_DAYS)}))?\s+"
    r"(?P<begin>\d\d?:[0-5]\d)\s*-\s*(?P<end>\d\d?:[0-5]\d)"
)
_MIDNIGHT = 24 * 60


class BadHours(ValueError):
    """Hours or holidays that cannot be read; says what they should look like, not what they are."""


@dataclass(frozen=True)
class Expected:
    """Whether somebody is there now, and from when on: now, or the next opening, in the helpdesk's zone."""

    open_now: bool
    opens: datetime


@dataclass(frozen=True)
class _Span:
    """On these weekdays (0 is Monday) from `begin` to `end`, in minutes of the day."""

    days: frozenset[int]
    begin: int
    end: int


@dataclass(frozen=True)
class Hours:
    """The helpdesk's hours in its own time zone; on a holiday nobody is there."""

    spans: tuple[_Span, ...]
    zone: ZoneInfo
    holidays: frozenset[date]

    @classmethod
    def parse(cls, text: str, time_zone: str, holidays: Collection[date] = ()) -> "Hours":
        """Hours such as `mon-fri 09:00-18:00`, several with commas; 24:00 is the end of a day.

        `time_zone` is an IANA name. Raises BadHours.
        """
        spans = tuple(_span(piece) for piece in text.lower().split(","))
        return cls(spans, zone(time_zone), frozenset(holidays))

    def expected(self, at: datetime) -> Expected:
        """When somebody is there, seen from `at` (which has a time zone)."""
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = at.astimezone(UTC)  # two times of one zone would be compared by the clock on the wall
        for opens, closes in self._openings(self._date(at)):
            if closes > moment:
                now = opens <= moment
                return Expected(now, (moment if now else opens).astimezone(self.zone))
        raise AssertionError("a week without a holiday opens")

    def after(self, at: datetime, minutes: float) -> datetime:
        """When so many minutes have passed during which somebody was there."""
        left = timedelta(minutes=minutes)
        moment = at.astimezone(UTC)
        while True:
            expected = self.expected(moment)
            begin = moment if expected.open_now else expected.opens.astimezone(UTC)
            closes = next(closes for _, closes in self._openings(self._date(begin)) if closes > begin)
            if begin + left <= closes:
                return begin + left
            left -= closes - begin
            moment = closes

    def next_day(self, at: datetime) -> datetime:
        """When somebody is there for the first time on a later day."""
        day = self._date(at) + timedelta(days=1)
        return next(opens for opens, _ in self._openings(day))

    def before(self, at: datetime, minutes: float) -> datetime:
        """The last moment after which somebody was there for so many minutes, or since it opened, before
        `at`."""
        moment = at.astimezone(UTC)
        day = self._date(at)
        while True:
            found = None
            for opens, closes in self._openings(day):
                if opens >= moment:
                    break
                found = max(opens, min(closes, moment) - timedelta(minutes=minutes))
            if found:
                return found
            day -= timedelta(days=1)

    def _date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """From `day` on when it opens and closes, in order; hours that a clock change skips are not there."""
        for _ in range(7 * (2 * len(self.holidays) + 3)):
            if day not in self.holidays:
                for span in sorted(self.spans, key=lambda span: span.begin):
                    if day.weekday() in span.days:
                        opens, closes = self._moment(day, span.begin), self._moment(day, span.end)
                        if opens < closes:
                            yield opens, closes
            day += timedelta(days=1)

    def _moment(self, day: date, minutes: int) -> datetime:
        if minutes == _MIDNIGHT:
            day, minutes = day + timedelta(days=1), 0
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises BadHours."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # zoneinfo tells an unknown name in three ways
        raise BadHours("the time zone is no IANA name such as Asia/Tokyo") from error


def _span(text: str) -> _Span:
    found = _SPAN.fullmatch(text.strip())
    begin, end = (_minutes(found[name]) for name in ("begin", "end")) if found else (0, 0)
    if not found or not begin < end <= _MIDNIGHT:
        raise BadHours("hours look like mon-fri 09:00-18:00, several with commas")
    first = _DAYS.index(found["first"])
    last = _DAYS.index(found["last"] or found["first"])
    # sat-tue goes over the end of the week.
    days = frozenset(day % 7 for day in range(first, (last if last >= first else last + 7) + 1))
    return _Span(days, begin, end)


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def read_holidays(text: str) -> frozenset[date]:
    """Dates such as 2026-11-23, one a line; what follows a # is a remark. Raises BadHours with the line."""
    found = set()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        day = line.partition("#")[0].strip()
        if day:
            try:
                found.add(date.fromisoformat(day))
            except ValueError as error:
                raise BadHours(f"line {number} is no date such as 2026-11-23") from error
    return frozenset(found)
