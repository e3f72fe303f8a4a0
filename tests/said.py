"""What of the bot's words comes from the tables: a Book in which every text is marked.

Around each text, and on both sides of each of its blanks, stands a sign that is not seen. What is said with
such tables and stands outside of the signs is a value (what people typed, a date), a separator, or a text
that stands in code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from knowledge.book import Book
from knowledge.rows import BLANK, Words

OPEN, CLOSE = "\u034f", "\u0489"
TABLES = ("errors", "questions", "findings", "remedies", "labels", "phrases")


def marked(book: Book) -> Book:
    """The same tables with every text marked."""
    tables = {name: _marked(getattr(book, name)) for name in TABLES}
    return replace(book, **tables, company=_marked(book.company))


def _marked(value: Any) -> Any:
    if isinstance(value, Words):
        texts = {language: _between(value[language]) for language in ("ja", "en")}
        return value.model_copy(update={**_fields(value), **texts})
    if isinstance(value, BaseModel):
        return value.model_copy(update=_fields(value))
    if isinstance(value, Mapping):
        return {key: _marked(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_marked(one) for one in value)
    return value


def _fields(value: BaseModel) -> dict[str, Any]:
    return {name: _marked(getattr(value, name)) for name in type(value).model_fields}


def _between(text: str) -> str:
    return OPEN + BLANK.sub(lambda blank: f"{CLOSE}{blank[0]}{OPEN}", text) + CLOSE


def outside(text: str) -> Iterator[str]:
    """The pieces that are no text of the tables."""
    depth, piece = 0, ""
    for character in text:
        if character in (OPEN, CLOSE):
            depth += 1 if character == OPEN else -1
            yield piece
            piece = ""
        elif depth == 0:
            piece += character
    yield piece


def words_of(value: Any) -> Iterator[Words]:
    """Every text in a row or a table of rows."""
    if isinstance(value, Words):
        yield value
    if isinstance(value, BaseModel):
        yield from (one for name in type(value).model_fields for one in words_of(getattr(value, name)))
    elif isinstance(value, Mapping):
        yield from (one for row in value.values() for one in words_of(row))
    elif isinstance(value, tuple):
        yield from (one for row in value for one in words_of(row))
