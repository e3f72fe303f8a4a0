"""`python -m knowledge graph`: a row's decision table as a drawing."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.ladder_svg import svg
from knowledge.mermaid import mermaid
from knowledge.rows import LANGUAGES, Language
from knowledge.suggestion import meant


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("row", nargs="?", help="an error's id; without it, all of them")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw it into this file, instead of Mermaid")
    parser.add_argument("--language", choices=LANGUAGES, default="ja", help="of the words in it")


def run(book: Book, given: Namespace) -> int:
    """Print Mermaid (of all rows as Markdown), or write the SVG."""
    row: str | None = given.row
    language: Language = given.language
    if row is not None and row not in book.errors:
        off = "is switched off" if row in book.off else "is no error"
        near = meant(row, book.errors) or f" There are {', '.join(book.errors)}."
        print(f"“{row}” {off}.{near}", file=sys.stderr)
        return 1
    rows = list(book.errors) if row is None else [row]
    if given.svg:
        return _written(given.svg, svg(book, rows, language))
    if row is not None:
        print(mermaid(book, row, language))
        return 0
    for one in rows:
        print(f"## {book.errors[one].title[language]}\n\n```mermaid\n{mermaid(book, one, language)}\n```\n")
    return 0


def _written(path: Path, text: str) -> int:
    try:
        path.write_text(text, encoding="utf-8")
        print(f"{path}: written.")
    except OSError as bad:
        print(f"{path}: cannot be written ({bad.strerror}).", file=sys.stderr)
        return 1
    return 0


COMMAND = Command(
    "graph", "a row's decision table as a drawing: Mermaid, or with --svg a file", run, arguments
)
