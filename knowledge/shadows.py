"""Words of a company's that take over the messages of other rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from knowledge.book import Book
from knowledge.concept_tables import NO_ROWS
from knowledge.concepts import Concepts
from knowledge.reading import read
from knowledge.recognise import recognise

_MOST_NAMED = 3


def shadows(book: Book, own: Mapping[str, Any], where: str) -> Iterator[str]:
    """A sentence for each row whose known messages are taken for another row since the company's words.

    The messages are the examples of the rows and the lines of the windows, as they are built in; what is
    built in decides what each is. A row that the company switched off is nobody's message any more.
    """
    built_in = Concepts.built_in()
    taken: dict[tuple[str, str], list[str]] = {}
    for text in _known_messages(book, built_in, own):
        before, after = recognise(text, built_in), recognise(text, book.concepts)
        if before.decision != "row" or before.row in book.off or after.row == before.row:
            continue
        taken.setdefault((before.row or "", after.row or after.decision), []).append(text)
    entries = set(_texts(own))
    for (before_row, now), texts in taken.items():
        by = sorted({hit for text in texts for hit in _own_hits(text, book.concepts, entries)})
        to = f"the error “{now}”" if now in book.errors else "several errors" if now == "ask" else "none"
        named = f"; your words in it: {', '.join(f'“{word}”' for word in by[:_MOST_NAMED])}" if by else ""
        yield (
            f"{where}: takes messages of the error “{before_row}” over to {to} ({len(texts)}, such as "
            f"“{texts[0][:60]}”{named}). Make your words longer, so that they stand in your message alone."
        )


def _known_messages(book: Book, built_in: Concepts, own: Mapping[str, Any]) -> Iterator[str]:
    for error in book.errors.values():
        yield from (error.example.ja, error.example.en)
    moved = own.get("line", {})  # a line that the company gives to another row is given on purpose
    for key, line in built_in.lines.items():
        if line.row not in NO_ROWS and "row" not in moved.get(key.removeprefix("line."), {}):
            yield from (entry for entry, _ in line.entries())


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
