"""The commands of `python -m bot`: what each does, what it asks for, and what it needs to do it."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Engine

from bot import audit, forget, pausing, report, watch_list
from bot.database import ABSENT, Database, database, is_there, require_current, require_there
from bot.deeds import Deed
from bot.doctor import command as doctor
from bot.environment import BadSettings, Mode, read_settings
from bot.logs import configure_logging
from bot.migrate import migrate
from bot.pool import connect_to
from bot.running import company_book
from bot.settings import Settings
from bot.starting import run_local, run_serve, run_socket, with_all_faults
from bot.store import unmatched_lines
from knowledge.load import BadTables

Given = argparse.Namespace
Absent = Literal["made", "told", "refused"]
Work = Callable[[Settings, Database, Given], None]


def _nothing(_: argparse.ArgumentParser) -> None:
    """No arguments."""


@dataclass(frozen=True)
class Command:
    """One command: what it does, how it is run (giving the exit code) and which arguments it takes."""

    does: str
    run: Callable[[Given], int]
    arguments: Callable[[argparse.ArgumentParser], None] = _nothing


def with_database(
    work: Work, mode: Mode = "migrate", *, current: bool = True, absent: Absent = "made"
) -> Callable[[Given], int]:
    """Reads what `mode` needs of the settings, opens the database (brought up to date, if it is to be
    `current`) and does the work. An embedded database that is `absent` is made; what only reads tells that
    it is empty for that reason, and what would seem to have worked is refused. Raises BadSettings,
    BadDatabase and what the work raises."""

    def run(given: Given) -> int:
        try:
            settings = read_settings(mode)
        except BadSettings as bad:
            raise with_all_faults(bad, mode) from None
        if mode == "local" and settings.has_slack:
            raise BadSettings(
                "Slack の設定があります。serve か socket を選んでください。\n"
                "Slack is set up: start serve or socket."
            )
        style = settings.log_format or ("human" if sys.stderr.isatty() else "json")
        configure_logging(settings.log_level, style)
        try:
            if absent == "refused":
                require_there(settings)
            elif absent == "told" and not is_there(settings):
                print(ABSENT, file=sys.stderr)
            with database(settings) as found:
                if current:
                    require_current(found)
                work(settings, found, given)
                sys.stdout.flush()
        except BrokenPipeError:  # who reads it has seen enough: python -m bot unmatched | head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:  # a port that is taken, a folder that may not be written, a full disk
            is_address = "attempting to bind" in (error.strerror or "")
            where = f"HOST={settings.host}, PORT={settings.port}" if is_address else error.filename
            told = ": ".join(str(part) for part in (where, error.strerror) if part)
            print(f"起動できません / It cannot be started: {told}", file=sys.stderr)
            return 1
        return 0

    return run


@contextmanager
def connected(found: Database) -> Iterator[Engine]:
    """An engine on this database, closed at the end."""
    engine = connect_to(found.address)
    try:
        yield engine
    finally:
        engine.dispose()


def _zone(settings: Settings) -> str:
    """The company's time zone: that of the settings, else of its own tables, as far as they can be read."""
    if settings.knowledge_dir is None or "company_time_zone" in settings.model_fields_set:
        return settings.company_time_zone
    try:
        return company_book(settings).company.time_zone
    except BadTables:  # it must be possible to pause with tables that are broken
        return settings.company_time_zone


def _until_stopped(run: Callable[[Settings, Database], Awaitable[None]]) -> Work:
    def work(settings: Settings, found: Database, _: Given) -> None:
        async def begin() -> None:
            await run(settings, found)

        asyncio.run(begin())
        # What is left is to stop the embedded database: a second SIGTERM would leave that half done.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    return work


def _migrate(_: Settings, found: Database, __: Given) -> None:
    print("migrated" if migrate(found.address) else "up to date")


