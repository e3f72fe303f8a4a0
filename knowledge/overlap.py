"""Which evidence counts where several pieces stand in the same words, or tell of an earlier trouble."""

from collections.abc import Iterable
from itertools import groupby

from knowledge.evidence import Evidence
from knowledge.reading import Reading

_NOUNS = ("date", "name", "root", "chain", "issuer", "revocation", "encrypted", "recipient")


def without_overlap(reading: Reading, found: Iterable[Evidence]) -> list[Evidence]:
    """Evidence in longer evidence for another row does not count: 切れ in チェーン切れ.

    That a certificate is missing is the weakest reading: it gives way to every other one.
    """

    def sentence(one: Evidence) -> int:
        return reading.sentence(one.start)

    nouns: dict[int, int] = {}
    for name in _NOUNS:
        for hit in reading.of(name):
            nouns[hit.start] = max(nouns.get(hit.start, 0), hit.end)
    kept: list[Evidence] = []
    for _, group in groupby(sorted(set(found), key=lambda one: one.start), key=sentence):
        together = list(group)
        if len({one.row for one in together}) == 1:
            kept += together
            continue
        tight = [one for one in together if not any(_farther(nouns, one, other) for other in together)]
        here: list[Evidence] = []
        for one in sorted(
            tight, key=lambda one: (one.concept == "what.missing", one.start - one.end, -one.strength)
        ):
            if not any(
                longer.row != one.row and min(longer.end, one.end) - max(longer.start, one.start) >= 2
                for longer in here
            ):
                here.append(one)
        kept += here
    return sorted(kept, key=lambda one: one.start)


def _farther(nouns: dict[int, int], one: Evidence, other: Evidence) -> bool:
    """Both end in one word, and the other's noun is nearer: 期限が切れ in チェーンは…期限が切れ."""
    return (
        one.row != other.row
        and one.start < other.start
        and abs(one.end - other.end) <= 3
        and other.start in nouns
        and one.is_own_words
        and other.is_own_words
        and other.concept != "what.missing"
        and nouns.get(one.start, 0) <= other.start
    )


def without_the_past(reading: Reading, found: list[Evidence]) -> list[Evidence]:
    """What an earlier trouble was does not count where the message goes on to another."""
    again = reading.of("guard.again")
    kept = []
    for one in found:
        number = reading.sentence(one.start)
        before = [
            hit
            for hit in reading.beside("guard.earlier", one.start)
            if hit.start < one.start and not reading.text.startswith(("まで", "から"), hit.end)
        ]
        if before:
            now = [hit for hit in again if hit.start > before[-1].end]
            later = any(other.start > one.end and other.row != one.row for other in found)
            soon = any(reading.sentence(hit.start) - number <= 2 for hit in now)
            if not any(hit.start < one.start for hit in now) and (later or soon):
                continue
        kept.append(one)
    return kept
