"""The word lists of concepts.toml, checked and compiled once."""

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.codes import CodeBook, canonical_code
from knowledge.concept_tables import (
    CLASSES,
    FACTS,
    NO_ROWS,
    ROWS,
    Code,
    Guard,
    Line,
    Listed,
    Tables,
    Vague,
    What,
)
from knowledge.entries import BadEntry
from knowledge.language import LanguageWords
from knowledge.lexicon import Lexicon
from knowledge.normalise import fold
from knowledge.spelling import Spelling
from knowledge.wordings import Wordings

_KATAKANA_RUN = re.compile(r"[\u30a1-\u30fa]+")
_LATIN_WORD = re.compile(r"[a-z]{6,}")
_PATTERN = re.compile(r"[…~*{(]")
_WHOLE_LINE = 12


class BadConcepts(Exception):
    """concepts.toml cannot be used; the sentence names file, entry and field and says what to change."""


class Concepts:
    """The lists compiled: what `recognise` needs, built once."""

    def __init__(self, tables: Tables, name: str = "concepts.toml", rows: Collection[str] = ROWS) -> None:
        """Raises BadConcepts for an entry that refers to what is not there; `name` names the file, `rows`
        are the errors that there are."""
        for where, sets in _sets(tables):
            _known_facts(name, where, sets)
        for where, row, others in _rows(tables):
            if row not in rows and row not in others:
                raise BadConcepts(f"{name}, [{where}] row: there is no error “{row}” in errors.toml.")
        self.version = hashlib.sha256(tables.model_dump_json().encode()).hexdigest()
        """Another one when anything in the lists is."""
        self.lines: Mapping[str, Line] = {f"line.{key}": line for key, line in tables.line.items()}
        """By the name of the list."""
        self.passed = tuple(key for key, line in self.lines.items() if line.row == "passed")
        same = {fold(word): tuple(map(fold, variants)) for word, variants in tables.spelling.items()}
        self.spelling = Spelling(same)
        words = tables.language
        self.language = LanguageWords(words.english, words.foreign, words.names)
        self.codes = _code_book(tables.code, name)
        lists = dict(_lists(tables))
        try:
            self.lexicon = Lexicon(
                {key: listed.entries() for key, listed in lists.items()}, CLASSES, self._shaped
            )
        except BadEntry as bad:
            section = f"{CLASSES[bad.concept]}.{bad.concept}" if bad.concept in CLASSES else bad.concept
            field = lists[bad.concept].language_of(bad.typed)
            raise BadConcepts(f"{name}, [{section}] {field}: {bad}.") from None
        known = {word for piece in self.lexicon.words() for word in _LATIN_WORD.findall(piece)}
        self.spelling = Spelling(same, tables.misspelt, known)
        self.katakana = frozenset(
            run
            for word in (*tables.katakana.words, *self.lexicon.words())
            for run in _KATAKANA_RUN.findall(self._shaped(word))
            if len(run) > 1
        )
        wordings = {
            self._shaped(entry): key
            for key, line in self.lines.items()
            for entry, _ in line.entries()
            if len(entry) >= _WHOLE_LINE and not _PATTERN.search(entry)
        }
        self.wordings = Wordings(wordings)

    def _shaped(self, word: str) -> str:
        return self.spelling.canonical(fold(word))[0]

    @classmethod
    def load(cls, path: Path, own: Path | None = None, rows: Collection[str] = ROWS) -> "Concepts":
        """The lists of one file, extended by those of a company's `own`.

        Raises BadConcepts with a sentence that names file, entry and field.
        """
        raw, name = _parsed(path), path.name
        if own is not None and own.exists():
            # What is built in is in order: whatever is found wrong is the company's.
            name = f"{own.parent.name}/{own.name}"
            raw = extended(raw, _parsed(own))
        try:
            tables = Tables.model_validate(raw)
        except ValidationError as bad:
            raise BadConcepts("\n".join(_sentences(name, bad))) from None
        return cls(tables, name, rows)


def extended(built_in: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The built-in lists with a company's: every list is made longer, any other value is the company's."""
    out = dict(built_in)
    for key, value in own.items():
        before = out.get(key)
        if isinstance(before, dict) and isinstance(value, dict):
            out[key] = extended(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            out[key] = [*value, *(entry for entry in before if entry not in value)]
        else:
            out[key] = value
    return out


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as bad:
        raise BadConcepts(f"{path.name}: cannot be read ({bad.strerror}).") from None
    except UnicodeDecodeError:
        raise BadConcepts(f"{path.name}: is not UTF-8. Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as bad:
        raise BadConcepts(f"{path.name}: is not TOML: {bad}.") from None


def _lists(tables: Tables) -> Iterator[tuple[str, Listed]]:
    for key, group in CLASSES.items():
        shape = getattr(tables, group)
        yield key, getattr(shape, key, None) or getattr(shape, f"{key}_")
    for group, fields in (
        ("what", What.model_fields),
        ("vague", Vague.model_fields),
        ("guard", Guard.model_fields),
    ):
        for key in fields:
            yield f"{group}.{key}", getattr(getattr(tables, group), key)
    for fact, values in tables.fact.items():
        for value, listed in values.items():
            yield f"fact.{fact}.{value}", listed
    for key, line in tables.line.items():
        yield f"line.{key}", line


def _sets(tables: Tables) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    for fact, values in tables.fact.items():
        yield f"fact.{fact}", [(fact, value) for value in values]
    for key, line in tables.line.items():
        yield f"line.{key}", line.sets.items()
    for key, code in tables.code.items():
        yield f"code.{key}", code.sets.items()


def _rows(tables: Tables) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for key, line in tables.line.items():
        yield f"line.{key}", line.row, NO_ROWS
    for key, code in tables.code.items():
        yield f"code.{key}", code.row, ("none",)


def _known_facts(name: str, where: str, sets: Iterable[tuple[str, str]]) -> None:
    for fact, value in sets:
        if fact not in FACTS:
            raise BadConcepts(f"{name}, [{where}]: there is no fact “{fact}”; there are {', '.join(FACTS)}.")
        if value not in FACTS[fact]:
            raise BadConcepts(
                f"{name}, [{where}] {fact}: “{value}” is none of its values ({', '.join(FACTS[fact])})."
            )


def _code_book(codes: Mapping[str, Code], name: str) -> CodeBook:
    rows, names = {}, {}
    for typed, code in codes.items():
        canonical = canonical_code(typed)
        if canonical != typed:
            raise BadConcepts(f"{name}, [code] {typed}: write it as 0x and eight digits, A to F in capitals.")
        rows[typed] = code.row
        names[code.name.lower()] = typed
    return CodeBook(rows, names, {typed: tuple(code.sets.items()) for typed, code in codes.items()})


def _sentences(name: str, bad: ValidationError) -> Iterator[str]:
    for error in bad.errors(include_url=False, include_context=False):
        parts = [str(part) for part in error["loc"]]
        entry, field = ".".join(parts[:-1]) or parts[-1], parts[-1]
        where = f"{name}, [{entry}] {field}"
        match error["type"]:
            case "extra_forbidden":
                yield f"{where}: is not a known key. Is it misspelt?"
            case "missing":
                yield f"{where}: is missing."
            case "string_type":
                yield f"{where}: must be a text in quotes."
            case "literal_error":
                yield f"{where}: {error['msg'].replace('Input should be', 'must be')}."
            case "tuple_type":
                yield f'{where}: must be a list of texts, such as ["期限切れ", "expired"].'
            case _:
                yield f"{where}: {error['msg']}."
