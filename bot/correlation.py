"""One short name for an event, from Slack's request to its last reply, in every process that works on it.

It is made of the event's id, which travels in the job, so nobody has to hand it on; no word and no address is
in it. Whatever is logged while the event is worked carries it (bot.logs).
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, get_args

from bot.accepted import Kept
from bot.logs import EVENT

HEARD = "heard"
"""Beside the event in its job: when Slack told it, in seconds since 1970. Older versions pass over it."""

KINDS = frozenset(str(shape.model_fields["kind"].default) for shape in get_args(Kept))


def name_of(event_id: str) -> str:
    """Twelve hexadecimal digits: the start of the SHA-256 of the event's id."""
    return hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass
class Work:
    """An attempt to work an event: shared by all that works on it, in whatever thread.

    `heard` is when Slack told it (seconds since 1970; None where that is not known), `tries` counts the
    attempts from 1. `again`: it was worked before, and only what is left is done. `has_replied`: the person
    has heard something. `is_told`: its line stands in the log. `given_up`: it failed for good, and a person
    was called.
    """

    kind: str = "unknown"
    heard: float | None = None
    tries: int = 1
    again: bool = False
    has_replied: bool = False
    is_told: bool = False
    given_up: bool = False
    began: float = field(default_factory=time.perf_counter)

    @property
    def milliseconds(self) -> float:
        """Since this attempt began."""
        return since(self.began)

    def waited(self, now: float) -> float | None:
        """Seconds since Slack told the event, by the same clock."""
        return None if self.heard is None else max(now - self.heard, 0.0)


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work | None:
    """The attempt that this thread is part of."""
    return _WORK.get()


@contextmanager
def about(event_id: str) -> Iterator[None]:
    """What is logged within is about this event."""
    token = EVENT.set(name_of(event_id))
    try:
        yield
    finally:
        EVENT.reset(token)


@contextmanager
def working(event: object, tries: int) -> Iterator[Work]:
    """An attempt to work the event that a job holds, as it stands there."""
    told: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    kind, heard = told.get("kind"), told.get(HEARD)
    work = Work(
        kind=kind if isinstance(kind, str) and kind in KINDS else "unknown",
        heard=float(heard) if isinstance(heard, int | float) else None,
        tries=tries,
    )
    token = _WORK.set(work)
    try:
        with about(str(told.get("id", ""))):
            yield work
    finally:
        _WORK.reset(token)


def since(began: float) -> float:
    """Milliseconds since this moment of time.perf_counter."""
    return round((time.perf_counter() - began) * 1000, 1)


@dataclass(frozen=True)
class Repeat:
    """Slack sends a request again: for which time, and why, in its words."""

    number: int
    reason: str


REPEAT: ContextVar[Repeat | None] = ContextVar("repeat", default=None)
"""What the request that is accepted just now is the repeat of."""

# https://docs.slack.dev/apis/events-api/#retries
REASONS = frozenset(
    {
        *("http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error"),
        *("unknown_error", "timeout"),
    }
)


def repeat_of(headers: Mapping[str, Any]) -> Repeat | None:
    """What the headers of a request (in small letters; lists of values) tell of that."""
    number, reason = (_first(headers.get(f"x-slack-retry-{name}")) for name in ("num", "reason"))
    if not (number.isascii() and number.isdecimal() and len(number) < 5 and int(number)):
        return None  # over Socket Mode the first time is told as 0
    return Repeat(int(number), reason if reason in REASONS else "other")


def _first(values: object) -> str:
    if isinstance(values, list | tuple):
        values = values[0] if values else ""
    return str(values or "")
