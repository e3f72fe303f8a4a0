"""All places of thousands of words in a text, without looking for each of them."""

import re
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

_Size = Literal["I", "Q"]
_TWO: Final = "I"
_FOUR: Final = "Q"
"""memoryview's integers of four and of eight bytes: two and four UTF-16 units as one number."""

_RARE = re.compile("[\U00010000-\U0010ffff]")
"""Characters of two UTF-16 units; all are one here, and told apart where a word is compared."""


class _Beginning(NamedTuple):
    """What begins with the same four (eight, sixteen, …) characters."""

    begin: str
    sizes: tuple[int, ...]
    """The lengths of the words that are shorter than twice the beginning."""
    longer: dict[str, "_Beginning"]
    """Those that are longer, by a beginning twice as long."""


class Finder:
    """The words by their beginnings: only those whose first characters occur in a text are looked for, and
    however many begin alike, it is once."""

    def __init__(self, words: Iterable[str]) -> None:
        """The words have one character at least."""
        self._words = frozenset(words)
        self._single = frozenset(word for word in self._words if len(word) == 1)
        self._short: dict[int, list[tuple[str, int]]] = {}
        by_four: dict[str, list[str]] = {}
        for word in sorted(self._words - self._single):
            if len(word) < 4:
                pair = (word, _number(word[-2:], _TWO))
                self._short.setdefault(_number(word[:2], _TWO), []).append(pair)
            else:
                by_four.setdefault(word[:4], []).append(word)
        self._long: dict[int, list[_Beginning]] = {}
        self._alone: dict[int, list[str]] = {}
        for begin, long in by_four.items():
            number = _number(begin, _FOUR)
            if len(long) == 1:
                self._alone.setdefault(number, []).append(long[0])
            else:
                self._long.setdefault(number, []).append(_beginning(begin, long))
        ends = (end for pairs in self._short.values() for _, end in pairs)
        self._twos = frozenset((*self._short, *ends))
        self._fours = frozenset((*self._alone, *self._long))

    def find(self, text: str) -> dict[str, list[int]]:
        """The starts of every word that occurs, in order; places may overlap."""
        units = _units(text)
        twos, fours = _present(self._twos, units, _TWO), _present(self._fours, units, _FOUR)
        likely = [character for character in self._single if character in text]
        likely += [word for two in twos for word, end in self._short.get(two, ()) if end in twos]
        likely += [word for four in fours for word in self._alone.get(four, ())]
        places = {word: starts for word in likely if (starts := _starts(text, word))}
        known = self._words
        for four in fours:
            for first in self._long.get(four, ()):
                for start in _starts(text, first.begin):
                    beginning: _Beginning | None = first
                    while beginning is not None:
                        for length in beginning.sizes:
                            word = text[start : start + length]
                            if word in known and len(word) == length:
                                if word in places:
                                    places[word].append(start)
                                else:
                                    places[word] = [start]
                        if not beginning.longer:
                            break
                        twice = text[start : start + 2 * len(beginning.begin)]
                        beginning = beginning.longer.get(twice)
        return places


def _beginning(begin: str, words: Iterable[str]) -> _Beginning:
    twice = 2 * len(begin)
    sizes = set()
    longer: dict[str, list[str]] = {}
    for word in words:
        if len(word) < twice:
            sizes.add(len(word))
        else:
            longer.setdefault(word[:twice], []).append(word)
    deeper = {more: _beginning(more, those) for more, those in longer.items()}
    return _Beginning(begin, tuple(sorted(sizes)), deeper)


def _starts(text: str, word: str) -> list[int]:
    starts = []
    start = text.find(word)
    while start >= 0:
        starts.append(start)
        start = text.find(word, start + 1)
    return starts


def _units(text: str) -> bytes:
    """Two bytes a character."""
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) > 2 * len(text):
        units = _RARE.sub("\ufffd", text).encode("utf-16-le", "surrogatepass")
    return units


def _number(beginning: str, size: _Size) -> int:
    return memoryview(_units(beginning)).cast(size)[0]


def _present(numbers: frozenset[int], units: bytes, size: _Size) -> set[int]:
    """Those of the numbers that are two (or four) neighbouring characters of the text."""
    width = 4 if size == _TWO else 8
    found: set[int] = set()
    for first in range(0, width, 2):
        whole = max(0, (len(units) - first) // width * width)
        found |= numbers.intersection(memoryview(units)[first : first + whole].cast(size))
    return found
