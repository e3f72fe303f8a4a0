"""What a turn of a conversation did that is told beside it: for the audit, and to be counted. PURE.

All of it is ids: of people (Slack's), of cases, of rows and remedies of the tables. No word of anybody's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import Conversation, Ending, Handed, Phase
from bot.desk_events import CameDue, Desk, IncidentMet, IncidentUpdated
from bot.events import Event, FilesInspected, MessagePosted
from bot.handing import way_to_send
from bot.outcome import troubles_of
from bot.replies import NoteUnmatched, Reply
from knowledge.book import Book

What = Literal[
    "advised",
    "solved",
    "lapsed",
    "handed_over",
    "taken",
    "let_go",
    "sent",
    "taken_back",
    "closed",
    "reopened",
    "in_incident",
    "incident_opened",
    "incident_told",
    "incident_closed",
    "notice_put_up",
    "notice_ended",
    "forgot",
    "paused",
    "pause_ended",
]

ENDED: dict[Ending, What] = {
    "remedy": "solved",
    "alone": "solved",
    "desk": "closed",
    "incident": "closed",
    "unknown": "lapsed",
}
"""What it is called that a trouble ended so; `lapsed`: nobody answered any more."""


@dataclass(frozen=True)
class Deed:
    """Something that was done. `person` did it, or was advised or handed over; empty if only time passed.

    `case` is a case's, an incident's or a notice's number. `ending` is how it ended, if it did;
    `alone`: without a person of the helpdesk.
    """

    what: What
    case: str = ""
    person: str = ""
    row: str | None = None
    remedy: str | None = None
    ending: Ending | None = None
    alone: bool = False


Recognition = Literal["row", "ask", "none"]


@dataclass(frozen=True)
class Turned:
    """One turn: where the conversation stands after it, what became of the words in it, what it did."""

    case: str
    row: str | None
    phase: Phase
    decision: str | None
    recognition: Recognition | None
    deeds: tuple[Deed, ...]


def turned(
    before: Conversation, happened: Event, after: Conversation, replies: Sequence[Reply], book: Book
) -> Turned:
    """What is told of this turn."""
    return Turned(
        case=after.case,
        row=after.row,
        phase=after.phase,
        decision=_decision(after),
        recognition=_recognition(before, happened, after, replies),
        deeds=tuple(deeds(before, happened, after, book)),
    )


def deeds(before: Conversation, happened: Event, after: Conversation, book: Book) -> Iterator[Deed]:
    """What was done, in each of the troubles that are known."""
    was = {trouble.trouble: trouble for trouble in troubles_of(before)}
    for trouble in troubles_of(after):
        yield from _of_trouble(was.get(trouble.trouble), trouble, _who(happened, after), book)


def _of_trouble(was: Conversation | None, now: Conversation, who: str, book: Book) -> Iterator[Deed]:
    if now.phase == "advising" and now.remedy and (was is None or was.remedy != now.remedy):
        yield Deed("advised", now.case, now.person, now.row, now.remedy)
    if now.sending_now and not (was and was.sending_now) and (way := way_to_send(now, book)):
        yield Deed("advised", now.case, now.person, now.row, way)
    before = was.handed if was else None
    if now.incident and not (was and was.incident):
        yield Deed("in_incident", now.case, now.person, now.row)
    elif now.handed and (before is None or _is_apart(was, now)):
        yield Deed("handed_over", now.case, now.person, now.row)
    if now.handed:
        yield from _at_desk(before, now.handed, now, who)
    ended = was.ended if was and was.phase == "solved" else None
    if now.ended and now.phase == "solved" and ended is None:
        what = ENDED[now.ended.how]
        alone = what == "solved" and now.handed is None
        yield Deed(what, now.case, who, now.row, now.ended.remedy, now.ended.how, alone)
    if was and was.phase == "solved" and now.phase == "handed_over" and before:
        yield Deed("reopened", now.case, who, now.row)


def _at_desk(before: Handed | None, now: Handed, trouble: Conversation, who: str) -> Iterator[Deed]:
    taken_by = before.taken_by if before else ""
    if now.taken_by != taken_by:
        yield Deed("taken" if now.taken_by else "let_go", trouble.case, who, trouble.row)
    if now.messages > (before.messages if before else 0):
        yield Deed("sent", trouble.case, who, trouble.row)
    if _taken_back(now) > _taken_back(before):
        yield Deed("taken_back", trouble.case, who, trouble.row)


def _is_apart(was: Conversation | None, now: Conversation) -> bool:
    """Whether who is part of an incident asked for a person all the same."""
    is_free = bool(now.handed and not now.handed.taken_by)
    return bool(is_free and was and was.is_in_incident and now.incident and not now.is_in_incident)


def _taken_back(handed: Handed | None) -> int:
    return sum(one.taken_back for one in handed.sent) if handed else 0


def _who(happened: Event, after: Conversation) -> str:
    """Who did it: somebody of the helpdesk, nobody (time passed), or the conversation's own person."""
    if isinstance(happened, CameDue | IncidentMet | IncidentUpdated):
        return ""
    match getattr(happened, "by", None):
        case Desk(id=by) | str(by):
            return by
        case _:
            return after.person


def _decision(after: Conversation) -> str | None:
    """What was decided: the remedy that is advised, or the question that is open."""
    return after.remedy if after.phase in ("advising", "waiting") else after.question


def _recognition(
    before: Conversation, happened: Event, after: Conversation, replies: Sequence[Reply]
) -> Recognition | None:
    """What became of a message or of files: a row was known by it, a choice is asked, or nothing was known.

    None of what was not to be recognised, such as an answer.
    """
    if not isinstance(happened, MessagePosted | FilesInspected):
        return None
    if after.row and (before.trouble, before.row) != (after.trouble, after.row):
        return "row"
    notes = [reply.decision for reply in replies if isinstance(reply, NoteUnmatched)]
    if "none" in notes:
        return "none"
    is_asked = after.phase == "choosing" and (before.phase != "choosing" or "vague" in notes)
    return "ask" if is_asked or notes else None
