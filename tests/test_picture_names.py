"""What is read in a picture is taken for a known name only where letters look alike, and never silently."""

import pytest

from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.dialogue import step
from bot.events import FilesInspected
from bot.evidence import compared_with
from bot.looked import PictureRead
from bot.picture_names import as_known, confirmed, is_server, looks_like, unconfirmed
from bot.replies import Say
from tests.transcripts import NOW, book_for


def conversation() -> Conversation:
    return Conversation(number=1, person="U1", profile="user@example.co.jp", began=NOW, touched=NOW)


def seen(company: bool, server: str) -> Conversation:
    """After a picture of the warning about this server's name."""
    lines = (server, "対象のプリンシパル名が間違っています。", "はい(Y)", "いいえ(N)")
    picture = PictureRead("a.png", lines)
    after, _ = step(conversation(), FilesInspected((picture,), "check-1", NOW), book_for(company, True))
    return after


@pytest.mark.parametrize(
    "read",
    [
        "outlook.office365.com",
        "0utlook.0ffice365.com",
        "outIook.office365.com",
        "OUTLOOK.OFFICE365.COM",
        "outlook office365 com",
        "outlookoffice365.com",
        "out|ook.office36S.com",
        "outlook.office365.c0m",
        "outlook.office365.corn",
    ],
)
def test_a_name_that_looks_like_the_companys_server_is_the_companys(read: str) -> None:
    after = seen(True, read)
    assert after.facts["server_name"].value == "outlook.office365.com"
    assert unconfirmed(after, book_for(True, True)) is None


@pytest.mark.parametrize("read", ["outlock.office365.com", "mail.office365.com", "outlook.office355.com"])
def test_any_other_name_stays_as_it_was_read_and_unconfirmed(read: str) -> None:
    after = seen(True, read)
    assert unconfirmed(after, book_for(True, True)) == read
    assert compared_with(after, book_for(True, True)) == (None, None, "server")


def test_a_name_that_was_said_before_is_taken_for_the_one_that_is_read() -> None:
    book = book_for(False, True)
    said = confirmed(conversation(), book, "mail.example.co.jp")
    assert as_known(said, book, (), "mai1.exarnple.co.jp") == "mail.example.co.jp"
    assert as_known(said, book, ("サーバー mail example co jp: 警告",), None) == "mail.example.co.jp"
    assert as_known(said, book, ("webmail.example.co.jp",), None) is None


def test_a_confirmed_name_is_compared_with_certificates() -> None:
    book = book_for(False, True)
    after, _ = step(seen(False, "nail.example.co.jp"), pressed("server:as_read", NOW), book)
    assert unconfirmed(after, book) is None
    assert compared_with(after, book) == (None, "nail.example.co.jp", "server")


def test_confirming_what_nobody_read_is_said_to_have_expired() -> None:
    book = book_for(False, True)
    after, replies = step(conversation(), pressed("server:as_read", NOW), book)
    assert isinstance(replies[0], Say)
    assert after.facts == {}


def test_a_wildcard_stands_for_one_label() -> None:
    assert is_server("mai1.examp1e.co.jp", "*.example.co.jp")
    assert not is_server("a.mail.example.co.jp", "*.example.co.jp")
    assert not is_server("example.co.jp", "*.example.co.jp")


def test_an_address_differs_by_more_than_its_looks() -> None:
    assert looks_like("u5er@examp1e.co.jp", "user@example.co.jp")
    assert not looks_like("used@example.co.jp", "user@example.co.jp")


def test_a_conversation_that_an_earlier_version_stored_is_read() -> None:
    stored = conversation().model_dump(mode="json")
    del stored["other_programs"]
    assert Conversation.model_validate(stored).other_programs == ()
