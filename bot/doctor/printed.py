"""What was found, as lines for people or as JSON for monitoring.

Pure: no clock, no terminal.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from bot.doctor.check import LEVELS, Found, Level, Said
from bot.doctor.columns import padded, width, wrapped
from knowledge.rows import Language

Groups = Sequence[tuple[Said, Sequence[Found]]]

COLUMNS = 80
"""Of a terminal that does not tell its width."""

_FEWEST = 40
"""Columns for which a line is made; a narrower terminal breaks it by itself."""

_BESIDE = 30
"""Columns that a text needs to stand beside its title; with fewer it stands below."""

_LEVELS: Mapping[Level, Said] = {
    "ok": Said("OK", "ok"),
    "note": Said("参考", "note"),
    "warning": Said("注意", "warning"),
    "fault": Said("異常", "FAULT"),
}
_TO_MEND = Said("直すこと", "To fix")


def is_well(groups: Groups) -> bool:
    """Whether nothing is a fault."""
    return all(found.result.level != "fault" for found in _all(groups))


def as_json(groups: Groups, language: Language) -> str:
    """One object: `ok`, and the checks with `id`, `level`, `title`, `detail`, `cure` (empty if none)."""
    checks = [
        {
            "id": found.id,
            "level": found.result.level,
            "title": _in(found.title, language),
            "detail": _in(found.result.detail, language),
            "cure": _in(found.result.cure, language),
        }
        for found in _all(groups)
    ]
    return json.dumps({"ok": is_well(groups), "checks": checks}, ensure_ascii=False)


def as_lines(groups: Groups, language: Language, columns: int = COLUMNS) -> Iterable[str]:
    """Each check, in groups and aligned; then each fault and warning with its cure; then the summary. No line
    is longer than the terminal has `columns`, and nothing is cut."""
    columns = max(columns, _FEWEST)
    marks = max(width(_in(words, language)) for words in _LEVELS.values())
    titles = max((width(_in(found.title, language)) for found in _all(groups)), default=0)
    for title, founds in groups:
        yield _in(title, language)
        for found in founds:
            mark = padded(_in(_LEVELS[found.result.level], language), marks)
            head = f"  {mark}  {padded(_in(found.title, language), titles)}  "
            first = _in(found.result.detail, language).partition("\n")[0]  # the rest is to mend, and there
            if columns - width(head) >= _BESIDE:
                yield from _hanging(head, first, columns)
            else:
                yield head.rstrip()
                yield from _hanging(" " * 6, first, columns)
        yield ""
    yield from _to_mend(groups, language, columns)
    yield from _hanging("", _summary(groups, language), columns)


def _hanging(head: str, text: str, columns: int, below: int | None = None) -> Iterable[str]:
    """The text behind its head; its further lines begin below the first, or in the column `below`."""
    before = " " * (width(head) if below is None else below)
    first, *more = wrapped(text, columns - max(width(head), len(before)))
    yield (head + first).rstrip()
    yield from (before + line for line in more)


def _to_mend(groups: Groups, language: Language, columns: int) -> Iterable[str]:
    bad = [found for level in ("fault", "warning") for found in _all(groups) if found.result.level == level]
    if not bad:
        return
    yield _in(_TO_MEND, language)
    for found in bad:
        first, *more = _in(found.result.detail, language).split("\n")
        mark = _in(_LEVELS[found.result.level], language)
        yield from _hanging(f"  {mark}  ", f"{_in(found.title, language)}: {first}", columns, below=6)
        for line in more:
            yield from _hanging(" " * 6, line, columns)
        for line in _in(found.result.cure, language).split("\n"):
            yield from _hanging("    → ", line, columns)
    yield ""


def _summary(groups: Groups, language: Language) -> str:
    well, notes, warnings, faults = (
        sum(found.result.level == level for found in _all(groups)) for level in LEVELS
    )
    if language == "ja":
        return f"異常 {faults} 件、注意 {warnings} 件、参考 {notes} 件、OK {well} 件"
    return f"faults: {faults}, warnings: {warnings}, notes: {notes}, ok: {well}"


def _all(groups: Groups) -> Iterable[Found]:
    return (found for _, founds in groups for found in founds)


def _in(words: Said, language: Language) -> str:
    return words.ja if language == "ja" else words.en
