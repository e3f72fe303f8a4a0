"""What stands in a company's tables without a fault, and is probably not meant so."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from knowledge.book import Book
from knowledge.language_codes import FURTHER
from knowledge.overlay import merged
from knowledge.sources import Sources

Rows = Mapping[str, Mapping[str, Any]]


def remarks_of(book: Book, built_in: Rows, own: Rows, sources: Sources) -> Iterator[str]:
    """Rows that change nothing or stand in place of what is newer, and errors of which nobody would hear."""
    for where in sources.empty:
        yield f"{where}: holds nothing. Was it saved empty by mistake?"
    for kind, rows in own.items():
        for id_, row in rows.items():
            before = built_in[kind].get(id_)
            where = sources.row(kind, id_)
            if before is not None and not row:
                yield f"{where}: is empty and changes nothing."
            elif before is not None and merged(before, row) == before:
                yield f"{where}: says what is built in already and changes nothing. It can be taken out."
            elif kind == "remedy" and before is not None and "reviewed" not in row and _replaces(row):
                yield (
                    f"{where}: has no reviewed of its own, so that the built-in day counts for your words, "
                    "too. Add the day on which you compared them; then you are told when the built-in is "
                    "newer."
                )
            elif before is not None and _is_older(row, before):
                yield (
                    f"{where}: what is built in was reviewed after yours ({row['reviewed']}) and may say "
                    "something new. Compare them with python -m knowledge diff, then set reviewed."
                )
    named = {line.row for line in book.concepts.lines.values()} | set(book.concepts.codes.rows.values())
    named |= {finding.row for finding in book.findings.values() if finding.row}
    for id_ in book.errors:
        if sources.is_own("error", id_) and id_ not in built_in["error"] and id_ not in named:
            yield (
                f"{sources.row('error', id_)}: no message leads to it. Put the words of its message into "
                f'{sources.company("concepts.toml")}, as [line.{id_}] with row = "{id_}".'
            )


def _is_older(row: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the company's row has a day of review, and the built-in one a later."""
    own, other = row.get("reviewed"), before.get("reviewed")
    return isinstance(own, date) and isinstance(other, date) and own < other


def _replaces(own: Any) -> bool:
    """Whether it says something else than a translation into further languages."""
    if isinstance(own, Mapping):
        return any(key not in FURTHER and _replaces(value) for key, value in own.items())
    return True
