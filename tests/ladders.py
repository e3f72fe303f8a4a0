"""Walks the error table's ladders over every answer, as a conversation would."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from knowledge.book import Book
from knowledge.decide import Advise, Ask, Decision, GiveUp
from knowledge.facts import Attempt, Known
from knowledge.load import load
from knowledge.rows import UNKNOWN, Company

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


@dataclass(frozen=True)
class State:
    """Where a conversation stands on a row's ladder."""

    row: str
    facts: Mapping[str, Known]
    attempts: tuple[Attempt, ...] = ()
    turn: int = 1
    asked: tuple[str, ...] = ()
    switched: bool = True

    def with_risks_off(self) -> "State":
        """The same where the company has switched nothing on."""
        return replace(self, switched=False)

    @property
    def book(self) -> Book:
        return the_book(self.switched)

    def decision(self) -> Decision:
        return self.book.decide(self.book.errors[self.row].case, self.facts, self.attempts)

    def values(self) -> dict[str, str]:
        return {name: fact.value for name, fact in self.facts.items()}

    def told(self, facts: Mapping[str, str]) -> "State":
        out = dict(self.facts)
        for name, value in facts.items():
            before = out.get(name)
            if before is None or before.value != value:
                changed = self.turn if before else 0
                out[name] = Known(value=value, source="answer", turn=self.turn, changed=changed)
        return replace(self, facts=out)

    def answered(self, fact: str, value: str) -> "State":
        option = self.book.questions[fact].option.get(value)
        after = replace(self, turn=self.turn + 1, asked=(*self.asked, fact))
        return after.told({fact: value, **(option.sets if option else {})})

    def ended(self, remedy: str, outcome: str) -> "State":
        turn = self.turn + 1
        tried = (*self.attempts, Attempt(remedy=remedy, outcome=outcome, turn=turn))
        own = self.book.remedies[remedy].outcome.get(outcome)
        return replace(self, attempts=tried, turn=turn).told(own.sets if own else {})

    def key(self) -> tuple[object, ...]:
        """What decides how it goes on: the facts, what was tried, and what changed since."""
        tried = frozenset(
            (one.remedy, frozenset(name for name, fact in self.facts.items() if fact.changed > one.turn))
            for one in self.attempts
        )
        return (frozenset(self.values().items()), tried)


def start(row: str, **facts: str) -> State:
    """A conversation at a row's first decision; the row's own `whose` holds if nothing else is told."""
    usual = the_book().errors[row].whose
    told = {**({"whose": usual} if usual else {}), **facts}
    known = {name: Known(value=value, source="text") for name, value in told.items()}
    return State(row, known)


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
