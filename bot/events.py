"""What people did, one class per event."""

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
from knowledge.rows import Language


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
