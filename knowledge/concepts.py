"""The word lists of concepts.toml, checked and compiled once."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from knowledge.codes import CodeBook, canonical_code
from knowledge.concept_tables import CLASSES, FACTS, Code, Guard, Line, Listed, Tables, Vague, What
from knowledge.entries import BadEntry
from knowledge.language import LanguageWords
from knowledge.lexicon import Lexicon
from knowledge.normalise import fold
from knowledge.spelling import Spelling

_KATAKANA_RUN = re.compile(r"[\u30a1-\u30fa]+")
_LATIN_WORD = re.compile(r"[a-z]{6,}")
_PATTERN = re.compile(r"[…~*{(]")
_WHOLE_LINE = 12


class BadConcepts(Exception):
    """concepts.toml cannot be used; the sentence names file, entry and field and says what to change."""


class Concepts:
    """The lists compiled: what `recognise` needs, built once."""

    def __init__(self, tables: Tables, name: str = "concepts.toml") -> None:
        """Raises BadConcepts for an entry that refers to what is not there; `name` names the file."""
        for where, sets in _sets(tables):
            _known_facts(name, where, sets)
        self.lines: Mapping[str, Line] = tables.line
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
            for key, line in tables.line.items()
            for entry, _ in line.entries()
            if len(entry) >= _WHOLE_LINE and not _PATTERN.search(entry)
        }
        self.wordings = tuple(wordings)
        self.wording_lines = tuple(wordings.values())

    def _shaped(self, word: str) -> str:
        return self.spelling.canonical(fold(word))[0]

    @classmethod
    def load(cls, path: Path) -> "Concepts":
        """The lists of one file.

        Raises BadConcepts with a sentence that names file, entry and field.
        """
        try:
            raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
        except OSError as bad:
            raise BadConcepts(f"{path.name}: cannot be read ({bad.strerror}).") from None
        except UnicodeDecodeError:
            raise BadConcepts(f"{path.name}: is not UTF-8. Save it as UTF-8.") from None
        except tomllib.TOMLDecodeError as bad:
            raise BadConcepts(f"{path.name}: is not TOML: {bad}.") from None
        try:
            tables = Tables.model_validate(raw)
        except ValidationError as bad:
            raise BadConcepts("\n".join(_sentences(path.name, bad))) from None
        return cls(tables, path.name)


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
