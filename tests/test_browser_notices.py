"""A notice in Chromium: put up from the Home tab, read at a desk and on a phone, and ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.workspace.people import TAKAHASHI
from tests.browser import ALEX, HANAKO, KEN, PHONE, Visit, marks, product, visit

pytestmark = marks()

NOTICE = "今夜 22 時から、メールサーバーの証明書を入れ替えます。"
ENGLISH = "The mail server gets a new certificate tonight."
NAME_MISMATCH = "送信すると「対象のプリンシパル名が間違っています」と出ます"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with product(tmp_path / "var") as found:
        yield found


def home_of(person: Visit) -> Locator:
    person.page.get_by_test_id("tab-home").click()
    home = person.page.get_by_test_id("home")
    expect(home.get_by_role("heading").first).to_be_visible()
    return home


def test_who_meets_planned_work_reads_of_it_first_and_is_helped_below(browser: Browser, address: str) -> None:
    ken = visit(browser, address, KEN)
    ken.go("証明書ヘルプ")
    home = home_of(ken)
    home.get_by_role("button", name="お知らせを出す").click()
    dialog = ken.page.get_by_role("dialog")
    dialog.get_by_label("お知らせの文（日本語）").fill(NOTICE)
    dialog.get_by_label("お知らせの文（英語）").fill(ENGLISH)
    dialog.get_by_label("どのエラーの人に見せますか?").select_option("ドメインの不一致")
    until = dialog.get_by_label("いつまで（日付）")
    chosen = until.input_value()
    until.fill("2026-01-05")
    dialog.get_by_role("button", name="出す", exact=True).click()
    expect(dialog).to_contain_text("もう過ぎた日時です")
    expect(dialog.get_by_label("お知らせの文（日本語）")).to_have_value(NOTICE)
    until.fill(chosen)
    dialog.get_by_role("button", name="出す", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(home).to_contain_text(NOTICE)
    expect(home).to_contain_text("@鈴木 健")

    hanako, takahashi = visit(browser, address, HANAKO), visit(browser, address, TAKAHASHI.id, PHONE)
    alex = visit(browser, address, ALEX, PHONE)
    for person in (hanako, takahashi):
        person.write(NAME_MISMATCH)
        person.sees(NOTICE)
        person.sees("ドメインの不一致")
        person.press("わからない")  # the question is there as ever
    alex.write("The target principal name is incorrect")
    alex.sees(ENGLISH)
    hanako.press("担当者と話す")
    hanako.sees("受付番号")
    expect(hanako.messages.get_by_text(NOTICE)).to_have_count(1)
    expect(home_of(takahashi)).to_contain_text(NOTICE)

    ken.go("helpdesk")
    ken.sees("本人に見せたお知らせ")
    ken.go("証明書ヘルプ")
    home = home_of(ken)
    home.get_by_role("button", name="終わりにする").click()
    expect(home).to_contain_text("出ているお知らせはありません")
    takahashi.page.get_by_test_id("tab-messages").click()
    expect(home_of(takahashi)).not_to_contain_text(NOTICE)
    people = (ken, hanako, takahashi, alex)
    assert [person.faults for person in people] == [[], [], [], []]
    assert all(person.overflow() <= 0 for person in people)
