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


ABSENT = (
    "ここにはデータベースがなかったので、空のものを DATA_DIR に作りました。"
    "ボットが別の設定で動いているときは、その設定で実行してください。\n"
    "There was no database here, so an empty one was made in DATA_DIR. If the bot runs with other settings, "
    "run this with those."
)


def is_there(settings: Settings) -> bool:
    """Whether a database is named, or was made here before.

    A command beside the bot's service that lacks its settings finds neither.
    """
    return bool(settings.database_url) or is_made(settings.data_dir)


def require_there(settings: Settings) -> None:
    """The same. Raises BadDatabase."""
    if not is_there(settings):
        raise BadDatabase(
            "ここにはデータベースがありません（DATABASE_URL がなく、DATA_DIR にもありません）。"
            "ボットと同じ設定で実行してください。何もしていません。\n"
            "There is no database here: DATABASE_URL is not set, and none is in DATA_DIR. "
            "Run this with the settings that the bot runs with. Nothing was done."
        )
