"""What is shown on request: the grounds, how to export a certificate, what the helpdesk was given."""

from bot.card import fact_rows, tried_lines
from bot.conversation import Conversation
from bot.events import Explained
from bot.handing import Turn
from bot.inspected import whole_result
from bot.knowing import whose
from bot.proceed import expired
from bot.replies import Heading, Part, Small, Table, Text, Whisper
from bot.talk import phrase, quoted_words, say
from knowledge.book import Book


def explained(conversation: Conversation, event: Explained, book: Book) -> Turn:
    """The explanation alone: what was open stays open where it stands."""
    match event.what:
        case "grounds" if conversation.row is None:
            return expired(conversation, book, event.at)
        case "grounds":
            parts = _grounds(conversation, book)
        case "export":
            kind = "server" if whose(conversation, book) == "server" else "own"
            parts = (
                Text(phrase(conversation, book, f"export_{kind}")),
                Small(phrase(conversation, book, "never_send_keys")),
            )
        case "passed_on":
            parts = _passed_on(conversation, book)
        case "certificate":
            parts = whole_result(conversation, book)
    said = say(conversation, *parts)
    if conversation.private or event.what == "export":
        return conversation, (said,)
    return conversation, (Whisper(said.message),)


def _grounds(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    assert conversation.row
    row = book.errors[conversation.row]
    language = conversation.language
    parts: list[Part] = [
        Heading(row.title[language]),
        Text(row.means[language]),
        Text(phrase(conversation, book, "example", words=row.example[language])),
        Text(phrase(conversation, book, "likely_causes", detail=row.causes[language])),
    ]
    if conversation.words:
        parts.append(Text(quoted_words(conversation, book, most=8)))
    if facts := fact_rows(conversation, book):
        parts.append(Table(facts))
    return tuple(parts)


def _passed_on(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    parts: list[Part] = [Text(phrase(conversation, book, "what_was_passed_on", case=conversation.case))]
    if facts := fact_rows(conversation, book):
        parts.append(Table(facts))
    tried = tried_lines(conversation, book) or phrase(conversation, book, "card_nothing")
    parts.append(Text(phrase(conversation, book, "card_tried", detail=tried)))
    return tuple(parts)
