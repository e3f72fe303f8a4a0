"""A row's ladder of cases as a tree: what the cases have in common at their beginning stands only once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.rows import Case


@dataclass(frozen=True)
class Leaf:
    """A remedy; `case` is the place of its case in the ladder, from 0. With `instead_of` it counts only while
    that remedy is off."""

    case: int
    remedy: str
    instead_of: str | None = None


@dataclass(frozen=True)
class Way:
    """Where these values of a fact lead, the first possible one first."""

    values: tuple[str, ...]
    then: tuple["Node", ...]


@dataclass(frozen=True)
class Box:
    """A fact that decides. If it is `asked` and missing, people are asked for it (as soon as nothing above is
    possible and something behind it is); if not, it counts only where it is known."""

    fact: str
    asked: bool
    ways: tuple[Way, ...]


Node = Box | Leaf

_Condition = tuple[bool, str, tuple[str, ...]]
_Rest = tuple[list[_Condition], Leaf]


def ladder(cases: Sequence[Case], *, may_ask: bool = True) -> tuple[Node, ...]:
    """The tree of these cases. Its leaves from top to bottom are the cases in their order, and the way to
    each is its conditions, those that are known first: so it says what `decide` does, no more and no less.

    Without `may_ask` nothing in it is asked for: what is missing is unknown.
    """
    return _nodes(
        [
            (_conditions(case, may_ask), Leaf(place, case.do, case.instead_of))
            for place, case in enumerate(cases)
        ]
    )


def _conditions(case: Case, may_ask: bool) -> list[_Condition]:
    known = [(False, fact, tuple(values)) for fact, values in case.known.items()]
    return known + [(may_ask, fact, tuple(values)) for fact, values in case.when.items()]


def _nodes(rest: Sequence[_Rest]) -> tuple[Node, ...]:
    out: list[Node] = []
    at = 0
    while at < len(rest):
        conditions, leaf = rest[at]
        if not conditions:
            out.append(leaf)
            at += 1
            continue
        asked, fact, _ = conditions[0]
        end = at
        while end < len(rest) and rest[end][0] and rest[end][0][0][:2] == (asked, fact):
            end += 1
        out.append(Box(fact, asked, _ways(rest[at:end])))
        at = end
    return tuple(out)


def _ways(rest: Sequence[_Rest]) -> tuple[Way, ...]:
    """The cases that begin with the same fact, those of the same values beside each other together."""
    ways: list[Way] = []
    at = 0
    while at < len(rest):
        values = rest[at][0][0][2]
        end = at
        while end < len(rest) and rest[end][0][0][2] == values:
            end += 1
        ways.append(Way(values, _nodes([(conditions[1:], leaf) for conditions, leaf in rest[at:end]])))
        at = end
    return tuple(ways)


def leaves(nodes: Sequence[Node]) -> Iterator[Leaf]:
    """The leaves from top to bottom."""
    for node in nodes:
        if isinstance(node, Leaf):
            yield node
        else:
            for way in node.ways:
                yield from leaves(way.then)
