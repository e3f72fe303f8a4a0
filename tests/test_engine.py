"""The jobs of the dead are given back once, and nobody takes a living worker's job away."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy.exc import OperationalError

from bot import engine
from bot.calls import NotNow
from tests.road import new_database


def job(attempts: int) -> Job:
    return Job(
        id=1,
        queue="default",
        lock="l",
        queueing_lock=None,
        task_name="event",
        task_kwargs={},
        attempts=attempts,
    )


def pause(exception: BaseException, attempts: int) -> float | None:
    decision = engine.Pauses().get_retry_decision(exception=exception, job=job(attempts))
    if decision is None or decision.retry_at is None:
        return None
    return (decision.retry_at - datetime.now(UTC)).total_seconds()


def test_slack_and_the_database_are_waited_for_without_end() -> None:
    gone = psycopg.OperationalError()
    for away in (NotNow("ratelimited"), gone, ConnectorException(), OperationalError("SELECT", None, gone)):
        seconds = pause(away, 1000)
        assert seconds is not None
        assert seconds <= engine.PAUSE_AT_MOST * 1.2


def test_when_slack_says_when_it_is_then() -> None:
    assert pause(NotNow("ratelimited", 30.0), 0) == pytest.approx(30, abs=1)
    assert pause(NotNow("ratelimited", -5.0), 0) == pytest.approx(0, abs=1)


def test_the_pauses_grow_and_the_tries_of_what_is_broken_end() -> None:
    assert (pause(ValueError(), 0) or 0) < (pause(ValueError(), 4) or 0) < (pause(ValueError(), 7) or 0)
    assert pause(ValueError(), engine.ATTEMPTS_AT_MOST) is None


def test_a_job_of_the_dead_is_given_back_once_by_many_who_look_at_once() -> None:
    async def play() -> None:
        queue = engine.queue(new_database())
        async with queue.open_async():
            run = queue.connector.execute_query_async
            await run(
                "INSERT INTO procrastinate_workers (id, last_heartbeat) OVERRIDING SYSTEM VALUE "
                "VALUES (101, now() - interval '1 minute'), (102, now())"
            )
            await run(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id) "
                "VALUES ('default', 'event', 'dead', '{}', 'doing', 101), "
                "('default', 'event', 'alive', '{}', 'doing', 102), "
                "('default', 'event', 'gone', '{}', 'doing', NULL)"
            )
            given = await asyncio.gather(*(engine.give_back(queue, 5.0) for _ in range(8)))
            assert sum(given) == 2
            found = await queue.connector.execute_query_all_async(
                "SELECT lock, status::text, attempts FROM procrastinate_jobs ORDER BY lock"
            )
            assert [tuple(row.values()) for row in found] == [
                ("alive", "doing", 0),
                ("dead", "todo", 1),
                ("gone", "todo", 1),
            ]

    asyncio.run(play())
