"""What was found, as lines for people or as JSON for monitoring.

Pure: no clock, no terminal.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bot.doctor.check import LEVELS, Found, Level, Said
from knowledge.rows import Language

Groups = Sequence[tuple[Said, Sequence[Found]]]

WIDTH = 110
"""Columns of a line; a longer one is cut here, and whole in the JSON."""

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


def as_lines(groups: Groups, language: Language) -> Iterable[str]:
    """A line for each check, in groups and aligned; then each fault and warning with its cure; then the
    summary."""
    marks = max(_width(_in(words, language)) for words in _LEVELS.values())
    titles = max((_width(_in(found.title, language)) for found in _all(groups)), default=0)
    for title, founds in groups:
        yield _in(title, language)
        for found in founds:
            mark = _padded(_in(_LEVELS[found.result.level], language), marks)
            head = f"  {mark}  {_padded(_in(found.title, language), titles)}  "
            first = _in(found.result.detail, language).partition("\n")[0]
            yield (head + _cut(first, max(WIDTH - _width(head), 40))).rstrip()
        yield ""
    yield from _to_mend(groups, language)
    yield _summary(groups, language)


def _to_mend(groups: Groups, language: Language) -> Iterable[str]:
    bad = [found for level in ("fault", "warning") for found in _all(groups) if found.result.level == level]
    if not bad:
        return
    yield _in(_TO_MEND, language)
    for found in bad:
        first, *more = _in(found.result.detail, language).split("\n")
        mark = _in(_LEVELS[found.result.level], language)
        yield f"  {mark}  {_in(found.title, language)}: {first}"
        yield from (f"      {line}" for line in more)
        yield from (f"    → {line}" for line in _in(found.result.cure, language).split("\n"))
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


def _width(text: str) -> int:
    """Columns in a terminal: what is East Asian and wide takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    kept = ""
    for character in text:
        if _width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"
