"""One message read once: its plain text, its sentences, and where the lists' words and error codes stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.codes import Code, find_codes
from knowledge.concepts import Concepts
from knowledge.excerpt import excerpt
from knowledge.lexicon import Hit
from knowledge.normalise import Normal, normalise

_SENTENCE_END = re.compile(
    r"(?=[。!.?\n\x01\x02✓✔×✗✘○●■□])(?:"
    r"(?:[。!\n\x01\x02✓✔×✗✘○●■□]|\?(?![がはをのにでっと]))+"
    r"|\.(?<![.\d].)(?![.])(?=[\s\"')\]]|$|[ぁ-鿿])"
    r"|\.(?<=\d.)(?=\s))"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands where in one message; places are those of the normalised text."""

    normal: Normal
    sentence_starts: list[int]
    sentence_at: list[int]
    """The number of the sentence of every character."""
    hits: dict[str, list[Hit]]
    codes: list[Code]
    _by_sentence: dict[str, dict[int, list[Hit]]] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        return self.normal.text

    def sentence(self, place: int) -> int:
        """The number of the sentence in which a place lies."""
        return self.sentence_at[place]

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Where the sentence of that number starts and ends."""
        starts = self.sentence_starts
        return starts[number], starts[number + 1] if number + 1 < len(starts) else len(self.text)

    def of(self, concept: str) -> list[Hit]:
        """Every hit of one list, in order."""
        return self.hits.get(concept, [])

    def within(self, concept: str, first: int, last: int) -> Iterator[Hit]:
        """The hits of one list in the sentences `first` to `last`."""
        by_sentence = self._by_sentence.get(concept)
        if by_sentence is None:
            by_sentence = self._by_sentence[concept] = {}
            for hit in self.hits.get(concept, ()):
                by_sentence.setdefault(self.sentence(hit.start), []).append(hit)
        if by_sentence:
            for number in range(first, last + 1):
                yield from by_sentence.get(number, ())

    def beside(self, concept: str, place: int) -> Iterator[Hit]:
        """The hits of one list in the sentence of a place."""
        number = self.sentence(place)
        return self.within(concept, number, number)

    def overlaps(self, concept: str, hit: Hit) -> bool:
        """Whether a hit of the list shares a character with this one."""
        return any(other.start < hit.end and hit.start < other.end for other in self.hits.get(concept, ()))

    def quoted(self, place: int) -> bool:
        """Whether a place stands in a quote, a code block or Japanese quotation marks."""
        if any(start <= place < end for start, end in self.normal.quoted):
            return True
        opened = self.text.rfind("「", 0, place)
        return opened > self.text.rfind("」", 0, place) and place - opened < 200


def read(text: str, concepts: Concepts) -> Reading:
    """The message's reading; any text can be read, of a very long one what may matter."""
    normal = normalise(excerpt(text), concepts.spelling, concepts.katakana)
    starts = [0]
    sentence_at: list[int] = []
    for match in _SENTENCE_END.finditer(normal.text):
        sentence_at += [len(starts) - 1] * (match.end() - len(sentence_at))
        starts.append(match.end())
    sentence_at += [len(starts) - 1] * (len(normal.text) + 1 - len(sentence_at))
    hits = concepts.lexicon.scan(normal.text, sentence_at)
    return Reading(normal, starts, sentence_at, hits, find_codes(normal.text, concepts.codes))
