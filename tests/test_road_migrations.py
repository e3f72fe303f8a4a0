"""The migrations make exactly the tables that the program works with."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.migrate import is_current, migrate
from bot.pool import connect_to
from bot.tables import metadata
from tests.road import empty_database, new_database

ENGINES = ("procrastinate_", "engine_version", "alembic_version")


def test_the_migrations_make_the_tables_of_the_program() -> None:
    engine = connect_to(new_database())
    with engine.connect() as connection:

        def is_ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
            return not (kind == "table" and name and name.startswith(ENGINES))

        context = MigrationContext.configure(
            connection, opts={"include_object": is_ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_database_is_made_current_once() -> None:
    address = empty_database()
    assert not is_current(address)
    assert migrate(address)
    assert is_current(address)
    assert not migrate(address)


def test_two_that_start_at_once_take_turns() -> None:
    address = empty_database()
    with ThreadPoolExecutor(2) as two:
        done = list(two.map(migrate, [address, address]))
    assert sorted(done) == [False, True]
    assert is_current(address)


def test_a_database_of_an_older_engine_is_not_taken_for_current() -> None:
    address = new_database()
    with psycopg.connect(address) as connection:
        connection.execute(
            "UPDATE engine_version SET migration = '03.03.00_01_pre_priority_lock_fetch_job.sql'"
        )
    assert not is_current(address)


def test_conversations_are_numbered_from_1001() -> None:
    with psycopg.connect(new_database()) as connection:
        number = connection.execute("SELECT nextval('conversation_numbers')").fetchone()
    assert number == (1001,)
