"""A button in words: what people type instead of pressing it, by what is open."""

from datetime import datetime

from bot.afterwards import cures
from bot.button_ids import button_id, pressed
from bot.conversation import Conversation
from bot.events import (
    REASONS,
    Answered,
    Applied,
    CureTold,
    Event,
    LanguageChosen,
    PersonAsked,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    Resumed,
    RowChosen,
    SelfSolved,
    SendNowAsked,
)
from bot.typed import intent, one_of, option
from knowledge.book import Book


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
        case "sent" if not conversation.sending_now and (
            conversation.row or conversation.phase == "handed_over"
        ):
            return _solved(conversation, at)
        case "solved" if conversation.row or conversation.phase == "handed_over":
            return _solved(conversation, at)
        case "not_solved" if conversation.phase == "advising" and remedy:
            return RemedyEnded(remedy, "not_solved", at)
        case "could_not" if conversation.phase == "advising" and remedy:
            return RemedyNotPossible(remedy, "", at)
        case "applied" if remedy in book.remedies and book.remedies[remedy or ""].waits:
            return Applied(remedy or "", at)
        case "back" if conversation.phase == "waiting":
            return Resumed(at)
        case "arrived" if remedy in book.remedies and "received" in book.remedies[remedy or ""].outcome:
            return RemedyEnded(remedy or "", "received", at)
    if conversation.phase == "solved" and conversation.cure_asked:
        cure = one_of(text, {cure: (label,) for cure, label in cures(conversation, book).items()})
        return CureTold(cure, at) if cure else None
    asked = conversation.question
    if conversation.phase == "asking" and asked and asked in book.questions:
        chosen = option(text, book.questions[asked], book) if book.questions[asked].ask else None
        return Answered(asked, chosen, at) if chosen else None
    if conversation.phase == "choosing":
        if meant in ("unknown", "no"):
            return RowChosen("none", at)
        none = book.phrases["button_none_of_these"]
        lines = {"none": (none.ja, none.en)} | {
            row: (words.line.ja, words.line.en, words.title.ja)
            for row in conversation.candidates
            if (words := book.errors.get(row))
        }
        row = one_of(text, lines)
        return RowChosen(row, at) if row else None
    if conversation.phase in ("advising", "waiting") and remedy in book.remedies:
        return _of_remedy(conversation, book, remedy or "", text, at)
    return None


def _solved(conversation: Conversation, at: datetime) -> Event:
    if conversation.phase == "advising" and conversation.remedy and not conversation.sending_now:
        return RemedyEnded(conversation.remedy, "solved", at)
    return SelfSolved(at)


def _of_remedy(conversation: Conversation, book: Book, remedy: str, text: str, at: datetime) -> Event | None:
    """An outcome of the open remedy, or why it could not be done, in words."""
    own = {id_: (words.ja, words.en) for id_, words in book.remedies[remedy].outcome.items()}
    if ended := one_of(text, own):
        return RemedyEnded(remedy, ended, at)
    if intent(text, book) == "unknown" and conversation.phase == "advising":
        return RemedyNotPossible(remedy, "", at)
    ways: dict[str, tuple[str, str]] = {}
    for reason in REASONS:
        words = book.phrases[f"button_{reason}"]
        ways[reason] = (words.ja, words.en)
    stopped = one_of(text, ways)
    if stopped and conversation.phase == "advising":
        return pressed(button_id("stopped", remedy, stopped), at)
    return None
