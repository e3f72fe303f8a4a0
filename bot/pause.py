"""While automatic help is paused, everything goes to people: no question, no advice. PURE.

That it is paused, the shell knows (bot.pauses); it comes in beside the event. What an event tells is still
recognised and checked: it fills the card. Reminders of certificates that run out go on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.desk_events import CameDue, CaseReopened
from bot.desk_files import files_forwarded
from bot.events import (
    ButtonExpired,
    CureTold,
    DetailsAdded,
    Event,
    ExampleChosen,
    Explained,
    FilesInspected,
    InCase,
    LanguageChosen,
    MessagePosted,
    Rated,
    Restarted,
    WantsToKnow,
    WroteToDesk,
)
from bot.evidence import has_private_key
from bot.forwarding import forwarded
from bot.handing import Turn, hand_over, it_actions
from bot.knowing import fresh
from bot.looked import Inspected
from bot.replies import (
    Buttons,
    CheckFiles,
    Heading,
    NoteUnmatched,
    OpenCase,
    Part,
    Remind,
    Reply,
    Say,
    Text,
    Whisper,
    quote,
)
from bot.talk import heading, phrase, press, say
from bot.typed import intent, tells_password
from knowledge.book import Book
from knowledge.redact import redacted
from knowledge.rows import Language

# What is neither a question nor an advice, whoever did it.
AS_ALWAYS = (Rated, CureTold, CaseReopened, DetailsAdded, WroteToDesk, WantsToKnow, InCase)

POSTPONED = ("follow_up", "give_up")
"""Nobody is asked how it went, and nothing is closed for want of an answer; a working day later again."""

# The sentences where there is no helpdesk's channel.
BY_HAND = {"paused": "paused_by_hand", "paused_here": "paused_here_by_hand"}

LONGEST_REASON = 200
"""Characters."""


@dataclass(frozen=True)
class Pause:
    """Since when, and why, in the languages in which the reason was given."""

    since: datetime
    reason_ja: str = ""
    reason_en: str = ""

    def reason(self, book: Book, language: Language) -> str:
        """The reason in brackets, or nothing."""
        given = quote(self.reason_ja if language == "ja" else self.reason_en, LONGEST_REASON)
        return book.say("paused_reason", language, reason=given) if given else ""

    def said(self, book: Book, language: Language, name: Literal["paused", "paused_here"]) -> str:
        """That it is paused, as it is where there is a helpdesk's channel or none."""
        return book.say(
            name if book.company.desk else BY_HAND[name], language, reason=self.reason(book, language)
        )


def without_ways_to_send(book: Book) -> Book:
    """The tables with nothing to do for who is in a hurry, but a person."""
    errors = {id_: row.model_copy(update={"send_now": ()}) for id_, row in book.errors.items()}
    return replace(book, errors=errors)


def kept_back(conversation: Conversation, event: Event, pause: Pause, book: Book) -> Turn | None:
    """The turn of an event that is not worked while it is paused; None if it is worked first."""
    match event:
        case CameDue(what=what, case=case) if what in POSTPONED:
            again = book.company.working_hours.next_day(event.at)
            return conversation, (Remind(what, case, again),)
        case ExampleChosen():
            now = conversation.model_copy(update={"turn": conversation.turn + 1, "touched": event.at})
            if conversation.phase in ("choosing", "asking", "advising", "waiting"):
                return _handed(conversation, now, event, (), pause, book)
            return now, (say(now, Text(pause.said(book, now.language, "paused_here"))),)
        case _:
            return None


def to_people(before: Conversation, event: Event, turn: Turn, pause: Pause, book: Book) -> Turn:
    """What the person is told instead of what the turn says, if that is help; `book` has no ways to send."""
    after, replies = turn
    if after.turn == before.turn or isinstance(event, AS_ALWAYS):
        return turn
    if any(isinstance(reply, CheckFiles) for reply in replies):
        return turn  # what the files tell comes first
    same = before.trouble == after.trouble
    if same and after.phase == "handed_over" and before.handed:
        return after, _without_result(after, event, replies, book)
    if after.phase == "solved":
        if not _is_new(before, event, book):
            return turn
        assert isinstance(event, MessagePosted)
        after = fresh(after, book).model_copy(update={"quoted": redacted(event.text.strip())[:2_000]})
    if isinstance(event, Restarted) and book.company.desk:
        told = _told(after, pause)
        person = Buttons((press(told, book, "person", "person"),))
        sentence = _sentence(after, pause, book) if after.told_paused != pause.since else None
        return told, (say(told, sentence, Text(phrase(told, book, "paused_new")), person),)
    is_idle = before.phase == after.phase == "listening"
    if is_idle and isinstance(event, LanguageChosen | ButtonExpired | Explained):
        return turn
    return _handed(before, after, event, replies, pause, book)


