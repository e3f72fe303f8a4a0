"""`python -m knowledge`: the tables checked, texts matched against them, the matching measured."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.commands import book, check, diff, evaluate, graph, match, template, try_, unmatched
from knowledge.commands.command import Command
from knowledge.load import BadTables, load_with_remarks

COMMANDS: tuple[Command, ...] = (
    match.COMMAND,
    evaluate.COMMAND,
    unmatched.COMMAND,
    diff.COMMAND,
    graph.COMMAND,
    try_.COMMAND,
    book.COMMAND,
    template.COMMAND,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 if all is well, 1 if the tables have faults or an input cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument(
        "--tables",
        type=Path,
        default=os.environ.get("KNOWLEDGE_DIR") or None,
        help="a folder with the company's own tables (default: KNOWLEDGE_DIR)",
    )
    parser.set_defaults(run=check.run, own=True)
    commands = parser.add_subparsers(dest="command")
    for command in COMMANDS:
        its_own = commands.add_parser(command.name, help=command.help)
        command.arguments(its_own)
        its_own.set_defaults(run=command.run, own=command.own)
    given = parser.parse_args(arguments)
    given.tables = Path(given.tables) if given.tables and given.own else None
    try:
        loaded = load_with_remarks(given.tables)
    except BadTables as bad:
        for fault in bad.faults:
            print(fault, file=sys.stderr)
        count = "1 fault" if len(bad.faults) == 1 else f"{len(bad.faults)} faults"
        print(f"{count} in the tables. Correct what is named and try again.", file=sys.stderr)
        return 1
    given.remarks = loaded.remarks
    code: int = given.run(loaded.book, given)
    return code


if __name__ == "__main__":
    # PYTHONIOENCODING may be anything on a server; what goes out is UTF-8.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
