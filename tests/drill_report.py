"""What the drill prints at its end: a small table, what was done, and what is not as it should be."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tests.drill_faults import Diary
from tests.drill_ledger import Account, Answer, Doing, Repeat

SHOWN_AT_MOST = 10


def lines(account: Account, faults: Sequence[str], diary: Diary) -> Iterator[str]:
    """The report, line by line. No message's text is in it, only when and where each stands."""
    yield ""
    for name, value in (
        ("sent", account.sent),
        ("acknowledged", account.acknowledged),
        ("answered", account.answered),
        ("lost", len(account.lost)),
        ("out of order", len(account.out_of_order)),
        ("repeated", len(account.repeated)),
        ("  without need", len(account.avoidable)),
        ("unasked", len(account.unasked)),
    ):
        yield f"{name:<18}{value:6}"
    yield f"{'longest wait':<18}{account.longest_wait:6.1f} s"
    yield ""
    for what, times in sorted(diary.done.items()):
        if times:
            yield f"{times:4} × {what}"
    yield from _shown("lost", [_doing(doing) for doing in account.lost])
    yield from _shown(
        "out of order", [f"{_doing(one)}, then {_doing(other)}" for one, other in account.out_of_order]
    )
    yield from _shown("repeated without need", [_repeat(one) for one in account.avoidable])
    yield from _shown("unasked", [_answer(answer) for answer in account.unasked])
    yield from _shown("beside that", faults)


def _shown(title: str, found: Sequence[str]) -> Iterator[str]:
    if found:
        yield f"\n{title}:"
        yield from (f"  {one}" for one in found[:SHOWN_AT_MOST])
        if len(found) > SHOWN_AT_MOST:
            yield f"  and {len(found) - SHOWN_AT_MOST} more"


def _doing(doing: Doing) -> str:
    return f"{doing.kind} of {doing.person} at {_moment(doing.sent)} (thread {doing.thread})"


def _answer(answer: Answer) -> str:
    return f"{answer.channel}, thread {answer.thread}, at {_moment(answer.at)}"


def _repeat(repeat: Repeat) -> str:
    same = "the same" if repeat.first.body == repeat.again.body else "other words"
    return f"{_answer(repeat.first)}, and at {_moment(repeat.again.at)} ({same})"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%H:%M:%S.%f}"[:-3]
