"""What stands under the last word of a case. PURE."""

from bot.afterwards import feedback
from bot.conversation import Conversation
from bot.replies import Buttons, Part
from bot.talk import press
from bot.watch_words import offered_at_the_end
from knowledge.book import Book


def closing_parts(conversation: Conversation, book: Book, *, reopen: bool = False) -> tuple[Part, ...]:
    """The ways on: it is still there (`reopen`: after the helpdesk closed it), or something new; and whether
    it helped."""
    buttons = [press(conversation, book, "restart", "restart")]
    if reopen:
        buttons.insert(0, press(conversation, book, "not_solved", "again", conversation.case))
    return (
        *offered_at_the_end(conversation, book),
        Buttons(tuple(buttons)),
        feedback(conversation, book, "end"),
    )
