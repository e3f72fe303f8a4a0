"""Word lists compiled into one index, and every place where their entries stand in a text."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from knowledge.entries import NEGATIVE, Gap, Piece, parse
from knowledge.finder import Finder
from knowledge.normalise import fold

_LONGEST_PIECE = 80
_MOST_HITS = 40
"""Of one list in one message; a message that says the same more often says nothing more."""

_NOT_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|without|nicht|kein\w{0,3}|pas)|没有|未)"
    r"(?: (?:yet|been|actually|really|even|an?)){0,3} ?$"
)

_Places = list[tuple[int, int]]


class Hit(NamedTuple):
    """One place where an entry stands: `text[start:end]`."""

    start: int
    end: int
    entry: str


def denied(text: str, hit: Hit) -> bool:
    """Whether the words right behind or before say that it is not so: 切れていない, not expired."""
    return NEGATIVE.match(text, hit.end) is not None or (
        _NOT_BEFORE.search(text, max(0, hit.start - 24), hit.start) is not None
    )


class _Chain(NamedTuple):
    """An entry as it is looked for: its last piece is found, then the ones before it, backwards."""

    concept: str
    typed: str
    earlier: tuple[int, ...]
    gaps: tuple[Gap, ...]


class _Ending(NamedTuple):
    """The entries that end in the same piece: those that are no more than it, and the others by the piece
    before it."""

    alone: list[_Chain]
    after: dict[int, list[_Chain]]


class Lexicon:
    """All lists, by name."""

    def __init__(
        self,
        lists: Mapping[str, Iterable[tuple[str, bool]]],
        classes: Collection[str],
        shape: Callable[[str], str] = fold,
    ) -> None:
        """Each entry comes with whether it is in Latin letters; `classes` are the lists that an entry of
        another list may name in braces; `shape` makes an entry look like a normalised message.

        Raises BadEntry for an entry that can never match.
        """
        numbers: dict[Piece, int] = {}

        def number(piece: Piece) -> int:
            return numbers.setdefault(piece, len(numbers))

        self._classes = {number(Piece(f"{{{name}}}")): name for name in classes}
        self._plain: dict[int, _Ending] = {}
        self._referring: dict[int, _Ending] = {}
        for concept, entries in lists.items():
            by_last = self._plain if concept in classes else self._referring
            for typed, latin in entries:
                entry = parse(concept, typed, latin=latin, lists=classes, shape=shape)
                *earlier, last = map(number, entry.pieces)
                chain = _Chain(concept, typed, tuple(reversed(earlier)), tuple(reversed(entry.gaps)))
                ending = by_last.setdefault(last, _Ending([], {}))
                alike = ending.after.setdefault(chain.earlier[0], []) if earlier else ending.alone
                alike.append(chain)
        self._pieces_of: dict[str, list[tuple[int, Piece]]] = {}
        for piece, at in numbers.items():
            if not piece.is_list:
                self._pieces_of.setdefault(piece.text, []).append((at, piece))
        self._finder = Finder(self._pieces_of)

    def words(self) -> Iterator[str]:
        """Every piece of every entry, as it is compared."""
        yield from self._pieces_of

    def scan(self, text: str, sentence_at: Sequence[int]) -> dict[str, list[Hit]]:
        """Every hit by list, in order of place; the pieces of one entry stand in one sentence."""
        found = self._find(text)
        hits: dict[str, list[Hit]] = {}
        _match(text, sentence_at, found, self._plain, hits, most=len(text))
        for number, name in self._classes.items():
            if name in hits:
                found[number] = sorted({(hit.start, hit.end) for hit in hits[name]})
        _match(text, sentence_at, found, self._referring, hits, most=_MOST_HITS)
        for places in hits.values():
            places.sort()
        return {name: places[:_MOST_HITS] for name, places in hits.items()}

    def _find(self, text: str) -> dict[int, _Places]:
        found: dict[int, _Places] = {}
        for word, starts in self._finder.find(text).items():
            size = len(word)
            if word[0].isascii() and word[0].isalnum():
                starts = [start for start in starts if not _goes_on_before(text, start)]
                if not starts:
                    continue
            latin = word[-1].isascii() and word[-1].isalnum()
            for number, piece in self._pieces_of[word]:
                if not latin:
                    places = [(start, start + size) for start in starts]
                elif piece.open_end:
                    places = [(start, _word_end(text, start + size)) for start in starts]
                else:
                    places = [(start, start + size) for start in starts if not _goes_on(text, start + size)]
                if piece.negative:
                    endings = ((start, NEGATIVE.match(text, end)) for start, end in places)
                    places = [(start, ending.end()) for start, ending in endings if ending]
                if places:
                    found[number] = places
        return found


def _match(
    text: str,
    sentence_at: Sequence[int],
    found: Mapping[int, _Places],
    by_last: Mapping[int, _Ending],
    hits: dict[str, list[Hit]],
    most: int,
) -> None:
    for last in found.keys() & by_last.keys():
        places, ending = found[last], by_last[last]
        for entry in ending.alone:
            typed = entry.typed
            hits.setdefault(entry.concept, []).extend(
                [Hit(start, end, typed) for start, end in places[:most]]
            )
        for before in found.keys() & ending.after.keys() if ending.after else ():
            for entry in ending.after[before]:
                if matched := _matched(text, sentence_at, found, entry, places, most):
                    hits.setdefault(entry.concept, []).extend(matched)


def _matched(
    text: str,
    sentence_at: Sequence[int],
    found: Mapping[int, _Places],
    entry: _Chain,
    places: _Places,
    most: int,
) -> list[Hit]:
    """Where the entry stands whose last piece stands at `places`."""
    matched: list[Hit] = []
    before = [found[piece] for piece in entry.earlier if piece in found]
    if len(before) < len(entry.earlier):
        return matched
    links = list(zip(before, entry.gaps, strict=True))
    for start, end in places:
        first = start
        for others, gap in links:
            first = _nearest(others, first, gap, text, sentence_at)
            if first < 0:
                break
        else:
            matched.append(Hit(first, end, entry.typed))
            if len(matched) >= most:
                break
    return matched


def _nearest(places: _Places, limit: int, gap: Gap, text: str, sentence_at: Sequence[int]) -> int:
    """The start of the nearest place before `limit` that the gap allows; -1 if there is none."""
    farthest, sentence = limit - gap.longest - _LONGEST_PIECE, sentence_at[limit]
    for at in range(bisect_right(places, (limit, 0)) - 1, -1, -1):
        start, end = places[at]
        if start < farthest or sentence_at[start] != sentence:
            break
        if end <= limit and gap.allows(text, end, limit):
            return start
    return -1


def _goes_on_before(text: str, start: int) -> bool:
    """Whether a letter, or the rest of an address or a host's name, stands in front of a Latin word."""
    before = text[start - 1] if start else " "
    return before.isascii() and (before.isalnum() or before in "@.")


def _goes_on(text: str, end: int) -> bool:
    """Whether a letter, or the rest of an address or a host's name, stands behind a Latin word."""
    after = text[end : end + 1]
    if not after.isascii():
        return False
    if after == ".":
        following = text[end + 1 : end + 2]
        return following.isascii() and following.isalnum()
    return after.isalnum() or after == "@"


def _word_end(text: str, end: int) -> int:
    """Where the Latin word that goes on at `end` is over."""
    while end < len(text) and text[end].isascii() and text[end].isalnum():
        end += 1
    return end
