"""A person has the case: what the employee writes goes to them. PURE."""

from bot.checking import check
from bot.conversation import Conversation
from bot.desk_words import desk_line
from bot.events import MessagePosted
from bot.handing import Turn
from bot.replies import AddToCase, Buttons, Part, Small, Text, quote, written
from bot.talk import phrase, press, say
from knowledge.book import Book
from knowledge.recognise import Recognition


def passed_along(
    conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition
) -> Turn:
    """The employee is told that it went there; the bot gives no advice of its own."""
    row = recognition.row if recognition.decision == "row" else None
    another = row if row in book.errors and row != conversation.row else None
    handed = conversation.handed
    if handed and handed.taken_by and not another:  # two people are talking: the bot is not in their way
        who = quote(handed.taken_name, 80)
        said = say(conversation, Small(phrase(conversation, book, "brought_to", who=who)))
    else:
        name = "forwarded" if book.company.desk else "not_forwarded"
        parts: list[Part] = [Text(phrase(conversation, book, name))]
        buttons = [press(conversation, book, "self_solved", "solved")]
        if another:
            parts.append(Text(phrase(conversation, book, "another_trouble")))
            buttons.insert(0, press(conversation, book, "look_into", "row", another, primary=True))
        buttons.append(press(conversation, book, "restart", "restart"))
        said = say(conversation, *parts, Buttons(tuple(buttons)))
    to_desk = forwarded(conversation, event, book)
    if not event.files:
        return conversation, (said, *to_desk)
    checking, replies = check(conversation, event, book, recognition)
    return checking, (*replies, *to_desk)


def forwarded(conversation: Conversation, event: MessagePosted, book: Book) -> tuple[AddToCase, ...]:
    """What was written, into the case's thread; of each file the checks tell there."""
    said = written(event.text.strip(), 2500)
    if not book.company.desk or not said:
        return ()
    line = desk_line(book, "card_wrote", case=conversation.case, words=said)
    return (AddToCase(line, conversation.case),)
