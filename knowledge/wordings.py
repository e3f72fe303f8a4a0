"""The windows' lines as they are worded, and which of them a line with slips in it is."""

from collections.abc import Mapping
from math import ceil

from rapidfuzz import fuzz, process

ALIKE = 84
"""Of 100: how much a line has to resemble a window's own (twice the letters that both have in order, of all
letters of both)."""

_BOTH = ALIKE / 200
"""The part of both lines' letters that have to be in both."""


class Wordings:
    """The wordings by their pairs of neighbouring letters, so that a line is compared with few of them."""

    def __init__(self, wordings: Mapping[str, str]) -> None:
        """Each wording with the name of its list."""
        self._wordings = tuple(wordings)
        self._keys = tuple(wordings.values())
        self._with_pair: dict[str, list[int]] = {}
        for number, wording in enumerate(self._wordings):
            for pair in {wording[at : at + 2] for at in range(len(wording) - 1)}:
                self._with_pair.setdefault(pair, []).append(number)

    def nearest(self, line: str) -> str | None:
        """The list of the wording that the line is, or nearly is; None if it is none."""
        possible = [self._wordings[number] for number in sorted(self._possible(line))]
        best = process.extractOne(line, possible, scorer=fuzz.ratio, score_cutoff=ALIKE)
        return self._keys[self._wordings.index(best[0])] if best else None

    def _possible(self, line: str) -> set[int]:
        """The numbers of all wordings that may be near enough.

        Of a line of a letters and a wording of b, near enough means that L >= _BOTH × (a + b) letters are in
        both, in order. A pair of the line is lost by a letter of it that is not among these (two pairs each)
        or by a letter that the wording has in between (one pair each): at least a - 1 - 2 (a - L) - (b - L)
        pairs are left. So the line's rarest pairs but one fewer than that cannot all be missing.
        """
        size = len(line)
        shortest = ceil(size * _BOTH / (1 - _BOTH))
        longest = int(size * (1 - _BOTH) / _BOTH)
        shared = max(1, ceil((size + shortest) * (3 * _BOTH - 1) - 1))
        pairs = (self._with_pair.get(line[at : at + 2], []) for at in range(size - 1))
        rarest = sorted(pairs, key=len)[: max(0, size - shared)]
        wordings = self._wordings
        found: set[int] = set()
        return found.union(
            *(
                [number for number in with_pair if shortest <= len(wordings[number]) <= longest]
                for with_pair in rarest
            )
        )
