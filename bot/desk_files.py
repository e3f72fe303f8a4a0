"""Files between an employee and the helpdesk: what the checks say of them, never the bytes. PURE."""

from bot.conversation import Conversation
from bot.events import FilesInspected, Inspected, Looked, NotFetched, PictureNotRead, PictureRead
from bot.evidence import result
from bot.handing import Turn
from bot.replies import AddToCase, Message, Part, Reply, Text, Whisper, quote
from bot.talk import phrase, say
from bot.troubles import trouble_of
from knowledge.book import Book

LINES = 1_000
"""Characters of a picture's text that are shown."""


def files_forwarded(
    conversation: Conversation, book: Book, files: tuple[Inspected | NotFetched, ...]
) -> tuple[Reply, ...]:
    """What the checks say of each of the employee's files, into the case's thread."""
    desk = _as_the_desk_reads(conversation, book)
    told = []
    for file in files:
        head = Text(phrase(desk, book, "card_sent_file", file=quote(file.name, 60)))
        told.append(AddToCase(Message((head, *_told(desk, book, file)), desk.language), conversation.case))
    return tuple(told)


def desk_files_inspected(conversation: Conversation, event: FilesInspected, book: Book) -> Turn:
    """What the checks say of the helpdesk's files: into the case's thread; to the employee, if they were
    sent."""
    _, case, how = event.slot.split(":")
    trouble = trouble_of(conversation, case)
    if trouble is None:
        return conversation, ()
    desk = _as_the_desk_reads(trouble, book)
    replies: list[Reply] = []
    for file in event.files:
        name = quote(file.name, 60)
        head = Text(phrase(desk, book, "card_desk_file", file=name))
        replies.append(AddToCase(Message((head, *_told(desk, book, file)), desk.language), case))
        if how == "sent" and isinstance(file, Inspected):
            lead = Text(phrase(trouble, book, "file_from_desk", file=name))
            said = say(trouble, lead, *_told(trouble, book, file))
            replies.append(said if trouble.private else Whisper(said.message))
    return conversation, tuple(replies)


def _as_the_desk_reads(trouble: Conversation, book: Book) -> Conversation:
    return trouble.model_copy(update={"language": book.company.language, "private": True})


def _told(reader: Conversation, book: Book, file: Looked) -> tuple[Part, ...]:
    match file:
        case Inspected():
            return result(reader, book, file)
        case NotFetched():
            return (Text(phrase(reader, book, f"not_fetched_{file.reason}")),)
        case PictureRead(lines=lines):
            return (Text(quote(" / ".join(lines), LINES)),)
        case PictureNotRead():
            return (Text(phrase(reader, book, f"picture_{file.reason}")),)
