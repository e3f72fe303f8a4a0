"""The drill's accounting: what people did, against what stands in the workspace afterwards. Pure.

Every moment is in seconds since 1970, by the workspace's clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

# How long a process that goes on after a standstill may take, on a busy machine, to post what it held.
POSTED_WITHIN = 3.0
# The two clocks are one, but read a moment apart.
READ_APART = 0.25


@dataclass(frozen=True)
class Doing:
    """What a person did, and where the answer to it has to stand.

    `headings` are the first lines that its answer may have: a press is answered in the thread of its message,
    under the button's label; nothing else has a heading.
    """

    person: str
    kind: Literal["message", "file", "press", "example", "opened"]
    channel: str
    thread: str | None
    headings: frozenset[str]
    sent: float
    acknowledged: float | None = None
    """When Slack heard that the app has it; None: never, and the person may have seen that."""


@dataclass(frozen=True)
class Answer:
    """A message of the bot's. `is_pending`: it says that something is being done, and was to be replaced."""

    channel: str
    thread: str | None
    heading: str
    at: float
    body: str
    is_pending: bool = False


@dataclass(frozen=True)
class Standstill:
    """A process stood still, and went on without knowing that meanwhile another one took over its work.

    The only thing that excuses a repeat: after a crash, or an answer that was lost, what was posted is
    recognised in Slack.
    """

    begin: float
    end: float


@dataclass(frozen=True)
class Repeat:
    """A message that came once more."""

    first: Answer
    again: Answer


@dataclass(frozen=True)
class Account:
    """What became of everything that was done."""

    sent: int
    acknowledged: int
    answered: int
    lost: tuple[Doing, ...]
    """Acknowledged, and no answer stands there."""
    out_of_order: tuple[tuple[Doing, Doing], ...]
    """The second was answered before the first, which was acknowledged before the second was done."""
    repeated: tuple[Repeat, ...]
    avoidable: tuple[Repeat, ...]
    """Of those that were repeated, the ones that nothing excuses."""
    unasked: tuple[Answer, ...]
    """Messages that answer nothing."""
    longest_wait: float
    """Seconds until an answer to what was acknowledged."""

    @property
    def is_well(self) -> bool:
        """Whether nothing is lost or out of order, and nothing was said that nothing excuses."""
        return not (self.lost or self.out_of_order or self.avoidable or self.unasked)


def account(
    doings: Sequence[Doing],
    answers: Iterable[Answer],
    standstills: Sequence[Standstill],
    desk: Iterable[Answer] = (),
) -> Account:
    """The whole account. `desk` is what stands at the helpdesk, where each heading is there once."""
    by_doing, unasked = _attributed(doings, answers)
    firsts = {number: found[0] for number, found in by_doing.items()}
    accepted = [number for number, doing in enumerate(doings) if doing.acknowledged is not None]
    lost = [number for number in accepted if number not in firsts or _is_waiting(by_doing[number])]
    waits = [firsts[number].at - doings[number].sent for number in accepted if number in firsts]
    at_the_desk: dict[str, list[Answer]] = defaultdict(list)
    for message in desk:
        at_the_desk[message.heading].append(message)
    repeated = [
        Repeat(found[0], again)
        for found in (*by_doing.values(), *at_the_desk.values())
        for again in found[1:]
    ]
    return Account(
        sent=len(doings),
        acknowledged=len(accepted),
        answered=len(accepted) - len(lost),
        lost=tuple(doings[number] for number in lost),
        out_of_order=tuple(_out_of_order(doings, firsts)),
        repeated=tuple(repeated),
        avoidable=tuple(
            one for one in repeated if not any(excuses(standstill, one) for standstill in standstills)
        ),
        unasked=tuple(unasked),
        longest_wait=max(waits, default=0.0),
    )


def excuses(standstill: Standstill, repeat: Repeat) -> bool:
    """Whether one of the two was posted by a process that had just come to itself."""
    begin, end = standstill.end - READ_APART, standstill.end + POSTED_WITHIN
    return any(begin <= message.at <= end for message in (repeat.first, repeat.again))


def _attributed(
    doings: Sequence[Doing], answers: Iterable[Answer]
) -> tuple[dict[int, list[Answer]], list[Answer]]:
    """The answers of each doing, by its number, the earliest first; and those that belong to none."""
    places: dict[tuple[str, str | None, str], int] = {}
    for number, doing in enumerate(doings):
        for heading in doing.headings:
            place = (doing.channel, doing.thread, heading)
            if place in places:
                raise ValueError("two doings whose answers could not be told apart")
            places[place] = number
    found: dict[int, list[Answer]] = defaultdict(list)
    unasked = []
    for answer in sorted(answers, key=lambda answer: answer.at):
        asked = places.get((answer.channel, answer.thread, answer.heading))
        if asked is None:
            unasked.append(answer)
        else:
            found[asked].append(answer)
    return dict(found), unasked


def _is_waiting(found: Sequence[Answer]) -> bool:
    """Whether all that was said is that something is being done."""
    return all(answer.is_pending for answer in found)


def _out_of_order(doings: Sequence[Doing], firsts: dict[int, Answer]) -> Iterable[tuple[Doing, Doing]]:
    """Pairs of one person's. What Slack was not yet told to be accepted has no place in the order."""
    of_person: dict[str, list[int]] = defaultdict(list)
    for number in sorted(firsts, key=lambda number: doings[number].sent):
        of_person[doings[number].person].append(number)
    for numbers in of_person.values():
        for earlier, later in combinations(numbers, 2):
            acknowledged = doings[earlier].acknowledged
            is_before = acknowledged is not None and acknowledged < doings[later].sent
            if is_before and firsts[later].at < firsts[earlier].at:
                yield doings[earlier], doings[later]
