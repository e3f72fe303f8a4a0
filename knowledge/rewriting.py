"""Rewriting a text so that every place can be traced back to the characters before it."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edits:
    """Where one rewriting changed something: four lists of the same length, in order."""

    out_starts: list[int]
    out_ends: list[int]
    in_starts: list[int]
    in_ends: list[int]

    def back(self, place: int, *, end: bool) -> int:
        """The place in the text before; inside a changed piece, its start or its end."""
        if not self.out_starts:
            return place
        if end:
            place -= 1
        at = bisect_right(self.out_starts, place) - 1
        if at < 0:
            return place + end
        if place < self.out_ends[at]:
            return self.in_ends[at] if end else self.in_starts[at]
        return place - self.out_ends[at] + self.in_ends[at] + end


def replaced(text: str, changes: Iterable[tuple[int, int, str]]) -> tuple[str, Edits]:
    """The text with `text[start:end]` replaced for every change; changes come in order and do not overlap."""
    pieces: list[str] = []
    edits = Edits([], [], [], [])
    read = written = 0
    for start, end, new in changes:
        pieces += (text[read:start], new)
        written += start - read
        edits.out_starts.append(written)
        written += len(new)
        edits.out_ends.append(written)
        edits.in_starts.append(start)
        edits.in_ends.append(end)
        read = end
    if not pieces:
        return text, edits
    pieces.append(text[read:])
    return "".join(pieces), edits


def rewritten(
    text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None]
) -> tuple[str, Edits]:
    """The text with every match replaced; None leaves a match as it is."""
    return replaced(
        text,
        (
            (match.start(), match.end(), new)
            for match in pattern.finditer(text)
            if (new := replace(match)) is not None
        ),
    )