def print_unmatched(found: Database) -> None:
    """The messages without a row, newest first, one JSON object a line."""
    with connected(found) as engine, engine.connect() as connection:
        for line in unmatched_lines(connection):
            print(line)


def _forget(given: Given) -> int:
    """Erases the person, and says what was erased and what could not be. Raises NotForgotten."""
    person = forget.person_id(given.person)  # a wrong one is told before anything is opened

    def work(settings: Settings, found: Database, _: Given) -> None:
        def waiting() -> None:
            print(forget.WAITING, file=sys.stderr, flush=True)

        gone = forget.forget(found.address, person, waiting=waiting)
        audit.note(Deed("forgot", person=person))
        print(forget.told(person, gone, settings.retention_days))

    return with_database(work, absent="refused")(given)


def _forget_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", metavar="USER_ID", help="the person's member ID in Slack")


def _print_watches(settings: Settings, found: Database, given: Given) -> None:
    """The certificates that are watched, the next end first."""
    now, zone = datetime.now(UTC), _zone(settings)
    draw = watch_list.as_json if given.json else watch_list.as_table
    with connected(found) as engine:
        for line in draw(watch_list.found(engine, now, given.days), now, zone):
            print(line)


def _days(typed: str) -> int:
    days = int(typed)
    if not 0 <= days <= 36_500:
        raise argparse.ArgumentTypeError(f"{typed} is not from 0 to 36500")
    return days


_days.__name__ = "number of days"  # argparse says: invalid number of days value


def _watch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--days", type=_days, metavar="N", help="those that end within N days")


def _report(given: Given) -> int:
    """Makes the report. Raises BadReport, before anything is opened where the words alone show it."""
    report.require_readable(given)
    return with_database(report.make, absent="told")(given)


def _pause(given: Given) -> int:
    """Pauses automatic help, ends that, or shows how it stands. Raises NotPaused."""
    begins = not (given.end or given.show)
    reason = pausing.checked(given.reason_ja, given.reason_en, may_have=begins)

    def work(settings: Settings, found: Database, _: Given) -> None:
        zone, now = _zone(settings), datetime.now(UTC)
        with connected(found) as engine:
            if given.show:
                print(pausing.show(engine, zone))
            elif given.end:
                print(pausing.end(engine, now, zone))
            else:
                print(pausing.begin(engine, now, reason, zone))

    return with_database(work, absent="refused")(given)


def _pause_arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--end", action="store_true", help="automatic help goes on")
    which.add_argument("--show", action="store_true", help="how it stands; changes nothing")
    parser.add_argument("--reason-ja", metavar="TEXT", help="why, as employees read it, in Japanese")
    parser.add_argument("--reason-en", metavar="TEXT", help="the same in English")


LOCAL = Command(
    "a small Slack on this machine, to try the bot in a browser",
    with_database(_until_stopped(run_local), "local"),
)

COMMANDS: Mapping[str, Command] = {
    "serve": Command(
        "events over HTTP, signed, on HOST:PORT", with_database(_until_stopped(run_serve), "serve")
    ),
    "socket": Command("events over Socket Mode", with_database(_until_stopped(run_socket), "socket")),
    "migrate": Command("bring the database's tables up to date", with_database(_migrate, current=False)),
    "doctor": Command(doctor.DOES, doctor.run, doctor.arguments),
    "unmatched": Command(
        "the messages without a row, redacted, as lines for python -m knowledge unmatched",
        with_database(lambda _, found, __: print_unmatched(found), absent="told"),
    ),
    "forget": Command("erase at once all that is kept of one person", _forget, _forget_arguments),
    "watch": Command(
        "the certificates whose owners are reminded before they run out",
        with_database(_print_watches, absent="told"),
        _watch_arguments,
    ),
    "report": Command(
        "how cases ended, what helped and what did not, as one HTML file",
        _report,
        report.arguments,
    ),
    "pause": Command("everything goes to people, until --end", _pause, _pause_arguments),
}
