"""`python -m knowledge match`: which error a text is."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from typing import Any

from knowledge.book import Book
from knowledge.commands.command import Command
from knowledge.recognise import Recognition


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("text", nargs="*", help="the text; without it, standard input")
    parser.add_argument("--json", action="store_true", help='lines {"id","text"} in, one decision a line out')


def run(book: Book, given: Namespace) -> int:
    """Match one text, for people, or with --json every line of standard input."""
    if given.json:
        return _match_lines(book)
    text = " ".join(given.text) or sys.stdin.read()
    print("\n".join(_explained(book, book.recognise(text))))
    return 0


def _match_lines(book: Book) -> int:
    bad = 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            id_, text = given.get("id", number), str(given["text"])
        except (ValueError, KeyError, AttributeError):
            print(f'line {number}: must be an object {{"id": …, "text": "…"}}', file=sys.stderr)
            bad = 1
            continue
        print(_as_json(id_, book.recognise(text)), flush=True)
    return bad


def _as_json(id_: Any, found: Recognition) -> str:
    row = {
        "id": id_,
        "decision": found.decision,
        "row": found.row,
        "candidates": [{"row": one.row, "score": round(one.score, 3)} for one in found.candidates],
    }
    return json.dumps(row, ensure_ascii=False)


def _explained(book: Book, found: Recognition) -> Iterable[str]:
    match found.decision:
        case "row":
            title = book.errors[found.row].title.en if found.row and found.row in book.errors else ""
            yield f"row: {found.row} ({title})"
        case "ask":
            yield "ask: " + ", ".join(f"{one.row} ({one.score:.2f})" for one in found.candidates)
        case "none":
            yield f"none ({found.about})"
    if found.words:
        yield "words: " + " | ".join(found.words)
    if found.codes:
        yield "codes: " + ", ".join(found.codes)
    for name, value in found.facts.items():
        yield f"fact: {name} = {value}"


COMMAND = Command("match", "which error a text is, and by which words", run, arguments)
