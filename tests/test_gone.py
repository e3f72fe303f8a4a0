"""Conversations store ids. One that the tables no longer have after a restart means: decide again."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from bot.conversation import TRANSITIONS, Conversation
from bot.desk_events import (
    CameDue,
    CaseClosed,
    CaseReopened,
    CaseTaken,
    Desk,
    DeskAnswered,
    IncidentClosed,
    IncidentMet,
    TextAsked,
)
from bot.dialogue import step
from bot.events import (
    REASONS,
    Answered,
    Applied,
    CureTold,
    DetailsAdded,
    Event,
    Explained,
    FilesInspected,
    InCase,
    LanguageChosen,
    MessagePosted,
    NotMine,
    PersonAsked,
    Rated,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    Resumed,
    RowChosen,
    SelfSolved,
    SenderChosen,
    SendNowAsked,
    ServerNameConfirmed,
    WantsToKnow,
    WroteToDesk,
)
from bot.forms import FORMS, form
from bot.gone import without_gone
from bot.looked import PictureRead
from bot.outcome import outcome_of
from bot.plain import plain
from bot.replies import Reply, Say
from knowledge.book import Book
from knowledge.rows import Case
from tests.test_conversations import ALL
from tests.transcripts import NOW, Play

Gone = tuple[str, str]
"""A kind of id and the id; an option is `fact.option`, an outcome `remedy.outcome`."""

ASKED_BY_THE_BOT = ("whose", "outlook")
"""Questions that the bot's own code asks, so that no version is without them."""

ELSEWHERE = (Explained, InCase, WroteToDesk)
"""What is answered by itself and leaves what is open as it is."""

SOMEBODY = Desk("U9", "田中")
LATER = NOW + timedelta(hours=1)


def without(book: Book, gone: Gone) -> Book:
    """The tables as if they had never had this row, option or outcome; no case speaks of it any more."""
    kind, id_ = gone
    name, _, inner = id_.partition(".")
    match kind:
        case "error":
            return replace(book, errors=_but(book.errors, id_))
        case "remedy":
            less = replace(book, remedies=_but(book.remedies, id_))
            return _with_cases(less, lambda case: case.do != id_)
        case "question":
            less = replace(book, questions=_but(book.questions, id_))
            return _with_cases(less, lambda case: id_ not in case.conditions())
        case "finding":
            less = replace(book, findings=_but(book.findings, id_))
            return _with_cases(less, lambda case: id_ not in case.conditions())
        case "option":
            question = book.questions[name]
            fewer = question.model_copy(update={"option": _but(question.option, inner)})
            less = replace(book, questions={**book.questions, name: fewer})
            return _with_cases(less, lambda case: inner not in case.conditions().get(name, ()))
        case _:
            remedy = book.remedies[name]
            left = remedy.model_copy(update={"outcome": _but(remedy.outcome, inner)})
            return replace(book, remedies={**book.remedies, name: left})


def _but(rows: Mapping[str, Any], id_: str) -> dict[str, Any]:
    return {name: row for name, row in rows.items() if name != id_}


def _with_cases(book: Book, stays: Callable[[Case], bool]) -> Book:
    errors = {
        id_: row.model_copy(
            update={
                "case": tuple(case for case in row.case if stays(case)),
                "send_now": tuple(case for case in row.send_now if stays(case)),
            }
        )
        for id_, row in book.errors.items()
    }
    return replace(book, errors=errors)


class Recording(Play):
    """Plays a conversation and keeps every state in which it was stored."""

    def feed(self, event: Event) -> tuple[Reply, ...]:
        replies = super().feed(event)
        self.states.append(Conversation.model_validate_json(self.stored))
        return replies

    def __post_init__(self) -> None:
        super().__post_init__()
        self.states: list[Conversation] = []


