"""Error codes as people type them, brought to 0x and eight digits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_HEXADECIMAL = re.compile(
    r"(?=[0o8b])(?:(?<![a-z0-9])(?P<prefix>[0o]x ?)?(?P<digits>[8b][0o][0-9a-foil]{6})h?(?![a-z0-9])"
    r"|(?<![a-z0-9])[0o]x ?(?P<other>[0-9a-foil]{8})(?![a-z0-9]))"
)
_DECIMAL = re.compile(r"(?=[-ー12])(?<![a-z0-9.])(?P<sign>[-ー] ?)?(?P<digits>[12]\d{9})(?![a-z0-9])")
_NAME = re.compile(r"(?<![a-z0-9_])[a-z]{2,12}_e_[a-z_]{2,40}(?![a-z0-9_])")
_SLIPS = str.maketrans("oil", "011")
_PLAIN = re.compile(r"0x[0-9A-F]{8}")
_BARE = re.compile(r"800[479bc]")
"""How a code of Windows' security, MAPI or mail components begins: only so is a bare number taken for one."""

_MAIL_TRANSPORT = "0x800CCC"


@dataclass(frozen=True, slots=True)
class Code:
    """One code in a text: how it is written properly, what it means, and where it stands."""

    value: str
    row: str | None
    """The row it means, "none" where it is known to be no certificate's, None where it is not known."""
    sets: tuple[tuple[str, str], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CodeBook:
    """What the known codes mean."""

    rows: Mapping[str, str]
    names: Mapping[str, str]
    """Symbolic names in small letters, such as cert_e_expired, and their codes."""
    sets: Mapping[str, tuple[tuple[str, str], ...]]

    def row(self, value: str) -> str | None:
        """The row of a code; every 0x800CCCxx belongs to the mail transport and to no row."""
        return "none" if value.startswith(_MAIL_TRANSPORT) else self.rows.get(value)


def canonical_code(digits: str) -> str | None:
    """A hexadecimal code as 0x and eight capital digits; O is read as 0, l and i as 1."""
    value = digits.lower().replace(" ", "").removeprefix("0x").removeprefix("ox").translate(_SLIPS)
    code = f"0x{value.upper()}"
    return code if _PLAIN.fullmatch(code) else None


def find_codes(text: str, book: CodeBook) -> list[Code]:
    """Every error code in a normalised text, in order of place, with or without 0x, decimal or by name."""
    found = []
    for match in _HEXADECIMAL.finditer(text):
        digits = match["digits"] or match["other"]
        value = canonical_code(digits)
        if value is None:
            continue
        bare = match["other"] is None and match["prefix"] is None
        if bare and value not in book.rows and not (_BARE.match(value, 2) and _looks_like_a_code(value)):
            continue
        found.append(Code(value, book.row(value), book.sets.get(value, ()), *match.span()))
    for match in _DECIMAL.finditer(text):
        number = int(match["digits"])
        value = f"0x{(-number if match['sign'] else number) & 0xFFFFFFFF:08X}"
        if value in book.rows or (match["sign"] and _BARE.match(value, 2)):
            found.append(Code(value, book.row(value), book.sets.get(value, ()), *match.span()))
    if "_e_" in text:
        for match in _NAME.finditer(text):
            if known := book.names.get(match.group()):
                found.append(Code(known, book.row(known), book.sets.get(known, ()), *match.span()))
    return sorted(found, key=lambda code: code.start)


def _looks_like_a_code(value: str) -> bool:
    """Not merely an order number: a letter among the digits, or the facility of security (0x8009)."""
    return not value[2:].isdigit() or value.startswith(("0x8009", "0x8004"))
