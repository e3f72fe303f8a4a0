"""What the helpdesk did, and what became of a case without its employee: one class per event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.looked import File


@dataclass(frozen=True)
class Desk:
    """Somebody at the helpdesk: their Slack user id, and their name as people see it."""

    id: str
    name: str


@dataclass(frozen=True)
class CaseTaken:
    """[引き受ける], or [担当を変える]: who holds it lets go, anybody else takes it over."""

    case: str
    by: Desk
    change: bool
    at: datetime


@dataclass(frozen=True)
class DeskAnswered:
    """The helpdesk wrote to the employee, from a dialog or with `>>` in the card's thread (`typed`)."""

    case: str
    by: Desk
    text: str
    is_question: bool
    typed: bool
    at: datetime


@dataclass(frozen=True)
class DeskShowed:
    """The helpdesk put files into the card's thread, with `>>` (it `sends`) for the employee, too;
    `with_text`: as part of the message that was sent just before."""

    case: str
    by: Desk
    files: tuple[File, ...]
    sends: bool
    at: datetime
    with_text: bool = False


@dataclass(frozen=True)
class TakenBack:
    """[取り消す] on what was sent to the employee; `message` counts those."""

    case: str
    by: Desk
    message: int
    at: datetime


@dataclass(frozen=True)
class TextAsked:
    """Somebody at the helpdesk wants to see the error's text, redacted."""

    case: str
    by: Desk
    at: datetime


@dataclass(frozen=True)
class CaseClosed:
    """The helpdesk closed the case: the remedy that cured it, or none, and other words; `tell` is what the
    employee is told besides."""

    case: str
    by: Desk
    remedy: str | None
    words: str
    tell: str
    at: datetime


@dataclass(frozen=True)
class CaseReopened:
    """[まだ直らない] after the helpdesk had closed it, or [開き直す] by somebody there."""

    case: str
    at: datetime
    by: Desk | None = None


@dataclass(frozen=True)
class IncidentMet:
    """The same was seen by so many `people` that it is an incident, or is one already."""

    case: str
    number: int
    people: int
    since: datetime
    update: str
    updated: datetime | None
    at: datetime


@dataclass(frozen=True)
class IncidentUpdated:
    """The helpdesk told everybody in the incident something."""

    case: str
    number: int
    people: int
    update: str
    updated: datetime
    at: datetime


@dataclass(frozen=True)
class IncidentClosed:
    """The helpdesk closed the incident: what cured it, and what everybody is told besides."""

    case: str
    number: int
    remedy: str | None
    words: str
    tell: str
    by: str
    at: datetime


# What is come back to: nobody took the case; nobody took it by the next day; the minute in which a message
# can be taken back is over; silence after an advice; silence after the question about that.
Due = Literal["unclaimed", "next_day", "minute_over", "follow_up", "give_up"]


@dataclass(frozen=True)
class CameDue:
    """The time has come for what a Remind was for."""

    what: Due
    case: str
    at: datetime
