"""The words of the report: names, shares, times and days, in one language. PURE."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.report_figures import ENOUGH
from bot.talk import WEEKDAYS
from knowledge.book import Book
from knowledge.rows import Language

NOTHING = "–"
_TOGETHER = "\u00a0"  # a day is not broken at the end of a line


@dataclass(frozen=True)
class Wording:
    """Says things by the tables, in this language and time zone."""

    book: Book
    language: Language
    zone: ZoneInfo

    def say(self, name: str, **values: str) -> str:
        """A phrase of the report."""
        return self.book.say(name, self.language, **values)

    def row(self, row: str | None) -> str:
        """An error's title; of one that the tables no longer have, its id."""
        if row is None:
            return self.say("report_no_row")
        if row in self.book.errors:
            return self.book.errors[row].title[self.language]
        return self.say("report_gone", value=row)

    def remedy(self, remedy: str | None) -> str:
        """A remedy's title; None: something else, or nobody knows."""
        if remedy is None:
            return self.say("report_cure_other")
        if remedy not in self.book.remedies:
            return self.say("report_gone", value=remedy)
        title = self.book.remedies[remedy].title
        open_ones = {blank: "…" for blank in title.blanks(self.language) if not blank.startswith("menu.")}
        return self.book.step(
            title, "classic", self.language, {**open_ones, **self.book.company_values(self.language)}
        )

    def reason(self, reason: str) -> str:
        """Why somebody could not do it, as the button said."""
        name = f"button_{reason}"
        return self.book.say(name, self.language) if name in self.book.phrases else reason

    def count(self, count: int) -> str:
        return self.say("report_cases_count", count=f"{count:,}")

    def share(self, part: int, whole: int) -> str:
        """How much of it: in percent, but of few as they are."""
        if not whole:
            return NOTHING
        told = self.say("report_of", value=f"{part:,}", count=f"{whole:,}")
        if whole < ENOUGH:
            return told
        return self.say("report_percent", value=percent(part, whole), detail=told)

    def rate(self, part: int, whole: int) -> str:
        """The same where the whole stands beside it."""
        if whole < ENOUGH:
            return self.share(part, whole)
        return f"{percent(part, whole)}%"

    def number(self, value: float | None) -> str:
        """A median: whole, or with a half."""
        return NOTHING if value is None else f"{value:.1f}".removesuffix(".0")

    def time(self, minutes: float | None) -> str:
        """So long; in the two largest units."""
        if minutes is None:
            return NOTHING
        whole = max(round(minutes), 0)
        if whole < 60:
            return self.say("report_minutes", count=str(whole))
        if whole < 24 * 60:
            return self.say("report_hours", count=str(whole // 60), minutes=str(whole % 60))
        hours = round(whole / 60)
        return self.say("report_days", days=str(hours // 24), count=str(hours % 24))

    def day(self, day: date) -> str:
        """2026/11/24（火） / Tue 24 Nov 2026."""
        if self.language == "ja":
            return f"{day.year}/{day.month}/{day.day}（{WEEKDAYS[day.weekday()]}）"
        return f"{day:%a}{_TOGETHER}{day.day}{_TOGETHER}{day:%b}{_TOGETHER}{day.year}"

    def short(self, day: date, *, year: bool = False) -> str:
        """11/24 / 24 Nov; if it is asked for, with the year."""
        if year:
            return f"{day.year}/{day.month}/{day.day}" if self.language == "ja" else self.day(day)[4:]
        return f"{day.month}/{day.day}" if self.language == "ja" else f"{day.day}{_TOGETHER}{day:%b}"

    def day_of(self, at: datetime) -> str:
        return self.day(at.astimezone(self.zone).date())

    def moment(self, at: datetime) -> str:
        return f"{self.day_of(at)}{_TOGETHER}{at.astimezone(self.zone):%H:%M}"

    def days(self, first: date, last: date) -> str:
        if first == last:
            return self.day(first)
        return self.say("report_from_to", value=self.day(first), detail=self.day(last))


def percent(part: int, whole: int) -> str:
    """Rounded, but 0 and 100 only where it is none and all."""
    rounded = round(100 * part / whole)
    if 0 < part < whole:
        rounded = min(max(rounded, 1), 99)
    return str(rounded)
