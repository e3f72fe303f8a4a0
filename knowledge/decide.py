"""The decision over facts: the next question is the first fact that the first possible case lacks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.rows import UNKNOWN, Case


@dataclass(frozen=True)
class Ask:
    """Ask people for this fact."""

    fact: str


@dataclass(frozen=True)
class Advise:
    """Advise this remedy; `case` is the case's place in the ladder."""

    remedy: str
    case: int


@dataclass(frozen=True)
class GiveUp:
    """No case is left: a person takes it."""


Decision = Ask | Advise | GiveUp


def decide(
    cases: Sequence[Case],
    facts: Mapping[str, str],
    done: Collection[int] = (),
    *,
    may_ask: bool = True,
) -> Decision:
    """The first case that is not refuted and not `done` decides: a missing `when` fact is asked, else its
    remedy is advised.

    `facts` are names and values ("unknown" if the person could not tell), `done` the places of the cases
    to pass over. Without `may_ask` a missing fact counts as unknown: the person was asked enough.
    """
    for place, case in enumerate(cases):
        if place in done or _refuted(case, facts, may_ask):
            continue
        missing = [fact for fact in case.when if fact not in facts]
        if missing and may_ask:
            return Ask(missing[0])
        return Advise(case.do, place)
    return GiveUp()


def _refuted(case: Case, facts: Mapping[str, str], may_ask: bool) -> bool:
    if any(facts.get(fact) not in values for fact, values in case.known.items()):
        return True
    for fact, values in case.when.items():
        value = facts.get(fact)
        if value is None and not may_ask:
            value = UNKNOWN
        if value is not None and value not in values:
            return True
    return False
