"""Where each row of the tables stands: in a built-in file or in the company's."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

BUILT_IN = "knowledge/tables"

Place = tuple[str, str]
"""A kind of row and an id."""


@dataclass
class Sources:
    """The files as people are told of them, with their folder, and what of them could not be used.

    A fault that only follows from another one is not told: what is `broken` or stands in a kind of file that
    is `unread` may be named by other rows.
    """

    folder: str = ""
    """The name of the company's folder; empty without one."""
    files: dict[Place, str] = field(default_factory=dict)
    own: set[Place] = field(default_factory=set)
    broken: set[Place] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    empty: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """Places inside rows that have a fault in their shape: what stands there instead is not theirs."""

    @classmethod
    def of(cls, overlay: Path | None) -> "Sources":
        return cls(overlay.resolve().name if overlay else "")

    def built_in(self, file: str) -> str:
        return f"{BUILT_IN}/{file}"

    def company(self, file: str) -> str:
        return f"{self.folder}/{file}"

    def row(self, kind: str, id_: str) -> str:
        """`acme/errors.toml, [error.vpn_profile]`."""
        return f"{self.files.get((kind, id_), f'{kind}s.toml')}, [{kind}.{id_}]"

    def note(self, kind: str, rows: Mapping[str, object], file: str, *, own: bool = False) -> None:
        """These rows stand in this file."""
        for id_ in rows:
            self.files[kind, id_] = file
            if own:
                self.own.add((kind, id_))

    def is_own(self, kind: str, id_: str) -> bool:
        return (kind, id_) in self.own

    def not_told(self, faults: Iterable[str]) -> Iterator[str]:
        """Those that are not about a place that has a fault in its shape, or about a part of one."""
        for fault in faults:
            place = fault.partition(":")[0]
            if not any(one == place or one.startswith((f"{place} ", f"{place}.")) for one in self.told):
                yield fault

    def may_exist(self, kind: str, id_: str) -> bool:
        """Whether a row that is not in the tables may only have got lost by another fault."""
        return kind in self.unread or (kind, id_) in self.broken
