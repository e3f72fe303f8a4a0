"""A message -> which error, which candidates, or none, with the words that led to it; pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from knowledge.asserted import said_by_a_window
from knowledge.concept_tables import NO_ROWS
from knowledge.concepts import Concepts
from knowledge.evidence import A_WINDOWS_LINE, NEAR_A_CERTIFICATE, Evidence, Weighed
from knowledge.lexicon import denied
from knowledge.nearness import certificates
from knowledge.reading import Reading, read
from knowledge.told import told_facts
from knowledge.vague import SENDING, rows_to_choose
from knowledge.weighing import weigh

Decision = Literal["row", "ask", "none"]

About = Literal["certificate", "other_program", "other_outlook", "paper", "resolved", "switched_off", "other"]
"""What a message is about that is not diagnosed: a certificate without an error (a question, a date to
come), the certificate of another program, another trouble with Outlook or mail, a certificate on paper, a
trouble that is over, an error that the company switched off, or something else. With "row" and "ask" it is
"certificate"."""

_CLEAR_LEAD = 0.5
_MOST = 5
_LINES_SPEAK_OF = ("certificate", "server", "protection", "issuer", "revocation", "encrypted", "name")
_MOST_LINES = 6
_SHORTEST_LINE, _LONGEST_LINE = 14, 160

_WORDS_SHOWN = 5
_LONGEST_WORDS = 60


_VERB_ENDING = re.compile(r".?(?:ま(?:した|す|せんで|せん)|ませ(?:んで|ん)|て(?:います|いる|る))")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be meant, and how much speaks for it; only the order counts."""

    row: str
    score: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a message is taken for, and everything that it tells."""

    decision: Decision
    row: str | None
    candidates: tuple[Candidate, ...]
    """With "ask": two to five, best first; fewer where the company switched rows off."""
    about: About
    words: tuple[str, ...]
    """The very words, as typed, that led to the decision."""
    facts: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    language: Literal["ja", "en"] | None = None
    names_outlook: bool = False
    other_programs: tuple[str, ...] = ()
    """The other programs that it names, as typed, where it does not speak of Outlook."""


def recognise(text: str, concepts: Concepts) -> Recognition:
    """Which row a message belongs to, which rows it may belong to, or that it belongs to none."""
    reading = read(text, concepts)
    weighed = weigh(reading, concepts)
    if not weighed.rows and not weighed.headers:
        weighed.rows.extend(_nearly_a_line(reading, weighed, concepts))
    decision, row, candidates, about, used = _decide(reading, weighed)
    return Recognition(
        decision,
        row,
        candidates,
        about,
        _shown(reading, used),
        told_facts(reading, weighed, used),
        tuple(dict.fromkeys(code.value for code in reading.codes)),
        concepts.language.language(reading.text, _windows(reading, weighed)),
        weighed.programs.names_ours,
        weighed.programs.named(),
    )


def without_rows(found: Recognition, off: Container[str]) -> Recognition:
    """The recognition without these rows: neither taken for one of them nor asked about them."""
    if found.decision == "row" and found.row in off:
        return replace(found, decision="none", row=None, about="switched_off")
    if found.decision == "ask":
        left = tuple(one for one in found.candidates if one.row not in off)
        if not left:
            return replace(found, decision="none", candidates=(), about="switched_off")
        return replace(found, candidates=left)
    return found


def _windows(reading: Reading, weighed: Weighed) -> list[tuple[int, int]]:
    """What is quoted, and the sentences with a window's line: not the person's own words."""
    lines = [one for one in [*weighed.rows, *weighed.headers] if not one.is_own_words]
    return [*reading.normal.quoted, *(reading.sentence_span(reading.sentence(one.start)) for one in lines)]


_Verdict = tuple[Decision, str | None, tuple[Candidate, ...], About, list[Evidence]]


def _decide(reading: Reading, weighed: Weighed) -> _Verdict:
    if _over(reading, weighed):
        return "none", None, (), "resolved", []
    scores = _scores(reading, weighed.rows)
    ranked = sorted(scores, key=lambda row: -scores[row])
    used = [one for one in weighed.rows if one.row in ranked[:2]]
    if ranked and scores[ranked[0]] >= NEAR_A_CERTIFICATE:
        second = scores[ranked[1]] if len(ranked) > 1 else 0
        if scores[ranked[0]] - second >= _CLEAR_LEAD or second < NEAR_A_CERTIFICATE:
            return "row", ranked[0], (), "certificate", [one for one in used if one.row == ranked[0]]
        close = [row for row in ranked if scores[ranked[0]] - scores[row] < _CLEAR_LEAD]
        return "ask", None, _candidates(close, scores), "certificate", used
    asked = rows_to_choose(reading, weighed)
    if asked is not None:
        rows, hits = asked
        order = list(dict.fromkeys([*ranked, *(one.row for one in weighed.orphans), *rows]))
        return "ask", None, _candidates(order[:_MOST], scores), "certificate", [*used, *hits]
    return "none", None, (), _about(reading, weighed), []


def _scores(reading: Reading, rows: list[Evidence]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for evidence in rows:
        scores[evidence.row] = max(scores.get(evidence.row, 0), evidence.strength)
    if "no_certificate" in scores:
        for stronger in ("decrypt_failed", "recipient_certificate"):
            if scores.get(stronger, 0) >= NEAR_A_CERTIFICATE:
                scores.pop("no_certificate", None)
    if "revocation_offline" in scores and "expired_or_revoked" in scores:
        expired = [one for one in rows if one.row == "expired_or_revoked"]
        checked = {reading.sentence(one.start) for one in rows if one.row == "revocation_offline"}
        if all(one.concept == "what.lapsed" or reading.sentence(one.start) in checked for one in expired):
            del scores["expired_or_revoked"]
    return scores


def _candidates(rows: list[str], scores: Mapping[str, float]) -> tuple[Candidate, ...]:
    """Two rows at least, each with a score that keeps their order."""
    rows = rows if len(rows) > 1 else [*rows, *(row for row in SENDING if row not in rows)][:_MOST]
    return tuple(
        Candidate(row, round(max(scores.get(row, 0), 0.5) / A_WINDOWS_LINE - at / 1000, 3))
        for at, row in enumerate(rows)
    )


def _over(reading: Reading, weighed: Weighed) -> bool:
    """Whether the last that is said is that it is solved."""
    again = reading.of("guard.again")
    solved = [
        hit
        for hit in reading.of("guard.resolved")
        if not reading.overlaps("guard.again", hit) and not denied(reading.text, hit)
    ]
    if not solved or any(hit.start > solved[-1].start - 20 for hit in again):
        return False
    last = reading.sentence(solved[-1].start)
    return not any(
        reading.sentence(one.start) > last and said_by_a_window(reading, one.start, one.end)
        for one in [*weighed.rows, *weighed.headers]
    )


def _about(reading: Reading, weighed: Weighed) -> About:
    if "other_program" in weighed.dropped or (reading.of("certificate") and weighed.programs.others):
        return "other_program"
    if "paper" in weighed.dropped or (reading.of("guard.paper") and not certificates(reading)):
        return "paper"
    if reading.of("guard.other_error"):
        return "other_program"
    if certificates(reading) or weighed.dropped:
        return "certificate"
    if reading.of("outlook") or reading.of("mail") or any(code.row == "none" for code in reading.codes):
        return "other_outlook"
    return "other"


def _nearly_a_line(reading: Reading, weighed: Weighed, concepts: Concepts) -> list[Evidence]:
    """A window's line with slips in it: compared line by line, only where nothing else was found."""
    numbers = {reading.sentence(hit.start) for name in _LINES_SPEAK_OF for hit in reading.of(name)}
    starts = [*reading.sentence_starts, len(reading.text)]
    for number in sorted(numbers)[:_MOST_LINES]:
        start, end = starts[number], starts[number + 1]
        line = reading.text[start:end].strip()
        if not _SHORTEST_LINE <= len(line) <= _LONGEST_LINE or not weighed.programs.mean_ours(start, end):
            continue
        key = concepts.wordings.nearest(line)
        if key is None:
            continue
        line_of_a_window = concepts.lines[key]
        if line_of_a_window.row not in NO_ROWS:
            sets = tuple(line_of_a_window.sets.items())
            return [Evidence(line_of_a_window.row, A_WINDOWS_LINE, start, end, key, sets)]
    return []


def _whole(text: str, end: int) -> int:
    """The end of a Japanese verb that the evidence cuts: 期限が切れま|した is shown as it was said."""
    match = _VERB_ENDING.match(text, max(0, end - 2), end + 3)
    return match.end() if match and match.end() > end else end


def _shown(reading: Reading, used: list[Evidence]) -> tuple[str, ...]:
    """The strongest words as typed, each once, in the order in which they stand."""
    strongest = sorted(used, key=lambda one: (-one.strength, one.start - one.end))[: 2 * _WORDS_SHOWN]
    typed = {
        one.start: reading.normal.typed(one.start, _whole(reading.text, one.end)).replace("\n", " ")[
            :_LONGEST_WORDS
        ]
        for one in reversed(strongest)
    }
    shown: list[str] = []
    for start in dict.fromkeys(one.start for one in strongest):
        if typed[start] and not any(typed[start] in other for other in shown):
            shown.append(typed[start])
    order = {words: start for start, words in typed.items()}
    return tuple(sorted(shown[:_WORDS_SHOWN], key=lambda words: order[words]))
