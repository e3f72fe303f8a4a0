"""A message that somebody typed: an answer, another error, small talk, or something not understood."""

from datetime import datetime

from bot.conversation import Conversation
from bot.events import (
    Answered,
    Event,
    LanguageChosen,
    MessagePosted,
    PersonAsked,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    RowChosen,
    SelfSolved,
    SendNowAsked,
)
from bot.evidence import compared_with, names_compared
from bot.knowing import told
from bot.proceed import Turn, begin_row, choose, open_question, proceed, start_over
from bot.replies import AddToCase, Buttons, CheckFiles, Message, Part, Text, quote
from bot.talk import joined, phrase, press, say, way_out
from bot.typed import host_name, intent, one_of, option
from knowledge.book import Book
from knowledge.facts import Source
from knowledge.recognise import Recognition


def as_press(conversation: Conversation, book: Book, text: str, at: datetime) -> Event | None:
    """The button that these words stand for, if they do."""
    meant = intent(text, book)
    remedy = conversation.remedy
    match meant:
        case "person":
            return PersonAsked(False, at)
        case "urgent":
            return SendNowAsked(at)
        case "restart":
            return Restarted(at)
        case "english" | "japanese":
            return LanguageChosen("en" if meant == "english" else "ja", at)
        case "solved" if conversation.row or conversation.phase == "handed_over":
            advising = conversation.phase == "advising" and remedy
            return RemedyEnded(remedy, "solved", at) if advising and remedy else SelfSolved(at)
        case "not_solved" if conversation.phase == "advising" and remedy:
            return RemedyEnded(remedy, "not_solved", at)
        case "could_not" if conversation.phase == "advising" and remedy:
            return RemedyNotPossible(remedy, "", at)
    asked = conversation.question
    if conversation.phase == "asking" and asked and asked in book.questions:
        chosen = option(text, book.questions[asked], book) if book.questions[asked].ask else None
        return Answered(asked, chosen, at) if chosen else None
    if conversation.phase == "choosing":
        if meant in ("unknown", "no"):
            return RowChosen("none", at)
        lines = {
            row: (words.line.ja, words.line.en, words.title.ja)
            for row in conversation.candidates
            if (words := book.errors.get(row))
        }
        row = one_of(text, lines)
        return RowChosen(row, at) if row else None
    if conversation.phase == "advising" and remedy in book.remedies:
        assert remedy
        own = {id_: (words.ja, words.en) for id_, words in book.remedies[remedy].outcome.items()}
        ended = one_of(text, own)
        return RemedyEnded(remedy, ended, at) if ended else None
    return None


def hear(conversation: Conversation, event: MessagePosted, book: Book) -> Turn:
    """What a message does that is no button in words."""
    text = event.text.strip()
    recognition = book.recognise(text)
    if conversation.phase == "handed_over":
        return _passed_along(conversation, event, book, recognition)
    conversation = _in_their_language(conversation, recognition)
    named = recognition.decision == "row" and recognition.row != conversation.row
    again = conversation.phase == "solved" and (recognition.decision != "none" or bool(event.files))
    if again or (named and conversation.row):
        conversation = start_over(conversation, book)
    before = conversation
    # What comes after the error text is the person's own word.
    source: Source = "answer" if conversation.row else "text"
    conversation = told(conversation, book, recognition.facts, source)
    conversation = _typed_text(conversation, book, text)
    conversation = names_compared(conversation, book)
    if recognition.facts.get("urgent") == "yes":
        conversation = conversation.model_copy(update={"urgent": True})
    if event.files:
        return _checking(conversation, event, book, recognition)
    return _heard(before, conversation, event, book, recognition)


def _heard(
    before: Conversation,
    conversation: Conversation,
    event: MessagePosted,
    book: Book,
    recognition: Recognition,
) -> Turn:
    at = event.at
    row = recognition.row if recognition.decision == "row" else None
    if row and row in book.errors and row != conversation.row:
        return begin_row(conversation.model_copy(update={"words": recognition.words}), book, at, row)
    if recognition.decision == "ask" and conversation.row is None:
        return choose(conversation, book, recognition)
    if conversation.row and conversation.facts != before.facts:
        lead = _noted(before, conversation, book)
        if conversation.phase in ("asking", "advising"):
            return proceed(_not_counted_again(conversation), book, at, *lead)
    meant = intent(event.text, book)
    if meant == "thanks":
        return open_question(conversation, book, at, Text(phrase(conversation, book, "you_are_welcome")))
    if meant == "greeting" or (conversation.turn == 1 and not event.text.strip()):
        return _greeted(conversation, book, at)
    if recognition.decision != "none" and conversation.row:
        return open_question(conversation, book, at)
    return _not_understood(conversation, event, book, recognition)


