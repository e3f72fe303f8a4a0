"""The tables' files -> a Book, or every fault by file, row and field."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.book import Book
from knowledge.concept_tables import ROWS
from knowledge.concepts import BadConcepts, Concepts
from knowledge.faults import faults_of
from knowledge.language_codes import CODES, FURTHER
from knowledge.rows import Company, Error, Finding, Label, Question, Remedy, Row, Words

TABLES = Path(__file__).parent / "tables"

KINDS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "errors.toml": ("error", Error),
    "questions.toml": ("question", Question),
    "findings.toml": ("finding", Finding),
    "remedies.toml": ("remedy", Remedy),
    "labels.toml": ("label", Label),
    "phrases.toml": ("phrase", Words),
}


class Intent(Row):
    """What a whole message may say instead of a button, in both languages."""

    ja: tuple[str, ...]
    en: tuple[str, ...]


class BadTables(Exception):
    """The tables cannot be used; `faults` are sentences with file, row, field and what to change."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def load(overlay: Path | None = None) -> Book:
    """The built-in tables with a company's own (`overlay`, a folder) on top.

    Raises BadTables with every fault found.
    """

    found: list[str] = []
    tables: dict[str, dict[str, Any]] = {}
    for file, (kind, shape) in KINDS.items():
        raw = _built_in(file, kind, found)
        if overlay:
            raw = _merged(raw, _rows(overlay / file, kind, found, needed=False), file, found)
        tables[kind] = dict(_shaped(file, kind, raw, shape, found))
    intents = dict(
        _shaped("intents.toml", "intent", _rows(TABLES / "intents.toml", "intent", found), Intent, found)
    )
    company = _company(overlay, found)
    concepts = _concepts(overlay, tables["error"], found)
    if found or concepts is None:
        raise BadTables(found)
    book = Book(
        errors=tables["error"],
        questions=tables["question"],
        findings=tables["finding"],
        remedies=tables["remedy"],
        labels=tables["label"],
        phrases=tables["phrase"],
        intents={id_: (*row.ja, *row.en) for id_, row in intents.items()},
        concepts=concepts,
        company=company,
    )
    if faults := list(faults_of(book)):
        raise BadTables(faults)
    return book


def _concepts(overlay: Path | None, errors: Collection[str], found: list[str]) -> Concepts | None:
    own = overlay / "concepts.toml" if overlay else None
    try:
        return Concepts.load(TABLES / "concepts.toml", own, frozenset((*ROWS, *errors)))
    except BadConcepts as bad:
        found.extend(str(bad).splitlines())
        return None


def _company(overlay: Path | None, found: list[str]) -> Company:
    if overlay is None or not (overlay / "company.toml").exists():
        return Company()
    raw = _parsed(overlay / "company.toml", found)
    try:
        return Company.model_validate(raw.get("company", raw))
    except ValidationError as bad:
        found.extend(_sentences("company.toml", "company", bad))
        return Company()


def _parsed(path: Path, found: list[str]) -> dict[str, Any]:
    """One TOML file; Notepad's BOM is taken off."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        found.append(f"{path.name}: is not UTF-8. Save it as UTF-8 (Notepad: Save as, Encoding: UTF-8).")
    except tomllib.TOMLDecodeError as bad:
        found.append(f"{path.name}: is not TOML: {bad}. Texts stand in quotes; a key stands only once.")
    return {}


def _rows(path: Path, kind: str, found: list[str], *, needed: bool = True) -> dict[str, Any]:
    if not path.exists():
        if needed:
            found.append(f"{path.name}: is missing.")
        return {}
    raw = _parsed(path, found)
    for other in set(raw) - {kind}:
        found.append(f"{path.name}: [{other}.…] is not known here; rows begin with [{kind}.NAME].")
    rows = raw.get(kind, {})
    return rows if isinstance(rows, dict) else {}


def _built_in(file: str, kind: str, found: list[str]) -> dict[str, Any]:
    """The rows of a built-in file and of those beside it: phrases.toml, phrases_desk.toml and so on. A
    company's own stand in the first alone."""
    first = TABLES / file
    raw = _rows(first, kind, found)
    for beside in sorted(TABLES.glob(f"{first.stem}_*.toml")):
        more = _rows(beside, kind, found)
        found.extend(f"{beside.name}, [{kind}.{id_}]: is in another file, too." for id_ in raw.keys() & more)
        raw |= more
    return raw


def _merged(built_in: dict[str, Any], own: dict[str, Any], file: str, found: list[str]) -> dict[str, Any]:
    """The company's rows on the built-in ones: a text or a list is replaced whole, never mixed.

    A text in further languages only is no other text, but a translation of the built-in one.
    """
    out = dict(built_in)
    for id_, row in own.items():
        if not isinstance(row, dict):
            found.append(f"{file}, {id_}: must be a table of texts.")
            continue
        before = built_in.get(id_)
        if before is None or _is_translation(row):
            out[id_] = {**(before or {}), **row}
        elif CODES.issuperset(row):
            out[id_] = row
        else:
            out[id_] = {**before, **{key: _replaced(before.get(key), value) for key, value in row.items()}}
    return out


def _is_translation(text: Any) -> bool:
    return isinstance(text, dict) and FURTHER.issuperset(text)


def _replaced(before: Any, value: Any) -> Any:
    return {**before, **value} if isinstance(before, dict) and _is_translation(value) else value


def _shaped(
    file: str, kind: str, raw: Mapping[str, Any], shape: type[BaseModel], found: list[str]
) -> Iterable[tuple[str, Any]]:
    for id_, row in raw.items():
        try:
            yield id_, shape.model_validate(row)
        except ValidationError as bad:
            found.extend(_sentences(file, f"{kind}.{id_}", bad))


def _sentences(file: str, row: str, bad: ValidationError) -> Iterable[str]:
    say = partial("{}, [{}] {}: {}".format, file, row)
    for error in bad.errors(include_url=False, include_context=False):
        field = ".".join(str(part) for part in error["loc"]) or "(the row)"
        match error["type"]:
            case "missing":
                yield say(field, "is missing.")
            case "extra_forbidden":
                yield say(field, "is not a known key. Is it misspelt?")
            case "string_type":
                yield say(field, "must be a text in quotes.")
            case "value_error":
                yield say(field, error["msg"].removeprefix("Value error, ") + ".")
            case _:
                yield say(field, error["msg"] + ".")
