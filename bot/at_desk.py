"""What the helpdesk does with a case, and what its employee sees of that. PURE.

The card's thread is the helpdesk's own. Only what somebody there sends on purpose reaches the employee, and
for a minute it can be taken back.
"""

from datetime import datetime
from typing import assert_never

from bot.card import details, mark
from bot.closing import closing_parts
from bot.conversation import Conversation, Ended, Handed
from bot.cure import cure_or_unknown, cured_by
from bot.desk_events import (
    CaseClosed,
    CaseReopened,
    CaseTaken,
    DeskAnswered,
    DeskShowed,
    TakenBack,
    TextAsked,
)
from bot.desk_messages import answered, showed, taken_back
from bot.desk_words import aside, desk_line
from bot.events import DetailsAdded, WroteToDesk
from bot.handing import Turn, details_button, handed_buttons, unclaimed, updated_card
from bot.replies import AddToCase, Buttons, Message, Part, Small, TellDesk, Text, quote, written
from bot.taking import taken
from bot.talk import phrase, say
from bot.troubles import about, put_back, trouble_of, with_handed
from knowledge.book import Book

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


def at_desk(conversation: Conversation, event: AtDesk, book: Book) -> Turn:
    """What happens to the case, wherever in the conversation it is."""
    trouble = trouble_of(conversation, event.case)
    if trouble and trouble.handed is None and isinstance(event, DeskAnswered):
        trouble = _taken_up(trouble, event.at)
    if trouble is None or trouble.handed is None:
        by = None if isinstance(event, DetailsAdded | WroteToDesk) else event.by
        if by is None:
            return conversation, (say(conversation, Text(phrase(conversation, book, "case_is_gone"))),)
        return conversation, (aside(by, book, "desk_case_gone", case=event.case),)
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


def _happened(trouble: Conversation, handed: Handed, event: AtDesk, book: Book, is_current: bool) -> Turn:
    match event:
        case CaseTaken():
            return taken(trouble, handed, event, book)
        case DeskAnswered():
            return answered(trouble, handed, event, book, is_current)
        case DeskShowed():
            return showed(trouble, handed, event)
        case TakenBack():
            return taken_back(trouble, handed, event, book)
        case TextAsked():
            return trouble, (_their_text(trouble, event, book),)
        case CaseClosed():
            return _closed(trouble, handed, event, book, is_current)
        case CaseReopened():
            return _reopened(trouble, handed, event, book)
        case DetailsAdded():
            return _details_added(trouble, handed, event, book)
        case WroteToDesk():
            line = desk_line(book, "card_wrote", case=trouble.case, words=written(event.text, 2500))
            said = say(trouble, Small(phrase(trouble, book, "brought_to_desk")))
            return trouble, (said, AddToCase(line, trouble.case))
        case _:
            assert_never(event)


def _their_text(trouble: Conversation, event: TextAsked, book: Book) -> TellDesk:
    language = book.company.language
    words = written(trouble.quoted, 2500) if trouble.quoted else book.say("desk_no_text", language)
    head = Text(book.say("desk_text_of", language, case=trouble.case))
    return TellDesk(Message((head, Text(words)), language), event.by.id)


# How it ends


def _closed(trouble: Conversation, handed: Handed, event: CaseClosed, book: Book, is_current: bool) -> Turn:
    if trouble.phase == "solved":
        return trouble, (aside(event.by, book, "desk_is_closed", case=trouble.case),)
    if not handed.taken_by:
        handed = handed.model_copy(
            update={"taken_by": event.by.id, "taken_name": event.by.name, "taken_at": event.at}
        )
    known = event.remedy if event.remedy in book.remedies else None
    by, turn = event.by, trouble.turn
    ended = Ended(how="desk", at=event.at, remedy=known, words=event.words, by=by.id, name=by.name, turn=turn)
    changes = {"phase": "solved", "question": None, "remedy": None, "candidates": (), "ended": ended}
    after = with_handed(trouble, handed).model_copy(update={**changes, "touched": event.at})
    who = quote(event.by.name, 80)
    parts: list[Part] = [Text(phrase(after, book, "desk_closed_it", case=after.case, who=who))]
    if cure := cured_by(after, book):
        parts.append(Text(phrase(after, book, "closed_cure", remedy=cure)))
    if event.tell.strip():
        parts.append(Text(written(event.tell, 2000)))
    parts += closing_parts(after, book, reopen=True)
    cure = cure_or_unknown(after.model_copy(update={"language": book.company.language}), book)
    line = desk_line(book, "desk_closed", case=after.case, who=who, remedy=cure)
    return after, (say(after, *parts), *updated_card(after, book, event.at), AddToCase(line, after.case))


def _reopened(trouble: Conversation, handed: Handed, event: CaseReopened, book: Book) -> Turn:
    if trouble.phase != "solved":
        if event.by:
            return trouble, (aside(event.by, book, "desk_is_open", case=trouble.case),)
        said = say(trouble, Text(phrase(trouble, book, "with_a_person")), handed_buttons(trouble, book))
        return trouble, (said,)
    changes = {"phase": "handed_over", "ended": None, "incident": None, "touched": event.at}
    free = {} if handed.taken_by else {"free_since": event.at}
    again = with_handed(trouble, handed, **free).model_copy(update=changes)
    text = phrase(again, book, "reopened_by_desk" if event.by else "reopened", case=again.case)
    who = quote(event.by.name if event.by else handed.taken_name, 80)
    name = "desk_reopened_by" if event.by else "desk_reopened_of" if who else "desk_reopened"
    line = desk_line(book, name, case=again.case, who=who, mark=mark(again, book))
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
    after = with_handed(trouble, handed, **entered)
    wishes = "\n".join(details(after, book))
    if after.private:
        text = Text(phrase(after, book, "details_added", detail=wishes))
    else:  # what was entered in a dialog is for the helpdesk, not for all who read the thread
        text = Text(phrase(after, book, "details_added_in_public"))
    said = say(after, text, Buttons((details_button(after, book),)))
    if not book.company.desk:
        return after, (said,)
    lines = " / ".join(details(after.model_copy(update={"language": book.company.language}), book))
    told = AddToCase(desk_line(book, "desk_details", case=after.case, detail=lines), after.case)
    return after, (said, *updated_card(after, book, event.at), told)
