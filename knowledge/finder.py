"""All places of thousands of words in a text, without looking for each of them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal

_Size = Literal["I", "Q"]
_TWO: Final = "I"
_FOUR: Final = "Q"
"""memoryview's integers of four and of eight bytes: two and four UTF-16 units as one number."""


class Finder:
    """The words by their beginnings: only those whose first characters occur in a text are looked for."""

    def __init__(self, words: Iterable[str]) -> None:
        """The words have one character at least, all from the Basic Multilingual Plane."""
        self._single: frozenset[str] = frozenset(word for word in words if len(word) == 1)
        self._by_two: dict[int, list[str]] = {}
        self._by_four: dict[int, dict[int, list[str]]] = {}
        for word in sorted({word for word in words if len(word) > 1}):
            two = _number(word[:2], _TWO)
            if len(word) < 4:
                self._by_two.setdefault(two, []).append(word)
            else:
                four = _number(word[:4], _FOUR)
                self._by_four.setdefault(two, {}).setdefault(four, []).append(word)

    def find(self, text: str) -> dict[str, list[int]]:
        """The starts of every word that occurs, in order; places may overlap."""
        twos = _numbers(text, _TWO)
        words = [word for two in self._by_two.keys() & twos for word in self._by_two[two]]
        if long := self._by_four.keys() & twos:
            fours = _numbers(text, _FOUR)
            for two in long:
                by_four = self._by_four[two]
                words += [word for four in by_four.keys() & fours for word in by_four[four]]
        words += [character for character in self._single if character in text]
        places: dict[str, list[int]] = {}
        for word in words:
            start = text.find(word)
            if start >= 0:
                starts = places[word] = [start]
                while (start := text.find(word, start + 1)) >= 0:
                    starts.append(start)
        return places


def _number(beginning: str, size: _Size) -> int:
    return memoryview(beginning.encode("utf-16-le")).cast(size)[0]


@lru_cache(maxsize=2)  # the spelling and the lists mostly look into the same text, one after the other
def _numbers(text: str, size: _Size) -> frozenset[int]:
    """Every two (or four) neighbouring UTF-16 units as one number."""
    units = text.encode("utf-16-le", "surrogatepass")
    width = 4 if size == _TWO else 8
    found: set[int] = set()
    for first in range(0, width, 2):
        whole = (len(units) - first) // width * width
        if whole > 0:
            found.update(memoryview(units)[first : first + whole].cast(size))
    return frozenset(found)
