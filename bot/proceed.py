"""What comes next: the decision over the facts, said in one message."""

from datetime import datetime, timedelta

from bot.conversation import Conversation, Past
from bot.handing import Turn, hand_over, handed_buttons
from bot.knowing import known, value
from bot.replies import Buttons, Part, Small, Text
from bot.talk import (
    SENDER,
    advice,
    candidates,
    grounds,
    heading,
    phrase,
    press,
    question,
    quoted_words,
    say,
    sender_question,
    stop_question,
    waiting_buttons,
    way_out,
)
from knowledge.book import Book
from knowledge.decide import Advise, Ask, GiveUp
from knowledge.recognise import Recognition

# At most so many questions before the first advice, the choice among candidates counted.
MOST_QUESTIONS = 3
# After so many remedies that did not help, or so long, the person comes first.
MOST_TRIED = 2
LONGEST = timedelta(minutes=15)


def proceed(
    conversation: Conversation,
    book: Book,
    at: datetime,
    *lead: Part,
    first: bool = False,
    tail: tuple[Part, ...] = (),
    slot: str | None = None,
) -> Turn:
    """Decide by the facts and say it after `lead`: a question, a remedy, or that a person takes it.

    `first` marks the message that names the error: the grounds follow it. `tail` comes last.
    """
    assert conversation.row
    conversation = conversation.model_copy(
        update={"not_understood": 0, "sending_now": False, "stopped": False}
    )
    cases = book.errors[conversation.row or ""].case
    facts = known(conversation, book)
    may_ask = conversation.advised or len(conversation.asked) < MOST_QUESTIONS
    decision = book.decide(cases, facts, conversation.attempts, may_ask=may_ask)
    if first:
        tail = (*tail, *_small_print(conversation, book))
    match decision:
        case Ask(fact):
            asking = conversation.model_copy(
                update={
                    "phase": "asking",
                    "question": fact,
                    "remedy": None,
                    "candidates": (),
                    "asked": (*conversation.asked, fact),
                    "questions": conversation.questions + 1,
                }
            )
            out = way_out(asking, book, first=first, export=first)
            return asking, (say(asking, *lead, *question(asking, book, fact, at), out, *tail, slot=slot),)
        case Advise(remedy) if book.who(remedy) == "user" or book.remedies[remedy].waits:
            advising = conversation.model_copy(
                update={
                    "phase": "advising",
                    "question": None,
                    "remedy": remedy,
                    "candidates": (),
                    "advised": True,
                }
            )
            tried = sum(attempt.counts_as_tried for attempt in conversation.attempts)
            person_first = tried >= MOST_TRIED or at - conversation.began > LONGEST
            parts = advice(advising, book, remedy, person_first=person_first)
            return advising, (say(advising, *lead, *parts, *tail, slot=slot),)
        case Advise(remedy):
            later = book.later_for_it(cases, decision, facts, conversation.attempts)
            actions = (remedy, *(other for other in later if other != remedy))
            return hand_over(conversation, book, at, *lead, actions=actions, tail=tail, slot=slot)
        case GiveUp():
            later = book.later_for_it(cases, decision, facts, conversation.attempts)
            actions = tuple(later)
            return hand_over(conversation, book, at, *lead, actions=actions, ended=True, tail=tail, slot=slot)


def begin_row(
    conversation: Conversation, book: Book, at: datetime, row: str, *lead: Part, slot: str | None = None
) -> Turn:
    """The error is known: its first message, with the first question or the remedy. One that the company
    switched off goes to a person."""
    if row not in book.errors:
        return hand_over(conversation, book, at, *lead, why="about_switched_off", slot=slot)
    begun = with_past(conversation, row).model_copy(update={"candidates": ()})
    past = _past(begun, row)
    parts: list[Part] = [*lead, heading(begun, book), Text(book.errors[row].means[begun.language])]
    if past and past.attempts:
        parts.append(Small(phrase(begun, book, "seen_before", date=f"{past.at.month}/{past.at.day}")))
    return proceed(begun, book, at, *parts, first=True, slot=slot)


def with_past(conversation: Conversation, row: str) -> Conversation:
    """The conversation about this error, with what was tried against it in the last days.

    Those attempts count from the beginning: what changes from now on opens their remedies again.
    """
    past = _past(conversation, row)
    attempts = conversation.attempts
    if past and not attempts:
        attempts = tuple(attempt.model_copy(update={"turn": 0}) for attempt in past.attempts)
    return conversation.model_copy(update={"row": row, "attempts": attempts})


