"""Asks the database: whether it answers, what stands in it, what may be done. Nothing is changed in it.

An embedded one that a bot works with is left alone; one that is at rest is started for the look.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from bot.doctor.facts import Database, Jobs, Tables
from bot.engine import DEAD_AFTER
from bot.migrate import standing
from bot.postgres import InUse, embedded, is_installed, is_made
from bot.pulse import HEARD as HEARD_ROW
from bot.settings import Settings
from bot.tables import metadata

CONNECTED_WITHIN = 8  # seconds
ANSWERED_WITHIN = 8
LATELY = 7  # days

WHY: Mapping[str, tuple[str, ...]] = {
    "password": ("password authentication failed", "no password supplied", "no pg_hba.conf entry"),
    "no_database": ("does not exist",),
    "full": ("too many clients", "remaining connection slots", "too many connections"),
    "tls": ("SSL", "certificate"),
}

ABOUT = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding'),
        pg_is_in_recovery(), (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
        has_schema_privilege(current_schema, 'CREATE'), clock_timestamp(),
        (SELECT sum(numbackends)::int FROM pg_stat_database),
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
"""
LACKING = """
    SELECT name FROM unnest(%(names)s::text[]) AS name
    WHERE to_regclass(name) IS NOT NULL AND NOT (
        has_table_privilege(name, 'SELECT') AND has_table_privilege(name, 'INSERT')
        AND has_table_privilege(name, 'UPDATE') AND has_table_privilege(name, 'DELETE'))
    ORDER BY name
"""
JOBS = """
    SELECT count(*) FILTER (WHERE status = 'todo'),
        clock_timestamp() - min(due) FILTER (WHERE status = 'todo' AND due <= clock_timestamp()),
        count(*) FILTER (WHERE status = 'failed')
    FROM (
        SELECT status, coalesce(scheduled_at, (
            SELECT max(at) FROM procrastinate_events WHERE job_id = procrastinate_jobs.id
        )) AS due
        FROM procrastinate_jobs
    ) AS job
"""
ALIVE = """
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > clock_timestamp() - make_interval(secs => %(silent_for)s)
"""
GIVEN_UP = """
    SELECT failure, count(*) FROM outbox
    WHERE failure IS NOT NULL AND made > clock_timestamp() - make_interval(days => %(days)s) GROUP BY failure
"""
HEARD = "SELECT clock_timestamp() - max(heard) FROM pulse WHERE id = %(heard)s"
PAUSED = "SELECT clock_timestamp() - max(began) FROM pauses WHERE ended IS NULL"

ENGINES = ("alembic_version", "engine_version")
OF_THE_ENGINE = ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers")


def database(settings: Settings) -> Database:
    """The company's database, or the embedded one."""
    if settings.database_url:
        return _looked_at(settings.database_url.get_secret_value(), is_embedded=False)
    if not is_installed():
        return Database(True, "not_installed")
    if not is_made(settings.data_dir):
        return Database(True, "not_made")
    try:
        with embedded(settings.data_dir) as address:
            return _looked_at(address, is_embedded=True)
    except InUse:
        return Database(True, "in_use")


def _looked_at(address: str, *, is_embedded: bool) -> Database:
    def connect() -> psycopg.Connection[Any]:
        opened = psycopg.connect(address, connect_timeout=CONNECTED_WITHIN)
        opened.execute(f"SET statement_timeout = '{ANSWERED_WITHIN}s'".encode())
        opened.commit()
        return opened

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)
    try:
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            return _read(connection, is_embedded=is_embedded)
    except OperationalError as error:
        return Database(is_embedded, "away", _why(str(error.orig)))


def _read(connection: Connection, *, is_embedded: bool) -> Database:
    def ask(sql: str, **given: object) -> Sequence[Any]:
        return connection.exec_driver_sql(sql, given or None).all()

    version, encoding, is_standby, is_superuser, may_create, clock, used, most = ask(ABOUT)[0]
    ahead = datetime.now(UTC) - clock
    names = [*ENGINES, *OF_THE_ENGINE, *metadata.tables]
    lacking = tuple(name for (name,) in ask(LACKING, names=names))
    tables = None if lacking else Tables(*standing(connection))
    jobs = _jobs(ask) if tables and tables.are_current else None
    return Database(
        is_embedded,
        "answers",
        version=version,
        encoding=encoding,
        is_standby=is_standby,
        is_superuser=is_superuser,
        may_create=may_create,
        lacking=lacking,
        clock_ahead=ahead,
        connections=(used, most),
        tables=tables,
        jobs=jobs,
    )


def _jobs(ask: Callable[..., Sequence[Any]]) -> Jobs:
    waiting, oldest, failed = ask(JOBS)[0]
    return Jobs(
        waiting=waiting,
        oldest=oldest,
        failed=failed,
        processes=ask(ALIVE, silent_for=DEAD_AFTER)[0][0],
        given_up={_word(failure): count for failure, count in ask(GIVEN_UP, days=LATELY)},
        heard=ask(HEARD, heard=HEARD_ROW)[0][0],
        paused=ask(PAUSED)[0][0],
    )


def _word(failure: str) -> str:
    return failure if re.fullmatch(r"[a-z_]{1,60}", failure) else "other"


def _why(text: str) -> str:
    """By libpq's words, which are not told: they may name the user and the host."""
    for reason, words in WHY.items():
        if any(word in text for word in words):
            return reason
    return "unreachable"
