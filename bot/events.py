"""What people did, one class per event, and the ids of the buttons that they press."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bot.conversation import Rating
from bot.desk_events import (
    CameDue,
    CaseClosed,
    CaseReopened,
    CaseTaken,
    DeskAnswered,
    DeskShowed,
    IncidentClosed,
    IncidentMet,
    IncidentUpdated,
    TakenBack,
    TextAsked,
)
from bot.looked import File, Looked
from knowledge.rows import LANGUAGES, Language


@dataclass(frozen=True)
class MessagePosted:
    """A message: its text (Slack's mark-up undone, as the person typed it) and its files."""

    text: str
    files: tuple[File, ...]
    at: datetime


@dataclass(frozen=True)
class FilesInspected:
    """What the files of an earlier message told; `slot` names the “checking…” message that it replaces,
    `ids` are the files' own, in the same order. `renews`: one is newer than a certificate that is watched."""

    files: tuple[Looked, ...]
    slot: str
    at: datetime
    ids: tuple[str, ...] = ()
    renews: bool = False


@dataclass(frozen=True)
class Answered:
    """An option of a question was pressed ("unknown" included)."""

    fact: str
    option: str
    at: datetime


@dataclass(frozen=True)
class RowChosen:
    """One of several candidate errors was pressed; `row` is "none" when it is none of them."""

    row: str
    at: datetime


@dataclass(frozen=True)
class RemedyEnded:
    """How a remedy ended: "solved", "not_solved", or an outcome of its own."""

    remedy: str
    outcome: str
    at: datetime


# Why a remedy could not be done; the phrase button_{reason} is on its button.
Reason = Literal["no_menu", "greyed_out", "no_permission", "not_at_pc", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True)
class RemedyNotPossible:
    """[できなかった] (no reason yet: it will be asked), or where it stopped."""

    remedy: str
    reason: Reason | Literal[""]
    at: datetime


@dataclass(frozen=True)
class Applied:
    """[申請した]: a remedy that takes days was begun."""

    remedy: str
    at: datetime


@dataclass(frozen=True)
class Resumed:
    """[PC の前に戻った]: go on where it stopped."""

    at: datetime


@dataclass(frozen=True)
class SendNowAsked:
    """[急ぎで送る]."""

    at: datetime


@dataclass(frozen=True)
class PersonAsked:
    """[担当者と話す]; `urgent` from [急ぎだと伝える]."""

    urgent: bool
    at: datetime


Explanation = Literal["grounds", "export", "passed_on", "certificate"]
Sender = Literal["certificate", "profile", "other"]


@dataclass(frozen=True)
class Explained:
    """Something is to be explained: the grounds of the result ("grounds"), how to export a certificate
    ("export"), what the helpdesk was given ("passed_on"), the whole certificate ("certificate")."""

    what: Explanation
    at: datetime


@dataclass(frozen=True)
class SenderChosen:
    """From which of several addresses the mail is sent; "certificate", "profile" or "other"."""

    which: Sender
    at: datetime


@dataclass(frozen=True)
class ServerNameConfirmed:
    """The server's name was read rightly in the picture."""

    at: datetime


@dataclass(frozen=True)
class LanguageChosen:
    """The other language was asked for."""

    language: Language
    at: datetime


@dataclass(frozen=True)
class ExampleChosen:
    """An example of the greeting was pressed."""

    number: int
    at: datetime


@dataclass(frozen=True)
class SelfSolved:
    """[自分で解決した], or 「解決しました」 typed, at any time."""

    at: datetime


@dataclass(frozen=True)
class Restarted:
    """[新しい相談]."""

    at: datetime


# What can be found helpful or not: how a case ended, the result of a checked file.
Result = Literal["end", "file"]


@dataclass(frozen=True)
class Rated:
    """One of Slack's two feedback buttons was pressed."""

    what: Result
    rating: Rating
    at: datetime


@dataclass(frozen=True)
class CureTold:
    """What helped: a remedy, "other" or "unknown". It was solved, and nobody knew by what."""

    cure: str
    at: datetime


@dataclass(frozen=True)
class ButtonExpired:
    """A button whose meaning is gone: of another version, or forged."""

    at: datetime


@dataclass(frozen=True)
class DetailsAdded:
    """The employee added by when it is needed, how to reach them, the PC's name; empty is nothing."""

    case: str
    until: str
    reach: str
    computer: str
    at: datetime


@dataclass(frozen=True)
class WantsToKnow:
    """[直ったら知らせる]."""

    at: datetime


@dataclass(frozen=True)
class NotMine:
    """[自分のは違う]: the person's own trouble is another one than the incident's."""

    at: datetime


@dataclass(frozen=True)
class InCase:
    """A button of a case that the helpdesk has, and that is not what the conversation is about now."""

    case: str
    event: "SelfSolved | PersonAsked | Explained | Rated | CureTold | WantsToKnow | NotMine"
    at: datetime


@dataclass(frozen=True)
class WroteToDesk:
    """The employee wrote to the helpdesk about a case that is not what the conversation is about now."""

    case: str
    text: str
    at: datetime


Event = (
    MessagePosted
    | FilesInspected
    | Answered
    | RowChosen
    | RemedyEnded
    | RemedyNotPossible
    | Applied
    | Resumed
    | SendNowAsked
    | PersonAsked
    | Explained
    | SenderChosen
    | ServerNameConfirmed
    | LanguageChosen
    | ExampleChosen
    | SelfSolved
    | Restarted
    | Rated
    | CureTold
    | ButtonExpired
    | CaseTaken
    | DeskAnswered
    | DeskShowed
    | TakenBack
    | TextAsked
    | CaseClosed
    | CaseReopened
    | DetailsAdded
    | IncidentMet
    | IncidentUpdated
    | IncidentClosed
    | WantsToKnow
    | NotMine
    | InCase
    | WroteToDesk
    | CameDue
)


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
