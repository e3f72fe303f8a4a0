"""How the bot grows with what it keeps: conversations that were really led, copied until there are so many.

The copies are other people's, spread over `RETENTION_DAYS`; an hour's share of them is older, to be erased.
"""

import contextlib
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bot.pool import connect_to
from bot.retention import erase_before
from tests.bench_road_machine import Server, ask
from tests.bench_road_people import Waited
from tests.bench_road_side import Rate, Side, mean, played

SIZES = (1_000, 100_000)
RETENTION = timedelta(days=30)
ROUNDS = 2
WAITS = 60

FILL = """
CREATE TEMP TABLE pattern AS
    SELECT number AS original, row_number() OVER (ORDER BY number) - 1 AS place
    FROM conversations WHERE NOT is_open AND person LIKE 'U0BENCH%' ORDER BY number LIMIT 100;
CREATE TEMP TABLE copied AS
    SELECT original, greatest.number + row_number() OVER (ORDER BY copy, place) AS number,
           CASE WHEN row_number() OVER (ORDER BY copy, place) % {hours} = 0
                THEN {retention} + interval '1 hour' ELSE {retention} * random() END AS age
    FROM pattern,
         generate_series(1, {wanted} / (SELECT count(*) FROM pattern) + 1) AS copy,
         (SELECT max(number) AS number FROM conversations) AS greatest
    LIMIT {wanted};
ALTER TABLE copied ADD PRIMARY KEY (number);
SELECT setval('conversation_numbers', (SELECT max(number) FROM copied));
INSERT INTO conversations (number, team, person, channel, is_open, touched, state)
    SELECT c.number, team, 'U1COPY' || c.number / 5, 'D1COPY' || c.number / 5, is_open, touched - age,
           state || jsonb_build_object('number', c.number, 'person', 'U1COPY' || c.number / 5)
    FROM copied AS c JOIN conversations AS o ON o.number = original;
INSERT INTO threads (channel, thread_ts, person, conversation)
    SELECT 'D1COPY' || c.number / 5, thread_ts || c.number, 'U1COPY' || c.number / 5, c.number
    FROM copied AS c JOIN threads AS o ON o.conversation = original;
INSERT INTO outbox (event, conversation, kind, channel, thread_ts, person, slot, body, made, done, ts)
    SELECT event || c.number, c.number, kind, 'D1COPY' || c.number / 5, thread_ts || c.number,
           'U1COPY' || c.number / 5, slot, body, made - age, done - age, ts
    FROM copied AS c JOIN outbox AS o ON o.conversation = original ORDER BY c.number, o.id;
INSERT INTO events (id, at)
    SELECT event, min(made) FROM outbox WHERE conversation IN (SELECT number FROM copied) GROUP BY event
    UNION ALL
    SELECT event || ':inspected:' || id, made FROM outbox
    WHERE kind = 'check' AND conversation IN (SELECT number FROM copied);
INSERT INTO people (team, person, name, email, locale, time_zone, asked, greeted)
    SELECT DISTINCT ON (person) team, person, 'Copied Person', lower(person) || '@example.co.jp', 'ja-JP',
           'Asia/Tokyo', touched, touched
    FROM conversations WHERE number IN (SELECT number FROM copied);
DELETE FROM conversations WHERE person LIKE 'U0BENCH%'
"""
STORED = "SELECT count(*) FROM conversations WHERE person NOT LIKE 'U0BENCH%'"
BYTES = """
SELECT sum(pg_total_relation_size(name)) FROM unnest(ARRAY[
    'conversations', 'threads', 'outbox', 'events', 'people']::regclass[]) AS name
"""


@dataclass(frozen=True)
class Grown:
    """What was measured with so many conversations stored."""

    conversations: int
    reply: float
    """Milliseconds, the median."""
    per_second: float
    erase: float
    """Milliseconds of one hourly erasing, with an hour's conversations to erase."""
    erased: int
    resident: float | None
    """MB of the process after its work."""
    stored: float
    """Bytes of the database per conversation, indexes and all that belongs to it included."""


def fill(address: str, conversations: int) -> None:
    """Copies conversations until there are so many; those that were really led make room for new ones."""
    wanted = conversations - int(ask(address, STORED)[0][0])
    if wanted <= 0:
        raise ValueError("there are more already")
    hours = RETENTION // timedelta(hours=1)
    sql = FILL.format(wanted=wanted, hours=hours, retention=f"interval '{RETENTION.days} days'")
    with psycopg.connect(address) as connection:
        connection.execute(sql.encode())
    with psycopg.connect(address, autocommit=True) as connection:  # as PostgreSQL itself does in time
        connection.execute("VACUUM ANALYZE")


def erase(address: str) -> tuple[float, int]:
    """The milliseconds of one hourly erasing, and how many conversations it found."""
    engine = connect_to(address)
    try:
        begin = time.perf_counter()
        with engine.begin() as connection:
            gone = erase_before(connection, datetime.now(UTC) - RETENTION)
        return (time.perf_counter() - begin) * 1000, gone
    finally:
        engine.dispose()


async def growth(side: Side, server: Server, databases: Sequence[str], folder: Path) -> tuple[Grown, ...]:
    """Fills the databases, in which some conversations were led, and measures the bot on all in turns."""
    for size, database in zip(SIZES, databases, strict=True):
        fill(database, size)
    stored = [float(ask(database, BYTES)[0][0]) for database in databases]
    async with contextlib.AsyncExitStack() as stack:
        plays = [
            await stack.enter_async_context(played(side, 1, server, database, folder / str(number)))
            for number, database in enumerate(databases)
        ]
        waits: list[list[Waited]] = [[] for _ in plays]
        rates: list[list[Rate]] = [[] for _ in plays]
        for _ in range(ROUNDS):
            for number, play in enumerate(plays):
                waits[number] += await play.wait_alone(WAITS)
            for number, play in enumerate(plays):
                rates[number].append(await play.press_hard())
        erased = [erase(database) for database in databases]
        return tuple(
            Grown(
                size,
                statistics.median(waited.milliseconds for waited in waits[number]),
                mean(rates[number]).per_second,
                *erased[number],
                plays[number].apps[0].resident(),
                stored[number] / size,
            )
            for number, size in enumerate(SIZES)
        )