def named(conversation: Conversation, book: Book) -> Iterator[Gone]:
    """Every id of the tables that the conversation names."""
    rows = {conversation.row, *conversation.candidates, *(one.row for one in conversation.earlier)}
    yield from (("error", row) for row in rows if row)
    asked = {conversation.question or "", *conversation.explained, *conversation.facts}
    yield from (("question", one) for one in asked if one in book.questions and one not in ASKED_BY_THE_BOT)
    for name, fact in conversation.facts.items():
        if name in book.questions and fact.value in book.questions[name].option:
            yield "option", f"{name}.{fact.value}"
    remedies = {conversation.remedy, *conversation.shown, *(one.remedy for one in conversation.attempts)}
    yield from (("remedy", one) for one in remedies if one)
    for attempt in conversation.attempts:
        if attempt.outcome in book.remedies[attempt.remedy].outcome:
            yield "outcome", f"{attempt.remedy}.{attempt.outcome}"
    if conversation.remedy:
        for outcome in book.remedies[conversation.remedy].outcome:
            yield "outcome", f"{conversation.remedy}.{outcome}"
    for one in conversation.earlier:
        if one.whole:
            yield from named(one.whole, book)
    if conversation.report:
        yield from (("finding", one.code) for one in conversation.report.findings if one.holds)


def gone_on(play: Recording) -> Iterator[Conversation]:
    """The same conversation with another trouble, if the helpdesk has the one of before."""
    if play.states[-1].handed:
        play.feed(Restarted(NOW))
        play.feed(MessagePosted("署名に使う証明書の有効期限が切れています、と出ます", (), NOW))
        yield play.states[-1]


@cache
def stored() -> tuple[tuple[Conversation, Book, Gone], ...]:
    """Of all conversations of tests/conversations one state for each phase and each id that it names; and
    one with a trouble of before, too."""
    found: dict[tuple[str, bool, Gone], tuple[Conversation, Book, Gone]] = {}
    for _, chat in ALL:
        play = Recording(chat.options)
        for paragraph in re.split(r"\n{2,}", chat.body.strip("\n")):
            play.act(paragraph)
        for state in (*play.states, *gone_on(play)):
            for gone in named(state, play.book):
                alike = (gone[0], gone[1].partition(".")[0])  # one option of a question stands for all
                found.setdefault((state.phase, bool(state.earlier), alike), (state, play.book, gone))
    return tuple(found.values())


def events(conversation: Conversation, book: Book) -> Iterator[Event]:
    """Everything that may happen next, by the buttons that the person still sees and by everybody else."""
    case, at = conversation.case, LATER
    yield from (MessagePosted(text, (), at) for text in ("まだ直りません", "はい"))
    yield MessagePosted("署名に使う証明書の有効期限が切れています、と出ます", (), at)
    fact = conversation.question or "changed"
    options = book.questions[fact].option if fact in book.questions else ("yes",)
    yield from (Answered(fact, option, at) for option in (*options, "unknown"))
    yield from (RowChosen(row, at) for row in (*conversation.candidates, conversation.row or "none", "none"))
    remedy = conversation.remedy or (conversation.shown or ("renew",))[-1]
    outcomes = (*book.remedies[remedy].outcome, "solved", "not_solved")
    yield from (RemedyEnded(remedy, outcome, at) for outcome in outcomes)
    yield RemedyNotPossible(remedy, "", at)
    yield from (RemedyNotPossible(remedy, reason, at) for reason in REASONS)
    yield from (Applied(remedy, at), Resumed(at), SendNowAsked(at), Restarted(at), SelfSolved(at))
    yield from (PersonAsked(urgent, at) for urgent in (False, True))
    yield from (Explained(what, at) for what in ("grounds", "export", "passed_on", "certificate"))
    yield from (SenderChosen(which, at) for which in ("certificate", "profile", "other"))
    yield from (ServerNameConfirmed(at), LanguageChosen("en", at), Rated("end", "good", at))
    yield from (CureTold(cure, at) for cure in (remedy, "other", "unknown"))
    yield FilesInspected(
        (PictureRead("a.png", ("対象のプリンシパル名が間違っています。",)),), "check-1", at, ("F1",)
    )
    yield CameDue("follow_up", case, at)
    yield CameDue("give_up", case, at)
    yield IncidentMet(case, 1, 5, NOW, "", None, at)
    yield IncidentClosed(case, 1, remedy, "", "", "U9", at)
    yield from (WantsToKnow(at), NotMine(at))
    for one in conversation.earlier:
        yield from (InCase(one.case, event, at) for event in (SelfSolved(at), PersonAsked(True, at)))
        yield InCase(one.case, Explained("passed_on", at), at)
        yield WroteToDesk(one.case, "どうなりましたか", at)
        yield CaseTaken(one.case, SOMEBODY, False, at)
        yield CaseClosed(one.case, SOMEBODY, remedy, "", "", at)
    if conversation.handed:
        yield CaseTaken(case, SOMEBODY, False, at)
        yield DeskAnswered(case, SOMEBODY, "見ています", False, False, at)
        yield from (TextAsked(case, SOMEBODY, at), DetailsAdded(case, "今日", "内線 1", "PC1", at))
        yield CaseClosed(case, SOMEBODY, remedy, "", "", at)
        yield CaseReopened(case, at)


