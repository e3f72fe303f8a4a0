"""The summary of a week comes when the helpdesk opens, once, whatever dies, and never on a holiday."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert

from bot import weekly
from bot.acceptance import queue_of
from bot.accepted import Overdue
from bot.pool import connect_to
from bot.report_period import monday_of
from bot.running import others
from bot.tables import events, outcomes
from bot.workspace.faults import Held
from bot.workspace.people import HELPDESK_CHANNEL
from knowledge.hours import Hours
from knowledge.load import load
from tests.made_outcomes import made, put
from tests.processes import Machines, met, with_machines
from tests.road import Json, Stage, Talk, new_database, on_stage, settings, stage, until, words

TOKYO = ZoneInfo("Asia/Tokyo")
USUAL = Hours.parse("mon-fri 09:00-18:00", "Asia/Tokyo")
FOR_LONG = 60.0


def summaries(here: Talk) -> list[Json]:
    return [said for said in here.said(HELPDESK_CHANNEL) if "先週" in words(said)]


def at(text: str, zone: str = "Asia/Tokyo") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def next_monday(here: Talk) -> datetime:
    """When the helpdesk opens."""
    monday = monday_of(here.workspace.now().astimezone(TOKYO).date()) + timedelta(days=7)
    return datetime(monday.year, monday.month, monday.day, 9, tzinfo=TOKYO)


# When it is due


def due(connection: Connection, now: datetime, hours: Hours = USUAL) -> str | None:
    found = weekly.looking(hours)(connection, now)
    return found[0].name if found else None


def used(connection: Connection, on: str) -> None:
    connection.execute(insert(events).values(id=f"used {on}", at=at(on)))


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-23T08:59:59", None),
        ("2026-11-23T09:00:00", "2026-11-16"),
        ("2026-11-27T23:00:00", "2026-11-16"),  # nothing ran for some days
        ("2026-11-29T23:59:59", "2026-11-16"),
        ("2026-11-30T00:00:00", None),
        ("2027-01-04T09:00:00", "2026-12-28"),  # over the end of the year
    ],
)
def test_it_is_due_when_the_helpdesk_opens_after_the_week(now: str, week: str | None) -> None:
    engine = connect_to(new_database())
    with engine.connect() as connection:
        used(connection, "2026-11-12T10:00:00")
        assert due(connection, at(now)) == week
    engine.dispose()


def test_on_holidays_it_waits_for_the_next_working_day_however_far_that_is() -> None:
    engine = connect_to(new_database())
    hours = Hours.parse("mon-fri 09:00-18:00", "Asia/Tokyo", [date(2026, 11, 23), date(2026, 11, 24)])
    every = Hours.parse(
        "mon-fri 09:00-18:00", "Asia/Tokyo", [date(2026, 11, 23) + timedelta(days=one) for one in range(7)]
    )
    with engine.connect() as connection:
        used(connection, "2026-11-12T10:00:00")
        assert due(connection, at("2026-11-24T12:00:00"), hours) is None
        assert due(connection, at("2026-11-25T08:59:59"), hours) is None
        assert due(connection, at("2026-11-25T09:00:00"), hours) == "2026-11-16"
        assert due(connection, at("2026-11-27T12:00:00"), every) is None
        after = weekly.looking(every)(connection, at("2026-11-30T09:00:00"))
        assert [one.name for one in after] == ["2026-11-16", "2026-11-23"]
    engine.dispose()


def test_the_week_is_that_of_the_companys_zone_also_where_clocks_change() -> None:
    engine = connect_to(new_database())
    hours = Hours.parse("mon-fri 08:30-17:00", "Europe/Berlin")
    with engine.connect() as connection:
        used(connection, "2026-10-01T10:00:00")
        berlin = "Europe/Berlin"  # the clocks went back on 25 October
        assert due(connection, at("2026-10-26T08:29:59", berlin), hours) is None
        assert due(connection, at("2026-10-26T08:30:00", berlin), hours) == "2026-10-19"
        assert due(connection, datetime(2026, 10, 26, 7, 30, tzinfo=UTC), hours) == "2026-10-19"
        assert due(connection, datetime(2026, 10, 26, 7, 29, tzinfo=UTC), hours) is None
    engine.dispose()


def test_what_nobody_used_in_that_week_or_before_has_nothing_to_sum_up() -> None:
    engine = connect_to(new_database())
    with engine.connect() as connection:
        assert due(connection, at("2026-11-23T09:00:00")) is None
        used(connection, "2026-11-23T08:00:00")
        assert due(connection, at("2026-11-23T09:00:00")) is None
        used(connection, "2026-11-22T23:00:00")
        assert due(connection, at("2026-11-23T09:00:00")) == "2026-11-16"
    engine.dispose()


def test_what_was_given_to_be_worked_is_looked_for_no_more() -> None:
    engine = connect_to(new_database())
    with engine.connect() as connection:
        used(connection, "2026-11-12T10:00:00")
        (event,) = weekly.looking(USUAL)(connection, at("2026-11-23T09:00:00"))
        weekly.given(connection, event)
        weekly.given(connection, event)
        assert due(connection, at("2026-11-23T09:00:00")) is None
        assert weekly.claim(connection, date(2026, 11, 16), event.at)
        assert not weekly.claim(connection, date(2026, 11, 16), event.at)
    engine.dispose()


def test_the_version_before_does_not_take_it() -> None:
    told = {"id": "x", "team": "", "person": "", "channel": "", "at": at("2026-11-23T09:00:00")}
    event = Overdue(**told, row=0, due=told["at"], conversation=0, what=weekly.SUMMARY, name="2026-11-16")
    assert queue_of(event) not in ("default", "catching_up", "ways_in", "at_the_desk")
    assert queue_of(event.model_copy(update={"what": "follow_up"})) == "at_the_desk"


def test_without_a_channel_or_switched_off_nobody_looks() -> None:
    book, here = load(), settings("", helpdesk_channel=HELPDESK_CHANNEL)
    off = here.model_copy(update={"weekly_summary": False})
    without = here.model_copy(update={"helpdesk_channel": None})
    assert len(others(off, book)) == len(others(without, book)) == len(others(here, book)) - 1


# What is said


def filled(database: str, now: datetime) -> None:
    engine = connect_to(database)
    with engine.begin() as connection:
        put(connection, now, load(), weeks=6)
    engine.dispose()


def test_the_week_stands_in_a_table_beside_the_one_before() -> None:
    async def play(here: Stage) -> None:
        opens = next_monday(here)
        await asyncio.to_thread(filled, here.database, opens.astimezone(UTC) - timedelta(hours=9, minutes=5))
        here.workspace.move_clock(opens - timedelta(seconds=1))
        await here.settled()
        assert summaries(here) == []
        here.workspace.move_clock(opens)
        await until(lambda: summaries(here))
        await here.settled()
        (said,) = summaries(here)
        (table,) = [block for block in said["blocks"] if block["type"] == "table"]
        rows = [[cell["text"] for cell in row] for row in table["rows"]]
        assert rows[0][1:] == ["先週", "その前の週"]
        named = [row[0] for row in rows[1:] if not row[0].startswith("うち ")]
        assert named[:3] == ["終わった相談", "人手なしで解決", "担当者に引き継ぎ"]
        counted = here.ask(
            f"SELECT count(*) FROM outcomes WHERE recognised_by IS DISTINCT FROM 'example' AND ended >= "
            f"'{opens - timedelta(days=7, hours=9)}' AND ended < '{opens - timedelta(hours=9)}'"
        )[0][0]
        assert rows[1][1] == str(counted) != "0"
        assert f"終わった相談 {counted} 件" in said["text"]
        assert "python -m bot report --since" in words(said)
        assert "期限が来る、見守り中の証明書: 3 枚（持ち主 3 人）" in words(said)
        here.workspace.move_clock(opens + timedelta(days=2))
        await here.settled()
        assert len(summaries(here)) == 1
        assert here.ask("SELECT count(*) FROM weekly_summaries WHERE said IS NOT NULL") == [(1,)]

    on_stage(play, weekly_summary=True)


def test_a_week_without_a_case_is_one_line() -> None:
    async def play(here: Stage) -> None:
        await here.say("こんにちは")
        here.workspace.move_clock(next_monday(here))
        await until(lambda: summaries(here))
        await here.settled()
        (said,) = summaries(here)
        assert "終わった相談はありませんでした" in words(said)
        assert len(said["blocks"]) == 1

    on_stage(play, weekly_summary=True)


# Once


def test_of_two_processes_one_says_it() -> None:
    async def play() -> None:
        async with stage(weekly_summary=True, alone=False) as here:
            await here.say("こんにちは")
            again = stage(database=here.database, workspace=here.workspace, weekly_summary=True, alone=False)
            async with again:
                here.workspace.move_clock(next_monday(here))
                await until(lambda: summaries(here))
                await here.settled()
                assert len(summaries(here)) == 1
                assert here.ask("SELECT count(*) FROM events WHERE id LIKE 'weekly%'") == [(1,)]

    asyncio.run(play())


def test_a_process_that_dies_with_it_is_made_up_for_once() -> None:
    async def play(here: Machines) -> None:
        before = datetime.now(UTC) - timedelta(days=8)
        engine = connect_to(here.database)
        with engine.begin() as connection:
            for one in made(before, weeks=1)[:3]:
                connection.execute(insert(outcomes), one.model_dump(mode="json"))
            connection.execute(insert(events).values(id="used", at=before))
        engine.dispose()
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))  # it never arrives
        machine = await here.start()
        await met(here)
        await machine.kill()
        assert summaries(here) == []
        await here.start_again()
        await until(lambda: summaries(here))
        await here.settled()
        assert len(summaries(here)) == 1
        assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]

    with_machines(play, WEEKLY_SUMMARY="on", HELPDESK_HOURS="mon-sun 00:00-24:00")
