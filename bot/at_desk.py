"""What the helpdesk does with a case, and what its employee sees of that. PURE.

The card's thread is the helpdesk's own. Only what somebody there sends on purpose reaches the employee, and
for a minute it can be taken back.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.card import details, mark
from bot.closing import closing_parts
from bot.conversation import Conversation, Ended, Handed, Sent
from bot.cure import cure_or_unknown, cured_by
from bot.desk_events import (
    CaseClosed,
    CaseReopened,
    CaseTaken,
    Desk,
    DeskAnswered,
    DeskShowed,
    TakenBack,
    TextAsked,
)
from bot.events import DetailsAdded, WroteToDesk, button_id
from bot.handing import Turn, apart, details_button, handed_buttons, unclaimed, updated_card
from bot.replies import (
    AddToCase,
    Button,
    Buttons,
    CheckFiles,
    Message,
    Part,
    Remind,
    Reply,
    Say,
    Small,
    TellDesk,
    Text,
    Unsay,
    quote,
    written,
)
from bot.talk import phrase, press, say
from bot.troubles import put_back, trouble_of
from knowledge.book import Book
from knowledge.rows import Language

AtDesk = (
    CaseTaken
    | DeskAnswered
    | DeskShowed
    | TakenBack
    | TextAsked
    | CaseClosed
    | CaseReopened
    | DetailsAdded
    | WroteToDesk
)

TAKEN_BACK_WITHIN = timedelta(minutes=1)
SENT_KEPT = 20

DESK_FILES = "desk-files"
"""What the slot of files begins with that the helpdesk put into a card's thread."""


def at_desk(conversation: Conversation, event: AtDesk, book: Book) -> Turn:
    """What happens to the case, wherever in the conversation it is."""
    trouble = trouble_of(conversation, event.case)
    if trouble and trouble.handed is None and isinstance(event, DeskAnswered):
        trouble = _taken_up(trouble, event.at)
    if trouble is None or trouble.handed is None:
        by = None if isinstance(event, DetailsAdded | WroteToDesk) else event.by
        if by is None:
            return conversation, (say(conversation, Text(phrase(conversation, book, "case_is_gone"))),)
        return conversation, (_aside(by, book, "desk_case_gone", case=event.case),)
    is_current = trouble.case == conversation.case
    after, replies = _happened(trouble, trouble.handed, event, book, is_current)
    return put_back(conversation, after), about(replies, None if is_current else trouble.case)


def _taken_up(trouble: Conversation, at: datetime) -> Conversation:
    """Whom the helpdesk answers of its own accord, after the alarm of a private key, has a person from then
    on."""
    handed = Handed(since=at)
    if trouble.phase == "solved":
        return trouble.model_copy(update={"handed": handed})
    changes = {"phase": "handed_over", "question": None, "remedy": None, "candidates": ()}
    more = {"passed_on": True, "advised": True, "handed": handed}
    return trouble.model_copy(update=changes | more)


def about(replies: Iterable[Reply], case: str | None) -> tuple[Reply, ...]:
    """The replies, their buttons belonging to this case."""
    return tuple(replace(reply, about=case) if isinstance(reply, Say) else reply for reply in replies)


def _happened(trouble: Conversation, handed: Handed, event: AtDesk, book: Book, is_current: bool) -> Turn:
    match event:
        case CaseTaken():
            return _taken(trouble, handed, event, book)
        case DeskAnswered():
            return _answered(trouble, handed, event, book, is_current)
        case DeskShowed():
            return _showed(trouble, handed, event)
        case TakenBack():
            return _taken_back(trouble, handed, event, book)
        case TextAsked():
            words = written(trouble.quoted, 2500) if trouble.quoted else book.say("desk_no_text", _desk(book))
            head = Text(book.say("desk_text_of", _desk(book), case=trouble.case))
            return trouble, (TellDesk(Message((head, Text(words)), _desk(book)), event.by.id),)
        case CaseClosed():
            return _closed(trouble, handed, event, book, is_current)
        case CaseReopened():
            return _reopened(trouble, handed, event, book)
        case DetailsAdded():
            return _details_added(trouble, handed, event, book)
        case WroteToDesk():
            line = _line(book, "card_wrote", case=trouble.case, words=written(event.text, 2500))
            said = say(trouble, Small(phrase(trouble, book, "brought_to_desk")))
            return trouble, (said, AddToCase(line, trouble.case))
        case _:
            assert_never(event)


