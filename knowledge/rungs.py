"""Where a conversation stands on a row's ladder, and what an answer or the end of a remedy makes of it.

Pure: the tables alone, without a conversation's words. What the tables promise is proved by walking these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from knowledge.book import Book
from knowledge.decide import Decision
from knowledge.facts import Attempt, Known


@dataclass(frozen=True)
class Rung:
    """What is known, was tried and was asked so far."""

    book: Book
    row: str
    facts: Mapping[str, Known]
    attempts: tuple[Attempt, ...] = ()
    turn: int = 1
    asked: tuple[str, ...] = ()

    def decision(self, *, may_ask: bool = True) -> Decision:
        """What comes next."""
        return self.book.decide(self.book.errors[self.row].case, self.facts, self.attempts, may_ask=may_ask)

    def values(self) -> dict[str, str]:
        """The facts without who told them."""
        return {name: fact.value for name, fact in self.facts.items()}

    def told(self, facts: Mapping[str, str]) -> Self:
        """After these facts, in the same turn."""
        out = dict(self.facts)
        for name, value in facts.items():
            before = out.get(name)
            if before is None or before.value != value:
                changed = self.turn if before else 0
                out[name] = Known(value=value, source="answer", turn=self.turn, changed=changed)
        return replace(self, facts=out)

    def answered(self, fact: str, value: str) -> Self:
        """After this answer, with what its option tells besides."""
        option = self.book.questions[fact].option.get(value)
        after = replace(self, turn=self.turn + 1, asked=(*self.asked, fact))
        return after.told({fact: value, **(option.sets if option else {})})

    def ended(self, remedy: str, outcome: str) -> Self:
        """After this remedy ended so, with what its outcome tells."""
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


def foot(book: Book, row: str, facts: Mapping[str, str]) -> Rung:
    """A conversation at a row's first decision; the row's own `whose` holds if nothing else is told."""
    usual = book.errors[row].whose
    told = {**({"whose": usual} if usual else {}), **facts}
    return Rung(book, row, {name: Known(value=value, source="text") for name, value in told.items()})
