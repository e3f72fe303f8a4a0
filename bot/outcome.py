"""How a trouble ended, in ids and numbers: what the operators' report lives on. PURE.

No person, no word of anybody's, no address: what is left of a conversation when it is erased.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bot.conversation import Conversation, Ending, Rating, Recognised
from bot.events import Event, ExampleChosen, FilesInspected, MessagePosted
from bot.looked import PictureRead
from knowledge.book import Book
from knowledge.rows import Language


class Tried(BaseModel):
    """A remedy and how it ended, as bot.events.RemedyEnded and RemedyNotPossible tell it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    remedy: str
    outcome: str
    reason: str | None = None


class Outcome(BaseModel):
    """One trouble that ended.

    `conversation` is None once that was erased. `remedy` helped, as far as anybody said; `shown` were
    advised, `tried` is what was told of them. `handed` is when the helpdesk got it, `taken` when somebody
    there took it. `turns` counts what the person did, `tables` is the version of the tables (knowledge.book)
    at the end. `feedback` is the person's on how it ended, `file_feedback` on what a checked file told.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    conversation: int | None
    trouble: int
    round: int
    row: str | None
    language: Language
    private: bool
    began: datetime
    ended: datetime
    how: Ending
    remedy: str | None
    questions: int
    turns: int
    handed: datetime | None
    taken: datetime | None
    urgent: bool
    recognised_by: Recognised | None
    shown: tuple[str, ...]
    tried: tuple[Tried, ...]
    tables: str
    feedback: Rating | None = None
    file_feedback: Rating | None = None

    @property
    def case(self) -> str | None:
        """The number as people saw it; None once the conversation was erased: it leads to the person."""
        if self.conversation is None:
            return None
        return f"C-{self.conversation}" if self.round == 1 else f"C-{self.conversation}-{self.round}"

    @property
    def minutes(self) -> float:
        """From the first word to the end."""
        return (self.ended - self.began) / timedelta(minutes=1)

    @property
    def minutes_until_taken(self) -> float | None:
        """From the hand-over until somebody took the case; None if nobody had to, or did."""
        return (self.taken - self.handed) / timedelta(minutes=1) if self.handed and self.taken else None

    @property
    def minutes_at_desk(self) -> float | None:
        """From the hand-over to the end; None if there was none."""
        return (self.ended - self.handed) / timedelta(minutes=1) if self.handed else None


def noted(before: Conversation, event: Event, after: Conversation) -> Conversation:
    """The conversation with what its outcome will tell besides: by what the error was known, and which
    remedies were advised."""
    changes: dict[str, object] = {}
    if after.row and (before.trouble, before.row) != (after.trouble, after.row):
        changes["recognised_by"] = _recognised_by(before, event, after)
    if after.remedy and after.remedy not in after.shown:
        changes["shown"] = (*after.shown, after.remedy)
    return after.model_copy(update=changes) if changes else after


def _recognised_by(before: Conversation, event: Event, after: Conversation) -> Recognised:
    match event:
        case MessagePosted():
            return "text"
        case FilesInspected():
            read = any(isinstance(file, PictureRead) for file in event.files)
            return "picture" if read and after.words != before.words else "file"
        case ExampleChosen():
            return "example"
        case _:
            return "button"


def outcome_of(trouble: Conversation, book: Book) -> Outcome | None:
    """How it ended; None as long as it has not."""
    ended, handed = trouble.ended, trouble.handed
    if ended is None or trouble.phase != "solved":
        return None
    # turn 0: tried against an earlier trouble of this kind, which has an outcome of its own
    tried = (attempt for attempt in trouble.attempts if attempt.turn)
    return Outcome(
        conversation=trouble.number,
        trouble=trouble.trouble,
        round=trouble.round,
        row=trouble.row,
        language=trouble.language,
        private=trouble.private,
        began=trouble.began,
        ended=ended.at,
        how=ended.how,
        remedy=ended.remedy,
        questions=trouble.questions,
        turns=(ended.turn or trouble.turn) - trouble.turns_before,
        handed=handed.since if handed else None,
        taken=handed.taken_at if handed else None,
        urgent=trouble.urgent,
        recognised_by=trouble.recognised_by,
        shown=trouble.shown,
        tried=tuple(Tried(remedy=one.remedy, outcome=one.outcome, reason=one.reason) for one in tried),
        tables=book.version,
        feedback=ended.rating,
        file_feedback=trouble.file_rating,
    )


def changed(before: Conversation, after: Conversation, book: Book) -> dict[int, Outcome | None]:
    """What is to be kept after a step, by the trouble's number: its outcome; None if it is open again."""
    was = {one.trouble: outcome_of(one, book) for one in troubles_of(before)}
    now = {one.trouble: outcome_of(one, book) for one in troubles_of(after)}
    return {trouble: outcome for trouble, outcome in now.items() if outcome != was.get(trouble)}


def troubles_of(conversation: Conversation) -> Iterator[Conversation]:
    """Those of which everything is known: what it is about now, and what the helpdesk has of before."""
    yield from (one.whole for one in conversation.earlier if one.whole)
    yield conversation
