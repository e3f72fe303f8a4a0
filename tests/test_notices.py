"""Notices as they are decided and drawn: whom one fits, what the dialog takes, what stands where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.conversation import Conversation, Handed, Noticed
from bot.dialogue import step
from bot.events import FilesInspected, LanguageChosen, MessagePosted, PersonAsked
from bot.home import Reader, home_view, problems
from bot.home_facts import OfTheDesk, OpenIncident, Shown, Week
from bot.looked import File, Inspected
from bot.notice import Notice, Told, fits, moment
from bot.notice_forms import entered_notice, notice_faults, notice_form
from bot.notice_lead import AT_ONCE, led, may_lead
from bot.replies import CheckFiles, OpenCase, Reply, Say, Text
from bot.watching import Watch
from bot.workspace.limits import view_problems
from checks.report import inspect
from knowledge.book import Book
from knowledge.facts import Known
from knowledge.rows import LANGUAGES, Language
from tests.road import words
from tests.test_home import case, handed_over
from tests.transcripts import sample_files

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # 12:00 in Tokyo, a Tuesday
EXPIRED = "expired_or_revoked"
SERVER = "mail.example.co.jp"
NAMED = {"server_name": Known(value="Mail.Example.co.jp.", source="answer")}


def notice(number: int = 7, **more: Any) -> Notice:
    given: dict[str, Any] = {
        "row": None,
        "server": None,
        "ja": "今夜、入れ替えます",
        "en": "",
        "starts": NOW,
        "until": NOW + timedelta(hours=21),
        "by": "U0SUZUKI001",
    }
    return Notice(number, **(given | more))


def conversation(**more: Any) -> Conversation:
    given: dict[str, Any] = {"number": 1042, "person": "U0SATO00001", "began": NOW, "touched": NOW}
    return Conversation(**(given | more))


# Whom it fits


@pytest.mark.parametrize(
    ("about", "state", "said", "is_for"),
    [
        ({}, {}, "", True),
        ({}, {"row": EXPIRED, "facts": NAMED}, "", True),
        ({"row": EXPIRED}, {"row": EXPIRED}, "", True),
        ({"row": EXPIRED}, {"row": "no_certificate"}, "", False),
        ({"row": EXPIRED}, {}, "", False),
        ({"server": SERVER}, {"row": EXPIRED, "facts": NAMED}, "", True),
        ({"server": SERVER}, {"facts": NAMED}, "", True),
        ({"server": SERVER}, {"row": EXPIRED}, "", False),
        ({"server": SERVER}, {"quoted": f"{SERVER.upper()} の証明書"}, "", True),
        ({"server": SERVER}, {}, f"サーバー{SERVER}に", True),
        ({"server": SERVER}, {}, f"({SERVER}).", True),
        ({"server": SERVER}, {}, f"smtp.{SERVER}", False),
        ({"server": SERVER}, {}, f"{SERVER}.example.com", False),
        ({"server": SERVER}, {}, f"hanako@{SERVER}", False),
        (
            {"row": EXPIRED, "server": SERVER},
            {"row": EXPIRED, "facts": NAMED},
            "",
            True,
        ),
        ({"row": EXPIRED, "server": SERVER}, {"row": EXPIRED}, "", False),
        ({"row": EXPIRED, "server": SERVER}, {"facts": NAMED}, "", False),
    ],
)
def test_it_fits_who_has_this_error_with_this_server(
    book: Book, about: dict[str, Any], state: dict[str, Any], said: str, *, is_for: bool
) -> None:
    assert fits(notice(**about), conversation(**state), book, said) is is_for


# What is said


def turn(
    before: Conversation, event: Any, book: Book, *up: Notice
) -> tuple[Conversation, tuple[Reply, ...], bool]:
    after, replies = step(before, event, book)
    may = may_lead(before, after, event, replies)
    return (*led(after, event, replies, up, book), True) if may else (after, replies, False)


def first_text(replies: tuple[Reply, ...]) -> str:
    said = next(reply for reply in replies if isinstance(reply, Say))
    part = said.message.parts[0]
    return part.text if isinstance(part, Text) else ""


ROW = "Outlook で、署名の証明書の有効期限が切れています、と出ます"


def test_it_heads_one_message_and_the_talk_goes_on_as_without_it(book: Book) -> None:
    event = MessagePosted(ROW, (), NOW)
    plain, without = step(conversation(), event, book)
    after, replies, _ = turn(conversation(), event, book, notice())
    assert first_text(replies) == "*情報システム部からのお知らせ*\n今夜、入れ替えます"
    said, same = replies[0], without[0]
    assert isinstance(said, Say)
    assert isinstance(same, Say)
    assert said.message.parts[3:] == same.message.parts
    assert replies[1:] == without[1:]
    assert after.model_copy(update={"noticed": ()}) == plain
    _, later, _ = turn(after, MessagePosted("わからない", (), NOW), book, notice())
    assert "お知らせ" not in first_text(later)


def test_of_many_the_rest_heads_the_next_message(book: Book) -> None:
    up = [notice(number, ja=f"その {number}") for number in range(AT_ONCE + 1)]
    after, _, _ = turn(conversation(), MessagePosted(ROW, (), NOW), book, *up)
    assert [one.number for one in after.noticed] == list(range(AT_ONCE))
    _, replies, _ = turn(after, MessagePosted("わからない", (), NOW), book, *up)
    assert first_text(replies).endswith(f"その {AT_ONCE}")


def test_it_waits_for_what_the_files_tell(book: Book) -> None:
    before = conversation()
    posted = MessagePosted("", (File("F1", "expired.cer"),), NOW)
    after, replies, asked = turn(before, posted, book, notice())
    assert not asked
    (check,) = (reply for reply in replies if isinstance(reply, CheckFiles))
    report = inspect(sample_files()[0]["expired.cer"], at=NOW)
    told = FilesInspected((Inspected("expired.cer", report),), check.slot, NOW, ("F1",))
    _, replies, asked = turn(after, told, book, notice())
    assert asked
    assert first_text(replies).endswith("入れ替えます")


def test_a_card_that_is_drawn_in_the_same_turn_is_the_card_that_is_drawn_later(book: Book) -> None:
    after, replies, _ = turn(conversation(row=EXPIRED), PersonAsked(False, NOW), book, notice(en="Tonight"))
    (now,) = (reply for reply in replies if isinstance(reply, OpenCase))
    _, replies, _ = turn(after, PersonAsked(True, NOW), book)
    (later,) = (reply for reply in replies if isinstance(reply, OpenCase))
    assert now.card.parts[-2] == Text(
        "*本人に見せたお知らせ*\n「今夜、入れ替えます」（11月25日（水）9:00 まで）"
    )
    assert later.card.parts[-2] == now.card.parts[-2]


def test_another_trouble_of_the_conversation_names_only_what_is_about_it(book: Book) -> None:
    shown: dict[str, Any] = {"text": "別の件", "language": "ja", "until": NOW, "trouble": 1}
    noticed = (
        Noticed(number=1, row=EXPIRED, **shown),
        Noticed(number=2, **shown | {"text": "全員に"}),
    )
    state = conversation(row="no_certificate", trouble=2, noticed=noticed)
    _, replies = step(state, PersonAsked(False, NOW), book)
    (opened,) = (reply for reply in replies if isinstance(reply, OpenCase))
    assert "全員に" in str(opened.card)
    assert "別の件" not in str(opened.card)


def test_who_turns_the_language_reads_it_again_in_that_one(book: Book) -> None:
    both = notice(en="We renew it tonight")
    after, _, _ = turn(conversation(), MessagePosted(ROW, (), NOW), book, both)
    after, replies, _ = turn(after, LanguageChosen("en", NOW), book, both)
    assert first_text(replies) == "*A notice from the IT department*\nWe renew it tonight"
    _, replies, _ = turn(after, LanguageChosen("en", NOW), book, both)
    assert "notice" not in first_text(replies)


def test_where_a_person_has_the_case_or_an_incident_says_more_it_is_not_even_asked_for(book: Book) -> None:
    handed = Handed(since=NOW, taken_by="U0SUZUKI001", taken_name="鈴木 健")
    taken = conversation(row=EXPIRED, phase="handed_over", passed_on=True, handed=handed)
    assert not turn(taken, MessagePosted("どうですか", (), NOW), book, notice())[2]
    solved = conversation(row=EXPIRED, phase="solved")
    assert not turn(solved, MessagePosted("ありがとう", (), NOW), book, notice())[2]


# The dialog

GOOD = {
    "notice_ja": "今夜、入れ替えます",
    "notice_row": "*",
    "notice_until_date": "2026-11-25",
    "notice_until_time": "09:00",
}


@pytest.mark.parametrize(
    ("entered", "wrong"),
    [
        ({}, set()),
        ({"notice_ja": " \u200b\n"}, {"notice_ja"}),
        ({"notice_server": "mail.example.co.jp"}, set()),
        ({"notice_server": "あのサーバー"}, {"notice_server"}),
        ({"notice_until_date": "2026-11-24", "notice_until_time": "11:59"}, {"notice_until_date"}),
        ({"notice_until_date": "2026-11-24", "notice_until_time": "12:01"}, set()),
        ({"notice_until_date": "2062-11-24"}, {"notice_until_date"}),
        ({"notice_until_date": "9999-12-31"}, {"notice_until_date"}),
        ({"notice_until_date": ""}, {"notice_until_date"}),
        ({"notice_until_time": ""}, {"notice_until_time"}),
        ({"notice_from_date": "2026-11-24"}, {"notice_from_time"}),
        ({"notice_from_time": "22:00"}, {"notice_from_date"}),
        ({"notice_from_date": "2026-11-24", "notice_from_time": "22:00"}, set()),
        ({"notice_from_date": "2026-11-25", "notice_from_time": "09:00"}, {"notice_from_date"}),
        ({"notice_from_date": "2026-11-01", "notice_from_time": "09:00"}, set()),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_beside_its_field(
    book: Book, entered: dict[str, str], wrong: set[str], language: Language
) -> None:
    values = GOOD | entered
    assert set(notice_faults(values, NOW, language, book)) == wrong
    assert (entered_notice(values, NOW, "U0SUZUKI001", book) is None) is bool(wrong)


def test_what_was_entered_is_taken_by_the_clock_of_the_company(book: Book) -> None:
    entered = {
        "notice_row": EXPIRED,
        "notice_server": "https://MAIL.example.co.jp/",
        "notice_en": " ",
        "notice_from_date": "2026-11-24",
        "notice_from_time": "22:00",
    }
    assert entered_notice(GOOD | entered, NOW, "U0SUZUKI001", book) == notice(
        0,
        row=EXPIRED,
        server="mail.example.co.jp",
        starts=datetime(2026, 11, 24, 13, 0, tzinfo=UTC),
        until=datetime(2026, 11, 25, 0, 0, tzinfo=UTC),
    )
    past = {"notice_from_date": "2026-11-01", "notice_from_time": "09:00"}
    begun = entered_notice(GOOD | past, NOW, "U0SUZUKI001", book)
    assert begun
    assert begun.starts == NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dialog_is_one_that_slack_takes_and_ends_when_the_helpdesk_is_there_again(
    book: Book, language: Language
) -> None:
    friday = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
    view = notice_form(book, language, friday)
    assert view_problems(view) == []
    elements = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert elements["notice_until_date"]["initial_date"] == "2026-11-30"
    assert elements["notice_until_time"]["initial_time"] == "09:00"
    assert elements["notice_until_time"]["timezone"] == "Asia/Tokyo"
    values = {"notice_ja": "x", "notice_until_date": "2026-11-30", "notice_until_time": "09:00"}
    assert notice_faults(values, friday, language, book) == {}


# The Home tab


def reader(language: Language = "ja") -> Reader:
    return Reader(language, "Asia/Tokyo", 30, NOW)


def test_an_employee_reads_what_is_about_whom_and_no_names(book: Book) -> None:
    up = (notice(row=EXPIRED, server=SERVER), notice(8, en="Tonight"))
    home = home_view(Shown(notices=up), reader(), book)
    assert f"対象: {book.errors[EXPIRED].title.ja} · {SERVER}" in words(home)
    assert "11月25日（水）9:00 まで" in words(home)
    assert "U0SUZUKI001" not in str(home)
    assert "notice:end" not in str(home)
    assert "Tonight" in words(home_view(Shown(notices=up), reader("en"), book))


def test_a_row_that_is_gone_from_the_tables_does_no_harm(book: Book) -> None:
    desk = OfTheDesk((), 0, Week(7))
    for shown in (Shown(), Shown(desk=desk)):
        assert "今夜" in words(home_view(replace(shown, notices=(notice(row="gone"),)), reader(), book))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("told", [Told("ended", "U0X00000001"), Told("put_up"), Told("over")])
def test_the_fullest_home_tab_with_the_longest_notices_is_one_that_slack_takes(
    book: Book, language: Language, told: Told
) -> None:
    many = tuple(notice(number, ja="長" * 500, row=EXPIRED, server=SERVER) for number in range(50))
    since = NOW - timedelta(hours=1)
    shown = Shown(
        open=tuple(case(number) for number in range(30)),
        open_count=300,
        closed=tuple(case(number, phase="solved") for number in range(30)),
        desk=OfTheDesk(
            tuple(handed_over(number) for number in range(300)),
            300,
            Week(7, tuple((row, 1) for row in book.errors), 1, 1, 1),
            tuple(OpenIncident(f"I-{n}", EXPIRED, SERVER, 7, since) for n in range(30)),
        ),
        watches=tuple(
            Watch(n, "T", "U", "ab" * 32, "email", NOW + timedelta(days=n), NOW, "watching")
            for n in range(30)
        ),
        notices=many,
        told=told,
    )
    home = home_view(shown, reader(language), book)
    assert problems(home) == []
    assert view_problems(home) == []


def test_moments_are_read_in_both_languages() -> None:
    assert moment(NOW, "Asia/Tokyo", "ja") == "11月24日（火）12:00"
    assert moment(NOW, "Europe/Berlin", "en") == "Tue 24 Nov, 04:00"
