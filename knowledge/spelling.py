"""What people write for a word, and the word that the lists use."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from rapidfuzz.distance import OSA

from knowledge.finder import Finder
from knowledge.rewriting import Edits, replaced, rewritten

_LATIN_WORD = re.compile(r"(?<![a-z0-9@./])[a-z][a-z0-9]{5,199}?(?:(?=e-mail)|(?![a-z0-9@/]))")
_NAME_BEFORE, _NAME_BEHIND = re.compile(r"[_\-\\]$"), re.compile(r"[._\-\\][a-z0-9]")
_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_LARGE_HIRAGANA = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_SLIPS_FROM, _TWO_SLIPS_FROM, _SLIPS_UP_TO = 6, 9, 20
_JOINED_FROM = 9
"""Letters from which a Latin word that is not known may be several without their blanks."""
_LONGEST_PART = 20
_MOST_GUESSES = 20_000


class Spelling:
    """Listed variants, slips in long Latin words, and lost blanks; all words are already folded."""

    def __init__(
        self,
        same: Mapping[str, Iterable[str]],
        misspelt: Iterable[str] = (),
        known: Iterable[str] = (),
    ) -> None:
        """A variant may hold choices: [疑最]明[書度] are four. `misspelt` are the Latin words that are
        looked for with slips, from six letters on, and without their blanks; `known` are never taken for a
        slip."""
        self._right: dict[str, str] = {}
        for word, variants in same.items():
            for variant in variants:
                for chosen in _chosen(variant):
                    for written in {chosen, chosen.translate(_LARGE_HIRAGANA)} - {word}:
                        self._right[written] = word
        for word in same:  # a word that begins like another one's variant is itself
            if any(word[:size] in self._right for size in range(1, len(word) + 1)):
                self._right.setdefault(word, word)
        self._finder = Finder(self._right)
        self._vocabulary = frozenset((*misspelt, *known))
        self._by_initial: dict[str, list[str]] = {}
        for word in misspelt:
            if len(word) >= _SLIPS_FROM:
                self._by_initial.setdefault(word[0], []).append(word)
        self._guesses: dict[str, str | None] = dict.fromkeys(self._vocabulary)

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
        """The text with long Latin words put right: one or two slips from a word of the lists, or several
        of these words without the blanks between them. Names of hosts and files are left whole."""
        wrong = {word for word in set(_LATIN_WORD.findall(text)) if self._guess(word)}
        if not wrong:
            return replaced(text, ())

        def right(match: re.Match[str]) -> str | None:
            guess = self._guess(match.group())
            if guess is None or " " not in guess:
                return guess
            if match.string.startswith("e-mail", match.end()):
                return f"{guess} "
            return None if _is_a_names_part(match) else guess

        return rewritten(text, _LATIN_WORD, right)

    def _guess(self, word: str) -> str | None:
        if word in self._guesses:
            return self._guesses[word]
        best = self._without_slips(word) if len(word) <= _SLIPS_UP_TO else None
        if best is None and len(word) >= _JOINED_FROM:
            best = _parted(word, self._vocabulary)
        if len(self._guesses) < _MOST_GUESSES:
            self._guesses[word] = best
        return best

    def _without_slips(self, word: str) -> str | None:
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        best: str | None = None
        for right in self._by_initial.get(word[0], ()):
            if abs(len(right) - len(word)) <= slips:
                distance = OSA.distance(word, right, score_cutoff=slips)
                if distance <= slips and (best is None or distance < slips):
                    best, slips = right, distance
        return best


def _chosen(variant: str) -> Iterator[str]:
    """Every spelling of a variant with choices."""
    pieces = _CHOICE.split(variant)  # by turns as it stands and a choice
    return map(
        "".join, product(*([piece] if at % 2 == 0 else list(piece) for at, piece in enumerate(pieces)))
    )


def _parted(word: str, vocabulary: frozenset[str]) -> str | None:
    """The known words that a Latin word consists of, as few as possible; None unless it is nothing else."""
    before: list[tuple[int, int] | None] = [(0, 0)]  # how many words lead here, and where the last begins
    for end in range(1, len(word) + 1):
        fewest: tuple[int, int] | None = None
        for start in range(max(0, end - _LONGEST_PART), end):
            led = before[start]
            if led and word[start:end] in vocabulary and (fewest is None or led[0] + 1 < fewest[0]):
                fewest = (led[0] + 1, start)
        before.append(fewest)
    words: list[str] = []
    end = len(word)
    while end and (last := before[end]):
        words.append(word[last[1] : end])
        end = last[1]
    return None if end else " ".join(reversed(words))


def _is_a_names_part(match: re.Match[str]) -> bool:
    """Whether the word is a label of a host's name, a file's or an identifier's."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    return bool(_NAME_BEFORE.search(before) or _NAME_BEHIND.match(match.string, match.end()))


def _is_whole(text: str, word: str, start: int) -> bool:
    """A Latin word counts only where no letter goes on before or behind it."""
    end = start + len(word)
    before, after = text[start - 1 : start], text[end : end + 1]
    joined_before = word[0].isascii() and ((before.isascii() and before.isalnum()) or before == "'")
    joined_after = word[-1].isascii() and after.isascii() and after.isalnum()
    return not joined_before and not joined_after
