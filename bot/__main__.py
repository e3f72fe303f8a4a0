"""python -m bot: starts things, and nothing else."""

import argparse
import signal
import sys

import psycopg
import sqlalchemy.exc

from bot.commands import COMMANDS, LOCAL
from bot.environment import BadSettings
from bot.forget import NotForgotten
from bot.pausing import NotPaused
from bot.postgres import BadDatabase
from bot.report_period import BadReport
from checks.trust import BadTrust
from knowledge.load import BadTables

NO_RESTART_HELPS = 78
"""The exit code for settings, tables and roots with faults, and for tokens that Slack refuses (sysexits.h:
EX_CONFIG). Whatever may heal by itself ends with 1, so that a unit restarts after that alone."""

NO_ANSWER = (
    "データベースにつながりません。DATABASE_URL を確かめてください。\n"
    "The database does not answer, or not to us. Check DATABASE_URL."
)


def main(arguments: list[str] | None = None) -> int:
    """Starts what was asked for; 1 or NO_RESTART_HELPS if it cannot be started."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=f"Without a command: {LOCAL.does}.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, command in COMMANDS.items():
        command.arguments(commands.add_parser(name, help=command.does, description=command.does))
    given = parser.parse_args(arguments)
    # Until the loop listens for it, a stop must also end the embedded database, and not only this process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return COMMANDS.get(given.command, LOCAL).run(given)
    except (BadSettings, BadTables, BadTrust) as bad:
        print(bad, file=sys.stderr)
        return NO_RESTART_HELPS
    except (BadDatabase, NotForgotten, BadReport, NotPaused) as bad:
        print(bad, file=sys.stderr)
        return 1
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError):
        print(NO_ANSWER, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
