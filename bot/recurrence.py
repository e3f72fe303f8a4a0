"""It was solved, or thought to be, and is there again. PURE."""

from datetime import datetime

from bot.conversation import Conversation
from bot.handing import Turn
from bot.proceed import proceed
from bot.replies import Text
from bot.talk import phrase
from knowledge.book import Book
from knowledge.facts import Attempt


def came_back(conversation: Conversation, at: datetime, book: Book) -> Turn:
    """The case goes on: what helped before did not help for good."""
    attempts = tuple(
        attempt.model_copy(update={"outcome": "not_solved"}) if attempt.outcome == "solved" else attempt
        for attempt in conversation.attempts
    )
    was_silent = conversation.ended is not None and conversation.ended.how == "unknown"
    if was_silent:
        attempts = (*attempts, *_tried_in_silence(conversation, book))
    again = conversation.model_copy(update={"attempts": attempts, "began": at, "advised": True})
    name = "goes_on" if was_silent else "came_back"
    return proceed(again, book, at, Text(phrase(again, book, name)))


def _tried_in_silence(conversation: Conversation, book: Book) -> tuple[Attempt, ...]:
    """What was advised last and never answered: who says now that it is still there has tried it. What takes
    days may be under way yet."""
    last = next(reversed(conversation.shown), None)
    answered = any(attempt.remedy == last for attempt in conversation.attempts)
    if last is None or last not in book.remedies or book.remedies[last].waits or answered:
        return ()
    return (Attempt(remedy=last, outcome="not_solved", turn=conversation.turn),)
