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


class Conversation(BaseModel):
    """One trouble of one person. Frozen: `step` returns a new one.

    `number` counts all conversations (C-1042 for people), `round` the troubles in this one. `private` is
    false in a channel, `profile` is the mail address in the Slack profile, `turn` counts the events.
    `question`, `remedy` and `candidates` are what is open now; `asked` are the questions asked since the
    error was known and before the first advice; `passed_on` says that the helpdesk has a card. `sending_now`:
    the way to send this one mail was shown last; `stopped`: the person is being asked where a remedy stopped.
    `trouble` counts the troubles, so that a button of one before is known; `earlier` are those before.
    `other_programs` are those that the text named which came with the last files.
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
    def is_open(self) -> bool:
        return self.phase != "solved"
