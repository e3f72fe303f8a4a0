"""When people are reminded that a certificate runs out, which are watched, and what is kept of them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import watches
from bot.conversation import Conversation
from bot.evidence import learned
from bot.knowing import told
from bot.looked import Inspected
from bot.replies import Message, Steps
from bot.watch_words import Saying, Whom, offer
from bot.watching import DAYS_BEFORE, Watch, days_left, next_reminder, snoozed, watchable
from checks.report import Certificate, inspect
from knowledge.book import Book
from knowledge.hours import Hours, read_holidays
from knowledge.rows import LANGUAGES, Language
from tests.certificates import ADDRESS, AT, DAY, SERVER, authority, person, server, trusting

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
OFFICE = Hours.parse("mon-fri 09:00-18:00", "Asia/Tokyo")


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def reminders(not_after: datetime, after: datetime, hours: Hours = OFFICE) -> list[datetime]:
    """All that follow, as if each was said in time."""
    found: list[datetime] = []
    while due := next_reminder(not_after, found[-1] if found else after, hours):
        found.append(due)
    return found


# When


def test_people_are_reminded_thirty_seven_and_one_day_before() -> None:
    end = tokyo("2027-03-05 12:00")  # a Friday
    assert reminders(end, tokyo("2026-11-24 10:00")) == [
        tokyo("2027-02-03 12:00"),
        tokyo("2027-02-26 12:00"),
        tokyo("2027-03-04 12:00"),
    ]


def test_a_reminder_of_a_weekend_or_the_evening_is_said_when_the_helpdesk_is_there_again() -> None:
    end = tokyo("2027-03-09 23:59")  # a Tuesday: 30 days before is a Sunday
    assert reminders(end, tokyo("2026-11-24 10:00")) == [
        tokyo("2027-02-08 09:00"),
        tokyo("2027-03-03 09:00"),
        tokyo("2027-03-08 17:00"),
    ]


def test_on_holidays_nobody_is_reminded() -> None:
    closed = read_holidays("2027-02-08\n2027-02-09")
    hours = Hours.parse("mon-fri 09:00-18:00", "Asia/Tokyo", closed)
    assert next_reminder(tokyo("2027-03-09 23:59"), AT, hours) == tokyo("2027-02-10 09:00")


@pytest.mark.parametrize(
    "end",
    ["2027-03-07 12:00", "2027-03-08 08:00", "2027-03-08 09:00", "2027-03-06 00:00"],  # Saturday to Monday
)
def test_the_last_reminder_is_never_after_the_end(end: str) -> None:
    last = reminders(tokyo(end), AT)[-1]
    assert last in (tokyo("2027-03-05 17:00"), tokyo("2027-03-05 09:00"))
    assert last < tokyo(end)


@pytest.mark.parametrize(
    ("end", "ahead"),
    [
        ("2027-03-08 12:00", "2027-03-05 17:00"),  # a Monday: on the day before nobody is there
        ("2027-03-09 23:59", "2027-03-08 17:00"),
    ],
)
def test_the_last_reminder_comes_before_the_day_of_the_end(end: str, ahead: str) -> None:
    assert reminders(tokyo(end), AT)[-1] == tokyo(ahead)
    late = tokyo(ahead) + timedelta(hours=1)  # who asks for it when everybody has gone
    assert reminders(tokyo(end), late) == [tokyo(end).replace(hour=9, minute=0)]


def test_a_long_holiday_before_the_end_brings_all_reminders_before_it() -> None:
    closed = read_holidays("\n".join(f"2027-05-{day:02}" for day in range(1, 11)))
    hours = Hours.parse("mon-fri 09:00-18:00", "Asia/Tokyo", closed)
    assert reminders(tokyo("2027-05-10 12:00"), tokyo("2027-04-20 09:00"), hours) == [
        tokyo("2027-04-30 17:00")  # seven days and one day before: said once
    ]


def test_with_twenty_nine_days_left_the_next_ones_are_said() -> None:
    end = tokyo("2027-03-05 12:00")
    assert len(reminders(end, end - timedelta(days=29))) == 2


def test_with_twelve_hours_left_there_is_no_reminder() -> None:
    end = tokyo("2027-03-05 12:00")
    assert reminders(end, end - timedelta(hours=12)) == []


@pytest.mark.parametrize("hour", range(0, 24, 5))
@pytest.mark.parametrize("days", range(0, 25, 2))
def test_every_reminder_is_in_working_hours_also_where_the_clocks_change(days: int, hour: int) -> None:
    hours = Hours.parse("mon-fri 09:00-17:00", "America/New_York")
    end = datetime(2027, 3, 10, hour, tzinfo=NEW_YORK) + timedelta(days=days)  # they change on the 14th
    found = reminders(end, AT, hours)
    assert 2 <= len(found) <= len(DAYS_BEFORE)
    for due in found:
        here = due.astimezone(NEW_YORK)
        assert here.weekday() < 5
        assert 9 <= here.hour <= 17
        assert due < end


def test_who_wants_to_hear_of_it_later_does_so_in_working_hours() -> None:
    end = tokyo("2027-03-05 12:00")
    assert snoozed(end, tokyo("2027-02-03 12:00"), 7, OFFICE) == tokyo("2027-02-10 12:00")
    assert snoozed(end, tokyo("2027-02-26 12:00"), 1, OFFICE) == tokyo("2027-03-01 09:00")


def test_nobody_puts_a_reminder_off_beyond_the_end() -> None:
    end = tokyo("2027-03-08 12:00")  # a Monday
    assert snoozed(end, tokyo("2027-03-02 12:00"), 7, OFFICE) == tokyo("2027-03-08 11:00")
    assert snoozed(tokyo("2027-03-06 12:00"), tokyo("2027-03-05 17:30"), 1, OFFICE) is None


def test_days_left_are_those_of_the_persons_calendar() -> None:
    end = tokyo("2027-03-05 00:30")
    now = tokyo("2027-03-04 23:30")
    assert days_left(end, now, "Asia/Tokyo") == 1
    assert days_left(end, now, "UTC") == 0
    assert days_left(end, end, "Asia/Tokyo") == -1


# Which


ROOT = authority()
GOOD = person(ROOT)


def of_file(data: bytes, book: Book, *, whose: str | None = None, **more: Any) -> Conversation:
    """A conversation in which this file was checked."""
    blank = Conversation(number=1001, person="U0SATO00001", began=AT, touched=AT)
    if whose:
        blank = told(blank, book, {"whose": whose}, "answer")
    report = inspect(data, at=AT, trust=trusting(ROOT), **more)
    return learned(blank, book, Inspected("a.cer", report))


def test_a_good_certificate_of_ones_own_or_of_a_server_is_offered_to_be_watched(book: Book) -> None:
    assert offer(of_file(GOOD.der, book), book, AT)
    assert offer(of_file(server(ROOT, SERVER).der, book, server=SERVER), book, AT)


@pytest.mark.parametrize("whose", ["recipient", "sender"])
def test_somebody_elses_certificate_is_not(book: Book, whose: str) -> None:
    assert offer(of_file(GOOD.der, book, whose=whose), book, AT) == ()


def test_what_cannot_be_used_or_ends_within_two_days_is_not(book: Book) -> None:
    assert watchable(of_file(person(ROOT, end=AT - DAY).der, book), book, AT) is None
    assert watchable(of_file(person().der, book), book, AT) is None
    assert watchable(of_file(GOOD.der, book, address="other@example.co.jp"), book, AT) is None
    short = of_file(person(ROOT, end=AT + 2 * DAY).der, book)
    assert watchable(short, book, AT)
    assert watchable(short, book, AT + timedelta(seconds=1)) is None


def test_what_never_ends_is_not(book: Book) -> None:
    endless = person(ROOT, end=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert watchable(of_file(endless.der, book), book, AT) is None


# What is kept


def facts(issued: bytes) -> Certificate:
    certificate = inspect(issued, at=AT, trust=trusting(ROOT)).certificate
    assert certificate
    return certificate


def test_the_same_address_is_known_again_and_no_two_certificates_keep_the_same_of_it() -> None:
    old, new = facts(GOOD.der), facts(person(ROOT, addresses=[ADDRESS.upper()]).der)
    other = facts(person(ROOT, addresses=["other@example.co.jp"]).der)
    kept = watches.hashed(watches.names(old, "email"), old.fingerprint)
    assert watches.hashed(watches.names(new, "email"), old.fingerprint) == kept
    assert watches.hashed(watches.names(new, "email"), new.fingerprint) != kept
    assert watches.hashed(watches.names(other, "email"), old.fingerprint) != kept


# What is said


def watch(**more: Any) -> Watch:
    given: dict[str, Any] = {
        "id": 7,
        "team": "T1",
        "person": "U0SATO00001",
        "fingerprint": "ab" * 32,
        "purpose": "email",
        "not_after": AT + 30 * DAY,
        "due": AT + 7 * DAY,
        "state": "watching",
    }
    return Watch(**(given | more))


def said(message: Message) -> str:
    return "\n".join(str(getattr(part, "text", "")) for part in message.parts)


def labels(message: Message) -> list[str]:
    return [button.id for button in message.buttons()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reminder_tells_the_days_the_companys_way_and_what_can_be_done(
    book: Book, language: Language
) -> None:
    message = Saying(book, Whom(language, "Asia/Tokyo", AT)).reminder(watch())
    assert "30" in said(message)
    (steps,) = [part for part in message.parts if isinstance(part, Steps)]
    assert any(
        book.company_values(language)["renewal"] in step.text or "renewal" in step.text
        for step in steps.steps
    )
    assert labels(message) == ["watch:renewed:7", "watch:week:7", "watch:stop:7", "watch:list"]


def test_short_before_the_end_it_can_be_put_off_to_tomorrow_and_then_not_at_all(book: Book) -> None:
    saying = Saying(book, Whom("ja", "Asia/Tokyo", AT))
    assert "watch:tomorrow:7" in labels(saying.reminder(watch(not_after=AT + 5 * DAY)))
    for left in (timedelta(minutes=5), timedelta(hours=5)):  # today, and nothing that is called tomorrow
        last = saying.reminder(watch(not_after=AT + left))
        assert not {"watch:tomorrow:7", "watch:week:7"} & set(labels(last))


def test_what_ran_out_while_nothing_could_be_said_is_called_so(book: Book) -> None:
    saying = Saying(book, Whom("ja", "Asia/Tokyo", AT))
    assert "過ぎました" in said(saying.reminder(watch(not_after=AT - DAY)))
    assert "今日" in said(saying.reminder(watch(not_after=AT + timedelta(hours=5))))


def test_the_list_tells_what_is_watched_and_what_was_stopped(book: Book) -> None:
    stopped = watch(id=8, state="stopped", purpose="server")
    message = Saying(book, Whom("ja", "UTC", AT)).listed([watch(), stopped])
    assert "ABABABAB" in said(message)
    assert "止めています" in said(message)
    assert labels(message) == ["watch:stop:7", "watch:resume:8"]
