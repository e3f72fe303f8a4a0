"""Every way to answer every row, walked: few questions, no dead end, and the state machine is its table."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

import pytest

from bot.button_ids import pressed
from bot.conversation import TRANSITIONS, Conversation
from bot.dialogue import step
from bot.events import (
    Answered,
    Event,
    FilesInspected,
    MessagePosted,
    RemedyEnded,
    RemedyNotPossible,
    RowChosen,
)
from bot.looked import Inspected
from bot.replies import Message, OpenCase, Reply, Say
from checks.report import inspect
from knowledge.book import Book
from tests.transcripts import NOW, book_for, sample_files

ROWS = sorted(book_for(False, True).errors)


def start(book: Book) -> Conversation:
    return Conversation(number=1, person="U1", profile="user@example.co.jp", began=NOW, touched=NOW)


def abstract(c: Conversation) -> tuple[object, ...]:
    """What matters for what may come: the same state reached twice is walked once."""
    return (
        c.phase,
        c.row,
        c.question,
        c.remedy,
        c.candidates,
        c.round > 1,
        tuple(sorted((name, fact.value, fact.changed > 0) for name, fact in c.facts.items())),
        frozenset((attempt.remedy, attempt.outcome == "solved") for attempt in c.attempts),
        min(2, sum(attempt.counts_as_tried for attempt in c.attempts)),
        c.asked if not c.advised else (),
        c.explained,
        c.passed_on,
        c.report.verdict if c.report else None,
    )


@dataclass
class Walk:
    """What was seen on every path from one row."""

    transitions: set[tuple[str, str]] = field(default_factory=set)
    remedies: set[str] = field(default_factory=set)


def options(c: Conversation, shown: Message | None) -> Iterator[Event]:
    for button in shown.buttons() if shown else ():
        event = pressed(button.id, NOW)
        # The steps that lead elsewhere are walked by the test of the surroundings.
        if isinstance(event, Answered | RowChosen | RemedyEnded | RemedyNotPossible):
            yield event


@cache
def walk(row: str, company: bool, switched: bool = False) -> Walk:
    """Press every button that answers something, from the row's first message on."""
    book = book_for(company, True, switched)
    seen: set[tuple[object, ...]] = set()
    out = Walk()
    first, replies = step(start(book), RowChosen(row, NOW), book)
    out.transitions.add(("listening", first.phase))
    todo: list[tuple[Conversation, tuple[Reply, ...]]] = [(first, replies)]
    while todo:
        conversation, replies = todo.pop()
        said = [reply.message for reply in replies if isinstance(reply, Say)]
        assert said, "every event gets an answer"
        if conversation.remedy:
            out.remedies.add(conversation.remedy)
        if any(isinstance(reply, OpenCase) for reply in replies):
            out.remedies.update(_named_in_card(conversation, book))
        if abstract(conversation) in seen:
            continue
        seen.add(abstract(conversation))
        for event in options(conversation, said[-1]):
            after, answer = step(conversation, event, book)
            out.transitions.add((conversation.phase, after.phase))
            todo.append((after, answer))
    return out


def _named_in_card(conversation: Conversation, book: Book) -> set[str]:
    from bot.handing import it_actions

    return set(it_actions(conversation, book))


