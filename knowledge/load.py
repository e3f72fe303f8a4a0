"""The tables' files -> a Book, or every fault by file, row and field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from knowledge.book import Book
from knowledge.concept_tables import ROWS
from knowledge.concepts import BadConcepts, Concepts
from knowledge.faults import company_faults, faults_of
from knowledge.folder import folder_faults
from knowledge.lengths import too_long
from knowledge.misshapen import HOW_AN_ID_IS_WRITTEN
from knowledge.overlay import CAN_BE_OFF, merged
from knowledge.remarks import remarks_of
from knowledge.rows import Company, Error, Finding, Label, Question, Remedy, Row, Words
from knowledge.salvage import as_far_as_right
from knowledge.shadows import shadows
from knowledge.sources import Sources
from knowledge.suggestion import meant
from knowledge.toml_text import NotToml, parse_toml

TABLES = Path(__file__).parent / "tables"

KINDS: Mapping[str, tuple[str, type[BaseModel]]] = {
    "errors.toml": ("error", Error),
    "questions.toml": ("question", Question),
    "findings.toml": ("finding", Finding),
    "remedies.toml": ("remedy", Remedy),
    "labels.toml": ("label", Label),
    "phrases.toml": ("phrase", Words),
}

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")

_MANY = 3
"""From so many missing fields on it may be a row that was meant to replace another one."""

Raw = dict[str, Any]


class Intent(Row):
    """What a whole message may say instead of a button, in both languages."""

    ja: tuple[str, ...]
    en: tuple[str, ...]


class BadTables(Exception):
    """The tables cannot be used; `faults` are sentences with file, row, field and what to change."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Loaded:
    """The tables as they are used, and what of a company's is probably not meant so (`remarks`)."""

    book: Book
    remarks: tuple[str, ...] = ()


def load(overlay: Path | None = None) -> Book:
    """The built-in tables with a company's own (`overlay`, a folder) on top.

    Raises BadTables with every fault found.
    """
    return load_with_remarks(overlay).book


def load_with_remarks(overlay: Path | None = None) -> Loaded:
    """The same with the remarks. Raises BadTables."""
    sources = Sources.of(overlay)
    found: list[str] = []
    if overlay:
        found.extend(folder_faults(overlay, sources))
        if not overlay.is_dir():
            raise BadTables(found)
    built_in = {kind: _built_in(file, kind, sources, found) for file, (kind, _) in KINDS.items()}
    own = {kind: _own(overlay, file, kind, sources, found) for file, (kind, _) in KINDS.items()}
    tables = {
        kind: dict(_shaped(kind, shape, built_in[kind], own[kind], sources, found))
        for kind, shape in KINDS.values()
    }
    off = _switched_off(tables["error"], own["error"], sources, found)
    intents = _intents(found)
    company = _company(overlay, sources, found)
    concepts, own_words = _concepts(overlay, {**tables["error"], **off}, sources, found)
    book = Book(
        errors=tables["error"],
        questions=tables["question"],
        findings=tables["finding"],
        remedies=tables["remedy"],
        labels=tables["label"],
        phrases=tables["phrase"],
        intents={id_: (*row.ja, *row.en) for id_, row in intents.items()},
        concepts=concepts or Concepts.built_in(),
        company=company,
        off=off,
    )
    found.extend(sources.not_told(faults_of(book, sources)))
    found.extend(company_faults(book, sources))
    found.extend(sources.not_told(too_long(book, sources)))
    if own_words and concepts:
        found.extend(shadows(book, own_words, sources.company("concepts.toml")))
    if found:
        raise BadTables(_by_file(found))
    return Loaded(book, tuple(remarks_of(book, built_in, own, sources)) if overlay else ())


def own_words(overlay: Path) -> Raw:
    """What stands in a company's concepts.toml; its folder was loaded before."""
    path = overlay / "concepts.toml"
    return parse_toml(path.read_bytes()) if path.exists() else {}


def _by_file(faults: Iterable[str]) -> list[str]:
    """Each fault once, those of one file together."""
    together: dict[str, list[str]] = {}
    for fault in dict.fromkeys(faults):
        together.setdefault(re.split(r"[,:]", fault, maxsplit=1)[0], []).append(fault)
    return [fault for of_file in together.values() for fault in of_file]


def _built_in(file: str, kind: str, sources: Sources, found: list[str]) -> Raw:
    """The rows of a built-in file and of those beside it: phrases.toml, phrases_desk.toml and so on. A
    company's own stand in the first alone."""
    rows: Raw = {}
    for path in (TABLES / file, *sorted(TABLES.glob(f"{Path(file).stem}_*.toml"))):
        where = sources.built_in(path.name)
        if not path.exists():
            found.append(f"{where}: is missing.")
            continue
        more = _of_kind(_built_in_file(path), kind, where, found)
        found.extend(f"{where}, [{kind}.{id_}]: is in another file, too." for id_ in rows.keys() & more)
        sources.note(kind, more, where)
        rows |= more
    return rows


