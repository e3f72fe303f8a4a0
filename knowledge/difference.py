"""What a company's tables change against the built-in ones, for people to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from knowledge.book import Book
from knowledge.rows import Company, Remedy, Words

_LONGEST_LIST = 12


def difference(before: Book, after: Book, own_words: Mapping[str, Any]) -> Iterator[str]:
    """The lines, file by file: what is switched off, added (+) and replaced (old → new).

    `own_words` is what stands in the company's concepts.toml. No line at all: nothing is changed.
    """
    tables: Mapping[str, tuple[Mapping[str, BaseModel], Mapping[str, BaseModel]]] = {
        "errors.toml": (before.errors, after.errors),
        "questions.toml": (before.questions, after.questions),
        "findings.toml": (before.findings, after.findings),
        "remedies.toml": (before.remedies, after.remedies),
        "labels.toml": (before.labels, after.labels),
        "phrases.toml": (before.phrases, after.phrases),
    }
    for file, (old, new) in tables.items():
        lines = list(_rows(file, old, new, after))
        yield from ([file, *lines, ""] if lines else ())
    if words := list(_words(own_words, before)):
        yield from ("concepts.toml", *words, "")
    if entries := list(_entries(after.company)):
        yield from ("company.toml", *entries, "")


def _rows(
    file: str, old: Mapping[str, BaseModel], new: Mapping[str, BaseModel], after: Book
) -> Iterator[str]:
    if file == "errors.toml":
        for id_, error in after.off.items():
            yield f"  off  {id_} ({error.title.ja} / {error.title.en})"
    for id_, row in new.items():
        if id_ not in old:
            title = getattr(row, "title", None) or getattr(row, "name", row)
            shown = f" ({title.ja} / {title.en})" if isinstance(title, Words) else ""
            yield f"  +    {id_}{shown}"
        elif row != old[id_]:
            yield f"  ~    {id_}{_reviewed(old[id_], row)}"
            for place, was, now in _changes(old[id_], row, ""):
                yield f"         {place}"
                yield f"           - {was}"
                yield f"           + {now}"


def _reviewed(old: BaseModel, row: BaseModel) -> str:
    """When the built-in text was reviewed, which one of the company's stands in place of."""
    if not (isinstance(old, Remedy) and isinstance(row, Remedy)):
        return ""
    later = f", after yours ({row.reviewed}): compare them" if old.reviewed > row.reviewed else ""
    return f" (built in: reviewed {old.reviewed}{later})"


def _changes(old: Any, new: Any, place: str) -> Iterator[tuple[str, str, str]]:
    """Every field that differs, by its name as it stands in the table, with both values."""
    if old == new:
        return
    if isinstance(old, BaseModel) and isinstance(new, BaseModel) and type(old) is type(new):
        for field in type(new).model_fields:
            name = _joined(place, "" if field == "more" else field)
            yield from _changes(getattr(old, field), getattr(new, field), name)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _changes(old.get(key), new.get(key), _joined(place, key))
    elif _is_list(old) and _is_list(new):
        if len(old) != len(new):
            yield place, f"{len(old)} entries", f"{len(new)} entries"
        for number in range(max(len(old), len(new))):
            was = old[number] if number < len(old) else None
            now = new[number] if number < len(new) else None
            if was is not None and now is not None:
                yield from _changes(was, now, f"{place} {number + 1}")
            else:
                yield f"{place} {number + 1}", _shown(was), _shown(now)
    else:
        yield place, _shown(old), _shown(new)


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place and name else place or name


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple | list) and any(isinstance(one, BaseModel) for one in value)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "(nothing)"
        case Words():
            return f"{value.ja} / {value.en}"
        case BaseModel():
            given = value.model_dump(exclude_defaults=True, mode="json")
            return ", ".join(f"{name} = {_shown(one)}" for name, one in given.items())
        case Mapping():
            return "{ " + ", ".join(f"{name} = {_shown(one)}" for name, one in value.items()) + " }"
        case tuple() | list():
            listed = [_shown(one) for one in value]
            more = len(listed) - _LONGEST_LIST
            return ", ".join(listed[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _words(own: Mapping[str, Any], before: Book) -> Iterator[str]:
    """The lists that the company's words make longer, and what a line or a code means to it."""
    lines = own.get("line", {})
    for key, line in lines.items():
        known = before.concepts.lines.get(f"line.{key}")
        sign = "+   " if known is None else "~   "
        row = line.get("row")
        to = f" → {row}" if row and (known is None or known.row != row) else ""
        was = f" (was {known.row})" if known and row and known.row != row else ""
        yield f"  {sign} [line.{key}]{to}{was}"
        yield from _added(line, "         ")
    for code, given in own.get("code", {}).items():
        meant = before.concepts.codes.rows.get(code)
        sign = "+   " if meant is None else "~   "
        before_that = f" (was {meant})" if meant not in (None, given.get("row")) else ""
        yield f"  {sign} [code] {code} → {given.get('row')}{before_that}"
    for key, value in own.items():
        if key not in ("line", "code"):
            yield f"  +    [{key}]"
            yield from _added(value, "         ")


def _added(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if isinstance(one, list):
                yield f"{indent}{name}: {_shown(one)}"
            elif isinstance(one, Mapping):
                yield f"{indent}{name}"
                yield from _added(one, f"{indent}  ")
    elif isinstance(value, list):
        yield f"{indent}{_shown(value)}"


def _entries(company: Company) -> Iterator[str]:
    usual = Company()
    for name in type(company).model_fields:
        value = getattr(company, name)
        if name in company.model_fields_set and value != getattr(usual, name):
            yield f"  {name} = {_shown(value)}"
