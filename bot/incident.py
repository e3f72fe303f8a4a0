"""Many at once: what each of them is told whose trouble is part of an incident. PURE.

How many there are, the shell counts; it comes in with the events.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from bot.card import not_delivered
from bot.closing import closing_parts
from bot.conversation import Conversation, Ended, Handed, Incident
from bot.cure import cured_by
from bot.desk_events import IncidentClosed, IncidentMet, IncidentUpdated
from bot.desk_words import desk_line
from bot.events import Event, FilesInspected, NotMine
from bot.evidence import has_private_key
from bot.handing import Turn, hand_over, handed_buttons, it_actions
from bot.knowing import server_of, whose
from bot.proceed import open_question, proceed
from bot.replies import (
    AddToCase,
    CheckFiles,
    Heading,
    OpenCase,
    Part,
    Remind,
    Reply,
    Say,
    Small,
    Text,
    written,
)
from bot.talk import heading, local, phrase, say
from bot.troubles import about, put_back, trouble_of
from knowledge.book import Book

LONGEST = 2_000
"""Characters of what the helpdesk tells everybody that are shown."""

_KANA = re.compile("[ぁ-ヺ]")


# What the shell asks


def sighted(
    before: Conversation, after: Conversation, event: Event, replies: Iterable[Reply], book: Book
) -> bool:
    """Whether it became known just now that a server's certificate is the trouble, or which server's."""
    taken = after.handed and after.handed.taken_by
    if after.row is None or after.phase == "solved" or taken or whose(after, book) != "server":
        return False
    if any(isinstance(reply, CheckFiles) for reply in replies):
        return False  # what the files tell comes first
    if isinstance(event, FilesInspected) and has_private_key(event.files):
        return False  # that a key was exposed is said in full, to both; the incident takes none of it away
    if isinstance(event, FilesInspected) or before.trouble != after.trouble or before.row != after.row:
        return True
    return whose(before, book) != "server" or server_of(before, book) != server_of(after, book)


def memberships(conversation: Conversation) -> set[tuple[int, int]]:
    """The troubles that are part of an incident, each with the incident's number."""
    every = (conversation, *(one.whole for one in conversation.earlier if one.whole))
    return {(one.trouble, one.incident.number) for one in every if one.incident}