def _past(conversation: Conversation, row: str) -> Past | None:
    return next((past for past in conversation.past if past.row == row), None)


def choose(
    conversation: Conversation, book: Book, recognition: Recognition, *lead: Part, slot: str | None = None
) -> Turn:
    """The text fits several errors: they are asked back as buttons."""
    rows = tuple(candidate.row for candidate in recognition.candidates if candidate.row in book.errors)[:4]
    choosing = conversation.model_copy(
        update={
            "phase": "choosing",
            "candidates": rows,
            "question": None,
            "words": recognition.words,
            "questions": conversation.questions + 1,
        }
    )
    server = value(choosing, book, "whose") == "server"
    text = phrase(choosing, book, "which_line" if server else "which_error")
    parts = (*lead, Text(text), *candidates(choosing, book), way_out(choosing, book, first=True))
    small = Small(quoted_words(choosing, book)) if choosing.words else None
    return choosing, (say(choosing, *parts, small, slot=slot),)


def not_mine(
    conversation: Conversation, book: Book, recognition: Recognition, *lead: Part, slot: str | None = None
) -> Turn:
    """No certificate error of Outlook's: said so, with what it seems to be, and a person at once."""
    name = f"about_{recognition.about}"
    if recognition.about == "certificate" or name not in book.phrases:
        name = "about_other"
    parts = (*lead, Text(phrase(conversation, book, name)))
    if recognition.about != "switched_off":
        parts = (*parts, Text(phrase(conversation, book, "can_help_with")))
    person = Buttons(
        (
            press(conversation, book, "ask_person", "person", primary=True),
            *way_out(conversation, book, first=True).buttons[1:],
        )
    )
    return conversation, (say(conversation, *parts, person, slot=slot),)


def asked_for_row(conversation: Conversation) -> Conversation:
    """Counts the choice among candidates as the question that it is."""
    return conversation.model_copy(update={"asked": (*conversation.asked, "row")})


def open_question(
    conversation: Conversation, book: Book, at: datetime, *lead: Part, slot: str | None = None
) -> Turn:
    """Repeat, shorter, what is open."""
    parts: tuple[Part, ...]
    restart = Buttons((press(conversation, book, "restart", "restart"),))
    match conversation.phase:
        case "asking" if conversation.question == SENDER:
            parts = sender_question(conversation, book)
        case "asking" if conversation.question in book.questions:
            assert conversation.question
            parts = question(conversation, book, conversation.question, at)
        case "choosing":
            parts = (Text(phrase(conversation, book, "which_error")), *candidates(conversation, book))
        case "waiting":
            parts = (Text(phrase(conversation, book, "still_waiting")), *waiting_buttons(conversation, book))
        case "advising" if conversation.stopped and conversation.remedy in book.remedies:
            assert conversation.remedy
            parts = stop_question(conversation, book, conversation.remedy)
        case "advising" if conversation.remedy in book.remedies:
            assert conversation.remedy
            shown = advice(conversation, book, conversation.remedy)
            parts = (shown[0], *(part for part in shown if isinstance(part, Buttons)))
            return conversation, (say(conversation, *lead, *parts, slot=slot),)
        case "handed_over":
            lead = lead or (Text(phrase(conversation, book, "with_a_person")),)
            return conversation, (say(conversation, *lead, handed_buttons(conversation, book), slot=slot),)
        case "solved":
            return conversation, (say(conversation, *lead, restart, slot=slot),)
        case "asking" | "advising" if conversation.row:  # what was open is gone: decide again
            return proceed(conversation, book, at, *lead, slot=slot)
        case _:
            out = way_out(conversation, book, first=True)
            return conversation, (say(conversation, *lead, out, slot=slot),)
    return conversation, (say(conversation, *lead, *parts, way_out(conversation, book), slot=slot),)


def not_counted_again(conversation: Conversation) -> Conversation:
    """A question that is asked once more after a fact was told counts once."""
    if conversation.question and conversation.asked[-1:] == (conversation.question,):
        return conversation.model_copy(update={"asked": conversation.asked[:-1]})
    return conversation


def _small_print(conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """The grounds, and that a file helps, if there is none yet."""
    if conversation.report:
        return (grounds(conversation, book),)
    return grounds(conversation, book), Small(phrase(conversation, book, "file_invited"))


def expired(conversation: Conversation, book: Book, at: datetime) -> Turn:
    """A button that means nothing any more: said kindly, with what is open."""
    return open_question(conversation, book, at, Text(phrase(conversation, book, "button_expired")))
