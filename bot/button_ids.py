"""The ids of the buttons, and what it is to press each of them. PURE."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import get_args

from bot.conversation import Rating
from bot.desk_events import CaseReopened
from bot.events import (
    REASONS,
    Answered,
    Applied,
    ButtonExpired,
    CureTold,
    Event,
    ExampleChosen,
    Explained,
    Explanation,
    LanguageChosen,
    NotMine,
    PersonAsked,
    Rated,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    Result,
    Resumed,
    RowChosen,
    SelfSolved,
    Sender,
    SenderChosen,
    SendNowAsked,
    ServerNameConfirmed,
    WantsToKnow,
)
from knowledge.rows import LANGUAGES

# A button's id is a verb and its arguments. Slack's action_id carries it; it is looked up, never trusted.
_VERBS: Mapping[str, Callable[[str, str, datetime], Event | None]] = {
    "answer": lambda a, b, at: Answered(a, b, at),
    "row": lambda a, b, at: RowChosen(a, at),
    "ended": lambda a, b, at: RemedyEnded(a, b, at),
    "stopped": lambda a, b, at: RemedyNotPossible(a, b, at) if b in ("", *REASONS) else None,  # type: ignore[arg-type]
    "applied": lambda a, b, at: Applied(a, at),
    "resume": lambda a, b, at: Resumed(at),
    "send_now": lambda a, b, at: SendNowAsked(at),
    "person": lambda a, b, at: PersonAsked(a == "urgent", at),
    "explain": lambda a, b, at: Explained(a, at) if a in get_args(Explanation) else None,  # type: ignore[arg-type]
    "sender": lambda a, b, at: SenderChosen(a, at) if a in get_args(Sender) else None,  # type: ignore[arg-type]
    "server": lambda a, b, at: ServerNameConfirmed(at) if a == "as_read" else None,
    "language": lambda a, b, at: LanguageChosen(a, at) if a in LANGUAGES else None,
    "example": lambda a, b, at: ExampleChosen(int(a), at) if a in ("1", "2", "3") else None,
    "solved": lambda a, b, at: SelfSolved(at),
    "restart": lambda a, b, at: Restarted(at),
    "wants": lambda a, b, at: WantsToKnow(at),
    "not_mine": lambda a, b, at: NotMine(at),
    "again": lambda a, b, at: CaseReopened(a, at),
    "feedback": lambda a, b, at: (
        Rated(a, b, at) if a in get_args(Result) and b in get_args(Rating) else None  # type: ignore[arg-type]
    ),
    "cured": lambda a, b, at: CureTold(a, at),
}


def button_id(verb: str, *arguments: str) -> str:
    """The id of a button, such as `answer:changed:new_pc`."""
    return ":".join((verb, *arguments))


def pressed(button: str, at: datetime) -> Event:
    """The event that pressing this button is; ButtonExpired for an id that means nothing (any more)."""
    verb, _, rest = button.partition(":")
    first, _, second = rest.partition(":")
    make = _VERBS.get(verb)
    return (make(first, second, at) if make else None) or ButtonExpired(at)


def number_in(digits: str) -> int:
    """The number that a button carries; 0 if this is none that a table may hold."""
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 16 else 0
