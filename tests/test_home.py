"""The Home tab as it is drawn: who sees what, in both languages, and never more than Slack takes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation, Phase
from bot.home import BEGIN, Reader, home_view, problems
from bot.home_facts import HANDED_OVER, OWN_OPEN, Case, HandedOver, OfTheDesk, Shown, Week
from bot.knowing import EARLIER_KEPT, fresh
from bot.watching import Watch
from bot.workspace.limits import view_problems
from knowledge.book import Book
from knowledge.rows import LANGUAGES, Language, Words
from tests.road import words
from tests.transcripts import book_for

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 12:00 in Tokyo, a Tuesday
EMPTY = OfTheDesk((), 0, Week(7))


def reader(language: Language = "ja", time_zone: str = "Asia/Tokyo", at: datetime = NOON) -> Reader:
    return Reader(language, time_zone, 30, at)


def case(number: int = 1042, **more: Any) -> Case:
    given: dict[str, Any] = {"row": "no_certificate", "phase": "asking", "touched": NOON} | more
    return Case(case=f"C-{number}", **given)


def handed_over(number: int = 1042, **more: Any) -> HandedOver:
    given: dict[str, Any] = {
        "row": "no_certificate",
        "person": "U0SATO00001",
        "name": "",
        "since": NOON,
    } | more
    return HandedOver(case=f"C-{number}", **given)


def said(shown: Shown, book: Book, read_by: Reader | None = None) -> str:
    return words(home_view(shown, read_by or reader(), book))


def leaves(value: object) -> list[dict[str, Any]]:
    """Everything with a type in a view, however deep."""
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    if not isinstance(value, dict):
        return []
    inner = [leaf for item in value.values() for leaf in leaves(item)]
    return [value, *inner] if "type" in value else inner


def of_type(view: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [leaf for leaf in leaves(view) if leaf["type"] == kind]


# The employee


def test_who_has_no_cases_reads_so_and_can_begin_one(book: Book) -> None:
    view = home_view(Shown(), reader(), book)
    begin, language = of_type(view, "button")
    assert begin["action_id"] == BEGIN
    assert (language["action_id"], language["text"]["text"]) == ("language:en", "English")
    assert "対応中のご相談はありません。" in words(view)
    assert "30 日で消去します" in words(view)
    assert of_type(view, "user") == []


def test_english_is_as_complete_and_leads_back_to_japanese(book: Book) -> None:
    desk = OfTheDesk((handed_over(urgent=True, name="Sato"),), 1, Week(7, (("no_certificate", 2),), 1, 1, 3))
    shown = Shown((case(link="https://example.slack.com/x"),), 1, (case(phase="solved"),), desk)
    view = home_view(shown, reader("en"), book)
    japanese = [sign for sign in words(view) if "\u3040" <= sign <= "\u9fff"]
    assert "".join(japanese) == "日本語"
    assert of_type(view, "button")[1]["action_id"] == "language:ja"


def test_a_case_tells_its_number_error_state_and_leads_to_its_thread(book: Book) -> None:
    view = home_view(Shown((case(link="https://example.slack.com/archives/D1/p1"),), 1), reader(), book)
    assert "C-1042  デジタル署名の証明書が見つからない" in words(view)
    assert "質問へのお返事をお待ちしています\n最終更新 今日 12:00" in words(view)
    (link,) = of_type(view, "link")
    assert link["url"] == "https://example.slack.com/archives/D1/p1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phase_has_words_of_its_own(book: Book, language: Language) -> None:
    phases = get_args(Phase)
    shown = [said(Shown((case(phase=phase),), 1), book, reader(language)) for phase in phases]
    assert len(set(shown)) == len(phases)


def test_a_case_whose_error_is_not_known_or_no_longer_in_the_tables_is_still_shown(book: Book) -> None:
    for row in (None, "a_row_of_another_version"):
        assert "C-1042  エラーの種類は未確認" in said(Shown((case(row=row),), 1), book)


@pytest.mark.parametrize(
    ("language", "zone", "ago", "told"),
    [
        ("ja", "Asia/Tokyo", timedelta(hours=2, minutes=55), "今日 9:05"),
        ("en", "Asia/Tokyo", timedelta(hours=2, minutes=55), "today 09:05"),
        ("ja", "Asia/Tokyo", timedelta(hours=12, minutes=1), "昨日 23:59"),
        ("ja", "Asia/Tokyo", timedelta(days=4), "11月20日（金）12:00"),
        ("en", "Asia/Tokyo", timedelta(days=4), "Fri 20 Nov, 12:00"),
        ("en", "America/Los_Angeles", timedelta(), "today 19:00"),
        ("en", "America/Los_Angeles", timedelta(hours=20), "yesterday 23:00"),
    ],
)
def test_times_are_those_of_the_person(
    book: Book, language: Language, zone: str, ago: timedelta, told: str
) -> None:
    shown = Shown((case(touched=NOON - ago),), 1)
    assert told in said(shown, book, reader(language, zone))


def test_what_is_solved_stands_apart_and_is_not_missed_when_absent(book: Book) -> None:
    assert "最近解決したご相談" not in said(Shown(), book)
    text = said(Shown(closed=(case(phase="solved"),)), book)
    assert text.index("対応中のご相談はありません") < text.index("最近解決したご相談") < text.index("C-1042")


# The helpdesk


def test_an_employee_sees_nothing_of_the_helpdesk(book: Book) -> None:
    text = said(Shown((case(),), 1), book)
    assert "引き継がれた相談" not in text
    assert "日間に来た相談" not in text


def test_an_empty_desk_says_so(book: Book) -> None:
    text = said(Shown(desk=EMPTY), book)
    assert "引き継がれたまま残っている相談はありません。" in text
    assert "この期間に来た相談はありません。" in text
    assert "対応中のご相談" not in text


def test_a_waiting_case_names_the_person_and_marks_what_is_urgent(book: Book) -> None:
    waiting = (handed_over(1, urgent=True, link="https://example.slack.com/c"), handed_over(2))
    view = home_view(Shown(desk=OfTheDesk(waiting, 2, Week(7))), reader(), book)
    assert [user["user_id"] for user in of_type(view, "user")] == ["U0SATO00001"] * 2
    text = words(view)
    assert "■ 急ぎ  C-1  デジタル署名の証明書が見つからない" in text
    assert text.count("急ぎ  ") == 1
    assert "今日 12:00 から" in text
    assert [link["text"] for link in of_type(view, "link")] == ["カードを開く"]


def test_a_case_that_was_let_go_says_since_when_nobody_has_it(book: Book) -> None:
    free = NOON + timedelta(hours=2)
    cases = (handed_over(1, free_since=free), handed_over(2, free_since=free, taken_by="鈴木 健"))
    text = said(Shown(desk=OfTheDesk(cases, 2, Week(7))), book)
    assert "今日 12:00 から · 今日 14:00 から未対応" in text
    assert "今日 12:00 から · 対応中: 鈴木 健" in text


def test_the_week_counts_by_error_and_by_how_it_ended(book: Book) -> None:
    week = Week(7, (("no_certificate", 12), (None, 2)), alone=9, handed_over=4, unmatched=3)
    text = said(Shown(desk=OfTheDesk((), 0, week)), book)
    assert "相談: *14*" in text
    assert "担当者なしで解決: *9*" in text
    assert "担当者に引き継ぎ: *4*" in text
    assert "どのエラーにも当てはまらなかった文: *3*" in text
    assert "デジタル署名の証明書が見つからない: 12 件" in text
    assert "エラーの種類は未確認: 2 件" in text


def test_a_week_of_which_nothing_was_understood_is_not_called_empty(book: Book) -> None:
    text = said(Shown(desk=OfTheDesk((), 0, Week(7, unmatched=5))), book)
    assert "どのエラーにも当てはまらなかった文: *5*" in text
    assert "来た相談はありません" not in text


# What is remembered of earlier troubles


def left(**more: Any) -> Conversation:
    given: dict[str, Any] = {"number": 1042, "person": "U0SATO00001", "began": NOON, "touched": NOON}
    return Conversation(**(given | {"row": "no_certificate", "phase": "advising"} | more))


def test_what_the_helpdesk_has_waits_for_it_however_the_person_went_on(book: Book) -> None:
    (earlier,) = fresh(left(passed_on=True, urgent=True), book).earlier
    assert (earlier.case, earlier.phase, earlier.urgent) == ("C-1042", "handed_over", True)
    (earlier,) = fresh(left(passed_on=True, phase="solved"), book).earlier
    assert earlier.phase == "solved"
    (earlier,) = fresh(left(), book).earlier
    assert earlier.phase == "advising"


def test_only_the_latest_troubles_of_a_conversation_are_kept(book: Book) -> None:
    conversation = left()
    for _ in range(EARLIER_KEPT + 5):
        conversation = fresh(conversation, book).model_copy(update={"row": "no_certificate"})
    assert len(conversation.earlier) == EARLIER_KEPT
    assert fresh(left(row=None), book).earlier == ()


# Slack's limits


def test_three_hundred_cases_are_cut_and_the_rest_counted(book: Book) -> None:
    link = "https://example.slack.com/archives/C0HELPDESK1/p1764000000000001"
    own = tuple(case(number, link=link) for number in range(300))
    waiting = tuple(handed_over(number, link=link) for number in range(300))
    week = Week(7, tuple((f"row_{number}", 1) for number in range(300)))
    view = home_view(Shown(own, 300, own, OfTheDesk(waiting, 300, week)), reader(), book)
    assert view_problems(view) == []
    text = words(view)
    assert f"ほか {300 - OWN_OPEN} 件" in text
    assert f"ほか {300 - HANDED_OVER} 件" in text
    assert f"C-{OWN_OPEN - 1}  " in text


def test_what_was_not_read_counts_too(book: Book) -> None:
    own = tuple(case(number) for number in range(OWN_OPEN))
    assert "ほか 7 件" in said(Shown(own, OWN_OPEN + 7), book)


HOSTILE = (
    "<!channel>",
    "<@U0123456789>",
    "<https://example.org|bank>",
    "@here",
    "&lt;!channel&gt;",
    "\x07\u202e\ud800\x00",
    "🀄" * 2000,
    "*太字* `x`",
    "",
)
texts = st.sampled_from(HOSTILE) | st.text(max_size=200)
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@given(texts, texts, moments, st.sampled_from(LANGUAGES))
def test_no_name_and_no_id_makes_a_mention_a_link_or_a_view_that_slack_refuses(
    name: str, person: str, at: datetime, language: Language
) -> None:
    waiting = (handed_over(person=person, name=name, since=at),)
    view = home_view(Shown(desk=OfTheDesk(waiting, 1, Week(7))), reader(language), book_for(False, True))
    assert view_problems(json.loads(json.dumps(view))) == []
    assert of_type(view, "link") == []
    assert of_type(view, "mrkdwn") == []
    assert all(user["user_id"].isalnum() for user in of_type(view, "user"))
    assert "<" not in words(view)
    assert not any(ord(sign) < 32 and sign != "\n" for sign in words(view))


def test_the_longest_texts_of_a_company_still_fit(book: Book) -> None:
    longest = Words(ja="🀄" * 1000, en="l" * 1000)
    errors = {name: row.model_copy(update={"title": longest}) for name, row in book.errors.items()}
    loud = replace(book, phrases=dict.fromkeys(book.phrases, longest), errors=errors)
    waiting = tuple(handed_over(number, urgent=True) for number in range(300))
    week = Week(7, tuple((row, 1) for row in book.errors), 1, 1, 1)
    own = tuple(case(number) for number in range(300))
    view = home_view(Shown(own, 300, own, OfTheDesk(waiting, 300, week)), reader(), loud)
    assert view_problems(view) == []


def test_the_check_knows_what_slack_refuses(book: Book) -> None:
    view = home_view(Shown(), reader(), book)
    assert problems(view) == []
    small = view["blocks"][-1]
    many = [small | {"block_id": f"b{number}"} for number in range(101)]
    assert problems(view | {"blocks": many}) == ["view: 101 blocks, at most 100"]
    assert problems(view | {"blocks": [small, small]}) == ["view: an id twice"]
    long = {"type": "text", "text": "長" * 5000}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [long]}]}
    large = [rich | {"block_id": f"b{number}"} for number in range(10)]
    assert problems(view | {"blocks": large})[0].startswith("view: 3")


# What is watched


def watch(number: int, **more: Any) -> Watch:
    given: dict[str, Any] = {
        "team": "T1",
        "person": "U0SATO00001",
        "fingerprint": f"{number:064x}",
        "purpose": "email",
        "not_after": NOON + timedelta(days=number),
        "due": NOON,
        "state": "watching",
    } | more
    return Watch(id=number, **given)


def test_certificates_that_are_watched_stand_there_with_a_way_to_stop(book: Book) -> None:
    view = home_view(Shown(watches=(watch(3), watch(9, state="stopped"))), reader(), book)
    assert "メール用: 2026年11月27日（金）、あと 3 日" in words(view)
    ids = [button["action_id"] for button in of_type(view, "button")]
    assert ids[-2:] == ["watch:stop:3", "watch:resume:9"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_can_be_shown_are_counted_beside_a_full_desk(book: Book, language: Language) -> None:
    desk = OfTheDesk(
        tuple(handed_over(number) for number in range(HANDED_OVER)),
        90,
        Week(7, tuple((f"row {number}", 9) for number in range(20)), 1, 2, 3),
    )
    cases = tuple(case(number) for number in range(OWN_OPEN))
    shown = Shown(cases, 30, cases[:3], desk, tuple(watch(number) for number in range(50)))
    view = home_view(shown, reader(language), book)
    assert problems(view) == []
    assert "40" in words(view)
