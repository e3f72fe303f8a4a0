"""The message above the cards of a storm: what came in, urgent first. PURE."""

from collections.abc import Sequence

from bot.card import mark, next_action
from bot.conversation import Conversation
from bot.handing import it_actions
from bot.replies import Heading, Message, Part, Text, quote
from bot.talk import phrase
from knowledge.book import Book

LINES = 30
NEXT = 160  # characters


def cards_together(troubles: Sequence[Conversation], book: Book) -> Message:
    """A line each: the case, whose it is, what is wrong, what to do first; the cards stand in its thread."""
    language = book.company.language
    first = sorted(troubles, key=lambda one: (not one.urgent, one.number))
    parts: list[Part] = [Heading(book.say("together_heading", language, count=str(len(first))))]
    parts += [Text(_line(one, book)) for one in first[:LINES]]
    if len(first) > LINES:
        parts.append(Text(book.say("together_more", language, count=str(len(first) - LINES))))
    parts.append(Text(book.say("together_how", language)))
    return Message(tuple(parts), language)


def _line(trouble: Conversation, book: Book) -> str:
    desk = trouble.model_copy(update={"language": book.company.language})
    title = book.errors[desk.row].title[desk.language] if desk.row else phrase(desk, book, "card_no_row")
    following = quote(next_action(desk, book, it_actions(desk, book)), NEXT)
    who = quote(trouble.person_name, 80)
    return f"{mark(trouble, book)} *{trouble.case}* {who} ・ {title} → {following}"