def explained(
    replies: tuple[Reply, ...], pause: Pause, conversation: Conversation, book: Book
) -> tuple[Reply, ...]:
    """The replies, the first message headed by the sentence that automatic help is paused."""
    sentence = Text(pause.said(book, conversation.language, "paused"))
    first, *rest = replies or (None,)
    if not isinstance(first, Say):
        return replies
    headed = replace(first.message, parts=(sentence, *first.message.parts))
    return replace(first, message=headed), *rest


def _is_new(before: Conversation, event: Event, book: Book) -> bool:
    """Whether somebody whose trouble was over writes something else than thanks."""
    if before.phase != "solved" or not isinstance(event, MessagePosted):
        return False
    return intent(event.text, book) not in ("thanks", "greeting", "solved")


def _handed(
    before: Conversation,
    after: Conversation,
    event: Event,
    replies: tuple[Reply, ...],
    pause: Pause,
    book: Book,
) -> Turn:
    """A person takes it, with what is known now; the question or the remedy that would have come, nobody
    saw."""
    same = before.trouble == after.trouble
    seen = before if same else fresh(before, book)
    unseen = {
        "phase": seen.phase,
        "question": None,
        "candidates": (),
        "remedy": seen.remedy,
        "asked": seen.asked,
        "questions": seen.questions,
        "explained": seen.explained,
        "sending_now": False,
        "stopped": False,
    }
    told = _told(after.model_copy(update=unseen), pause)
    turned, said = hand_over(
        told,
        book,
        event.at,
        *_warnings(after, event, book),
        *([heading(told, book)] if told.row and told.row != seen.row else []),
        actions=it_actions(told, book),
        why=_sentence(after, pause, book),
        slot=event.slot if isinstance(event, FilesInspected) else None,
    )
    of_a_key = [one for one in replies if isinstance(one, OpenCase) and one.case != turned.case]
    notes = [one for one in replies if isinstance(one, NoteUnmatched)]
    more: tuple[Reply, ...] = ()
    if isinstance(event, MessagePosted):
        more = forwarded(turned, event, book)
    elif isinstance(event, FilesInspected) and book.company.desk:
        more = files_forwarded(turned, book, event)
    return turned, (*said, *more, *of_a_key, *notes)


def _told(conversation: Conversation, pause: Pause) -> Conversation:
    return conversation.model_copy(update={"told_paused": pause.since})


def _sentence(conversation: Conversation, pause: Pause, book: Book) -> Text:
    """That it is paused, once; then that a person takes it over."""
    if conversation.told_paused == pause.since:
        return Text(phrase(conversation, book, "person_wanted"))
    return Text(pause.said(book, conversation.language, "paused"))


def _warnings(conversation: Conversation, event: Event, book: Book) -> list[Part]:
    """What is said whatever else: a password or a private key was sent."""
    if isinstance(event, MessagePosted) and tells_password(event.text.strip()):
        return [Text(phrase(conversation, book, "password_warning"))]
    if isinstance(event, FilesInspected) and _has_key(event):
        finding, language = book.findings["private_key_uploaded"], conversation.language
        return [Heading(finding.headline[language]), Text(finding.detail[language])]
    return []


def _has_key(event: FilesInspected) -> bool:
    return has_private_key(tuple(file for file in event.files if isinstance(file, Inspected)))


def _without_result(
    conversation: Conversation, event: Event, replies: tuple[Reply, ...], book: Book
) -> tuple[Reply, ...]:
    """A file's result goes to the person who has the case, and not as advice to the employee."""
    if not isinstance(event, FilesInspected) or _has_key(event):
        return replies
    name = "file_brought_to_desk" if book.company.desk else "not_forwarded"
    brought = say(conversation, Text(phrase(conversation, book, name)), slot=event.slot)
    rest = (reply for reply in replies if not isinstance(reply, Say | Whisper))
    return (brought, *rest)
