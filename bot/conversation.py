"""All that we know of one trouble of one person, as it is stored."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from checks.report import Report
from knowledge.facts import Attempt, Known
from knowledge.rows import Language

Phase = Literal["listening", "choosing", "asking", "advising", "waiting", "solved", "handed_over"]

# The state machine: from which phase which may follow. A test walks every path and holds this table equal
# to what it saw; the README's diagram is made from it.
TRANSITIONS: dict[Phase, tuple[Phase, ...]] = {
    "listening": ("listening", "choosing", "asking", "advising", "solved", "handed_over"),
    "choosing": ("choosing", "listening", "asking", "advising", "solved", "handed_over"),
    "asking": ("asking", "listening", "choosing", "advising", "waiting", "solved", "handed_over"),
    "advising": ("advising", "listening", "asking", "waiting", "solved", "handed_over"),
    "waiting": ("waiting", "listening", "asking", "advising", "solved", "handed_over"),
    "solved": ("solved", "listening", "choosing", "asking", "advising", "handed_over"),
    "handed_over": ("handed_over", "listening", "asking", "advising", "solved"),
}


class Sent(BaseModel):
    """A message that the helpdesk sent to the employee: its number, when and by whom, whether it was taken
    back; whether it has a text, how many files were passed on with it, and their names. `whispered`: what the
    checks say of a file was shown to the employee alone, which nobody can take back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    at: datetime
    by: str = ""
    name: str = ""
    taken_back: bool = False
    text: bool = True
    files: int = 0
    names: tuple[str, ...] = ()
    whispered: bool = False


class Handed(BaseModel):
    """What became of a case at the helpdesk: since when it is there, who took it, what the employee added.

    `taken_by` is a Slack user id, empty as long as nobody took it; `free_since` is when it was let go or came
    back, if nobody has it since then. `until`, `reach` and `computer` are the employee's own words: by when
    it is needed, how to reach them, the PC's name. `messages` counts what the helpdesk sent; `sent` are the
    last of those.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    since: datetime
    taken_by: str = ""
    taken_name: str = ""
    taken_at: datetime | None = None
    free_since: datetime | None = None
    until: str = ""
    reach: str = ""
    computer: str = ""
    messages: int = 0
    sent: tuple[Sent, ...] = ()


class Incident(BaseModel):
    """The incident that a trouble is part of: how many people have the same, since when, and what the
    helpdesk last told them all.

    `slot` is that of the message that says so. `wants`: the person asked to be told once it is over; `apart`:
    the helpdesk has a card for this person all the same.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    people: int
    since: datetime
    slot: str
    update: str = ""
    updated: datetime | None = None
    wants: bool = False
    apart: bool = False

    @property
    def name(self) -> str:
        """The number as people see it."""
        return f"I-{self.number}"


class Noticed(BaseModel):
    """A notice that the person was shown (bot.notice): its number, and in which of the troubles.

    `text` is what the helpdesk reads of it, `language` that in which the person read it; `row` and `server`
    are what it is about.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    text: str
    language: Language
    until: datetime
    trouble: int = 1
    row: str | None = None
    server: str | None = None


Ending = Literal["remedy", "alone", "desk", "unknown", "incident"]
Rating = Literal["good", "bad"]

# By what the error was known: words, a picture, a checked file, a button; or it is one of the greeting's
# examples, and no trouble of anybody's.
Recognised = Literal["text", "picture", "file", "button", "example"]


class Ended(BaseModel):
    """How a trouble ended: a `remedy` helped, the person solved it `alone`, the `desk` closed the case, the
    `incident` was over that it was part of, or it is `unknown`, for nobody answered. `remedy` is the one
    that cured it, as far as it is known; `words` are the helpdesk's own for a cure that is no remedy of the
    tables. `turn` is the turn in which it ended, `rating` what the person thinks of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    how: Ending
    at: datetime
    remedy: str | None = None
    words: str = ""
    by: str = ""
    name: str = ""
    """Who of the helpdesk closed it."""
    turn: int = 0
    rating: Rating | None = None


class Past(BaseModel):
    """An earlier trouble of the same person: which error, when it was last touched, what was tried."""

    model_config = ConfigDict(frozen=True)

    row: str
    at: datetime
    attempts: tuple[Attempt, ...] = ()


class Earlier(BaseModel):
    """An earlier trouble of the same conversation, as it stood when the next one began: "handed_over" as long
    as nobody said that it is solved, once the helpdesk has it."""

    model_config = ConfigDict(frozen=True)

    case: str
    row: str | None
    phase: Phase
    began: datetime
    ended: datetime
    passed_on: bool = False
    urgent: bool = False
    whole: "Conversation | None" = None
    """All of it, if the helpdesk has it."""


class Conversation(BaseModel):
    """One trouble of one person. Frozen: `step` returns a new one.

    `number` counts all conversations (C-1042 for people), `round` the troubles in this one. `private` is
    false in a channel, `profile` is the mail address in the Slack profile, `turn` counts the events.
    `question`, `remedy` and `candidates` are what is open now; `asked` are the questions asked since the
    error was known and before the first advice; `passed_on` says that the helpdesk has a card. `sending_now`:
    the way to send this one mail was shown last; `stopped`: the person is being asked where a remedy stopped.
    `trouble` counts the troubles, so that a button of one before is known; `earlier` are those before.
    `other_programs` are those that the text named which came with the last files. `quoted` is the error's
    text, redacted; `questions` counts what was asked; `handed`, `incident` and `ended` are there once it was.
    `shown` are the remedies that were advised, `turns_before` the turns of the troubles before; `cure_asked`:
    the person was asked what helped; `file_rating` is what they think of the last file's result. `noticed`
    are the notices that were shown. `told_paused`: they were told that automatic help is paused since then.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    round: int = 1
    person: str
    person_name: str = ""
    language: Language = "ja"
    language_chosen: bool = False
    profile: str | None = None
    time_zone: str = "Asia/Tokyo"
    private: bool = True
    began: datetime
    touched: datetime

    phase: Phase = "listening"
    turn: int = 0
    row: str | None = None
    candidates: tuple[str, ...] = ()
    question: str | None = None
    remedy: str | None = None
    facts: dict[str, Known] = {}
    attempts: tuple[Attempt, ...] = ()
    asked: tuple[str, ...] = ()
    advised: bool = False
    explained: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    report: Report | None = None
    file_name: str | None = None
    other_programs: tuple[str, ...] = ()
    not_understood: int = 0
    quoted: str = ""
    questions: int = 0
    handed: Handed | None = None
    incident: Incident | None = None
    ended: Ended | None = None
    recognised_by: Recognised | None = None
    shown: tuple[str, ...] = ()
    turns_before: int = 0
    cure_asked: bool = False
    file_rating: Rating | None = None
    noticed: tuple[Noticed, ...] = ()
    told_paused: datetime | None = None
    urgent: bool = False
    sending_now: bool = False
    stopped: bool = False
    trouble: int = 1
    passed_on: bool = False
    past: tuple[Past, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    @property
    def case(self) -> str:
        """The number as people see it: a further trouble in the same thread is a further round."""
        return f"C-{self.number}" if self.round == 1 else f"C-{self.number}-{self.round}"

    @property
    def is_in_incident(self) -> bool:
        """Whether the helpdesk has an incident's card for it, and none of its own."""
        return self.incident is not None and not self.incident.apart

    @property
    def is_open(self) -> bool:
        return self.phase != "solved"
