"""When to expect an answer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.hours import BadHours, Expected, Hours, read_holidays, zone

TOKYO = ZoneInfo("Asia/Tokyo")
OFFICE = "mon-fri 09:00-18:00"


def tokyo(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),  # a Tuesday
        ("2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 18:00", "2026-11-25 09:00"),
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # Friday evening
        ("2026-11-28 12:00", "2026-11-30 09:00"),  # Saturday
        ("2026-11-29 23:59", "2026-11-30 09:00"),  # Sunday
    ],
)
def test_outside_the_hours_the_next_opening_is_told(at: str, opens: str) -> None:
    told = Hours.parse(OFFICE, "Asia/Tokyo").expected(tokyo(at))
    assert told == Expected(at == opens, tokyo(opens))


def test_on_holidays_nobody_is_there() -> None:
    holidays = read_holidays(
        "2026-11-23  # 勤労感謝の日\n\n# 年末年始\n2026-12-29\n2026-12-30\n2026-12-31\n2027-01-01\n"
    )
    hours = Hours.parse(OFFICE, "Asia/Tokyo", holidays)
    assert hours.expected(tokyo("2026-11-20 19:00")).opens == tokyo("2026-11-24 09:00")
    assert hours.expected(tokyo("2026-11-23 10:00")).opens == tokyo("2026-11-24 09:00")
    assert hours.expected(tokyo("2026-12-28 18:00")).opens == tokyo("2027-01-04 09:00")


def test_a_year_of_holidays_ends() -> None:
    closed = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    assert Hours.parse("mon 09:00-10:00", "Asia/Tokyo", closed).expected(
        tokyo("2026-01-01 00:00")
    ) == Expected(False, tokyo("2027-01-04 09:00"))


def test_the_day_is_the_helpdesks_and_not_the_askers() -> None:
    evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Sunday there, Monday 8:30 in Tokyo
    told = Hours.parse(OFFICE, "Asia/Tokyo").expected(evening)
    assert told == Expected(False, tokyo("2026-11-23 09:00"))
    assert told.opens.tzinfo == TOKYO


def test_round_the_clock_is_always_open() -> None:
    hours = Hours.parse("mon-sun 00:00-24:00", "Europe/Berlin")
    start = datetime(2026, 3, 28, tzinfo=UTC)
    for quarters in range(4 * 48):
        assert hours.expected(start + timedelta(minutes=15 * quarters)).open_now


def test_a_lunch_break_is_closed_and_saturday_has_its_own_hours() -> None:
    hours = Hours.parse("mon-fri 09:00-12:00, Mon-Fri 13:00-17:30, sat 9:00-12:00", "Asia/Tokyo")
    assert hours.expected(tokyo("2026-11-24 12:10")) == Expected(False, tokyo("2026-11-24 13:00"))
    assert hours.expected(tokyo("2026-11-27 18:00")) == Expected(False, tokyo("2026-11-28 09:00"))
    assert hours.expected(tokyo("2026-11-28 12:00")) == Expected(False, tokyo("2026-11-30 09:00"))


def test_days_may_go_over_the_end_of_the_week() -> None:
    hours = Hours.parse("sat-mon 10:00-11:00", "Asia/Tokyo")
    assert hours.expected(tokyo("2026-11-24 09:00")).opens == tokyo("2026-11-28 10:00")
    assert hours.expected(tokyo("2026-11-29 10:30")).open_now
    assert hours.expected(tokyo("2026-11-30 10:30")).open_now


def test_clocks_that_are_put_forward_open_at_nine_all_the_same() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = Hours.parse(OFFICE, "Europe/Berlin")
    before = hours.expected(
        datetime(2026, 3, 27, 20, tzinfo=berlin)
    ).opens  # Friday; the clocks change on Sunday
    assert before == datetime(2026, 3, 30, 9, tzinfo=berlin)
    assert before.astimezone(UTC) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    after = hours.expected(datetime(2026, 10, 23, 20, tzinfo=berlin)).opens
    assert after.astimezone(UTC) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_not_there() -> None:
    hours = Hours.parse("sun 02:00-03:00", "Europe/Berlin")
    night = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30; at 2:00 it becomes 3:00
    assert hours.expected(night).opens.astimezone(UTC) == datetime(2026, 4, 5, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_open_the_first_time() -> None:
    hours = Hours.parse("sun 01:30-02:45", "Europe/Berlin")
    first, second = (datetime(2026, 10, 25, hour, 15, tzinfo=UTC) for hour in (0, 1))  # both 2:15 on the wall
    assert hours.expected(first).open_now
    assert not hours.expected(second).open_now  # it closed at the first 2:45


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_whoever_comes_at_the_time_told_finds_it_open(at: datetime, name: str) -> None:
    hours = Hours.parse("mon-thu 08:00-12:00, tue-sat 22:00-24:00", name, [date(2026, 1, 1)])
    told = hours.expected(at.replace(tzinfo=UTC))
    assert told.opens >= at.replace(tzinfo=UTC)
    assert hours.expected(told.opens) == Expected(True, told.opens)
    if not told.open_now:
        assert not hours.expected(told.opens - timedelta(minutes=1)).open_now


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "mon-fri",
        "mon-fri 9-18",
        "mon-fri 18:00-09:00",
        "mon-fri 09:00-09:00",
        "mon-fri 09:00-24:01",
        "mon-fri 09:60-10:00",
        "mon-fri 09:00-18:00,",
        "xyz 09:00-18:00",
        "mon-fri 09:00-18:00 x",
    ],
)
def test_hours_that_cannot_be_read_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(BadHours, match="mon-fri 09:00-18:00") as refusal:
        Hours.parse(text, "Asia/Tokyo")
    assert "always" not in str(refusal.value)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Asia", "../etc/passwd", "/etc/passwd", "a\0b", "日本"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadHours, match="Asia/Tokyo"):
        zone(name)


def test_a_holiday_that_is_no_date_is_named_by_its_line() -> None:
    assert read_holidays("\ufeff2026-11-23\r\n") == {date(2026, 11, 23)}
    with pytest.raises(BadHours, match=r"^line 3 ") as refusal:
        read_holidays("2026-11-23\n# x\n2026-11-31 # geheim\n")
    assert "31" not in str(refusal.value)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Hours.parse(OFFICE, "Asia/Tokyo").expected(datetime(2026, 11, 24, 10))
