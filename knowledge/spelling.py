"""What people write for a word, and the word that the lists use."""

import re
from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA

from knowledge.finder import Finder
from knowledge.rewriting import Edits, replaced, rewritten

_LATIN_WORD = re.compile(r"(?<![a-z0-9@./])[a-z][a-z0-9]{5,19}(?![a-z0-9@/])")
_LARGE_HIRAGANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_TWO_SLIPS_FROM = 9
_MOST_GUESSES = 20_000


class Spelling:
    """Listed variants, and slips in long Latin words; all words are already folded."""

    def __init__(
        self,
        same: Mapping[str, Iterable[str]],
        misspelt: Iterable[str] = (),
        known: Iterable[str] = (),
    ) -> None:
        """`misspelt` are the Latin words that slips are looked for; `known` are never taken for a slip."""
        self._right: dict[str, str] = {}
        for word, variants in same.items():
            for variant in variants:
                for written in {variant, variant.translate(_LARGE_HIRAGANA)} - {word}:
                    self._right[written] = word
        for word in same:  # a word that begins like another one's variant is itself
            if any(word.startswith(variant) for variant in self._right):
                self._right.setdefault(word, word)
        self._finder = Finder(self._right)
        self._by_initial: dict[str, list[str]] = {}
        for word in misspelt:
            self._by_initial.setdefault(word[0], []).append(word)
        self._guesses: dict[str, str | None] = dict.fromkeys((*misspelt, *known))

    def canonical(self, text: str) -> tuple[str, Edits]:
        """The text with every listed variant as the word itself; of two that overlap, the earlier."""
        found = [
            (start, -len(variant), variant)
            for variant, starts in self._finder.find(text).items()
            for start in starts
            if _is_whole(text, variant, start)
        ]
        changes: list[tuple[int, int, str]] = []
        for start, _, variant in sorted(found):
            if not changes or start >= changes[-1][1]:
                changes.append((start, start + len(variant), self._right[variant]))
        return replaced(text, changes)

    def corrected(self, text: str) -> tuple[str, Edits]:
        """The text with long Latin words put right that are one or two slips from a word of the lists."""
        wrong = {word for word in set(_LATIN_WORD.findall(text)) if self._guess(word)}
        if not wrong:
            return replaced(text, ())
        return rewritten(text, _LATIN_WORD, lambda match: self._guess(match.group()))

    def _guess(self, word: str) -> str | None:
        if word in self._guesses:
            return self._guesses[word]
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        best: str | None = None
        for right in self._by_initial.get(word[0], ()):
            if abs(len(right) - len(word)) <= slips:
                distance = OSA.distance(word, right, score_cutoff=slips)
                if distance <= slips and (best is None or distance < slips):
                    best, slips = right, distance
        if len(self._guesses) < _MOST_GUESSES:
            self._guesses[word] = best
        return best


def _is_whole(text: str, word: str, start: int) -> bool:
    """A Latin word counts only where no letter goes on before or behind it."""
    end = start + len(word)
    before, after = text[start - 1 : start], text[end : end + 1]
    joined_before = word[0].isascii() and ((before.isascii() and before.isalnum()) or before == "'")
    joined_after = word[-1].isascii() and after.isascii() and after.isalnum()
    return not joined_before and not joined_after
