"""What `python -m checks` can be told: the arguments of its command line."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

WRONG_ARGUMENTS = 64


class _Parser(argparse.ArgumentParser):
    """Wrong arguments end with 64, as sysexits.h has it; 2 means a refused file."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG_ARGUMENTS, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    """What takes the arguments apart, and ends the program with 64 where they are wrong."""
    arguments = _Parser(
        prog="python -m checks",
        description="Tells what certificate files are and whether Outlook can use them.",
    )
    arguments.add_argument("files", nargs="+", metavar="FILE", help="a file of any name and form")
    arguments.add_argument(
        "--address", metavar="A", type=_text, help="the sender's address that it must be for"
    )
    arguments.add_argument(
        "--server", metavar="NAME", type=_text, help="the mail server's name that it must be for"
    )
    arguments.add_argument(
        "--trust",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="a file or folder of trusted roots",
    )
    arguments.add_argument(
        "--chain",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="a file or folder of known issuers",
    )
    arguments.add_argument(
        "--at",
        metavar="ISO-8601",
        type=_moment,
        default=datetime.now(UTC),
        help="the moment to judge at (now); UTC where no zone is given",
    )
    arguments.add_argument(
        "--crl",
        metavar="PATH",
        type=Path,
        action="append",
        default=[],
        help="a file with a revocation list",
    )
    arguments.add_argument(
        "--online",
        action="store_true",
        help="ask the issuers about revocation and fetch missing issuers; FETCH_ALLOWED_HOSTS and FETCH_PROXY"
        " count as they do for the bot",
    )
    arguments.add_argument("--json", action="store_true", help="one JSON object per file and line")
    return arguments


def _text(text: str) -> str:
    if not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!a} is no text")
    return text


def _moment(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment; write it like 2026-11-24T09:00:00+09:00"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
