"""A password or a private key that somebody wrote: found before it goes anywhere, and told of. PURE."""

import re
from typing import Literal

from bot.card import not_delivered
from bot.conversation import Conversation
from bot.replies import Message, OpenCase, Person, Reply, Text, quote
from bot.troubles import ALARM
from bot.typed import tells_password
from knowledge.book import Book

Secret = Literal["password", "key"]

# A key itself, not the name of one: the first line (RFC 7468 2; a keyboard may have joined its dashes), and
# base64 or an encrypted key's header behind it.
_KEY = re.compile(
    r"BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?\s?[-–—]+\s*(?:[A-Za-z0-9+/]{12}|[A-Z][A-Za-z-]{1,30}: )"
)


def secret(text: str) -> Secret | None:
    """What is in the text that nobody else may read."""
    if _KEY.search(text):
        return "key"
    return "password" if tells_password(text) else None


def key_alarm(conversation: Conversation, book: Book, phrase: str) -> tuple[Reply, ...]:
    """The helpdesk learns that a private key was sent, never the key; in the channel, not in a thread."""
    if not book.company.desk:
        return ()
    language = book.company.language
    parts = (
        Text(book.say(phrase, language, case=conversation.case)),
        Person(book.say("card_person", language), conversation.person, quote(conversation.person_name, 80)),
    )
    card = Message(parts, language)
    return (OpenCase(card, f"{conversation.case}{ALARM}", not_delivered(conversation, book)),)
