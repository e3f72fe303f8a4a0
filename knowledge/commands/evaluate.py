"""`python -m knowledge evaluate`: how well labelled texts are matched."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.evaluate import BadExamples, evaluate, examples, table


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)


def run(book: Book, given: Namespace) -> int:
    """Print the table of measures, or what is wrong with the file."""
    file: Path = given.file
    try:
        with file.open(encoding="utf-8-sig") as lines:
            print(table(evaluate(examples(lines, book.errors), book.recognise)))
    except OSError:
        print(f"{file}: cannot be read. Is the name right?", file=sys.stderr)
        return 1
    except (BadExamples, UnicodeDecodeError) as bad:
        print(f"{file.name}: {bad}", file=sys.stderr)
        return 1
    return 0


COMMAND = Command("evaluate", 'how well lines {"text","label","also_ok"} are matched', run, arguments)
