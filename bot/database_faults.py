"""Why a command cannot work with its database, in a sentence that says what to do.

Whatever the server or libpq says may hold the address with its password, so none of it is shown.
"""

import psycopg
from procrastinate.exceptions import ConnectorException
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

KINDS = (psycopg.Error, DBAPIError, PoolTimeout, ConnectorException)
"""What a command may raise for its database."""

NO_ANSWER = (
    "データベースにつながりません。DATABASE_URL を確かめてください。\n"
    "The database does not answer, or not to us. Check DATABASE_URL."
)
MAY_NOT = (
    "DATABASE_URL のロールには、このデータベースの表を使う権限がありません。"
    "表の所有者のアドレスを使うか、README の GRANT の行を実行してください。\n"
    "The role in DATABASE_URL may not use the tables of this database. Use the address of the tables' owner, "
    "or run the lines with GRANT of the README."
)
ONLY_READS = (
    "このデータベースは読み取り専用です。書き込めるサーバーのアドレスを DATABASE_URL に設定してください。"
    "何も変えていません。\n"
    "This database can only be read. Set DATABASE_URL to the server that takes changes. Nothing was changed."
)


def sentence_of(error: Exception) -> str | None:
    """What to tell whoever ran the command; None if it is a fault of ours."""
    cause: BaseException | None = error
    if isinstance(error, DBAPIError):
        cause = error.orig
    elif isinstance(error, ConnectorException):
        cause = error.__cause__
    match cause:
        case InsufficientPrivilege():
            return MAY_NOT
        case ReadOnlySqlTransaction():
            return ONLY_READS
        case psycopg.OperationalError() | PoolTimeout():
            return NO_ANSWER
        case _:
            return None
