"""Many at once in Chromium: people join, one card stands for all, and one word reaches everybody."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.workspace.people import GARCIA, ITO, TAKAHASHI
from tests.browser import ALEX, HANAKO, KEN, PHONE, Visit, marks, product, visit
from tests.test_browser_desk import send

pytestmark = marks()

UNTRUSTED = "このサーバーのセキュリティ証明書は、信頼されていない証明機関から発行されています、と出ます"
IN_ENGLISH = (
    "The server you are connected to is using a security certificate that cannot be verified. "
    "The certificate was issued by a certification authority that is not trusted."
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three with the same are an incident here."""
    with product(tmp_path_factory.mktemp("incidents") / "var", INCIDENT_PEOPLE="3") as found:
        yield found


def card(person: Visit) -> Locator:
    """The incident's card in the helpdesk's channel."""
    return person.messages.get_by_test_id("thread").filter(has_text=re.compile(r"I-1\s+ルート証明書")).first


def fill(person: Visit, opened_by: str, fields: dict[str, str], submit: str) -> None:
    card(person).get_by_role("button", name=opened_by, exact=True).click()
    send(person, fields, submit)


def test_people_join_hear_one_update_and_all_are_told_when_it_works_again(
    browser: Browser, address: str
) -> None:
    ken = visit(browser, address, KEN)
    ken.go("helpdesk")
    hanako, alex = visit(browser, address, HANAKO), visit(browser, address, ALEX)
    ito, maria = visit(browser, address, ITO.id, PHONE), visit(browser, address, GARCIA.id, PHONE)
    takahashi = visit(browser, address, TAKAHASHI.id)

    hanako.write(UNTRUSTED)
    hanako.press("担当者と話す")
    hanako.sees("受付番号")
    ito.write(UNTRUSTED)
    ito.sees("どこから接続していますか")
    alex.write(IN_ENGLISH)
    alex.sees("3 people have the same trouble just now.")
    hanako.sees("同じ症状のご相談が、いま 3 人から届いています")
    ito.sees("同じ症状のご相談が、いま 3 人から届いています")
    ken.sees("C-1001 → I-1 にまとめました")
    expect(card(ken)).to_contain_text("3 人")

    maria.write(IN_ENGLISH)
    maria.sees("4 people have the same trouble just now.")
    takahashi.write(UNTRUSTED)
    takahashi.sees("同じ症状のご相談が、いま 5 人から届いています")
    takahashi.press("自分のは違う")
    takahashi.sees("別の件として、続けてご案内します")
    takahashi.sees("どこから接続していますか")
    hanako.press("直ったら知らせる")
    hanako.sees("直ったら、ここでお知らせします")
    fill(ken, "全員に知らせる", {"いまの様子": "サーバーの証明書を入れ替えています"}, "知らせる")
    for person in (hanako, alex, ito, maria):
        person.sees("サーバーの証明書を入れ替えています")
    expect(card(ken)).to_contain_text("全員に知らせたこと")
    expect(hanako.messages.get_by_text("サーバーの証明書を入れ替えています")).to_have_count(2)
    expect(ito.messages.get_by_text("サーバーの証明書を入れ替えています")).to_have_count(1)

    card(ken).get_by_role("button", name="メンバーを見る").click()
    ken.sees("I-1 の相談 4 件")
    fill(ken, "直った・終わりにする", {"全員へのひとこと": "お待たせしました"}, "終わりにする")
    for person, told in ((hanako, "直りました"), (ito, "直りました"), (alex, "It works again")):
        person.sees(told)
        person.sees("お待たせしました")
    maria.sees("It works again")
    expect(hanako.messages.get_by_role("button", name="役に立った")).to_have_count(1)
    expect(card(ken)).to_contain_text("終わりました")
    expect(card(ken).get_by_role("button", name="直った・終わりにする")).to_have_count(0)
    expect(card(ken)).to_contain_text("直し方 足りないルート証明書を、情報システム部が配った")

    hanako.press("まだ直らない")
    hanako.sees("担当者にもう一度お願いしました")
    ken.sees("C-1001 まだ直らないそうです")
    expect(takahashi.messages.get_by_text("直りました")).to_have_count(0)
    people = (ken, hanako, alex, ito, maria, takahashi)
    assert [person.faults for person in people] == [[]] * len(people)
    assert all(person.overflow() <= 0 for person in people)
