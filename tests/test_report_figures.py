"""What is counted is what there was: once, in its own week, and small numbers are no percentages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.outcome import Outcome, Tried
from bot.report_figures import end_of, figures, median, offers_of
from bot.report_period import BadReport, Period, monday_of, period
from knowledge.load import load
from tests.counting import NOW, TOKYO, counted, handed, outcome

# The period


def test_days_weeks_and_dates_are_days_of_the_companys_zone() -> None:
    assert period("30d", None, NOW, TOKYO).days == 30
    assert period("12w", None, NOW, TOKYO).days == 84
    here = period("2026-11-01", "2026-11-08", NOW, TOKYO)
    assert (here.days, here.begin, here.end) == (
        8,
        datetime(2026, 10, 31, 15, tzinfo=UTC),
        datetime(2026, 11, 8, 15, tzinfo=UTC),
    )
    assert here.before() == Period(date(2026, 10, 24), date(2026, 10, 31), TOKYO, NOW)
    late = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # the 25th in Tokyo
    assert period("1d", None, late, TOKYO).first == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("", None),
        ("30", None),
        ("30m", None),
        ("d", None),
        ("0d", None),
        ("9999w", None),
        ("2026-02-30", None),
        ("2026-11-25", None),
        ("0001-01-01", None),
        ("30d", "yesterday"),
        ("30d", "0001-01-02"),
        ("2026-11-10", "2026-11-09"),
    ],
)
def test_a_period_that_is_none_is_told_in_a_sentence(since: str, until: str | None) -> None:
    with pytest.raises(BadReport, match="--"):
        period(since, until, NOW, TOKYO)


def test_weeks_begin_on_monday_over_the_end_of_a_year() -> None:
    span = period("2026-12-24", "2027-01-05", NOW + timedelta(days=60), TOKYO)
    assert [(week.monday.isoformat(), week.days) for week in span.weeks()] == [
        ("2026-12-21", 4),
        ("2026-12-28", 7),
        ("2027-01-04", 2),
    ]
    assert all(a.end == b.begin for a, b in zip(span.weeks(), span.weeks()[1:], strict=False))
    assert monday_of(date(2027, 1, 3)) == date(2026, 12, 28)


def test_a_week_in_which_clocks_change_is_an_hour_longer() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    span = Period(date(2026, 10, 19), date(2026, 11, 1), berlin, NOW)
    lengths = [week.end - week.begin for week in span.weeks()]
    assert lengths == [timedelta(days=7, hours=1), timedelta(days=7)]
    last_minute = datetime(2026, 10, 25, 22, 59, tzinfo=UTC)  # 23:59 on that Sunday
    one = figures([outcome(last_minute)], span, lambda row: ())
    assert [week.totals.cases for week in one.weeks] == [1, 0]


# Figures


def test_of_nothing_there_are_no_numbers() -> None:
    of = counted([])
    assert (of.current.cases, of.current.questions, of.current.minutes, of.rows, of.remedies) == (
        0,
        None,
        None,
        {},
        {},
    )
    assert [week.totals.cases for week in of.weeks] == [0] * 5
    assert median([]) is None


def test_a_case_counts_where_it_ended_and_examples_count_nowhere() -> None:
    of = counted(
        [
            outcome(NOW),
            outcome(NOW - timedelta(days=29)),
            outcome(NOW - timedelta(days=31)),
            outcome(NOW - timedelta(days=61)),
            outcome(NOW, recognised_by="example"),
        ]
    )
    assert (of.current.cases, of.before.cases, of.examples) == (2, 1, 1)


def test_how_a_case_ended_is_one_of_four() -> None:
    assert end_of(outcome()) == "alone"
    assert end_of(outcome(how="alone", remedy=None)) == "alone"
    assert end_of(handed()) == "desk"
    assert end_of(handed(how="alone")) == "desk"
    assert end_of(handed(how="incident")) == "incident"
    assert end_of(outcome(how="unknown", remedy=None)) == "silent"


def test_who_never_answered_makes_no_time_longer() -> None:
    silent = outcome(how="unknown", remedy=None, began=NOW - timedelta(days=3))
    of = counted([outcome(), outcome(began=NOW - timedelta(minutes=30)), silent])
    assert of.current.minutes == 20
    assert of.current.ends == {"alone": 2, "desk": 0, "incident": 0, "silent": 1}


def test_a_remedy_is_counted_once_a_case_by_what_was_told_last() -> None:
    def tried(*told: tuple[str, str | None], **more: Any) -> Outcome:
        every = tuple(
            Tried(remedy="choose_certificate", outcome=name, reason=reason) for name, reason in told
        )
        return outcome(**({"how": "alone", "remedy": None, "tried": every} | more))

    of = counted(
        [
            outcome(),
            tried(("not_solved", None)),
            tried(("not_solved", None), ("could_not", "greyed_out")),
            tried(("could_not", "no_menu")),
            tried(("could_not", None)),
            tried(("not_listed", None)),
            tried(),
            tried(("solved", None), how="desk", handed=NOW),  # it was there again
            tried(("not_solved", None), how="desk", handed=NOW, remedy="choose_certificate"),
        ]
    )
    told = of.remedies["choose_certificate"]
    assert told.offered == 9
    assert (told.helped, told.did_not, told.otherwise, told.untold) == (1, 3, 1, 1)
    assert told.could_not == {"greyed_out": 1, "no_menu": 1, "other": 1}
    assert told.by_desk == 1
    assert of.by_row["no_certificate", "choose_certificate"] == told


def test_a_remedy_never_helped_only_if_it_was_advised_often_enough() -> None:
    failed = outcome(
        how="alone", remedy=None, tried=(Tried(remedy="choose_certificate", outcome="not_solved"),)
    )
    assert not counted([failed] * 4).remedies["choose_certificate"].never_helped
    assert counted([failed] * 5).remedies["choose_certificate"].never_helped
    assert not counted([failed] * 5 + [outcome()]).remedies["choose_certificate"].never_helped
    cured = handed(remedy="choose_certificate")
    assert not counted([failed] * 5 + [cured]).remedies["choose_certificate"].never_helped


def test_cures_that_the_tables_do_not_offer_are_told_apart() -> None:
    cases = [handed(remedy="choose_certificate"), handed(remedy="restore_key"), handed(), handed(how="alone")]
    of = counted([*cases, handed(row=None, remedy="restore_key")], offers=offers_of(load()))
    told = {(one.row, one.remedy): (one.cases, one.shown, one.offered) for one in of.cures}
    assert told == {
        ("no_certificate", "choose_certificate"): (1, 1, True),
        ("no_certificate", "restore_key"): (1, 0, False),
        ("no_certificate", None): (1, 0, False),
        (None, "restore_key"): (1, 0, False),
    }
    (desk, other) = of.desk
    assert (desk.cases, desk.closed, desk.themselves, desk.at_desk, desk.until_taken) == (4, 3, 1, 60, None)
    assert other.row is None


def test_a_change_of_the_tables_is_marked_where_it_was_first_seen() -> None:
    days = [NOW - timedelta(days=one) for one in range(28)]
    of = counted(
        [outcome(at, tables="old" if at < days[10] else "new") for at in days]
        + [outcome(days[0], tables="old")]
    )
    assert [version for week in of.weeks for version, _ in week.new_tables] == ["new"]
    assert [(version, cases) for version, _, cases in of.tables] == [("old", 18), ("new", 11)]
    before = outcome(NOW - timedelta(days=40), tables="old")
    assert [w.new_tables for w in counted([before, outcome(tables="new")]).weeks][-1][0][0] == "new"