def _own(overlay: Path | None, file: str, kind: str, sources: Sources, found: list[str]) -> Raw:
    """The company's rows of a kind, as far as they can be read."""
    if overlay is None or not (overlay / file).exists():
        return {}
    where = sources.company(file)
    raw = _parsed(overlay / file, where, found)
    if raw is None:
        sources.unread.add(kind)
        return {}
    if not raw:
        sources.empty.append(where)
    kept = {}
    for id_, row in _of_kind(raw, kind, where, found).items():
        if not _ID.fullmatch(id_):
            found.append(f"{where}, [{kind}.{id_}]: “{id_}” is no id: {HOW_AN_ID_IS_WRITTEN}.")
        elif not isinstance(row, dict):
            found.append(f"{where}, [{kind}] {id_}: rows begin with [{kind}.NAME], here [{kind}.{id_}].")
        else:
            kept[id_] = row
    meant_so = (rows for rows in raw.values() if isinstance(rows, dict))
    sources.broken |= {(kind, id_) for rows in meant_so for id_ in rows if id_ not in kept}
    sources.note(kind, kept, where, own=True)
    return kept


@cache
def _built_in_file(path: Path) -> Raw:
    """A built-in file, read once in the whole process; nobody changes what was read."""
    return parse_toml(path.read_bytes())


def _of_kind(raw: Raw, kind: str, where: str, found: list[str]) -> Raw:
    """The rows of a file that are of its kind; all others are faults."""
    for other in sorted(raw.keys() - {kind}):
        name = f"{other}.{next(iter(raw[other]))}" if isinstance(raw[other], dict) and raw[other] else other
        near = meant(other, [kind])
        found.append(f"{where}, [{name}]: is not known here; rows begin with [{kind}.NAME].{near}")
    rows = raw.get(kind, {})
    return rows if isinstance(rows, dict) else {}


def _parsed(path: Path, where: str, found: list[str]) -> Raw | None:
    """What stands in a file; None if it cannot be read."""
    try:
        return parse_toml(path.read_bytes())
    except OSError as bad:
        found.append(f"{where}: cannot be read ({bad.strerror}).")
    except NotToml as bad:
        found.append(f"{where}: {bad}")
    return None


def _shaped(
    kind: str, shape: type[BaseModel], built_in: Raw, own: Raw, sources: Sources, found: list[str]
) -> Iterable[tuple[str, Any]]:
    """Every row in its shape; what of a company's has faults counts as it is built in."""
    for id_ in {**built_in, **own}:
        row = {key: value for key, value in own.get(id_, {}).items() if key != "off"}
        here, before = sources.row(kind, id_), built_in.get(id_)
        if kind != CAN_BE_OFF and "off" in own.get(id_, {}):
            never = f'; a remedy is, in {sources.company("company.toml")}: never = ["{id_}"]'
            found.append(f"{here} off: only errors are switched off so{never if kind == 'remedy' else ''}.")
        if before is None and not row:  # nothing but off: said where that is read
            continue
        whole = row if before is None else merged(before, row)
        faults, shaped = as_far_as_right(whole, shape, before or next(iter(built_in.values()), {}))
        found.extend(_told(here, " ", faults))
        missing = sum(text.startswith("is missing") for _, text in faults)
        if before is None and missing >= _MANY and (near := meant(id_, built_in)):
            found.append(f"{here}: is a new row, for which all this is needed.{near}")
        if faults:
            sources.broken.add((kind, id_))
            sources.told |= {f"{here} {field}" for field, _ in faults}
        if shaped is not None:
            yield id_, shaped


def _told(where: str, between: str, faults: Iterable[tuple[str, str]]) -> Iterable[str]:
    for field, text in faults:
        yield f"{where}{between}{field}: {text}" if field else f"{where}: {text}"


def _switched_off(
    errors: dict[str, Any], own: Mapping[str, Raw], sources: Sources, found: list[str]
) -> dict[str, Error]:
    """Takes the rows that the company switched off out of `errors`."""
    off = {}
    for id_, row in own.items():
        switch = row.get("off", False)
        if not isinstance(switch, bool):
            where = sources.row("error", id_)
            found.append(f"{where} off: must be true or false, in small letters and without quotes.")
        elif switch and id_ in errors:
            off[id_] = errors.pop(id_)
        elif not errors.get(id_) and not row.keys() - {"off"}:
            near = meant(id_, errors)
            found.append(f"{sources.row('error', id_)}: there is no error “{id_}” to switch off.{near}")
    return off


def _intents(found: list[str]) -> dict[str, Intent]:
    path = TABLES / "intents.toml"
    raw = _of_kind(_built_in_file(path), "intent", Sources().built_in(path.name), found)
    return {id_: Intent.model_validate(row) for id_, row in raw.items()}


def _company(overlay: Path | None, sources: Sources, found: list[str]) -> Company:
    if overlay is None or not (overlay / "company.toml").exists():
        return Company()
    where = sources.company("company.toml")
    raw = _parsed(overlay / "company.toml", where, found)
    if not raw:
        if raw is not None:
            sources.empty.append(where)
        return Company()
    faults, company = as_far_as_right(raw.get("company", raw), Company, {})
    found.extend(_told(where, ", ", faults))
    return company if isinstance(company, Company) else Company()


def _concepts(
    overlay: Path | None, errors: Mapping[str, Error], sources: Sources, found: list[str]
) -> tuple[Concepts | None, Raw]:
    """The words by which errors are recognised, and the company's own among them as they stand."""
    if overlay is None or not (overlay / "concepts.toml").exists():
        return Concepts.built_in(), {}
    where = sources.company("concepts.toml")
    own = _parsed(overlay / "concepts.toml", where, found)
    if own is None:
        return None, {}
    if not own:
        sources.empty.append(where)
    try:
        broken = (id_ for kind, id_ in sources.broken if kind == "error")
        rows = None if "error" in sources.unread else frozenset((*ROWS, *errors, *broken))
        return Concepts.with_own(own, where, rows), own
    except BadConcepts as bad:
        found.extend(str(bad).splitlines())
        return None, {}
