"""Single lines for the helpdesk, in its own language. PURE."""

from bot.desk_events import Desk
from bot.replies import Message, TellDesk, Text
from knowledge.book import Book


def desk_line(book: Book, name: str, /, **values: str) -> Message:
    """The phrase, for everybody at the helpdesk."""
    language = book.company.language
    return Message((Text(book.say(name, language, **values)),), language)


def aside(by: Desk, book: Book, name: str, /, **values: str) -> TellDesk:
    """The phrase, for this one person there."""
    return TellDesk(desk_line(book, name, **values), by.id)
