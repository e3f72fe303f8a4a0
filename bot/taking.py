"""Who at the helpdesk has a case: taken, handed on within the helpdesk, or let go. PURE."""

from datetime import datetime

from bot.card import mark
from bot.conversation import Conversation, Handed
from bot.desk_events import CaseTaken, Desk
from bot.desk_words import aside, desk_line
from bot.handing import Turn, apart, handed_buttons, unclaimed, updated_card
from bot.replies import AddToCase, Text, quote
from bot.talk import phrase, say
from bot.troubles import with_handed
from knowledge.book import Book


def taken(trouble: Conversation, handed: Handed, event: CaseTaken, book: Book) -> Turn:
    """Somebody takes it, from whoever has it only by a `change`; who has it lets it go by one."""
    if trouble.phase == "solved":
        return trouble, (aside(event.by, book, "desk_is_closed", case=trouble.case),)
    if handed.taken_by == event.by.id:
        if not event.change:
            return trouble, (aside(event.by, book, "desk_yours_already", case=trouble.case),)
        nobody = {"taken_by": "", "taken_name": "", "taken_at": None, "free_since": event.at}
        free = with_handed(trouble, handed, **nobody)
        who = quote(event.by.name, 80)
        line = desk_line(book, "desk_let_go", case=trouble.case, who=who, mark=mark(free, book))
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
        return trouble, (aside(event.by, book, "desk_taken_by", case=trouble.case, who=who),)
    return now_theirs(trouble, handed, event.by, event.at, book)


def now_theirs(trouble: Conversation, handed: Handed, by: Desk, at: datetime, book: Book) -> Turn:
    """From now on the case is this person's: the helpdesk and the employee are told."""
    after = with_handed(trouble, handed, taken_by=by.id, taken_name=by.name, taken_at=at)
    after = after.model_copy(update={"incident": apart(after)})
    names = {"case": trouble.case, "who": quote(by.name, 80)}
    told = "someone_else_took_it" if handed.taken_by else "somebody_took_it"
    line = "desk_changed" if handed.taken_by else "desk_took"
    said = Text(phrase(after, book, told, **names))
    return after, (
        say(after, said, handed_buttons(after, book), slot=_slot(after)),
        *updated_card(after, book, at),
        AddToCase(desk_line(book, line, **names), trouble.case),
    )


def _slot(trouble: Conversation) -> str:
    """Of what the employee sees of who has the case: one message, which changes."""
    return f"taken-{trouble.case}"
