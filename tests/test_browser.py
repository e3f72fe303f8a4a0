"""The main job in Chromium: employee and helpdesk, both languages, on a desk and on a phone."""

import re
import struct
import zlib

import pytest
from playwright.sync_api import Browser, Route, ViewportSize, expect

from bot.workspace.people import ITO
from tests.browser import ALEX, DESKTOP, HANAKO, KEN, PHONE, marks, visit
from tests.transcripts import sample_files

pytestmark = marks()

NO_CERTIFICATE = (
    "見積もりが送れません\nMicrosoft Outlook cannot sign or encrypt this message because there are no "
    "certificates which can be used to send from the email address 'user@example.co.jp'."
)

# An earlier scrolling is told when the picture has its height and before the page can follow it.
DRAWN_LATE = """picture => {
  window.drawn = new Promise((done) => {
    picture.onload = () => {
      picture.closest(".messages").dispatchEvent(new Event("scroll"));
      done();
    };
  });
}"""
AT_ITS_END = """picture => {
  const list = picture.closest(".messages");
  return list.scrollHeight - list.scrollTop - list.clientHeight <= 1;
}"""


def blank_picture(width: int, height: int) -> bytes:
    """A white PNG: nothing can be read in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def sample(name: str) -> tuple[str, bytes]:
    return name, sample_files()[0][name]


def test_a_pasted_error_and_a_dropped_file_become_a_remedy_and_the_helpdesk_sees_the_case(
    browser: Browser, address: str
) -> None:
    hanako = visit(browser, address, HANAKO)
    hanako.sees("パスワードや .pfx／.p12 ファイルは送らないでください")
    hanako.write(NO_CERTIFICATE)
    hanako.sees("デジタル署名の証明書が見つからない（ご自分のメール用の証明書）")
    hanako.press("特にない")
    hanako.sees("Outlook が使う証明書を選び直します")
    hanako.attach(sample("expired.cer"))
    hanako.write("これです")
    hanako.sees("証明書の期限が切れています")
    hanako.press("まだ")
    hanako.sees("証明書の更新を申し込みます")
    hanako.press("担当者と話す")
    hanako.sees("受付番号")
    ken = visit(browser, address, KEN)
    ken.page.get_by_test_id("channel-helpdesk").click()
    ken.sees("証明書の期限が切れています")
    ken.sees("佐藤 花子")
    assert hanako.faults == []
    assert ken.faults == []


def test_the_same_in_english_on_a_phone(browser: Browser, address: str) -> None:
    alex = visit(browser, address, ALEX, PHONE)
    alex.sees("Never send passwords")
    alex.write("Outlook cannot sign this message because there are no certificates which can be used to send")
    alex.sees("No certificate found to sign with (your own mail certificate)")
    assert alex.overflow() <= 0
    alex.press("I never used signing")
    alex.sees("Turn the setting for signing and encrypting off")
    alex.press("Could not do it")
    alex.press("It is greyed out")
    alex.sees("a person takes over")
    assert alex.overflow() <= 0
    ken = visit(browser, address, KEN, PHONE)
    ken.page.get_by_test_id("menu").click()
    ken.page.get_by_test_id("channel-helpdesk").click()
    ken.sees("Alex Smith")
    assert ken.overflow() <= 0
    assert alex.faults == []
    assert ken.faults == []


def test_after_it_is_solved_there_is_one_question_and_a_thumb_and_no_more(
    browser: Browser, address: str
) -> None:
    ito = visit(browser, address, ITO.id, PHONE)
    ito.write("署名の証明書の有効期限が切れています、と出ます")
    ito.press("受け取った")
    ito.sees("Outlook が使う証明書を選び直します")
    ito.press("担当者と話す")
    ito.press("自分で解決した")
    ito.sees("どれで直りましたか")
    ito.press("Outlook が使う証明書を選び直した")
    ito.sees("同じことでお困りの方へのご案内に生かします")
    ito.press("役に立たなかった")
    ito.sees("お役に立てず、すみません")
    ito.press("役に立った")
    ito.sees("ご回答ありがとうございます")
    expect(ito.messages.get_by_text("お役に立てず、すみません")).to_have_count(0)
    expect(ito.messages.get_by_text("どれで直りましたか")).to_have_count(1)
    assert ito.faults == []
    assert ito.overflow() <= 0


@pytest.mark.parametrize(
    ("user", "size", "again", "answer"),
    [
        (HANAKO, PHONE, ("新しい相談", "新しい相談ですね"), "画面の文は、どれに近いですか?"),
        (ALEX, DESKTOP, ("new question", "A new question, then"), "Which of these is the screen like?"),
    ],
    ids=["phone", "desktop"],
)
def test_the_answer_stays_in_sight_when_the_picture_above_it_is_drawn_late(
    browser: Browser, address: str, user: str, size: ViewportSize, again: tuple[str, str], answer: str
) -> None:
    person = visit(browser, address, user, size)
    person.write(again[0])
    person.sees(again[1])
    held: list[Route] = []
    person.page.route(
        re.compile("/local/file/"),
        lambda route: held.append(route) if route.request.resource_type == "image" else route.continue_(),
    )
    person.attach(("screen.png", blank_picture(400, 900)))
    with person.page.expect_request(lambda request: request.resource_type == "image"):
        person.write("")
        person.sees(answer)
    picture = person.messages.get_by_alt_text("screen.png").last
    picture.evaluate(DRAWN_LATE)
    for route in held:
        route.continue_()
    person.page.evaluate("window.drawn")
    # Waited for: an older picture may be drawn in this moment, and the page follows it in the next.
    person.page.wait_for_function(AT_ITS_END, arg=picture.element_handle())
    assert person.faults == []


def test_an_example_and_a_sample_are_tried_by_keyboard_alone(browser: Browser, address: str) -> None:
    alex = visit(browser, address, ALEX)
    alex.sees("Never send passwords")
    example = alex.messages.get_by_role("button", name="My certificate expired", exact=True).last
    example.wait_for()
    example.focus()
    alex.page.keyboard.press("Enter")
    alex.sees("Have you received the new certificate yet?")
    menu = alex.page.get_by_test_id("sample-menu")
    menu.focus()
    alex.page.keyboard.press("Enter")
    alex.page.get_by_role("menuitem", name="A good certificate").press("Enter")
    alex.page.get_by_text("good.cer").first.wait_for()
    alex.page.get_by_test_id("send").press("Enter")
    alex.sees("The certificate itself is fine")
    assert alex.faults == []


def test_a_private_key_is_refused_and_the_helpdesk_is_told(browser: Browser, address: str) -> None:
    hanako = visit(browser, address, HANAKO)
    hanako.write("新しい相談")
    hanako.sees("新しい相談ですね")
    hanako.attach(sample("with-private-key.pem"))
    hanako.write("この証明書です")
    hanako.sees("このファイルには秘密キーが入っています")
    ken = visit(browser, address, KEN)
    ken.page.get_by_test_id("channel-helpdesk").click()
    ken.sees("秘密キーの入ったファイルが送られました")
    assert hanako.faults == []


def test_what_looks_like_a_mention_or_markup_stays_text(browser: Browser, address: str) -> None:
    hanako = visit(browser, address, HANAKO)
    hanako.write("新しい相談")
    hanako.sees("新しい相談ですね")
    hanako.write("<!channel> <script>alert(1)</script> 会議室の予約ができません")
    hanako.sees("推測でのご案内は控えます")
    assert hanako.page.locator("script:not([src])").count() == 0
    assert hanako.faults == []


def test_one_person_does_not_see_what_another_wrote(browser: Browser, address: str) -> None:
    alex = visit(browser, address, ALEX)
    alex.sees("Never send passwords")
    assert alex.page.get_by_text("見積もりが送れません").count() == 0
    assert alex.page.get_by_test_id("channel-helpdesk").count() == 0
