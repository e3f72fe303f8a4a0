"""What cured a trouble, as people read it. PURE."""

from collections.abc import Mapping

from bot.conversation import Conversation
from bot.replies import quote
from bot.talk import phrase, step_values
from knowledge.book import Book
from knowledge.rows import Language, Outlook


def cured_by(trouble: Conversation, book: Book) -> str:
    """The remedy as something that was done, or what was written of it; empty if nobody knows."""
    ended = trouble.ended
    if ended and ended.remedy and ended.remedy in book.remedies:
        return as_done(ended.remedy, book, trouble.language, step_values(trouble, book))
    return quote(ended.words, 300) if ended else ""


def cure_or_unknown(trouble: Conversation, book: Book) -> str:
    """The same; わからない, if nobody knows."""
    return cured_by(trouble, book) or phrase(trouble, book, "desk_cure_unknown")


def as_done(
    remedy: str, book: Book, language: Language, values: Mapping[str, str], outlook: Outlook = "classic"
) -> str:
    """The remedy's words for what was done; where a company's table has none, its title."""
    row = book.remedies[remedy]
    return book.step(row.done or row.title, outlook, language, values)
