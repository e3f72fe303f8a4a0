"""`python -m knowledge`: the tables checked, texts matched against them, the matching measured."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from knowledge.book import Book
from knowledge.evaluate import BadExamples, evaluate, examples, table
from knowledge.load import BadTables, load
from knowledge.recognise import Recognition
from knowledge.translations import fallback_lines
from knowledge.unmatched import BadUnmatched, grouped, read_unmatched, shown


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 if all is well, 1 if the tables have faults or an input cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument(
        "--tables",
        type=Path,
        default=os.environ.get("KNOWLEDGE_DIR") or None,
        help="a folder with the company's own tables (default: KNOWLEDGE_DIR)",
    )
    commands = parser.add_subparsers(dest="command")
    match = commands.add_parser("match", help="which error a text is, and by which words")
    match.add_argument("text", nargs="*", help="the text; without it, standard input")
    match.add_argument("--json", action="store_true", help='lines {"id","text"} in, one decision a line out')
    measure = commands.add_parser("evaluate", help='how well lines {"text","label","also_ok"} are matched')
    measure.add_argument("file", type=Path)
    lacking = commands.add_parser(
        "unmatched",
        help="the messages without a row, by how often (those that python -m bot unmatched prints)",
    )
    lacking.add_argument(
        "file", nargs="?", default="-", help='lines {"text","decision","language","at"}; - is standard input'
    )
    given = parser.parse_args(arguments)
    try:
        book = load(Path(given.tables) if given.tables else None)
    except BadTables as bad:
        for fault in bad.faults:
            print(fault, file=sys.stderr)
        print(f"{len(bad.faults)} faults in the tables. Correct them and try again.", file=sys.stderr)
        return 1
    if given.command == "match":
        return _match(book, given.text, as_json=given.json)
    if given.command == "evaluate":
        return _evaluate(book, given.file)
    if given.command == "unmatched":
        return _unmatched(book, given.file)
    print(_summary(book))
    return 0


def _summary(book: Book) -> str:
    cases = sum(len(error.case) for error in book.errors.values())
    unconfirmed = [id_ for id_, label in book.labels.items() if label.confirmed is None]
    lines = [
        f"The tables are in order: {len(book.errors)} errors with {cases} cases, "
        f"{len(book.questions)} questions, {len(book.findings)} findings, {len(book.remedies)} remedies, "
        f"{len(book.labels)} labels, {len(book.phrases)} phrases.",
    ]
    if unconfirmed:
        lines.append(f"Labels not yet confirmed on a real PC ({len(unconfirmed)}): {', '.join(unconfirmed)}")
    return "\n".join([*lines, *fallback_lines(book)])


def _as_json(id_: Any, found: Recognition) -> str:
    row = {
        "id": id_,
        "decision": found.decision,
        "row": found.row,
        "candidates": [{"row": one.row, "score": round(one.score, 3)} for one in found.candidates],
    }
    return json.dumps(row, ensure_ascii=False)


def _match(book: Book, texts: list[str], *, as_json: bool) -> int:
    if not as_json:
        text = " ".join(texts) or sys.stdin.read()
        print("\n".join(_explained(book, book.recognise(text))))
        return 0
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


def _evaluate(book: Book, file: Path) -> int:
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


def _unmatched(book: Book, file: str) -> int:
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


if __name__ == "__main__":
    # PYTHONIOENCODING may be anything on a server; what goes out is UTF-8.
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main())