def test_the_conversations_are_stored_in_every_phase() -> None:
    assert any(one.whole for state, _, _ in stored() for one in state.earlier)
    phases = {state.phase for state, _, _ in stored()}
    assert phases == set(TRANSITIONS)
    kinds = {gone[0] for _, _, gone in stored()}
    assert kinds == {"error", "question", "option", "remedy", "outcome", "finding"}


def test_whatever_is_gone_the_talk_goes_on_or_a_person_takes_it() -> None:
    for state, book, gone in stored():
        less = without(book, gone)
        for event in events(state, book):
            after, replies = step(state, event, less)
            place = (gone, state.phase, event)
            is_over = state.phase == after.phase == "solved"
            assert is_over or after.row is None or after.row in less.errors, place
            said = plain(replies)
            assert said.count(less.say("button_expired", after.language)) <= 1, place
            by_person = after.turn != state.turn and not isinstance(event, ELSEWHERE)
            if by_person and after.phase not in ("solved", "handed_over"):
                shown = {
                    button.id.partition(":")[0]
                    for reply in replies
                    if isinstance(reply, Say)
                    for button in reply.message.buttons()
                }
                assert shown & {"person", "ended", "answer", "row", "sender", "stopped", "resume"}, place
            Conversation.model_validate_json(after.model_dump_json())


def test_what_was_open_and_is_gone_is_decided_again_at_the_next_word() -> None:
    for state, book, gone in stored():
        if gone == ("remedy", state.remedy) and state.phase == "advising":
            less = without(book, gone)
            after, replies = step(state, MessagePosted("どうすればいいですか", (), LATER), less)
            assert after.remedy != state.remedy
            assert after.phase in ("asking", "advising", "handed_over"), (gone, plain(replies))


def test_a_dialog_still_opens_in_a_case_of_which_something_is_gone() -> None:
    for state, book, gone in stored():
        if state.handed:
            less = without(book, gone)
            for name in FORMS:
                form(name, without_gone(state, less), less, "ja", "1042.1")


def test_nothing_is_dropped_while_the_tables_have_everything() -> None:
    for state, book, _ in stored():
        assert without_gone(state, book) is state


def test_a_closed_case_stays_what_it_was_for_the_report() -> None:
    for state, book, gone in stored():
        if state.phase == "solved" and gone[0] in ("error", "remedy"):
            less = without(book, gone)
            for event in (Rated("end", "good", LATER), MessagePosted("ありがとう", (), LATER)):
                after, _ = step(state, event, less)
                was, now = outcome_of(state, less), outcome_of(after, less)
                assert after.phase == "solved", gone
                assert was
                assert now
                assert (now.row, now.remedy, now.shown) == (was.row, was.remedy, was.shown), gone
                assert now.tried == was.tried, gone
