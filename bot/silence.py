"""What happens when the time has come: nobody took a case, or nobody answered. PURE."""

from datetime import timedelta
from typing import assert_never

from bot.card import day_and_time, mark
from bot.conversation import Conversation, Ended
from bot.desk_events import CameDue
from bot.desk_messages import minute_over
from bot.desk_words import desk_line
from bot.handing import Turn
from bot.replies import AddToCase, Buttons, Part, Remind, Text
from bot.talk import advice, local, phrase, press, say, waiting_buttons, way_out
from bot.troubles import trouble_of
from knowledge.book import Book

SILENT = timedelta(hours=24)
"""After so long without a word people are asked how it went; and after as long again it is closed."""

WAITED = timedelta(days=3)
"""The same for a remedy that takes days."""


def _silent_for(conversation: Conversation, book: Book) -> timedelta:
    remedy = book.remedies.get(conversation.remedy or "")
    takes_days = conversation.phase == "waiting" or (remedy is not None and remedy.waits)
    return WAITED if takes_days else SILENT


def followed_up(conversation: Conversation, book: Book) -> tuple[Remind, ...]:
    """Whoever was advised and says nothing is asked once, when the helpdesk is there."""
    if conversation.phase not in ("advising", "waiting"):
        return ()
    due = book.company.working_hours.after(conversation.touched + _silent_for(conversation, book), 0)
    return (Remind("follow_up", conversation.case, due),)


def came_due(conversation: Conversation, event: CameDue, book: Book) -> Turn:
    """What a reminder does, if there is still a reason for it; it is no turn of the person's."""
    match event.what:
        case "unclaimed" | "next_day":
            return _unclaimed(conversation, event, book)
        case "minute_over":
            trouble = trouble_of(conversation, event.case)
            return conversation, minute_over(trouble, event.at, book) if trouble else ()
        case "follow_up":
            return _asked_how_it_went(conversation, event, book)
        case "give_up":
            return _given_up(conversation, event, book)
        case _:
            assert_never(event.what)


def _unclaimed(conversation: Conversation, event: CameDue, book: Book) -> Turn:
    trouble = trouble_of(conversation, event.case)
    handed = trouble.handed if trouble else None
    if (
        trouble is None
        or handed is None
        or handed.taken_by
        or trouble.phase == "solved"
        or trouble.is_in_incident
    ):
        return conversation, ()
    zone = book.company.time_zone
    since, case = handed.free_since or handed.since, {"case": trouble.case, "mark": mark(trouble, book)}
    if event.what == "next_day" and local(since, zone).date() == local(event.at, zone).date():
        return conversation, ()  # somebody had it until today: it is brought up in its own time
    at = day_and_time(since, book)
    if event.what == "next_day":
        line = desk_line(book, "desk_unclaimed_next_day", **case)
    elif handed.free_since:
        line = desk_line(book, "desk_unclaimed_again", **case, at=at, date=day_and_time(handed.since, book))
    else:
        line = desk_line(book, "desk_unclaimed", **case, at=at)
    told = AddToCase(line, trouble.case, broadcast=True)
    if event.what == "next_day":
        return conversation, (told,)
    again = Remind("next_day", trouble.case, book.company.working_hours.next_day(event.at))
    return conversation, (told, again)


def _is_silent(conversation: Conversation, event: CameDue, silent: timedelta) -> bool:
    is_open = conversation.phase in ("advising", "waiting") and conversation.case == event.case
    return is_open and event.at - conversation.touched >= silent


def _asked_how_it_went(conversation: Conversation, event: CameDue, book: Book) -> Turn:
    silent = _silent_for(conversation, book)
    remedy = conversation.remedy
    if not _is_silent(conversation, event, silent) or remedy not in book.remedies:
        return conversation, ()
    assert remedy
    parts: list[Part] = [Text(phrase(conversation, book, "how_did_it_go"))]
    if conversation.phase == "waiting":
        parts += [*waiting_buttons(conversation, book), way_out(conversation, book)]
    else:
        title, *rest = advice(conversation, book, remedy)
        parts += [title, *(part for part in rest if isinstance(part, Buttons))]
    last = parts[-1]
    if isinstance(last, Buttons) and (conversation.phase == "waiting" or book.remedies[remedy].waits):
        done = press(conversation, book, "self_solved", "solved")  # no other button says that it works
        parts[-1] = Buttons((*last.buttons, done))
    due = book.company.working_hours.after(event.at + silent, 0)
    ask = say(conversation, *parts, slot=f"silence-{conversation.trouble}-{conversation.turn}")
    return conversation, (ask, Remind("give_up", conversation.case, due))


def _given_up(conversation: Conversation, event: CameDue, book: Book) -> Turn:
    """Nobody answered: closed as unknown, without a further notification. Who answered since they were asked
    is asked anew first."""
    hours, silent = book.company.working_hours, _silent_for(conversation, book)
    asked = hours.after(conversation.touched + silent, 0)
    if not _is_silent(conversation, event, SILENT) or event.at < hours.after(asked + silent, 0):
        return conversation, ()
    ended = Ended(how="unknown", at=event.at, turn=conversation.turn)
    changes = {"phase": "solved", "question": None, "remedy": None, "candidates": (), "ended": ended}
    closed = conversation.model_copy(update=changes)
    again = press(closed, book, "not_solved", "resume")
    restart = Buttons((again, press(closed, book, "restart", "restart")))
    said = say(
        closed,
        Text(phrase(closed, book, "closed_in_silence")),
        restart,
        slot=f"silence-{conversation.trouble}-{conversation.turn}",
    )
    return closed, (said,)
