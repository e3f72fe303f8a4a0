"""Something of ours broke: what is said then, and that a person gets the case. PURE."""

from datetime import datetime

from bot.card import not_delivered
from bot.conversation import Conversation, Handed
from bot.gone import without_gone
from bot.handing import Turn, hand_over
from bot.replies import Message, OpenCase, Person, Text
from bot.talk import phrase, say
from knowledge.book import Book


def failed(conversation: Conversation, book: Book, at: datetime, slot: str | None = None) -> Turn:
    """What is said and done when something of ours broke: an apology, and a person gets it."""
    conversation = without_gone(conversation, book)
    now = conversation.model_copy(update={"turn": conversation.turn + 1, "touched": at})
    return hand_over(now, book, at, why="apology", slot=slot)


def failed_twice(conversation: Conversation, book: Book, at: datetime, slot: str | None = None) -> Turn:
    """The same in bare words, for when what was broken is needed for the hand-over too."""
    conversation = without_gone(conversation, book)
    now = conversation.model_copy(
        update={
            "turn": conversation.turn + 1,
            "touched": at,
            "phase": "handed_over",
            "passed_on": True,
            "handed": conversation.handed or Handed(since=at),
            "question": None,
            "remedy": None,
            "candidates": (),
        }
    )
    said = say(now, Text(phrase(now, book, "apology")), slot=slot)
    if not book.company.desk:
        return now, (say(now, Text(phrase(now, book, "not_passed_on", case=now.case)), slot=slot),)
    who = Person(phrase(now, book, "card_person"), now.person, "")
    card = Message((Text(f"*{now.case}*"), who), book.company.language)
    return now, (said, OpenCase(card, now.case, not_delivered(now, book)))