# Who has it


def _taken(trouble: Conversation, handed: Handed, event: CaseTaken, book: Book) -> Turn:
    if trouble.phase == "solved":
        return trouble, (_aside(event.by, book, "desk_is_closed", case=trouble.case),)
    if handed.taken_by == event.by.id:
        if not event.change:
            return trouble, (_aside(event.by, book, "desk_yours_already", case=trouble.case),)
        free = _with(trouble, handed, taken_by="", taken_name="", taken_at=None)
        who = quote(event.by.name, 80)
        line = _line(book, "desk_let_go", case=trouble.case, who=who, mark=mark(free, book))
        told = AddToCase(line, trouble.case, broadcast=True)
        said = Text(phrase(free, book, "somebody_let_it_go", case=free.case))
        return free, (
            say(free, said, handed_buttons(free, book), slot=_slot(free)),
            *updated_card(free, book, event.at),
            told,
            unclaimed(free, book, event.at),
        )
    if handed.taken_by and not event.change:
        who = quote(handed.taken_name, 80)
        return trouble, (_aside(event.by, book, "desk_taken_by", case=trouble.case, who=who),)
    return _now_theirs(trouble, handed, event.by, event.at, book)


def _now_theirs(trouble: Conversation, handed: Handed, by: Desk, at: datetime, book: Book) -> Turn:
    """From now on the case is this person's: the helpdesk and the employee are told."""
    taken = _with(trouble, handed, taken_by=by.id, taken_name=by.name, taken_at=at)
    taken = taken.model_copy(update={"incident": apart(taken)})
    names = {"case": trouble.case, "who": quote(by.name, 80)}
    told = "someone_else_took_it" if handed.taken_by else "somebody_took_it"
    line = "desk_changed" if handed.taken_by else "desk_took"
    return taken, (
        say(taken, Text(phrase(taken, book, told, **names)), handed_buttons(taken, book), slot=_slot(taken)),
        *updated_card(taken, book, at),
        AddToCase(_line(book, line, **names), trouble.case),
    )


# What is sent


def _answered(
    trouble: Conversation, handed: Handed, event: DeskAnswered, book: Book, is_current: bool
) -> Turn:
    replies: tuple[Reply, ...] = ()
    if trouble.phase != "solved" and not handed.taken_by and not trouble.is_in_incident:
        trouble, replies = _now_theirs(trouble, handed, event.by, event.at, book)
        handed = trouble.handed or handed
    number = handed.messages + 1
    sent = Sent(number=number, at=event.at, by=event.by.id, name=event.by.name)
    after = _with(trouble, handed, messages=number, sent=(*handed.sent, sent)[-SENT_KEPT:])
    after = after.model_copy(update={"touched": event.at})
    name = "from_the_desk_question" if event.is_question else "from_the_desk"
    head = Text(phrase(after, book, name, case=after.case, who=quote(event.by.name, 80)))
    is_over = after.phase == "solved"  # what is written in the thread then begins something new
    how = "answer_when_closed" if is_over else "answer_here" if is_current else "answer_by_button"
    tail: list[Part] = [Small(phrase(after, book, how))]
    if is_over or not is_current:
        tail.append(Buttons((press(after, book, "write_to_desk", "open", "write"),)))
    return after, (
        *replies,
        say(after, head, Text(written(event.text, 3000)), *tail, slot=slot_of(after.case, number)),
        *_written_in_dialog(after, event, book),
        *marked(after, book, sent),
    )


def _showed(trouble: Conversation, handed: Handed, event: DeskShowed) -> Turn:
    """Files are checked first. Those for the employee are part of a message, or one of their own."""
    if not event.sends:
        return trouble, (CheckFiles(event.files, None, None, None, f"{DESK_FILES}:{trouble.case}:shown"),)
    number = handed.messages
    if not event.with_text:
        number += 1
        sent = Sent(number=number, at=event.at, by=event.by.id, name=event.by.name, text=False)
        trouble = _with(trouble, handed, messages=number, sent=(*handed.sent, sent)[-SENT_KEPT:])
    slot = f"{DESK_FILES}:{trouble.case}:sent-{number}"
    return trouble, (CheckFiles(event.files, None, None, None, slot),)


