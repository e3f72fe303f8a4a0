"""Brings a database's tables up to date: ours by alembic, the engine's by its own migrations."""

import logging
from functools import cache
from importlib import resources
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

from bot.pool import connect_to
from bot.postgres import BadDatabase

# Two that start at once take turns; the number is ours alone in this database.
LOCK = 731_004_211

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of every start


NOT_ALLOWED = (
    "DATABASE_URL のロールは表を作ったり変えたりできません。表の所有者のアドレスで python -m bot migrate を"
    "実行してください。\n"
    "The role in DATABASE_URL may not make or change tables. Run python -m bot migrate with the address of "
    "the tables' owner."
)


def migrate(address: str) -> bool:
    """Makes or changes the tables of this database; True if anything was to be done.

    Raises BadDatabase if the role may not; where nothing is to be done any role will do.
    """
    if is_current(address):
        return False
    try:
        return _migrate(address)
    except psycopg.errors.InsufficientPrivilege:
        raise BadDatabase(NOT_ALLOWED) from None
    except ProgrammingError as error:  # the same, from SQLAlchemy
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise BadDatabase(NOT_ALLOWED) from None
        raise


def _migrate(address: str) -> bool:
    engine = connect_to(address)
    try:
        with psycopg.connect(address, autocommit=True) as guard:
            guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            changed = _engine(guard)
            with engine.begin() as database:
                if behind := _is_behind(database):
                    command.upgrade(_config(database), "head")
    finally:
        engine.dispose()
    return changed or behind


def is_current(address: str) -> bool:
    """Whether this version of the program can work with the database as it is.

    It can with a later one's, too: while a new version replaces this one, the database is already the new
    one's. Each migration leaves the version before it able to work.
    """
    engine = connect_to(address)
    try:
        return works_with(engine)
    finally:
        engine.dispose()


def works_with(engine: Engine) -> bool:
    """The same of a database that is connected to already."""
    with engine.connect() as database:
        behind = _is_behind(database)
        database.rollback()
        return not behind and (_engine_version(database) or "") >= _engine_migrations()[-1]


def _config(database: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = database
    return config


@cache
def _head() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _is_behind(database: Connection) -> bool:
    """Revisions are numbered in their order."""
    return (MigrationContext.configure(database).get_current_revision() or "") < _head()


def _engine(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """The engine's tables: made as they are today, or led there by each migration that is missing."""
    names = _engine_migrations()
    connection.execute("CREATE TABLE IF NOT EXISTS engine_version (migration text NOT NULL)")
    found = connection.execute("SELECT migration FROM engine_version").fetchone()
    if found is None:
        with connection.transaction():
            connection.execute(SchemaManager.get_schema())
            connection.execute("INSERT INTO engine_version VALUES (%s)", [names[-1]])
        return True
    missing = [name for name in names if name > str(found[0])]
    for name in missing:
        sql = resources.files("procrastinate.sql").joinpath("migrations", name).read_bytes()
        with connection.transaction():
            connection.execute(sql)
            connection.execute("UPDATE engine_version SET migration = %s", [name])
    return bool(missing)


def _engine_version(database: Connection) -> str | None:
    if database.exec_driver_sql("SELECT to_regclass('engine_version')").scalar() is None:
        return None
    version: str | None = database.exec_driver_sql("SELECT migration FROM engine_version").scalar()
    return version


@cache
def _engine_migrations() -> list[str]:
    folder = Path(SchemaManager.get_migrations_path())
    return sorted(path.name for path in folder.glob("*.sql"))


def standing(database: Connection) -> tuple[str, str, str, str]:
    """How far our tables and the engine's are, each with how far this version brings them; an empty text
    where there are none."""
    ours = MigrationContext.configure(database).get_current_revision() or ""
    newest = ScriptDirectory.from_config(_config(database)).get_current_head() or ""
    database.rollback()
    return ours, newest, _engine_version(database) or "", _engine_migrations()[-1]