@pytest.mark.parametrize("company", [False, True], ids=["nothing registered", "example company"])
@pytest.mark.parametrize("row", ROWS)
def test_at_most_three_questions_come_before_the_first_advice(
    row: str, company: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the limit in the dialogue: the tables alone keep the promise.
    monkeypatch.setattr("bot.proceed.MOST_QUESTIONS", 99)
    assert most_questions(row, book_for(company, True), start(book_for(company, True))) <= 3


@pytest.mark.parametrize("row", ROWS)
def test_the_choice_among_candidates_counts_as_a_question(row: str) -> None:
    book = book_for(False, True)
    vague, _ = step(start(book), MessagePosted("Outlookで証明書エラーが出ます", (), NOW), book)
    assert vague.phase == "choosing"
    assert 1 + most_questions(row, book, vague) <= 3


def most_questions(row: str, book: Book, begin: Conversation) -> int:
    """The most question messages that are shown from choosing this row to the first remedy or hand-over."""
    most = 0
    seen: set[tuple[object, ...]] = set()
    begun, replies = step(begin, RowChosen(row, NOW), book)
    todo = [(begun, replies, 1)]
    while todo:
        conversation, replies, questions = todo.pop()
        if conversation.phase != "asking" or conversation.advised or abstract(conversation) in seen:
            continue
        seen.add(abstract(conversation))
        most = max(most, questions)
        shown = [reply.message for reply in replies if isinstance(reply, Say)][-1]
        for event in options(conversation, shown):
            if isinstance(event, Answered):
                after, answer = step(conversation, event, book)
                # The same question with its 確かめ方 is no further one.
                more = 0 if after.question == conversation.question else 1
                todo.append((after, answer, questions + more))
    return most


@pytest.mark.parametrize("row", ROWS)
def test_every_way_ends_with_the_person_helped_or_a_person_helping(row: str) -> None:
    ends = {after for _, after in walk(row, company=False).transitions}
    assert {"solved", "handed_over"} <= ends


def test_the_walk_reaches_every_remedy_that_a_row_leads_to_without_a_file() -> None:
    book = book_for(False, True)
    reached = set().union(*(walk(row, company=False).remedies for row in ROWS))
    reached |= set().union(*(walk(row, company=True).remedies for row in ROWS))
    reached |= walk("no_certificate", company=False, switched=True).remedies
    supplied = {name for name, question in book.questions.items() if question.ask is None}
    by_file = {*book.findings, *supplied, "issuer_kind", "sending_as", "whose"}
    ladders = [case for error in book.errors.values() for case in error.case]
    only_by_supplied_facts = {case.do for case in ladders if set(case.known) & by_file} - {
        case.do for case in ladders if not set(case.known) & by_file
    }
    expected = {case.do for case in ladders} - only_by_supplied_facts
    assert expected - reached == set()


def surroundings(book: Book) -> list[Event]:
    """What may happen at any moment, whatever is open."""
    files, trust = sample_files()
    buttons = (
        "send_now", "person", "person:urgent", "explain:grounds", "explain:export", "explain:passed_on",
        "explain:certificate", "language:en", "language:ja", "example:1", "example:2", "solved", "restart",
        "resume", "row:none", "row:name_mismatch", "row:recipient_certificate",
        "answer:network:public", "answer:changed:unknown",
        "ended:choose_certificate:solved", "ended:choose_certificate:not_solved",
        "stopped:choose_certificate",
        "stopped:choose_certificate:no_menu", "stopped:choose_certificate:not_at_pc",
        "stopped:choose_certificate:greyed_out", "applied:renew", "ended:renew:received", "sender:other",
        "sender:profile", "sender:certificate", "forged:button", "answer:no_such_fact:yes", "",
    )  # fmt: skip
    texts = (
        "",
        "🙏",
        "ありがとう",
        "解決しました",
        "まだ直らない",
        "できない",
        "わからない",
        "担当者と話したい",
        "接続しているサーバーは、確認できないセキュリティ証明書を使用しています。",
        "署名に使う証明書が見つからないと Outlook に出ます",
        "Outlook: The name on the security certificate is invalid or does not match the name of the site",
        "会議室の予約ができません",
    )
    inspected = [
        FilesInspected((Inspected(name, inspect(data, at=NOW, trust=trust)),), "check-1", NOW, ("F1",))
        for name, data in files.items()
    ]
    return [
        *(pressed(button, NOW) for button in buttons),
        *(MessagePosted(text, (), NOW) for text in texts),
        *inspected,
    ]


@cache
def wander() -> dict[str, set[str]]:
    """From a sample of every phase's states, everything that may happen at any moment."""
    book = book_for(False, True)
    events = surroundings(book)
    per_phase: dict[str, list[Conversation]] = defaultdict(list)
    observed: dict[str, set[str]] = defaultdict(set)
    seen: set[tuple[object, ...]] = set()
    todo = [start(book)]
    while todo:
        conversation = todo.pop(0)
        if abstract(conversation) in seen or len(per_phase[conversation.phase]) >= 25:
            continue
        seen.add(abstract(conversation))
        per_phase[conversation.phase].append(conversation)
        for event in events:
            after, replies = step(conversation, event, book)
            assert any(isinstance(reply, Say) for reply in replies), (conversation.phase, event)
            observed[conversation.phase].add(after.phase)
            todo.append(after)
    return dict(observed)


def test_the_transitions_that_happen_are_just_those_of_the_table() -> None:
    observed = {phase: set(after) for phase, after in wander().items()}
    for company in (False, True):
        for row in ROWS:
            for before, after in walk(row, company).transitions:
                observed[before].add(after)
    assert observed == {phase: set(after) for phase, after in TRANSITIONS.items()}


def test_pressing_the_same_button_twice_changes_nothing_more() -> None:
    book = book_for(False, True)
    once, _ = step(start(book), RowChosen("no_certificate", NOW), book)
    answered, _ = step(once, Answered("changed", "new_pc", NOW), book)
    again, replies = step(answered, Answered("changed", "new_pc", NOW + timedelta(seconds=1)), book)
    assert again.facts == answered.facts
    assert again.question == answered.question
    assert len(replies) == 1


def test_a_remedy_that_could_not_be_done_never_counts_as_tried() -> None:
    book = book_for(True, True)
    asked, _ = step(start(book), RowChosen("no_certificate", NOW), book)
    advised, _ = step(asked, Answered("changed", "nothing", NOW), book)
    assert advised.remedy
    stopped, _ = step(advised, RemedyNotPossible(advised.remedy, "other", NOW), book)
    assert stopped.remedy != advised.remedy
    assert not any(attempt.counts_as_tried for attempt in stopped.attempts)


def test_after_a_renewal_choosing_the_certificate_is_open_again() -> None:
    book = book_for(True, True)
    files, trust = sample_files()
    asked, _ = step(start(book), RowChosen("no_certificate", NOW), book)
    advised, _ = step(asked, Answered("changed", "nothing", NOW), book)
    assert advised.remedy == "choose_certificate"
    tried, _ = step(advised, RemedyEnded("choose_certificate", "not_solved", NOW), book)
    expired = Inspected("expired.cer", inspect(files["expired.cer"], at=NOW, trust=trust))
    renewing, _ = step(tried, FilesInspected((expired,), "check-9", NOW), book)
    while renewing.phase == "asking":
        assert renewing.question == "new_certificate"
        renewing, _ = step(renewing, Answered("new_certificate", "no", NOW), book)
    assert renewing.remedy == "renew"
    received, _ = step(renewing, RemedyEnded("renew", "received", NOW), book)
    assert received.remedy == "choose_certificate"
