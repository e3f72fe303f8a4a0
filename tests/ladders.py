"""Walks the error table's ladders over every answer, as a conversation would."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from knowledge.book import Book
from knowledge.decide import Advise, Ask, Decision, GiveUp
from knowledge.load import load
from knowledge.rows import UNKNOWN, Company
from knowledge.rungs import Rung, foot

ROWS = ("no_certificate", "expired_or_revoked", "name_mismatch", "untrusted_chain")
ADDED = ("recipient_certificate", "decrypt_failed", "revocation_offline")

# Codes that a check can find in a person's, or in a server's, certificate, so that it cannot be used.
OWN_CAUSES = (
    "bad_signature",
    "is_ca",
    "not_for_email",
    "self_signed",
    "unsupported_key",
    "address_mismatch",
    "no_address",
    "revoked",
    "expired",
    "not_yet_valid",
    "cannot_sign",
    "cannot_encrypt",
    "issuer_not_allowed",
    "untrusted_root",
    "incomplete_chain",
)
SERVER_CAUSES = (
    "bad_signature",
    "is_ca",
    "not_for_server",
    "self_signed",
    "unsupported_key",
    "server_name_mismatch",
    "revoked",
    "expired",
    "not_yet_valid",
    "issuer_not_allowed",
    "untrusted_root",
    "incomplete_chain",
)

# What a checked file tells, beside the finding itself. A cause that a file shows makes it unusable, but for
# the two that leave the other use.
FINE = {"usable": "yes", "expired": "no", "not_yet_valid": "no", "cannot_sign": "no", "cannot_encrypt": "no"}
HALF = ("cannot_sign", "cannot_encrypt")


# What a company has to switch on before anybody is told to do it.
SWITCHED = ("turn_off_signing", "send_unsigned")


@cache
def the_book(switched: bool = True) -> Book:
    """The built-in tables, with the remedies that have a risk switched on, or as they come: off."""
    book = load()
    return book.with_company(Company(employees_may=SWITCHED)) if switched else book


def file_with(*codes: str) -> dict[str, str]:
    """The facts of a checked file in which these findings hold; none: it is fine."""
    usable = "yes" if set(codes) <= set(HALF) and len(codes) < 2 else "no"
    return {**FINE, "usable": usable, **dict.fromkeys(codes, "yes")}


class State(Rung):
    """Where a conversation stands on a row's ladder."""

    def with_risks_off(self) -> "State":
        """The same where the company has switched nothing on."""
        return replace(self, book=the_book(False))


def start(row: str, **facts: str) -> State:
    """A conversation at a row's first decision, the remedies with a risk switched on."""
    at_foot = foot(the_book(), row, facts)
    return State(at_foot.book, at_foot.row, at_foot.facts)


def after(state: State, decision: Decision) -> Iterator[State]:
    """Every state that one answer, or one way in which the remedy ends, leads to."""
    book = state.book
    match decision:
        case Ask(fact):
            for value in (*book.questions[fact].option, UNKNOWN):
                yield state.answered(fact, value)
        case Advise(remedy) if book.remedies[remedy].who == "user" or book.remedies[remedy].waits:
            for outcome in ("not_solved", *book.remedies[remedy].outcome):
                yield state.ended(remedy, outcome)
        case _:
            return


@dataclass
class Walk:
    """What was seen on every way on from one start."""

    first: list[tuple[int, str | None]] = field(default_factory=list)
    """The questions before the first advice, and that remedy (None: a person without one)."""
    cases: set[int] = field(default_factory=set)
    remedies: set[str] = field(default_factory=set)
    circles: list[str] = field(default_factory=list)


def walk(begin: State) -> Walk:
    out = Walk()
    done: set[tuple[object, ...]] = set()
    on_the_way: set[tuple[object, ...]] = set()

    def visit(state: State, advised: bool) -> None:
        key = (state.key(), advised)
        if key in on_the_way:
            out.circles.append(f"{state.row}: {state.values()}")
            return
        if key in done:
            return
        on_the_way.add(key)
        decision = state.decision()
        if not isinstance(decision, Ask) and not advised:
            out.first.append((len(state.asked), decision.remedy if isinstance(decision, Advise) else None))
        _reached(state, decision, out)
        for next_ in after(state, decision):
            visit(next_, advised or not isinstance(decision, Ask))
        on_the_way.remove(key)
        done.add(key)

    visit(begin, False)
    return out


def _reached(state: State, decision: Decision, out: Walk) -> None:
    """The case that is advised; where a person takes over, what the card lists for later too."""
    cases = state.book.errors[state.row].case
    beyond = -1
    if isinstance(decision, Ask):
        return
    if isinstance(decision, Advise):
        beyond = decision.case
        out.cases.add(beyond)
        out.remedies.add(decision.remedy)
        row = state.book.remedies[decision.remedy]
        if row.who == "user" or row.waits:
            return
    later = state.book.later_for_it(cases, decision, state.facts, state.attempts)
    out.remedies.update(later)
    for place, case in enumerate(cases):
        listed = place > beyond and case.do in later and set(case.conditions()) <= set(state.facts)
        if listed and isinstance(state.book.decide([case], state.facts, state.attempts), Advise):
            out.cases.add(place)


def straight(state: State, *answers: str) -> State:
    """The state after these answers and outcomes, one after the other."""
    for said in answers:
        match state.decision():
            case Ask(fact):
                state = state.answered(fact, said)
            case Advise(remedy):
                state = state.ended(remedy, said)
            case GiveUp():
                raise AssertionError(f"nothing is open for {said}")
    return state


def advised(state: State) -> str | None:
    """The remedy that is advised now; a question or none is an assertion of the caller's."""
    decision = state.decision()
    return decision.remedy if isinstance(decision, Advise) else None
