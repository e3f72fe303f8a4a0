"""What the helpdesk sends to an employee from a case's thread, and takes back within a minute. PURE."""

from datetime import datetime, timedelta

from bot.button_ids import button_id
from bot.conversation import Conversation, Handed, Sent
from bot.desk_events import DeskAnswered, DeskShowed, TakenBack
from bot.desk_words import aside, desk_line
from bot.handing import Turn
from bot.replies import (
    AddToCase,
    Button,
    Buttons,
    CheckFiles,
    Message,
    Part,
    Remind,
    Reply,
    Small,
    Text,
    Unsay,
    quote,
    written,
)
from bot.taking import now_theirs
from bot.talk import phrase, press, say
from bot.troubles import with_handed
from knowledge.book import Book

TAKEN_BACK_WITHIN = timedelta(minutes=1)
SENT_KEPT = 20

DESK_FILES = "desk-files"
"""What the slot of files begins with that the helpdesk put into a card's thread."""


def answered(
    trouble: Conversation, handed: Handed, event: DeskAnswered, book: Book, is_current: bool
) -> Turn:
    """A message for the employee; by it a case that nobody had becomes its writer's."""
    replies: tuple[Reply, ...] = ()
    if trouble.phase != "solved" and not handed.taken_by and not trouble.is_in_incident:
        trouble, replies = now_theirs(trouble, handed, event.by, event.at, book)
        handed = trouble.handed or handed
    number = handed.messages + 1
    sent = Sent(number=number, at=event.at, by=event.by.id, name=event.by.name)
    after = with_handed(trouble, handed, messages=number, sent=(*handed.sent, sent)[-SENT_KEPT:])
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


def showed(trouble: Conversation, handed: Handed, event: DeskShowed) -> Turn:
    """Files are checked first. Those for the employee are part of a message, or one of their own."""
    if not event.sends:
        return trouble, (CheckFiles(event.files, None, None, None, f"{DESK_FILES}:{trouble.case}:shown"),)
    number = handed.messages
    if not event.with_text:
        number += 1
        sent = Sent(number=number, at=event.at, by=event.by.id, name=event.by.name, text=False)
        trouble = with_handed(trouble, handed, messages=number, sent=(*handed.sent, sent)[-SENT_KEPT:])
    slot = f"{DESK_FILES}:{trouble.case}:sent-{number}"
    return trouble, (CheckFiles(event.files, None, None, None, slot),)


def _written_in_dialog(trouble: Conversation, event: DeskAnswered, book: Book) -> tuple[AddToCase, ...]:
    """What was written in a dialog stands in the card's thread for good, like what is typed there."""
    if event.typed:
        return ()
    line = desk_line(book, "desk_wrote", who=quote(event.by.name, 80), words=written(event.text, 3000))
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
    mark = _marked_with(_mark(trouble, book, sent), trouble, book, sent)
    return mark, Remind("minute_over", trouble.case, sent.at + TAKEN_BACK_WITHIN)


def _marked_with(message: Message, trouble: Conversation, book: Book, sent: Sent) -> AddToCase:
    return AddToCase(
        message,
        trouble.case,
        slot=_mark_slot(trouble.case, sent),
        sent=_proof(trouble.case, sent),
        lost=desk_line(book, "desk_not_sent", case=trouble.case, who=quote(sent.name, 80)),
    )


def _mark_slot(case: str, sent: Sent) -> str:
    return f"mark-{case}-{sent.number}"


def _mark(trouble: Conversation, book: Book, sent: Sent) -> Message:
    language = book.company.language
    who = quote(sent.name, 80)
    parts: list[Part] = [Text(book.say("desk_sent", language, case=trouble.case, who=who))]
    if not trouble.private:
        parts.append(Small(book.say("desk_sent_in_public", language)))
    undo = Button(button_id("desk", "undo", str(sent.number)), book.say("button_take_back", language))
    return Message((*parts, Buttons((undo,))), language)


def taken_back(trouble: Conversation, handed: Handed, event: TakenBack, book: Book) -> Turn:
    """A message goes again, with the files that were part of it, while its minute lasts."""
    sent = next((one for one in handed.sent if one.number == event.message), None)
    if sent is None or event.at - sent.at > TAKEN_BACK_WITHIN:
        return trouble, (aside(event.by, book, "desk_too_late", case=trouble.case),)
    if sent.taken_back:
        return trouble, (aside(event.by, book, "desk_taken_back_before", case=trouble.case),)
    gone = sent.model_copy(update={"taken_back": True})
    after = with_handed(trouble, handed, sent=tuple(gone if one == sent else one for one in handed.sent))
    language, names = book.company.language, {"case": trouble.case, "who": quote(event.by.name, 80)}
    stays = (Small(book.say("desk_whisper_stays", language)),) if sent.whispered else ()
    parts = _sent_parts(trouble.case, sent, book)
    with_files = "desk_taken_back_with_files" if sent.files else "desk_taken_back"
    mark = AddToCase(
        Message((Text(book.say(with_files, language, **names)), *stays), language),
        trouble.case,
        slot=_mark_slot(trouble.case, sent),
        lost=Message((Text(book.say("desk_not_taken_back", language, **names)), *stays), language),
        left=tuple((part.slot, line) for part, line in parts),
    )
    return after, (*(part for part, _ in parts), mark)


def _sent_parts(case: str, sent: Sent, book: Book) -> tuple[tuple[Unsay, Message], ...]:
    """All that the employee got of a message, as it is deleted, each with its name in words."""
    slot = slot_of(case, sent.number)
    parts = [(Unsay(slot), desk_line(book, "desk_left_text"))] if sent.text else []
    for number in range(sent.files):
        # a version before did not keep the names
        file = quote(sent.names[number], 60) if number < len(sent.names) else str(number + 1)
        parts += [
            (Unsay(f"{slot}-passed-{number}", is_file=True), desk_line(book, "desk_left_file", file=file)),
            (Unsay(f"{slot}-file-{number}"), desk_line(book, "desk_left_note", file=file)),
        ]
    return tuple(parts)


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
        _marked_with(
            desk_line(book, "desk_was_sent", case=trouble.case, who=quote(one.name, 80)), trouble, book, one
        )
        for one in over
    )
