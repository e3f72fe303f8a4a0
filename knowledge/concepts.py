"""The word lists of concepts.toml, checked and compiled once."""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
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
from knowledge.misshapen import misshapen
from knowledge.normalise import fold
from knowledge.spelling import Spelling
from knowledge.suggestion import meant
from knowledge.toml_text import NotToml, parse_toml
from knowledge.wordings import Wordings

_BUILT_IN = Path(__file__).parent / "tables" / "concepts.toml"

_KATAKANA_RUN = re.compile(r"[\u30a1-\u30fa]+")
_LATIN_WORD = re.compile(r"[a-z]{6,}")
_PATTERN = re.compile(r"[…~*{(]")
_WHOLE_LINE = 12


class BadConcepts(Exception):
    """concepts.toml cannot be used; the sentence names file, entry and field and says what to change."""


class Concepts:
    """The lists compiled: what `recognise` needs, built once."""

    def __init__(
        self, tables: Tables, name: str = "concepts.toml", rows: Collection[str] | None = ROWS
    ) -> None:
        """Raises BadConcepts with every entry that refers to what is not there; `name` names the file, `rows`
        are the errors that there are (None: not known)."""
        found = [fault for where, sets in _sets(tables) for fault in _unknown_facts(name, where, sets)]
        for where, row, others in _rows(tables):
            if rows is not None and row not in rows and row not in others:
                near = meant(row, (*rows, *others))
                found.append(f"{name}, [{where}] row: there is no error “{row}” in errors.toml.{near}")
        self.version = hashlib.sha256(tables.model_dump_json().encode()).hexdigest()
        """Another one when anything in the lists is."""
        self.lines: Mapping[str, Line] = {f"line.{key}": line for key, line in tables.line.items()}
        """By the name of the list."""
        self.passed = tuple(key for key, line in self.lines.items() if line.row == "passed")
        same = {fold(word): tuple(map(fold, variants)) for word, variants in tables.spelling.items()}
        self.spelling = Spelling(same)
        words = tables.language
        self.language = LanguageWords(words.english, words.foreign, words.names)
        self.codes = _code_book(tables.code, name, found)
        self.lexicon = self._lexicon(dict(_lists(tables)), name, found)
        if found:
            raise BadConcepts("\n".join(found))
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

    def _lexicon(self, lists: Mapping[str, Listed], name: str, found: list[str]) -> Lexicon:
        """The lists compiled, without the entries that cannot be: those are told in `found`."""
        entries = {key: list(listed.entries()) for key, listed in lists.items()}
        while True:
            try:
                return Lexicon(entries, CLASSES, self._shaped)
            except BadEntry as bad:
                section = f"{CLASSES[bad.concept]}.{bad.concept}" if bad.concept in CLASSES else bad.concept
                field = lists[bad.concept].language_of(bad.typed)
                found.append(f"{name}, [{section}] {field}: {bad}.")
                entries[bad.concept] = [one for one in entries[bad.concept] if one[0] != bad.typed]

    def _shaped(self, word: str) -> str:
        return self.spelling.canonical(fold(word))[0]

    @classmethod
    def built_in(cls) -> "Concepts":
        """The built-in lists alone; compiled once for the whole process."""
        return _built_in()

    @classmethod
    def with_own(cls, own: Mapping[str, Any], name: str, rows: Collection[str] | None = ROWS) -> "Concepts":
        """The built-in lists extended by a company's, as they stand in its file `name`.

        Raises BadConcepts with a sentence a line that names file, entry and field.
        """
        # What is built in is in order: whatever is found wrong is the company's.
        return cls(_tables(extended(_built_in_lists(), own), name), name, rows)

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
        return cls(_tables(raw, name), name, rows)


@cache
def _built_in_lists() -> dict[str, Any]:
    return _parsed(_BUILT_IN)


@cache
def _built_in() -> Concepts:
    return Concepts.load(_BUILT_IN)


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
        return parse_toml(path.read_bytes())
    except OSError as bad:
        raise BadConcepts(f"{path.name}: cannot be read ({bad.strerror}).") from None
    except NotToml as bad:
        raise BadConcepts(f"{path.name}: {bad}") from None


def _tables(raw: Mapping[str, Any], name: str) -> Tables:
    try:
        return Tables.model_validate(raw)
    except ValidationError as bad:
        raise BadConcepts("\n".join(_sentences(name, bad))) from None


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


def _unknown_facts(name: str, where: str, sets: Iterable[tuple[str, str]]) -> Iterator[str]:
    for fact, value in sets:
        if fact not in FACTS:
            near = meant(fact, FACTS) or f" There are {', '.join(FACTS)}."
            yield f"{name}, [{where}]: there is no fact “{fact}” that words can tell.{near}"
        elif value not in FACTS[fact]:
            yield f"{name}, [{where}] {fact}: “{value}” is none of its values ({', '.join(FACTS[fact])})."


def _code_book(codes: Mapping[str, Code], name: str, found: list[str]) -> CodeBook:
    rows, names = {}, {}
    for typed, code in codes.items():
        canonical = canonical_code(typed)
        if canonical != typed:
            found.append(f"{name}, [code] {typed}: write it as 0x and eight digits, A to F in capitals.")
        rows[typed] = code.row
        names[code.name.lower()] = typed
    return CodeBook(rows, names, {typed: tuple(code.sets.items()) for typed, code in codes.items()})


def _sentences(name: str, bad: ValidationError) -> Iterator[str]:
    for error in bad.errors(include_url=False):
        parts = list(error["loc"])
        entry = ".".join(str(part) for part in parts[:-1]) or parts[-1]
        at = parts[-1] + 1 if isinstance(parts[-1], int) else parts[-1]
        for field, text in misshapen([error], Tables):
            yield f"{name}, [{entry}] {at}: {text}" if field else f"{name}: {text}"
