"""Which texts are missing in a further language, so that people who read it are told in English there."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from knowledge.book import Book
from knowledge.rows import Words

_MOST_NAMED = 20


def texts(book: Book) -> Iterator[tuple[str, str, Words]]:
    """Every text of the tables: its file, its name there, and itself."""
    tables: Mapping[str, Mapping[str, BaseModel]] = {
        "errors.toml": book.errors,
        "questions.toml": book.questions,
        "findings.toml": book.findings,
        "remedies.toml": book.remedies,
        "labels.toml": book.labels,
        "phrases.toml": book.phrases,
    }
    for file, rows in tables.items():
        for id_, row in rows.items():
            for name, words in _within(row, id_):
                yield file, name, words
    for name, words in _within(book.company, "company"):
        yield "company.toml", name.removeprefix("company."), words


def _within(value: Any, name: str) -> Iterator[tuple[str, Words]]:
    if isinstance(value, Words):
        yield name, value
    if isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _within(getattr(value, field), f"{name}.{field}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _within(item, f"{name}.{key}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value, 1):
            yield from _within(item, f"{name}.{number}")


def further_languages(book: Book) -> tuple[str, ...]:
    """The languages beside Japanese and English that any text has."""
    return tuple(sorted({language for _, _, words in texts(book) for language in words.more}))


def fallbacks(book: Book, language: str) -> dict[str, list[str]]:
    """The names of the texts that this language has to say in English, by file."""
    missing: dict[str, list[str]] = {}
    for file, name, words in texts(book):
        if language not in (*words.more, "ja", "en"):
            missing.setdefault(file, []).append(name)
    return missing


def fallback_lines(book: Book) -> Iterator[str]:
    """For people: for each further language how many texts fall back to English, and which."""
    for language in further_languages(book):
        missing = fallbacks(book, language)
        of = sum(1 for _ in texts(book))
        count = sum(map(len, missing.values()))
        yield f"{language}: {count} of {of} texts fall back to English" + (":" if count else ".")
        for file, names in missing.items():
            more = len(names) - _MOST_NAMED
            shown = ", ".join(names[:_MOST_NAMED]) + (f", and {more} more" if more > 0 else "")
            yield f"  {file} ({len(names)}): {shown}"