def _written_in_dialog(trouble: Conversation, event: DeskAnswered, book: Book) -> tuple[AddToCase, ...]:
    """What was written in a dialog stands in the card's thread for good, like what is typed there."""
    if event.typed:
        return ()
    line = _line(book, "desk_wrote", who=quote(event.by.name, 80), words=written(event.text, 3000))
    return (AddToCase(line, trouble.case),)


def slot_of(case: str, number: int) -> str:
    """The slot of what was sent to the employee; what is passed on with it has slots that begin so."""
    return f"desk-{case}-{number}"


def _proof(case: str, sent: Sent) -> str:
    """The slot of what must have been delivered for the message to have reached the employee."""
    slot = slot_of(case, sent.number)
    return slot if sent.text else f"{slot}-passed-0"


def marked(trouble: Conversation, book: Book, sent: Sent) -> tuple[Reply, ...]:
    """The card's thread says what was sent, for a minute with the way to take it back; or that Slack did not
    take it."""
    mark = AddToCase(
        _mark(trouble, book, sent),
        trouble.case,
        slot=f"mark-{trouble.case}-{sent.number}",
        sent=_proof(trouble.case, sent),
        lost=_line(book, "desk_not_sent", case=trouble.case, who=quote(sent.name, 80)),
    )
    return mark, Remind("minute_over", trouble.case, sent.at + TAKEN_BACK_WITHIN)


def _mark(trouble: Conversation, book: Book, sent: Sent) -> Message:
    language = _desk(book)
    who = quote(sent.name, 80)
    parts: list[Part] = [Text(book.say("desk_sent", language, case=trouble.case, who=who))]
    if not trouble.private:
        parts.append(Small(book.say("desk_sent_in_public", language)))
    undo = Button(button_id("desk", "undo", str(sent.number)), book.say("button_take_back", language))
    return Message((*parts, Buttons((undo,))), language)


def _taken_back(trouble: Conversation, handed: Handed, event: TakenBack, book: Book) -> Turn:
    sent = next((one for one in handed.sent if one.number == event.message), None)
    if sent is None or event.at - sent.at > TAKEN_BACK_WITHIN:
        return trouble, (_aside(event.by, book, "desk_too_late", case=trouble.case),)
    if sent.taken_back:
        return trouble, (_aside(event.by, book, "desk_taken_back_before", case=trouble.case),)
    gone = sent.model_copy(update={"taken_back": True})
    after = _with(trouble, handed, sent=tuple(gone if one == sent else one for one in handed.sent))
    name = "desk_taken_back_with_files" if sent.files else "desk_taken_back"
    line = _line(book, name, case=trouble.case, who=quote(event.by.name, 80))
    mark = AddToCase(line, trouble.case, slot=f"mark-{trouble.case}-{sent.number}")
    slot = slot_of(trouble.case, sent.number)
    text = (Unsay(slot),) if sent.text else ()
    files = (
        one
        for number in range(sent.files)
        for one in (Unsay(f"{slot}-passed-{number}", is_file=True), Unsay(f"{slot}-file-{number}"))
    )
    return after, (*text, *files, mark)


def minute_over(trouble: Conversation, at: datetime, book: Book) -> tuple[Reply, ...]:
    """What can no longer be taken back has no button for it any more."""
    over: list[Sent] = []
    newer = None
    for one in reversed(trouble.handed.sent if trouble.handed else ()):
        if newer and newer - one.at > 2 * TAKEN_BACK_WITHIN:
            break  # it and all before it had their own minute: a message put off only the last ones'
        newer = one.at
        went_out = one.text or one.files
        if went_out and not one.taken_back and at - one.at >= TAKEN_BACK_WITHIN:
            over.append(one)
    return tuple(
        AddToCase(
            _line(book, "desk_was_sent", case=trouble.case, who=quote(one.name, 80)),
            trouble.case,
            slot=f"mark-{trouble.case}-{one.number}",
            sent=_proof(trouble.case, one),
            lost=_line(book, "desk_not_sent", case=trouble.case, who=quote(one.name, 80)),
        )
        for one in over
    )


# How it ends


