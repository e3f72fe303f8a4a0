"""Files came with a message: they are fetched and checked, and that is said at once. PURE."""

import re

from bot.conversation import Conversation
from bot.events import MessagePosted
from bot.evidence import compared_with
from bot.handing import Turn
from bot.proceed import with_past
from bot.replies import CheckFiles, Text
from bot.talk import phrase, say
from knowledge.book import Book
from knowledge.recognise import Recognition

_PICTURE = re.compile(r"\.(?:png|jpe?g|jfif|hei[cf]|avif|gif|webp|bmp|tiff?)$", re.IGNORECASE)


def checking(conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition) -> Turn:
    """What the text beside them tells is kept for when they are read."""
    if recognition.decision == "row" and recognition.row and recognition.row in book.errors:
        conversation = with_past(conversation, recognition.row).model_copy(
            update={"words": recognition.words}
        )
    elif recognition.decision == "ask" and conversation.row is None:
        rows = tuple(candidate.row for candidate in recognition.candidates if candidate.row in book.errors)
        conversation = conversation.model_copy(update={"candidates": rows[:4], "words": recognition.words})
    return check(conversation, event, book, recognition)


def check(conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition) -> Turn:
    """“Checking…” at once, turned into the result later."""
    others = recognition.other_programs if recognition.decision == "none" else ()
    conversation = conversation.model_copy(update={"other_programs": others})
    slot = f"check-{conversation.turn}"
    address, server, purpose = compared_with(conversation, book)
    if all(_PICTURE.search(file.name) for file in event.files):
        name = "reading_picture"
    else:
        name = "checking_one" if len(event.files) == 1 else "checking"
    text = Text(phrase(conversation, book, name, count=str(len(event.files))))
    looked_at = CheckFiles(event.files, address, server, purpose, slot)
    return conversation, (say(conversation, text, slot=slot), looked_at)
