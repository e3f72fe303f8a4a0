"""`python -m knowledge unmatched`: the messages that no row fitted, grouped."""

import sys
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.unmatched import BadUnmatched, grouped, read_unmatched, shown


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", help='lines {"text","decision","language","at"}; - is standard input'
    )


def run(book: Book, given: Namespace) -> int:
    """Print the groups, the most frequent first, or what is wrong with the file."""
    file: str = given.file
    try:
        with nullcontext(sys.stdin) if file == "-" else Path(file).open(encoding="utf-8-sig") as lines:
            groups = grouped(read_unmatched(lines), book.concepts)
    except OSError:
        print(f"{file}: cannot be read. Is the name right?", file=sys.stderr)
        return 1
    except (BadUnmatched, UnicodeDecodeError) as bad:
        print(f"{'standard input' if file == '-' else Path(file).name}: {bad}", file=sys.stderr)
        return 1
    print("\n".join(shown(groups, book.recognise)))
    return 0


COMMAND = Command(
    "unmatched",
    "the messages without a row, by how often (those that python -m bot unmatched prints)",
    run,
    arguments,
)