def folded(replies: tuple[Reply, ...], told: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """What is told of the incident instead of what the ladder said, and no card."""
    gone = (Say, OpenCase, Remind, AddToCase)
    return (*told, *(reply for reply in replies if not isinstance(reply, gone)))


def slot_of(replies: Iterable[Reply]) -> str | None:
    """The slot of the message that is said instead of these: a "checking…" message is replaced."""
    return next((reply.slot for reply in replies if isinstance(reply, Say) and reply.slot), None)


# What is said


def incident_met(
    conversation: Conversation,
    event: IncidentMet,
    book: Book,
    *,
    slot: str | None = None,
    first: bool = False,
) -> Turn:
    """From now on the person waits with the others; a card that nobody took is folded into the incident's.

    `first`: nobody has told them yet what the error is.
    """
    trouble = trouble_of(conversation, event.case)
    if trouble is None or trouble.phase == "solved" or trouble.incident:
        return conversation, ()
    if trouble.handed and trouble.handed.taken_by:
        return conversation, ()
    incident = Incident(
        number=event.number,
        people=event.people,
        since=event.since,
        slot=slot or f"incident-{event.number}-{trouble.trouble}",
        update=event.update,
        updated=event.updated,
    )
    changes = {
        "phase": "handed_over",
        "question": None,
        "remedy": None,
        "candidates": (),
        "passed_on": True,
        "advised": True,
        "handed": trouble.handed or Handed(since=event.at),
        "incident": incident,
        "ended": None,
    }
    after = trouble.model_copy(update=changes)
    lead = (heading(after, book),) if first and after.row else ()
    replies: tuple[Reply, ...] = (_waiting(after, incident, book, *lead),)
    if trouble.passed_on and not first:
        replies = (*replies, _folded_card(after, incident, book))
    return _put_back(conversation, after, replies)


def incident_updated(conversation: Conversation, event: IncidentUpdated, book: Book) -> Turn:
    """What the helpdesk tells everybody stands in the person's message; who asked for it hears of it."""
    trouble = trouble_of(conversation, event.case)
    if trouble is None or not _waits_for(trouble, event.number):
        return conversation, ()
    assert trouble.incident
    changes = {"people": event.people, "update": event.update, "updated": event.updated}
    incident = trouble.incident.model_copy(update=changes)
    after = trouble.model_copy(update={"incident": incident})
    replies: tuple[Reply, ...] = (_waiting(after, incident, book),)
    if incident.wants:
        replies = (*replies, say(after, *_doing(after, incident, book), handed_buttons(after, book)))
    return _put_back(conversation, after, replies)


def incident_closed(conversation: Conversation, event: IncidentClosed, book: Book) -> Turn:
    """It is over: the person's message says so, and who asked to know hears of it."""
    trouble = trouble_of(conversation, event.case)
    if trouble is None or trouble.incident is None or trouble.incident.number != event.number:
        return conversation, ()
    if trouble.phase == "solved":
        return conversation, ()
    if not trouble.is_in_incident:
        return _put_back(conversation, trouble, _told_apart(trouble, event, book))
    known = event.remedy if event.remedy in book.remedies else None
    ended = Ended(how="incident", at=event.at, remedy=known, words=event.words, by=event.by)
    changes = {"phase": "solved", "question": None, "remedy": None, "candidates": (), "ended": ended}
    after = trouble.model_copy(update=changes)
    parts: list[Part] = [_over(after, trouble.incident.name, book)]
    if cure := cured_by(after, book):
        parts.append(Text(phrase(after, book, "closed_cure", remedy=cure)))
    if event.tell.strip():
        parts += _of_the_desk(after, event.tell, book)
    parts += closing_parts(after, book, reopen=True)
    if trouble.incident.wants:  # the news is a message of its own; where it was looked for, one line will do
        replies: tuple[Reply, ...] = (say(after, parts[0], slot=trouble.incident.slot), say(after, *parts))
    else:
        replies = (say(after, *parts, slot=trouble.incident.slot),)
    return _put_back(conversation, after, replies)


def _told_apart(trouble: Conversation, event: IncidentClosed, book: Book) -> tuple[Reply, ...]:
    """Who has a card of their own hears that it is over; the case stays open until somebody closes it."""
    name = f"I-{event.number}"
    known = event.remedy if event.remedy in book.remedies else None
    ended = Ended(how="incident", at=event.at, remedy=known, words=event.words)
    parts: list[Part] = [_over(trouble.model_copy(update={"ended": ended}), name, book)]
    if cure := cured_by(trouble.model_copy(update={"ended": ended}), book):
        parts.append(Text(phrase(trouble, book, "closed_cure", remedy=cure)))
    if event.tell.strip():
        parts += _of_the_desk(trouble, event.tell, book)
    parts += [
        Text(phrase(trouble, book, "incident_over_apart", case=trouble.case)),
        handed_buttons(trouble, book),
    ]
    line = desk_line(book, "incident_over_told", case=trouble.case, value=name)
    return say(trouble, *parts), AddToCase(line, trouble.case)


def _over(trouble: Conversation, name: str, book: Book) -> Text:
    """That it works again is said only where somebody knows what cured it."""
    return Text(
        phrase(trouble, book, "incident_over" if cured_by(trouble, book) else "incident_done", case=name)
    )


def wants_to_know(conversation: Conversation, at: datetime, book: Book) -> Turn:
    """[直ったら知らせる]."""
    incident = conversation.incident
    if incident is None or not conversation.is_in_incident or conversation.phase == "solved":
        return open_question(conversation, book, at)
    after = conversation.model_copy(update={"incident": incident.model_copy(update={"wants": True})})
    return after, (say(after, Text(phrase(after, book, "incident_will_tell")), handed_buttons(after, book)),)


def not_mine(conversation: Conversation, event: NotMine, book: Book, *, is_current: bool = True) -> Turn:
    """[自分のは違う]: the trouble goes on by itself, as if there were no incident."""
    if not conversation.is_in_incident or conversation.phase == "solved":
        return open_question(conversation.model_copy(update={"incident": None}), book, event.at)
    alone = conversation.model_copy(update={"incident": None, "handed": None, "passed_on": False})
    lead = Text(phrase(alone, book, "incident_left"))
    if alone.row is None or not is_current:
        return hand_over(alone, book, event.at, lead, actions=it_actions(alone, book), why="person_wanted")
    return proceed(alone.model_copy(update={"advised": False}), book, event.at, lead)


def waiting_parts(conversation: Conversation, incident: Incident, book: Book) -> tuple[Part, ...]:
    """How many have the same, and what the helpdesk is doing."""
    same = Text(phrase(conversation, book, "incident_same", count=str(incident.people)))
    return (same, *_doing(conversation, incident, book))


def moment(at: datetime, time_zone: str) -> str:
    """11/24 14:10."""
    here = local(at, time_zone)
    return f"{here.month}/{here.day} {here:%H:%M}"


def _doing(conversation: Conversation, incident: Incident, book: Book) -> tuple[Part, ...]:
    if not incident.update or not incident.updated:
        return (Text(phrase(conversation, book, "incident_looked_into", case=incident.name)),)
    at = moment(incident.updated, conversation.time_zone)
    head = phrase(conversation, book, "incident_update", case=incident.name, at=at)
    return (Text(head), *_of_the_desk(conversation, incident.update, book))


def _of_the_desk(conversation: Conversation, text: str, book: Book) -> tuple[Part, ...]:
    """What the helpdesk wrote for everybody, as it wrote it; who reads another language is told that it is
    Japanese."""
    words = Text(written(text, LONGEST))
    if conversation.language == "ja" or not _KANA.search(text):
        return (words,)
    return words, Small(phrase(conversation, book, "notice_only_japanese"))


def _waiting(conversation: Conversation, incident: Incident, book: Book, *lead: Heading) -> Say:
    parts = (*lead, *waiting_parts(conversation, incident, book), handed_buttons(conversation, book))
    return say(conversation, *parts, slot=incident.slot)


def _waits_for(trouble: Conversation, number: int) -> bool:
    is_theirs = trouble.incident is not None and trouble.incident.number == number
    return is_theirs and trouble.is_in_incident and trouble.phase != "solved"


def _folded_card(conversation: Conversation, incident: Incident, book: Book) -> OpenCase:
    card = desk_line(book, "incident_folded", case=conversation.case, value=incident.name)
    return OpenCase(card, conversation.case, not_delivered(conversation, book), only_if_there=True)


def _put_back(conversation: Conversation, trouble: Conversation, replies: tuple[Reply, ...]) -> Turn:
    is_current = conversation.case == trouble.case
    return put_back(conversation, trouble), about(replies, None if is_current else trouble.case)
