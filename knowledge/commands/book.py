"""`python -m knowledge book`: everything that the bot can say, to be approved and signed."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date, datetime
from pathlib import Path

from knowledge.approval.document import document
from knowledge.approval.page import Source
from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.load import load


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ArgumentTypeError(f"“{typed}” is no date; write it as 2026-11-24") from None


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the HTML file to write")
    parser.add_argument(
        "--date", type=_day, default=None, help="the day that it is printed on (default: today)"
    )


def run(book: Book, given: Namespace) -> int:
    """Write the document, or say why it cannot be written."""
    built_in = load() if given.tables else book
    today = datetime.now(book.company.working_hours.zone).date()
    text = document(Source(book, built_in, given.date or today))
    file: Path = given.out
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{file}: cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{file}: {len(book.remedies)} remedies, {len(book.phrases)} phrases; tables {book.version}")
    return 0


COMMAND = Command("book", "everything that the bot can say, in one file to approve", run, arguments)
