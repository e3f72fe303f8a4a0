"""Text in the columns of a terminal: how many it takes, and where a line of it may end.

Pure. What is East Asian and wide takes two columns (Unicode, UAX #11). A line ends behind a blank or beside a
wide character, never before a mark that closes something nor behind one that opens it (JIS X 4051).
"""

import unicodedata
from collections.abc import Iterator

_SMALL_KANA = "ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_NEVER_FIRST = frozenset("、。，．・：；？！）］｝」』】〉》〕ー…‥々,.:;?!)]}”’" + _SMALL_KANA)
_NEVER_LAST = frozenset("（［｛「『【〈《〔([{“‘")


def width(text: str) -> int:
    """Columns."""
    return sum(2 if _is_wide(character) else 1 for character in text)


def padded(text: str, columns: int) -> str:
    """The text with blanks behind it, up to so many columns."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns (2 or more). Nothing is lost but blanks where a line ends;
    only what is longer than a whole line is broken inside."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while width(line.rstrip()) > columns:
            head = _beginning(line, columns)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What stays together, with the blanks behind it."""
    piece = ""
    for character in text:
        if piece and _may_end(piece[-1], character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_end(before: str, after: str) -> bool:
    if before == " " or after == " ":
        return after != " "
    beside_wide = _is_wide(before) or _is_wide(after)
    return beside_wide and before not in _NEVER_LAST and after not in _NEVER_FIRST


def _beginning(text: str, columns: int) -> str:
    """So much of the text as fits."""
    taken = 0
    for number, character in enumerate(text):
        taken += width(character)
        if taken > columns:
            return text[:number]
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
