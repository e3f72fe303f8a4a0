"""A new version goes on where the one before left off, and the one before can work beside it."""

import re
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.conversation import Conversation
from bot.migrate import _engine, is_current, migrate
from bot.pool import connect_to
from bot.workspace.people import SATO, TEAM
from tests.road import SATOS_DM, Stage, empty_database, on_stage, words

DATABASES = Path(__file__).parent / "databases"
MIGRATIONS = Path(__file__).parents[1] / "bot" / "migrations"
REVISIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))


def database_of_the_version_before() -> str:
    """The newest one that is kept, as if everything in it had happened just now."""
    address = empty_database()
    kept = max(DATABASES.glob("*.sql"))
    with psycopg.connect(address) as connection:
        connection.execute(kept.read_bytes())
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE conversations SET touched = now()")
        connection.execute("UPDATE outbox SET made = now() WHERE done IS NULL")
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    migrate(address)
    return address


def click(here: Stage, button: str, number: int) -> dict[str, object]:
    said = here.ask(f"SELECT ts FROM outbox WHERE conversation = {number} AND ts IS NOT NULL ORDER BY id")
    return {
        "kind": "click",
        "id": f"{SATO.id}:{button}",
        "team": TEAM,
        "person": SATO.id,
        "channel": SATOS_DM,
        "at": "2026-11-24T14:00:00Z",
        "private": True,
        "thread_ts": said[-1][0],
        "message_ts": said[-1][0],
        "button": button,
        "value": f"{number}.1",
    }


def test_every_conversation_that_the_version_before_kept_is_read() -> None:
    with psycopg.connect(database_of_the_version_before()) as connection:
        states = connection.execute("SELECT state FROM conversations").fetchall()
    phases = {Conversation.model_validate(state).phase for (state,) in states}
    assert {"advising", "handed_over", "asking"} <= phases


def test_its_jobs_are_worked_and_its_replies_delivered() -> None:
    address = database_of_the_version_before()
    with psycopg.connect(address) as connection:
        waiting = connection.execute(
            "SELECT (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'event'), "
            "(SELECT count(*) FROM outbox WHERE done IS NULL)"
        ).fetchone()
    assert waiting == (2, 1)

    async def play(here: Stage) -> None:
        await here.settled()
        assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]
        assert len(here.said()) == 2

    on_stage(play, database=address)


def test_a_button_that_it_showed_still_works() -> None:
    async def play(here: Stage) -> None:
        await here.settled()
        await here.bot.road.work(click(here, "ended:choose_certificate:solved", 1001))
        assert "直ってよかったです" in words(here.said()[-1])

    on_stage(play, database=database_of_the_version_before())


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_earlier_version_is_led_to_this_one(revision: str) -> None:
    address = empty_database()
    migrate_engine_only(address)
    engine = connect_to(address)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    assert is_current(address) == (revision == REVISIONS[-1])
    migrate(address)
    assert is_current(address)


def migrate_engine_only(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        _engine(connection)


def test_a_later_versions_database_is_worked_with_and_left_alone() -> None:
    address = empty_database()
    migrate(address)
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("UPDATE engine_version SET migration = '99.00.00_01_later.sql'")
    assert is_current(address)
    assert not migrate(address)


def test_a_migration_takes_nothing_away_that_the_version_before_needs() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    for script in ScriptDirectory.from_config(config).walk_revisions():
        upgrade = Path(script.path).read_text("utf-8").partition("def downgrade")[0]
        assert not re.search(r"op\.(drop|rename|alter_column)|DROP |RENAME ", upgrade), script.revision
        for column in re.findall(r"op\.add_column\((.*)\)", upgrade):
            assert "nullable=False" not in column or "server_default" in column
