"""python -m bot: starts things, and nothing else."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import psycopg
import sqlalchemy.exc

from bot import forget, local, watch_list
from bot.logs import configure_logging
from bot.migrate import is_current, migrate
from bot.postgres import BadDatabase, as_root_note, embedded
from bot.running import company_book, running, trusted
from bot.serve import over_http, over_sockets, until_told_to_stop
from bot.settings import BadSettings, Mode, Settings, read_settings
from bot.slack import slack_app
from bot.store import connect_to, unmatched_lines
from bot.way_out import way_out
from bot.web import web_app
from checks.trust import BadTrust
from knowledge.load import BadTables

Command = Mode | Literal["unmatched", "forget", "watch"]

COMMANDS: dict[Command, str] = {
    "serve": "events over HTTP, signed, on HOST:PORT",
    "socket": "events over Socket Mode",
    "migrate": "bring the database's tables up to date",
    "unmatched": "the messages without a row, redacted, as lines for python -m knowledge unmatched",
    "forget": "erase at once all that is kept of one person",
    "watch": "the certificates whose owners are reminded before they run out",
}

NO_ANSWER = (
    "データベースにつながりません。DATABASE_URL を確かめてください。\n"
    "The database does not answer, or not to us. Check DATABASE_URL."
)


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


async def run_local(settings: Settings, found: Database) -> None:
    """The workspace, until it is told to stop."""
    async with local.local_workspace(settings, found.address, alone=found.is_embedded) as address:
        print(local.told(settings, address), flush=True)
        await until_told_to_stop()


async def run_serve(settings: Settings, found: Database) -> None:
    """The bot over HTTP, until it is told to stop."""
    assert settings.slack_bot_token
    assert settings.slack_signing_secret
    book, trust = company_book(settings), trusted(settings)
    async with running(settings, found.address, book, trust, alone=found.is_embedded) as bot:
        app = slack_app(
            bot.road.accept,
            bot_token=settings.slack_bot_token.get_secret_value(),
            signing_secret=settings.slack_signing_secret.get_secret_value(),
        )
        async with over_http(web_app(app, bot.is_ready), settings.host, settings.port) as address:
            print(f"{address}/slack/events", flush=True)
            await until_told_to_stop()


async def run_socket(settings: Settings, found: Database) -> None:
    """The bot over Socket Mode, until it is told to stop."""
    assert settings.slack_bot_token
    assert settings.slack_app_token
    book, trust = company_book(settings), trusted(settings)
    async with running(settings, found.address, book, trust, alone=found.is_embedded) as bot:
        app = slack_app(bot.road.accept, bot_token=settings.slack_bot_token.get_secret_value())
        token = settings.slack_app_token.get_secret_value()
        async with over_sockets(app, token, settings.slack_api_url, way_out(settings)):
            print("Socket Mode", flush=True)
            await until_told_to_stop()


def print_unmatched(found: Database) -> None:
    """The messages without a row, newest first, one JSON object a line."""
    engine = connect_to(found.address)
    try:
        with engine.connect() as connection:
            for line in unmatched_lines(connection):
                print(line)
    finally:
        engine.dispose()


def forget_person(settings: Settings, found: Database, person: str) -> None:
    """Erases the person, and says what was erased and what could not be. Raises NotForgotten."""

    def waiting() -> None:
        print(forget.WAITING, file=sys.stderr, flush=True)

    gone = forget.forget(found.address, person, waiting=waiting)
    print(forget.told(person, gone, settings.retention_days))


def print_watches(settings: Settings, found: Database, *, days: int | None, as_json: bool) -> None:
    """The certificates that are watched, the next end first."""
    engine, now = connect_to(found.address), datetime.now(UTC)
    draw = watch_list.as_json if as_json else watch_list.as_table
    try:
        for line in draw(watch_list.found(engine, now, days), now, settings.company_time_zone):
            print(line)
    finally:
        engine.dispose()


def main(arguments: list[str] | None = None) -> int:
    """Starts what was asked for; 1 if it cannot be started."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Without a command: a small Slack on this machine, to try the bot in a browser.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, does in COMMANDS.items():
        command = commands.add_parser(name, help=does, description=does)
        if name == "forget":
            command.add_argument("person", metavar="USER_ID", help="the person's member ID in Slack")
        if name == "watch":
            command.add_argument("--json", action="store_true", help="one JSON object a line")
            command.add_argument("--days", type=int, metavar="N", help="those that end within N days")
    # Until the loop listens for it, a stop must also end the embedded database, and not only this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = parser.parse_args(arguments)
    asked: Command = given.command or "local"
    mode: Mode = "migrate" if asked == "unmatched" or asked == "forget" or asked == "watch" else asked
    try:
        person = forget.person_id(given.person) if asked == "forget" else ""
        settings = read_settings(mode)
        if mode == "local" and settings.has_slack:
            parser.error(
                "Slack の設定があります。serve か socket を選んでください / Slack is set up: serve or socket?"
            )
        configure_logging(settings.log_level, "human" if sys.stderr.isatty() else "json")
        with database(settings) as found:
            if asked == "unmatched":
                require_current(found)
                print_unmatched(found)
                return 0
            if asked == "forget":
                require_current(found)
                forget_person(settings, found, person)
                return 0
            if asked == "watch":
                require_current(found)
                print_watches(settings, found, days=given.days, as_json=given.json)
                return 0
            if mode == "migrate":
                print("migrated" if migrate(found.address) else "up to date")
                return 0
            require_current(found)
            run = {"local": run_local, "serve": run_serve, "socket": run_socket}[mode]
            asyncio.run(run(settings, found))
    except (BadSettings, BadTables, BadTrust, BadDatabase, forget.NotForgotten) as bad:
        print(bad, file=sys.stderr)
        return 1
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        print(NO_ANSWER, file=sys.stderr)
        return 1
    except OSError as error:  # a port that is taken, a folder that may not be written
        where = error.filename or f"PORT={settings.port}"
        print(f"起動できません / It cannot be started: {where}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
