"""The database that a command works with: the company's own, or the embedded one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.migrate import is_current, migrate
from bot.postgres import BadDatabase, as_root_note, embedded, is_made
from bot.settings import Settings


@dataclass(frozen=True)
class Database:
    """The address, and whether it is the embedded one, with which nobody else works."""

    address: str
    is_embedded: bool


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The company's database, or the embedded one. Raises BadDatabase."""
    if settings.database_url:
        yield Database(settings.database_url.get_secret_value(), is_embedded=False)
        return
    if note := as_root_note():
        print(note, file=sys.stderr)
    with embedded(settings.data_dir) as address:
        yield Database(address, is_embedded=True)


def require_current(found: Database) -> None:
    """The embedded database is brought up to date here, the company's by a command. Raises BadDatabase."""
    if found.is_embedded:
        migrate(found.address)
    elif not is_current(found.address):
        raise BadDatabase(
            "データベースの表がこの版のものではありません。実行してください: python -m bot migrate\n"
            "The database's tables are not those of this version. Run: python -m bot migrate"
        )


def require_there(settings: Settings) -> None:
    """A database is named, or was made here before. Raises BadDatabase.

    A command beside the bot's service that lacks its settings finds neither.
    """
    if not settings.database_url and not is_made(settings.data_dir):
        raise BadDatabase(
            "ここにはデータベースがありません（DATABASE_URL がなく、DATA_DIR にもありません）。"
            "ボットと同じ設定で実行してください。何もしていません。\n"
            "There is no database here: DATABASE_URL is not set, and none is in DATA_DIR. "
            "Run this with the settings that the bot runs with. Nothing was done."
        )