def _closed(trouble: Conversation, handed: Handed, event: CaseClosed, book: Book, is_current: bool) -> Turn:
    if trouble.phase == "solved":
        return trouble, (_aside(event.by, book, "desk_is_closed", case=trouble.case),)
    if not handed.taken_by:
        handed = handed.model_copy(
            update={"taken_by": event.by.id, "taken_name": event.by.name, "taken_at": event.at}
        )
    known = event.remedy if event.remedy in book.remedies else None
    by, turn = event.by, trouble.turn
    ended = Ended(how="desk", at=event.at, remedy=known, words=event.words, by=by.id, name=by.name, turn=turn)
    changes = {"phase": "solved", "question": None, "remedy": None, "candidates": (), "ended": ended}
    after = _with(trouble, handed).model_copy(update={**changes, "touched": event.at})
    who = quote(event.by.name, 80)
    parts: list[Part] = [Text(phrase(after, book, "desk_closed_it", case=after.case, who=who))]
    if cure := cured_by(after, book):
        parts.append(Text(phrase(after, book, "closed_cure", remedy=cure)))
    if event.tell.strip():
        parts.append(Text(written(event.tell, 2000)))
    parts += closing_parts(after, book, reopen=True)
    cure = cure_or_unknown(after.model_copy(update={"language": _desk(book)}), book)
    line = _line(book, "desk_closed", case=after.case, who=who, remedy=cure)
    return after, (say(after, *parts), *updated_card(after, book, event.at), AddToCase(line, after.case))


def _reopened(trouble: Conversation, handed: Handed, event: CaseReopened, book: Book) -> Turn:
    if trouble.phase != "solved":
        if event.by:
            return trouble, (_aside(event.by, book, "desk_is_open", case=trouble.case),)
        said = say(trouble, Text(phrase(trouble, book, "with_a_person")), handed_buttons(trouble, book))
        return trouble, (said,)
    changes = {"phase": "handed_over", "ended": None, "incident": None, "touched": event.at}
    again = _with(trouble, handed).model_copy(update=changes)
    text = phrase(again, book, "reopened_by_desk" if event.by else "reopened", case=again.case)
    who = quote(event.by.name if event.by else handed.taken_name, 80)
    name = "desk_reopened_by" if event.by else "desk_reopened_of" if who else "desk_reopened"
    line = _line(book, name, case=again.case, who=who, mark=mark(again, book))
    return again, (
        say(again, Text(text), handed_buttons(again, book)),
        *updated_card(again, book, event.at),
        AddToCase(line, again.case, broadcast=event.by is None),
        *(() if handed.taken_by or not book.company.desk else (unclaimed(again, book, event.at),)),
    )


# What the employee adds


def _details_added(trouble: Conversation, handed: Handed, event: DetailsAdded, book: Book) -> Turn:
    entered = {"until": event.until, "reach": event.reach, "computer": event.computer}
    if all(getattr(handed, name) == value for name, value in entered.items()):
        text = Text(phrase(trouble, book, "details_unchanged"))
        return trouble, (say(trouble, text, Buttons((details_button(trouble, book),))),)
    after = _with(trouble, handed, **entered)
    wishes = "\n".join(details(after, book))
    if after.private:
        text = Text(phrase(after, book, "details_added", detail=wishes))
    else:  # what was entered in a dialog is for the helpdesk, not for all who read the thread
        text = Text(phrase(after, book, "details_added_in_public"))
    said = say(after, text, Buttons((details_button(after, book),)))
    if not book.company.desk:
        return after, (said,)
    lines = " / ".join(details(after.model_copy(update={"language": _desk(book)}), book))
    told = AddToCase(_line(book, "desk_details", case=after.case, detail=lines), after.case)
    return after, (said, *updated_card(after, book, event.at), told)


# In words


def _desk(book: Book) -> Language:
    return book.company.language


def _line(book: Book, name: str, /, **values: str) -> Message:
    return Message((Text(book.say(name, _desk(book), **values)),), _desk(book))


def _aside(by: Desk, book: Book, name: str, /, **values: str) -> TellDesk:
    return TellDesk(_line(book, name, **values), by.id)


def _slot(trouble: Conversation) -> str:
    return f"taken-{trouble.case}"


def _with(trouble: Conversation, handed: Handed, **changes: object) -> Conversation:
    return trouble.model_copy(update={"handed": handed.model_copy(update=changes)})