def _noted(before: Conversation, conversation: Conversation, book: Book) -> tuple[Part, ...]:
    """What was understood of the words, so that the person can see it; not what only follows from it."""
    shown = []
    for name, fact in conversation.facts.items():
        question = book.questions.get(name)
        if fact == before.facts.get(name) or question is None or question.typed in conversation.facts:
            continue
        option = question.option.get(fact.value)
        shown.append(option[conversation.language] if option else quote(fact.value, 60))
    if not shown:
        return ()
    return (Text(phrase(conversation, book, "noted", value=joined(shown, conversation.language))),)


def _not_counted_again(conversation: Conversation) -> Conversation:
    """A question that is asked once more after a fact was told counts once."""
    if conversation.question and conversation.asked[-1:] == (conversation.question,):
        return conversation.model_copy(update={"asked": conversation.asked[:-1]})
    return conversation


def _typed_text(conversation: Conversation, book: Book, text: str) -> Conversation:
    """A server's or an issuer's name typed as the answer to its question."""
    question = book.questions.get(conversation.question or "")
    if conversation.phase != "asking" or question is None or question.typed is None or not text:
        return conversation
    if question.typed in conversation.facts or "\n" in text or len(text) > 100:
        return conversation
    typed = host_name(text) if question.typed == "server_name" else text
    if typed is None or intent(text, book):
        return conversation
    out = told(conversation, book, {question.typed: typed}, "answer")
    if conversation.question in out.facts:
        return out
    assert conversation.question
    other = "other" if "other" in question.option else "unknown"
    return told(out, book, {conversation.question: other}, "answer")


def _in_their_language(conversation: Conversation, recognition: Recognition) -> Conversation:
    """The text's own language, as long as nothing was chosen and no trouble is being talked about."""
    if recognition.language and conversation.row is None and not conversation.language_chosen:
        return conversation.model_copy(update={"language": recognition.language})
    return conversation


def _checking(conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition) -> Turn:
    """Files are being fetched: said at once, and turned into the result later."""
    if recognition.decision == "row" and recognition.row in book.errors:
        conversation = conversation.model_copy(update={"row": recognition.row, "words": recognition.words})
    elif recognition.decision == "ask" and conversation.row is None:
        rows = tuple(candidate.row for candidate in recognition.candidates if candidate.row in book.errors)
        conversation = conversation.model_copy(update={"candidates": rows[:4], "words": recognition.words})
    slot = f"check-{conversation.turn}"
    address, server, purpose = compared_with(conversation, book)
    count = str(len(event.files))
    name = "checking_one" if len(event.files) == 1 else "checking"
    waiting = say(conversation, Text(phrase(conversation, book, name, count=count)), slot=slot)
    return conversation, (waiting, CheckFiles(event.files, address, server, purpose, slot))


def _greeted(conversation: Conversation, book: Book, at: datetime) -> Turn:
    if conversation.phase == "listening":
        return conversation, (
            say(
                conversation,
                Text(phrase(conversation, book, "hello")),
                way_out(conversation, book, first=True),
            ),
        )
    return open_question(conversation, book, at)


def _passed_along(
    conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition
) -> Turn:
    """A person has the case: what is written goes to them, and the bot gives no advice of its own."""
    if event.files:
        return _checking(conversation, event, book, recognition)
    parts: list[Part] = [
        Text(phrase(conversation, book, "forwarded" if book.company.desk else "not_forwarded"))
    ]
    parts.append(
        Buttons(
            (
                press(conversation, book, "self_solved", "solved"),
                press(conversation, book, "restart", "restart"),
            )
        )
    )
    said = say(conversation, *parts)
    if not book.company.desk or not event.text.strip():
        return conversation, (said,)
    line = book.say(
        "card_wrote", book.company.language, case=conversation.case, words=quote(event.text, 2500)
    )
    return conversation, (said, AddToCase(Message((Text(line),), book.company.language), conversation.case))


def _not_understood(
    conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition
) -> Turn:
    """Honest: nothing is diagnosed. The second time a person is offered before all else."""
    times = conversation.not_understood + 1
    conversation = conversation.model_copy(update={"not_understood": times})
    open_ = conversation.phase in ("asking", "choosing", "advising", "waiting")
    if times >= 2:
        person = Buttons((press(conversation, book, "person", "person", primary=True),))
        lead = (Text(phrase(conversation, book, "not_understood_again")), person)
        if open_:
            return open_question(conversation, book, event.at, *lead)
        return conversation, (say(conversation, *lead),)
    if open_:
        empty = not event.text.strip()
        return open_question(
            conversation,
            book,
            event.at,
            Text(phrase(conversation, book, "say_again" if empty else "not_an_answer")),
        )
    name = f"about_{recognition.about}"
    if recognition.about == "certificate" or name not in book.phrases:
        name = "about_other"
    parts = (Text(phrase(conversation, book, name)), Text(phrase(conversation, book, "can_help_with")))
    person = Buttons(
        (
            press(conversation, book, "ask_person", "person", primary=True),
            *way_out(conversation, book, first=True).buttons[1:],
        )
    )
    return conversation, (say(conversation, *parts, person),)
