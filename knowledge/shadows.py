"""Words of a company's that take over the messages of other rows."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from knowledge.book import Book
from knowledge.concept_tables import NO_ROWS
from knowledge.concepts import Concepts
from knowledge.entries import NOT
from knowledge.normalise import fold
from knowledge.reading import read
from knowledge.recognise import recognise

_MOST_NAMED = 3
_MARKS = re.compile(r"[~…*]|\{[^{}]*\}")


def shadows(book: Book, own: Mapping[str, Any], where: str) -> Iterator[str]:
    """A sentence for every word or row that takes messages from another row.

    The messages are the examples of the rows and the lines of the windows, as they are built in; what is
    built in decides what each is. A row that the company switched off is nobody's message any more.
    """
    yield from _taken_words(book, own, where, Concepts.built_in())
    taken: dict[tuple[str, str], list[str]] = {}
    for text, before in _known_messages(book, own):
        if before in book.off or (after := recognise(text, book.concepts)).row == before:
            continue
        taken.setdefault((before, after.row or after.decision), []).append(text)
    entries = set(_texts(own))
    for (before_row, now), texts in taken.items():
        by = sorted({hit for text in texts for hit in _own_hits(text, book.concepts, entries)})
        to = f"the error “{now}”" if now in book.errors else "several errors" if now == "ask" else "none"
        named = f"; your words in it: {', '.join(f'“{word}”' for word in by[:_MOST_NAMED])}" if by else ""
        count = "1 message" if len(texts) == 1 else f"{len(texts)} messages"
        yield (
            f"{where}: gives {count} of the error “{before_row}” to {to}, such as “{texts[0][:60]}”{named}. "
            f"Write longer words, that stand in your message alone."
        )


def _taken_words(book: Book, own: Mapping[str, Any], where: str, built_in: Concepts) -> Iterator[str]:
    """Entries of a company's line that are nothing but another row's message. One that only holds such words
    is a message of its own: 社内ゲートウェイの証明書の期限切れ."""
    for key, line in own.get("line", {}).items():
        now = book.concepts.lines[f"line.{key}"]
        if f"line.{key}" in built_in.lines or now.row in NO_ROWS:
            continue
        for field, entries in line.items():
            for entry in entries if isinstance(entries, list) else ():
                before = recognise(_as_message(entry), built_in)
                is_all = any(fold(word) == fold(_as_message(entry)) for word in before.words)
                if is_all and before.row not in (None, now.row, *book.off):
                    yield (
                        f"{where}, [line.{key}] {field}: “{entry}” is a message of the error “{before.row}” "
                        f"already. Write more of your message, or switch that error off."
                    )


def _known_messages(book: Book, own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each message with the row that it is by what is built in."""
    moved = own.get("line", {})  # a line that the company gives to another row is given on purpose
    for key, text, row in _messages_of_lines():
        if "row" not in moved.get(key.removeprefix("line."), {}):
            yield text, row
    for error in book.errors.values():
        for text in (error.example.ja, error.example.en):
            if known := _built_in_row(text):
                yield text, known


@cache
def _messages_of_lines() -> tuple[tuple[str, str, str], ...]:
    """The entries of the windows' lines that are taken for a row: the line's name, the entry, the row."""
    lines = ((key, line) for key, line in Concepts.built_in().lines.items() if line.row not in NO_ROWS)
    texts = ((key, _as_message(entry)) for key, line in lines for entry, _ in line.entries())
    return tuple((key, text, row) for key, text in texts if (row := _built_in_row(text)))


def _built_in_row(text: str) -> str | None:
    found = recognise(text, Concepts.built_in())
    return found.row if found.decision == "row" else None


def _as_message(entry: str) -> str:
    """An entry of a list as somebody would write it."""
    return _MARKS.sub("", entry.replace(NOT, "ません"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)


def _own_hits(text: str, concepts: Concepts, entries: set[str]) -> Iterator[str]:
    reading = read(text, concepts)
    for hits in reading.hits.values():
        yield from (hit.entry for hit in hits if hit.entry in entries)
