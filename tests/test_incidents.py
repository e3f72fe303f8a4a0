"""What each of many is told whose trouble is part of an incident, without any road."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.desk_events import CameDue, IncidentClosed, IncidentMet, IncidentUpdated
from bot.dialogue import step
from bot.events import Event, MessagePosted, NotMine, PersonAsked, Restarted, SelfSolved, WantsToKnow
from bot.incident import sighted
from bot.incident_card import Standing, incident_card
from bot.limits import require_within
from bot.rendering import drawn
from bot.replies import AddToCase, OpenCase, Reply, Say
from knowledge.book import Book
from knowledge.rows import LANGUAGES

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
UNTRUSTED = "このサーバーのセキュリティ証明書は、信頼されていない証明機関から発行されています、と出ます"
OWN = (
    "Microsoft Outlook cannot sign or encrypt this message because there are no certificates which can be "
    "used to send from the email address 'user@example.co.jp'."
)


def begun(book: Book, text: str = UNTRUSTED, number: int = 1001) -> Conversation:
    new = Conversation(number=number, person="U0SATO00001", began=NOON, touched=NOON)
    return step(new, MessagePosted(text, (), NOON), book)[0]


def met(conversation: Conversation, people: int = 6) -> IncidentMet:
    return IncidentMet(conversation.case, 7, people, NOON, "", None, NOON)


def play(conversation: Conversation, book: Book, *events: Event) -> tuple[Conversation, tuple[Reply, ...]]:
    replies: tuple[Reply, ...] = ()
    for event in events:
        conversation, replies = step(conversation, event, book)
    return conversation, replies


def said(replies: tuple[Reply, ...]) -> list[str]:
    return [str(reply.message.parts) for reply in replies if isinstance(reply, Say)]


def update(conversation: Conversation, text: str = "取り替えています") -> IncidentUpdated:
    return IncidentUpdated(conversation.case, 7, 6, text, NOON, NOON)


def closed(conversation: Conversation, number: int = 7) -> IncidentClosed:
    return IncidentClosed(conversation.case, number, None, "差し替え", "開き直してください", "U0", NOON)


def test_who_reads_english_is_told_of_what_was_written_in_japanese_only(book: Book) -> None:
    note = "It was written in Japanese only."
    trouble = begun(book).model_copy(update={"language": "en"})
    trouble, _ = play(trouble, book, met(trouble))
    assert [text.count(note) for text in said(play(trouble, book, update(trouble))[1])] == [1]
    assert [text.count(note) for text in said(play(trouble, book, update(trouble, "Soon"))[1])] == [0]
    assert [text.count(note) for text in said(play(trouble, book, closed(trouble))[1])] == [1]


def test_a_servers_certificate_is_seen_once_and_peoples_own_never(book: Book) -> None:
    new = Conversation(number=1001, person="U0SATO00001", began=NOON, touched=NOON)
    for text, counts in ((UNTRUSTED, True), (OWN, False)):
        event = MessagePosted(text, (), NOON)
        after, replies = step(new, event, book)
        assert after.row
        assert sighted(new, after, event, replies, book) is counts
        assert not sighted(after, after, event, replies, book)


def test_who_is_part_of_it_waits_and_gets_no_card(book: Book) -> None:
    conversation = begun(book)
    after, replies = play(conversation, book, met(conversation))
    assert after.phase == "handed_over"
    assert "いま 6 人から届いています" in said(replies)[0]
    assert not [one for one in replies if isinstance(one, OpenCase)]


def test_it_is_told_once(book: Book) -> None:
    conversation = begun(book)
    after, _ = play(conversation, book, met(conversation))
    assert play(after, book, met(conversation)) == (after, ())


def test_who_solved_it_meanwhile_is_not_told(book: Book) -> None:
    solved, _ = play(begun(book), book, SelfSolved(NOON))
    for event in (met(solved), update(solved), closed(solved)):
        assert play(solved, book, event) == (solved, ())


def test_an_update_replaces_the_message_and_says_when_it_was_written(book: Book) -> None:
    conversation = begun(book)
    waiting, first = play(conversation, book, met(conversation))
    _, replies = play(waiting, book, update(waiting))
    (before,) = [one for one in first if isinstance(one, Say)]
    (after,) = [one for one in replies if isinstance(one, Say)]
    assert before.slot == after.slot
    assert "11/24 12:00" in said(replies)[0]
    assert "取り替えています" in said(replies)[0]


def test_who_asked_to_know_gets_news_of_their_own(book: Book) -> None:
    conversation = begun(book)
    waiting, _ = play(conversation, book, met(conversation), WantsToKnow(NOON))
    _, replies = play(waiting, book, update(waiting))
    assert [one.slot is None for one in replies if isinstance(one, Say)] == [False, True]
    over, replies = play(waiting, book, closed(waiting))
    assert over.ended
    assert over.ended.how == "incident"
    assert [one.slot is None for one in replies if isinstance(one, Say)] == [False, True]


def test_the_end_of_another_incident_is_nothing_to_them(book: Book) -> None:
    conversation = begun(book)
    waiting, _ = play(conversation, book, met(conversation))
    assert play(waiting, book, closed(waiting, 8)) == (waiting, ())


def test_who_has_another_trouble_goes_on_as_if_there_were_no_incident(book: Book) -> None:
    conversation = begun(book)
    alone, _ = play(conversation, book, met(conversation), NotMine(NOON))
    assert alone.incident is None
    assert alone.phase in ("asking", "advising", "handed_over")
    assert play(alone, book, update(alone)) == (alone, ())


def test_who_wants_a_person_has_a_card_and_hears_of_the_end_alone(book: Book) -> None:
    conversation = begun(book)
    apart, replies = play(conversation, book, met(conversation), PersonAsked(False, NOON))
    assert [one.case for one in replies if isinstance(one, OpenCase)] == [conversation.case]
    assert play(apart, book, update(apart)) == (apart, ())
    after, replies = play(apart, book, closed(apart))
    assert after == apart
    (told,) = said(replies)
    assert "直りました" in told
    assert "このまま担当者が対応します" in told


def test_nobody_is_reminded_of_a_case_that_an_incident_stands_for(book: Book) -> None:
    conversation = begun(book)
    waiting, _ = play(conversation, book, met(conversation))
    due = CameDue("unclaimed", conversation.case, NOON + timedelta(hours=1))
    assert play(waiting, book, due) == (waiting, ())


def test_another_trouble_in_the_same_talk_leaves_the_incident_as_it_is(book: Book) -> None:
    conversation = begun(book)
    waiting, _ = play(conversation, book, met(conversation))
    from_new, _ = play(waiting, book, Restarted(NOON))
    assert from_new.trouble != waiting.trouble
    after, replies = play(from_new, book, closed(waiting))
    assert "直りました" in said(replies)[0]
    assert after.phase == from_new.phase


def test_what_they_write_is_for_the_helpdesk(book: Book) -> None:
    conversation = begun(book)
    waiting, _ = play(conversation, book, met(conversation))
    _, replies = play(waiting, book, MessagePosted("会議室でも同じです", (), NOON))
    assert [one.case for one in replies if isinstance(one, AddToCase)] == [conversation.case]


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_card_stays_within_slacks_limits_whatever_is_written(book: Book, language: str) -> None:
    here = book.with_company(book.company.model_copy(update={"language": language}))
    for row in here.errors:
        incident = Standing(7, row, "*<!channel>`" * 50, NOON, 9999, "&<>" * 1500, NOON, NOON)
        for one in (incident, replace(incident, closed=None)):
            body = drawn(incident_card(one, here), one.name)
            require_within(body["blocks"], body["text"])
            assert "<!channel>" not in str(body["blocks"])
