"""All evidence in a message, once everything that does not count is taken away."""

from collections.abc import Iterator

from knowledge.asserted import guessed, only_asked, said_by_a_window, to_come
from knowledge.concepts import Concepts
from knowledge.evidence import (
    A_GUESS,
    A_WINDOWS_LINE,
    ROW_OF,
    SAID_BY_A_WINDOW,
    WITH_A_CERTIFICATE,
    Evidence,
    Weighed,
)
from knowledge.lexicon import Hit, denied
from knowledge.missing import (
    of_a_recipient,
    row_of_missing,
    something_else_is_missing,
    troubles_of_recipients,
)
from knowledge.nearness import certificates, nearness, owned_by_another
from knowledge.overlap import without_overlap, without_the_past
from knowledge.programs import Programs
from knowledge.reading import Reading

_SPEAKS_FOR_ITSELF = frozenset({"what.recipient", "what.decrypt", "what.cannot_check"})
_A_DATE = frozenset({"what.expired", "what.lapsed", "what.revoked", "what.not_yet_valid"})


def weigh(reading: Reading, concepts: Concepts) -> Weighed:
    """All evidence in a message, without what is denied, passed, past, only asked or another program's."""
    weighed = Weighed(Programs(reading))
    found = [*_lines(reading, concepts), *_codes(reading)]
    another = any(one.row == "other" for one in found)
    if not another:
        found += [*_words(reading, weighed), *troubles_of_recipients(reading)]
    passed = [hit for key in concepts.passed for hit in reading.of(key)]
    rows = []
    for one in without_overlap(reading, found):
        if one.row == "other" or any(hit.start <= one.start and one.end <= hit.end for hit in passed):
            continue
        if not weighed.programs.mean_ours(one.start, one.end):
            weighed.dropped.add("other_program")
        elif one.row == "header":
            weighed.headers.append(one)
        else:
            rows.append(one)
    weighed.rows = without_the_past(reading, rows)
    if len(weighed.rows) < len(rows):
        weighed.dropped.add("past")
    return weighed


def _lines(reading: Reading, concepts: Concepts) -> Iterator[Evidence]:
    for key in reading.hits.keys() & concepts.lines.keys():
        line = concepts.lines[key]
        if line.row == "passed":
            continue
        for hit in reading.of(key):
            sets = tuple(line.sets.items())
            yield Evidence(line.row, A_WINDOWS_LINE, hit.start, hit.end, key, sets)


def _codes(reading: Reading) -> Iterator[Evidence]:
    for code in reading.codes:
        if code.row and code.row != "none":
            yield Evidence(code.row, A_WINDOWS_LINE, code.start, code.end, "code", code.sets)


def _words(reading: Reading, weighed: Weighed) -> Iterator[Evidence]:
    named = certificates(reading)
    if not named and reading.of("certificate"):
        weighed.dropped.add("paper")
    for concept, row in ROW_OF.items():
        for hit in reading.of(concept):
            if denied(reading.text, hit) or _said_of_something_else(reading, concept, hit):
                continue
            if (concept in _A_DATE and to_come(reading, hit)) or only_asked(reading, hit):
                weighed.dropped.add("certificate")
                continue
            about = row
            if concept == "what.missing":
                about = row_of_missing(reading, hit)
            elif concept in _A_DATE and of_a_recipient(reading, hit):
                about = "recipient_certificate"
            strength = WITH_A_CERTIFICATE
            if concept not in _SPEAKS_FOR_ITSELF:
                strength = nearness(reading, concept, hit, named)
            if strength and guessed(reading, hit):
                strength = A_GUESS
            elif strength and said_by_a_window(reading, hit.start, hit.end):
                strength += SAID_BY_A_WINDOW
            evidence = Evidence(about, strength, hit.start, hit.end, concept)
            if strength:
                yield evidence
            elif concept in _A_DATE and not owned_by_another(reading, hit, named):
                weighed.orphans.append(evidence)


def _said_of_something_else(reading: Reading, concept: str, hit: Hit) -> bool:
    if concept == "what.missing":
        return something_else_is_missing(reading, hit)
    # 証明書チェーンが途中で切れている says nothing of a date.
    return concept == "what.expired" and any(
        hit.start <= chain.start < hit.end for chain in reading.beside("chain", hit.start)
    )
