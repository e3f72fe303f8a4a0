"""What people tell when it is over: whether it helped, and what did. PURE.

It is asked for once and may be ignored. It is no turn of the conversation: nothing goes on after it.
"""

from bot.button_ids import button_id
from bot.conversation import Conversation
from bot.cure import as_done
from bot.events import CureTold, Rated, Result
from bot.forms import OTHER, UNKNOWN
from bot.handing import Turn, updated_card
from bot.outcome import Outcome
from bot.proceed import expired
from bot.replies import Button, Buttons, Feedback, Message, Part, Reply, Small, Text, Whisper
from bot.talk import phrase, press, say, step_values
from knowledge.book import Book

AFTERWARDS = ("feedback:", "cured:")
"""What the ids of these buttons begin with; the version before did not know them."""

REMEDIES_ASKED = 3


def feedback(conversation: Conversation, book: Book, what: Result) -> Feedback:
    """The pair of buttons under a result."""
    return Feedback(
        press(conversation, book, "helpful", "feedback", what, "good"),
        press(conversation, book, "not_helpful", "feedback", what, "bad"),
    )


def cure_question(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What helped? The remedies that were advised last, something else, わからない. Nothing, if none was
    advised, or it was asked before."""
    if conversation.cure_asked or not any(remedy in book.remedies for remedy in conversation.shown):
        return ()
    buttons = (Button(button_id("cured", cure), label) for cure, label in cures(conversation, book).items())
    return Text(phrase(conversation, book, "what_helped")), Buttons(tuple(buttons))


def cures(conversation: Conversation, book: Book) -> dict[str, str]:
    """What may have helped, and what stands on its button."""
    outlook = book.outlook({name: fact.value for name, fact in conversation.facts.items()})
    values = step_values(conversation, book)
    known = [remedy for remedy in conversation.shown if remedy in book.remedies][-REMEDIES_ASKED:]
    titles = {remedy: as_done(remedy, book, conversation.language, values, outlook) for remedy in known}
    other = phrase(conversation, book, "button_cure_other")
    return {**titles, OTHER: other, UNKNOWN: phrase(conversation, book, "button_unknown")}


def cure_told(conversation: Conversation, event: CureTold, book: Book) -> Turn:
    """What helped is known now; a second answer replaces the first."""
    ended = conversation.ended
    is_asked = conversation.phase == "solved" and ended and ended.how == "alone" and conversation.cure_asked
    if not is_asked or ended is None or event.cure not in cures(conversation, book):
        return expired(conversation, book, event.at)
    told = ended.model_copy(update={"remedy": _remedy(event, book)})
    after = conversation.model_copy(update={"ended": told})
    is_news = after.handed is not None and told.remedy != ended.remedy
    card = updated_card(after, book, event.at) if is_news else ()
    return after, (say(after, Text(phrase(after, book, "cure_noted"))), *card)


def rated(conversation: Conversation, event: Rated, book: Book) -> Turn:
    """Kept with what it is about; pressing again changes it."""
    after = conversation
    if event.what == "file":
        after = conversation.model_copy(update={"file_rating": event.rating})
    elif conversation.phase == "solved" and conversation.ended:
        ended = conversation.ended.model_copy(update={"rating": event.rating})
        after = conversation.model_copy(update={"ended": ended})
    else:  # it was brought up again: what was said of its end counts no more
        return expired(conversation, book, event.at)
    return after, (_thanked(after, event, book),)


def thanks(conversation: Conversation, event: Rated | CureTold, book: Book) -> Message:
    """One small line; whoever was not helped is offered a person, unless one has the case."""
    if isinstance(event, CureTold):
        return Message((Text(phrase(conversation, book, "cure_noted")),), conversation.language)
    if event.rating == "good" or conversation.phase == "handed_over":
        return Message((Small(phrase(conversation, book, "feedback_noted")),), conversation.language)
    person = Buttons((press(conversation, book, "person", "person"),))
    sorry = Small(phrase(conversation, book, "feedback_noted_bad"))
    return Message((sorry, person), conversation.language)


def _thanked(conversation: Conversation, event: Rated, book: Book) -> Reply:
    message = thanks(conversation, event, book)
    if not conversation.private:
        return Whisper(message)
    slot = f"feedback-{conversation.trouble}-{event.what}-{conversation.turn}"
    return say(conversation, *message.parts, slot=slot)


def amended(outcome: Outcome, event: Rated | CureTold, book: Book) -> Outcome | None:
    """The outcome of a trouble of which nothing else is known any more; None if it does not fit to it."""
    match event:
        case Rated():
            name = "feedback" if event.what == "end" else "file_feedback"
            return outcome.model_copy(update={name: event.rating})
        case CureTold() if outcome.how == "alone" and event.cure in (*outcome.shown, OTHER, UNKNOWN):
            return outcome.model_copy(update={"remedy": _remedy(event, book)})
        case _:
            return None


def _remedy(event: CureTold, book: Book) -> str | None:
    return event.cure if event.cure in book.remedies else None
