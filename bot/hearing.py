"""A message that somebody typed: an answer, another error, small talk, or something not understood."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Literal

from bot.at_desk import at_desk
from bot.checking import checking
from bot.conversation import Conversation
from bot.desk_events import CaseReopened
from bot.events import MessagePosted
from bot.evidence import names_compared
from bot.exposed import Secret, key_alarm, secret
from bot.forwarding import passed_along
from bot.handing import Turn
from bot.knowing import fresh, told
from bot.names_told import name_compared, sender_told
from bot.picture_names import confirmed, unconfirmed
from bot.proceed import begin_row, choose, not_counted_again, not_mine, open_question, proceed
from bot.recurrence import came_back
from bot.replies import (
    Buttons,
    NoteUnmatched,
    Part,
    Text,
    quote,
)
from bot.talk import SENDER, joined, phrase, press, say, way_out
from bot.typed import host_name, intent, mail_address
from knowledge.book import Book
from knowledge.facts import Source
from knowledge.recognise import Recognition
from knowledge.redact import redacted

LONGEST_QUOTED = 2_000
"""Characters of the error's text that are kept, redacted, for the helpdesk."""

SHORTEST_NOTED = 5
"""Characters from which a message that was not understood is noted."""

_WORDS = re.compile(r"(?<![\w.])[A-Za-z]{2,}(?![\w.])")


def hear(conversation: Conversation, event: MessagePosted, book: Book) -> Turn:
    """What a message does that is no button in words."""
    text = event.text.strip()
    if exposed := secret(text):
        return _not_heard(conversation, event, book, exposed)
    recognition = book.recognise(text)
    if conversation.phase == "handed_over":
        return passed_along(conversation, event, book, recognition)
    if conversation.phase == "solved" and intent(text, book) in ("not_solved", "again"):
        if conversation.handed:
            return at_desk(conversation, CaseReopened(conversation.case, event.at), book)
        if conversation.row:
            return came_back(conversation, event.at, book)
    conversation = _in_their_language(conversation, recognition, text)
    if recognition.about == "switched_off" and not event.files:
        return _switched_off(conversation, event, book, recognition)
    named = recognition.decision == "row" and recognition.row != conversation.row
    again = conversation.phase == "solved" and (recognition.decision != "none" or bool(event.files))
    if again or (named and conversation.row):
        conversation = fresh(conversation, book)
    before = conversation
    # What comes after the error text is the person's own word.
    source: Source = "answer" if conversation.row else "text"
    conversation = told(conversation, book, recognition.facts, source)
    conversation = _typed_text(_read_name(conversation, book, text), book, text)
    conversation = names_compared(conversation, book)
    if recognition.facts.get("urgent") == "yes":
        conversation = conversation.model_copy(update={"urgent": True})
    if recognition.decision != "none" or not conversation.quoted:
        conversation = conversation.model_copy(update={"quoted": redacted(text)[:LONGEST_QUOTED]})
    if event.files:
        return checking(conversation, event, book, recognition)
    return _heard(before, conversation, event, book, recognition)


def _not_heard(conversation: Conversation, event: MessagePosted, book: Book, exposed: Secret) -> Turn:
    """What nobody else may read: the text goes nowhere and tells nothing; who wrote it is warned. Files that
    came with it are checked like others."""
    warned = Text(phrase(conversation, book, f"{exposed}_warning"))
    alarm = key_alarm(conversation, book, "card_key_in_text") if exposed == "key" else ()
    if not event.files:
        after, replies = open_question(conversation, book, event.at, warned)
        return after, (*replies, *alarm)
    after, replies = hear(conversation, replace(event, text=""), book)
    return after, (say(conversation, warned), *replies, *alarm)


def _heard(
    before: Conversation,
    conversation: Conversation,
    event: MessagePosted,
    book: Book,
    recognition: Recognition,
) -> Turn:
    at = event.at
    asked_sender = conversation.phase == "asking" and conversation.question == SENDER
    if asked_sender and conversation.report and (address := mail_address(event.text)):
        return sender_told(conversation, address, at, book)
    row = recognition.row if recognition.decision == "row" else None
    if row and row in book.errors and row != conversation.row:
        return begin_row(conversation.model_copy(update={"words": recognition.words}), book, at, row)
    if recognition.decision == "ask" and conversation.row is None:
        return _noting(choose(conversation, book, recognition), event, "vague")
    if conversation.row and conversation.facts != before.facts:
        lead = (*_noted(before, conversation, book), *name_compared(before, conversation, book))
        if conversation.phase in ("asking", "advising"):
            return proceed(not_counted_again(conversation), book, at, *lead)
    if conversation.row is None and unconfirmed(before, book) and not unconfirmed(conversation, book):
        return open_question(conversation, book, at, *_noted(before, conversation, book))
    meant = intent(event.text, book)
    if meant == "thanks":
        return open_question(conversation, book, at, Text(phrase(conversation, book, "you_are_welcome")))
    if meant == "sent" and conversation.sending_now:
        said = Text(phrase(conversation, book, "sent_but_cause"))
        return open_question(conversation.model_copy(update={"sending_now": False}), book, at, said)
    if meant in ("not_solved", "no") and conversation.phase == "waiting":
        return open_question(conversation, book, at)
    if meant == "yes" and conversation.phase == "advising":
        return open_question(conversation, book, at, Text(phrase(conversation, book, "is_it_solved")))
    if meant == "greeting" or (conversation.turn == 1 and not event.text.strip()):
        return _greeted(conversation, book, at)
    if recognition.decision != "none" and conversation.row:
        return open_question(conversation, book, at)
    return _noting(_not_understood(conversation, event, book, recognition), event, "none")


def _switched_off(
    conversation: Conversation, event: MessagePosted, book: Book, recognition: Recognition
) -> Turn:
    """An error that the company leaves to people: one is offered, who gets the text. It tells nothing of
    another error that is being talked about."""
    if conversation.phase == "solved":
        conversation = fresh(conversation, book)
    if conversation.row is None:
        conversation = told(conversation, book, recognition.facts, "text")
        conversation = conversation.model_copy(update={"quoted": redacted(event.text)[:LONGEST_QUOTED]})
    return not_mine(conversation, book, recognition)


def _noting(turn: Turn, event: MessagePosted, decision: Literal["none", "vague"]) -> Turn:
    """The same turn, with a note of a message that IT may want to add to the tables; not of small talk."""
    conversation, replies = turn
    text = event.text.strip()
    if len(text) < SHORTEST_NOTED:
        return turn
    return conversation, (*replies, NoteUnmatched(redacted(text), decision, conversation.language))


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


def _read_name(conversation: Conversation, book: Book, text: str) -> Conversation:
    """A server's name typed, where one was read in a picture: that it is so, or the right one."""
    typed = host_name(text) if "\n" not in text and len(text) <= 100 else None
    if typed is None or typed.count(".") < 2 or unconfirmed(conversation, book) is None:
        return conversation
    return confirmed(conversation, book, typed)


def _in_their_language(conversation: Conversation, recognition: Recognition, text: str) -> Conversation:
    """The text's own language, as long as nothing was chosen and no trouble is being talked about.

    A code such as CERT_E_CN_NO_MATCH is no language: English takes at least two words.
    """
    language = recognition.language
    if language is None or conversation.row is not None or conversation.language_chosen:
        return conversation
    if language == "en" and len(_WORDS.findall(text)) < 2:
        return conversation
    return conversation.model_copy(update={"language": language})


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
    return not_mine(conversation, book, recognition)
