"""What is older than RETENTION_DAYS is erased, and nothing younger."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.workspace.people import SATO
from tests.road import ROW_1, SATOS_DM, Stage, on_stage

TABLES = ("conversations", "threads", "events", "outbox", "cards", "people", "unmatched", "statuses")


def rows(here: Stage) -> dict[str, int]:
    return {table: int(here.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def aged(here: Stage, days: int) -> None:
    """Makes everything that is there so much older."""
    for table, columns in {
        "conversations": ["touched"],
        "events": ["at"],
        "outbox": ["made", "done"],
        "people": ["asked", "greeted"],
        "unmatched": ["at"],
        "statuses": ["until"],
    }.items():
        older = ", ".join(f"{column} = {column} - interval '{days} days'" for column in columns)
        here.ask(f"UPDATE {table} SET {older}")


def test_after_the_time_everything_of_a_conversation_is_gone() -> None:
    async def play(here: Stage) -> None:
        await here.workspace.open(SATO.id, SATOS_DM)
        await here.say("社内LANに繋がりません")
        await here.say(ROW_1)
        await here.say("担当者と話す")
        here.ask("INSERT INTO statuses VALUES ('a', false, '', NULL, now() + interval '1 day', 'ocsp')")
        assert all(rows(here).values())
        aged(here, 9)
        assert await asyncio.to_thread(here.bot.road.erase) == 1
        assert not any(rows(here).values())

    on_stage(play, retention_days=7)


def test_what_is_younger_stays() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        aged(here, 6)
        before = rows(here)
        assert await asyncio.to_thread(here.bot.road.erase) == 0
        assert rows(here) == before

    on_stage(play, retention_days=7)


def test_the_erasing_happens_by_itself_every_hour() -> None:
    async def play(here: Stage) -> None:
        (task,) = here.bot.queue.periodic_registry.periodic_tasks.values()
        assert task.task.name == "erase"
        now = datetime.now(UTC).timestamp()
        assert task.croniter.get_next(float, start_time=now) - now <= timedelta(hours=1).total_seconds()
        await here.say(ROW_1)
        aged(here, 31)
        here.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('old', 'event', 'failed')"
        )
        here.ask("UPDATE procrastinate_events SET at = at - interval '31 days'")
        await task.task.defer_async(timestamp=int(now))
        async with asyncio.timeout(10):
            while rows(here)["conversations"] or here.ask(
                "SELECT FROM procrastinate_jobs WHERE queue_name = 'old'"
            ):
                await asyncio.sleep(0.02)

    on_stage(play)
