"""Employee and helpdesk side by side in Chromium: what one does, the other sees, and nothing else."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Route, ViewportSize, expect

from bot.workspace.people import ITO, TAKAHASHI, TANAKA
from tests.browser import ALEX, DESKTOP, HANAKO, KEN, PHONE, Visit, marks, product, visit
from tests.pictures import draw, png
from tests.transcripts import sample_files
from tests.windows import WINDOWS

pytestmark = marks()

NAME_MISMATCH = "送信すると「対象のプリンシパル名が間違っています」と出ます"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A workspace for each test: they move its clock."""
    with product(tmp_path / "var") as found:
        yield found


class Case:
    """One employee's case, and the helpdesk's pages on which its card stands."""

    def __init__(self, browser: Browser, address: str, user: str, size: ViewportSize = DESKTOP) -> None:
        self.ken = visit(browser, address, KEN)
        self.misaki = visit(browser, address, TANAKA.id)
        for person in (self.ken, self.misaki):
            person.go("helpdesk")
        self.employee = visit(browser, address, user, size)
        self.employee.write(NAME_MISMATCH)
        self.employee.sees("ドメインの不一致")
        self.employee.press("担当者と話す")
        said = self.employee.sees("受付番号").inner_text()
        found = re.search(r"C-\d+", said)
        assert found
        self.number = found[0]

    def card(self, person: Visit) -> Locator:
        """The case's card as somebody at the helpdesk sees it in the channel."""
        heading = re.compile(rf"{self.number}\s+ドメインの不一致")
        return person.messages.get_by_test_id("thread").filter(has_text=heading).first

    def press(self, person: Visit, label: str) -> None:
        self.card(person).get_by_role("button", name=label, exact=True).click()

    def thread(self, person: Visit) -> Locator:
        """The card's thread, opened beside the channel."""
        self.card(person).get_by_test_id("replies").click()
        return person.page.get_by_test_id("thread-panel")

    def fill(self, person: Visit, opened_by: str, fields: dict[str, str], submit: str) -> None:
        """Opens a dialog of the card, fills it in and sends it."""
        self.press(person, opened_by)
        send(person, fields, submit)

    def is_taken_by(self, person: Visit, name: str, other: str) -> bool:
        """Which of the two has it, once one of them has."""
        card = self.card(person)
        expect(card).to_contain_text(re.compile(f"対応中 ({name}|{other})"))
        return f"対応中 {name}" in card.inner_text()

    def is_faultless(self) -> bool:
        people = (self.employee, self.ken, self.misaki)
        assert [person.faults for person in people] == [[], [], []]
        return all(person.overflow() <= 0 for person in people)


def send(person: Visit, fields: dict[str, str], submit: str) -> None:
    """Fills in the dialog that is open, and sends it."""
    dialog = person.page.get_by_role("dialog")
    for label, value in fields.items():
        dialog.get_by_label(label).fill(value)
    dialog.get_by_role("button", name=submit, exact=True).click()
    expect(dialog).to_have_count(0)


def write_in_thread(person: Visit, text: str) -> None:
    field = person.page.get_by_test_id("thread-composer")
    field.fill(text)
    field.press("Enter")


def move_clock(person: Visit, to: datetime) -> None:
    """The workspace's clock, to this time on the wall in Tokyo."""
    person.page.get_by_test_id("clock").press("Enter")
    panel = person.page.get_by_test_id("clock-panel")
    field = panel.get_by_test_id("clock-to")
    field.fill(f"{to:%Y-%m-%dT%H:%M}")
    field.press("Enter")
    expect(panel).to_have_count(0)


def shown_date(person: Visit) -> datetime:
    said = person.page.get_by_test_id("clock").locator("time").get_attribute("datetime")
    assert said is not None
    return datetime.fromisoformat(said) + timedelta(hours=9)


@pytest.mark.parametrize(("user", "size"), [(HANAKO, DESKTOP), (ITO.id, PHONE)], ids=["desktop", "phone"])
def test_what_an_employee_adds_is_on_the_card_at_once_and_who_took_it_is_seen(
    browser: Browser, address: str, user: str, size: ViewportSize
) -> None:
    case = Case(browser, address, user, size)
    employee, ken, misaki = case.employee, case.ken, case.misaki
    employee.sees("担当者に渡した内容")
    employee.sees("メールサーバーの証明書（エラー文）")
    expect(case.card(misaki)).to_contain_text("未対応")
    employee.press("希望・連絡先を伝える")
    wishes = {
        "いつまでに送りたいですか?": "今日 17:00",
        "連絡のつく方法": "内線 2231",
        "PC の名前": "PC-3382",
    }
    send(employee, wishes, "伝える")
    employee.sees("担当者に伝えました")
    for value in wishes.values():
        expect(case.card(ken)).to_contain_text(value)

    held: list[Route] = []
    for person in (ken, misaki):
        person.page.route("**/local/action", lambda route: held.append(route))
        case.press(person, "引き受ける")
    assert len(held) == 2
    for press in held:
        press.continue_()
    first, second = (ken, misaki) if case.is_taken_by(ken, "鈴木 健", "田中 美咲") else (misaki, ken)
    winner = "鈴木 健" if first is ken else "田中 美咲"
    second.sees(f"{case.number} は、先に {winner} さんが引き受けています")
    expect(case.card(second)).to_contain_text(f"対応中 {winner}")
    employee.sees(f"{winner} さんが引き受けました")
    expect(first.messages.get_by_text("さんが引き受けています")).to_have_count(0)
    expect(employee.messages.get_by_text("さんが引き受けました")).to_have_count(1)
    assert case.is_faultless()


def test_a_reply_is_there_at_once_and_for_a_minute_it_can_be_taken_back(
    browser: Browser, address: str
) -> None:
    case = Case(browser, address, TAKAHASHI.id)
    employee, ken, misaki = case.employee, case.ken, case.misaki
    case.press(ken, "利用者に返信")
    dialog = ken.page.get_by_role("dialog")
    dialog.get_by_label("利用者に届く文").fill(" \u200b\u0007")
    dialog.get_by_role("button", name="送る").click()
    expect(dialog).to_contain_text("本文を書いてください")  # nothing that anybody could see
    send(ken, {"利用者に届く文": "再起動してみてください"}, "送る")
    employee.sees("再起動してみてください")
    employee.sees("担当者の 鈴木 健 さんから")
    thread = case.thread(ken)
    thread.get_by_role("button", name="取り消す").click()
    expect(employee.messages.get_by_text("再起動してみてください")).to_have_count(0)
    expect(thread).to_contain_text("利用者の画面からは消えています")
    expect(thread.get_by_role("button", name="取り消す")).to_have_count(0)

    case.fill(misaki, "質問する", {"質問": "どのネットワークですか"}, "送る")
    employee.sees("田中 美咲 さんからの質問")
    undo = thread.get_by_role("button", name="取り消す")
    expect(undo).to_have_count(1)
    ken.page.get_by_test_id("clock").press("Enter")
    ken.page.get_by_test_id("clock-minutes").click()
    expect(undo).to_have_count(0)
    employee.sees("どのネットワークですか")
    assert case.is_faultless()


def test_talk_among_the_helpdesk_stays_there_and_files_reach_it(browser: Browser, address: str) -> None:
    case = Case(browser, address, HANAKO)
    employee, ken, misaki = case.employee, case.ken, case.misaki
    case.press(ken, "引き受ける")
    employee.sees("引き受けました")
    thread = case.thread(ken)
    write_in_thread(ken, "前にも同じ件がありました")
    theirs = case.thread(misaki)
    expect(theirs).to_contain_text("前にも同じ件がありました")
    write_in_thread(ken, ">> 折り返しお電話します")
    employee.sees("折り返しお電話します")
    expect(employee.messages.get_by_text("前にも同じ件がありました")).to_have_count(0)

    picture = png(draw(WINDOWS["name"]))
    certificate = sample_files()[0]["expired.cer"]
    for name, data in (("warning.png", picture), ("mine.cer", certificate)):
        employee.attach((name, data))
        employee.page.get_by_test_id("send").click()
        link = theirs.get_by_test_id("file").filter(has_text=name)
        expect(link).to_be_visible()
        with misaki.page.expect_download() as download:
            link.click()
        assert download.value.path().read_bytes() == data
    expect(thread).to_contain_text("別の用途のもの")
    expect(employee.messages.get_by_text("別の用途のもの")).to_have_count(0)  # no advice beside a person's
    assert case.is_faultless()


def test_a_closed_case_names_the_cure_and_the_employee_opens_it_again(browser: Browser, address: str) -> None:
    case = Case(browser, address, HANAKO)
    employee, ken, misaki = case.employee, case.ken, case.misaki
    case.press(misaki, "解決済みにする")
    dialog = misaki.page.get_by_role("dialog")
    cure = dialog.get_by_label("何で直りましたか?")
    expect(cure.locator("option:checked")).to_have_text("メールサーバーの証明書を、情報システム部が直した")
    cure.select_option("ほかのこと（下に書く）")
    dialog.get_by_role("button", name="解決済みにする").click()
    expect(dialog).to_contain_text("何が効いたかを書いてください")
    send(misaki, {"「ほかのこと」の内容": "証明書を入れ替えた"}, "解決済みにする")
    employee.sees("田中 美咲 さんが、この相談を解決済みにしました")
    employee.sees("直し方: 証明書を入れ替えた")
    expect(case.card(ken)).to_contain_text("解決済み")
    expect(case.card(ken).get_by_role("button", name="利用者に返信")).to_have_count(0)

    employee.press("まだ直らない")
    employee.sees("担当者にもう一度お願いしました")
    expect(case.card(ken)).to_contain_text("対応中 田中 美咲")
    ken.sees("まだ直らないそうです")
    assert case.is_faultless()


def test_over_a_weekend_nobody_is_reminded_and_on_the_next_working_day_all_are(
    browser: Browser, address: str
) -> None:
    mover = visit(browser, address, ALEX)
    today = shown_date(mover)
    friday = today.date() + timedelta(days=(4 - today.weekday()) % 7 or 7)
    move_clock(mover, datetime.combine(friday, time(17, 50)))
    silent = visit(browser, address, ITO.id)
    silent.write("署名の証明書の有効期限が切れています、と出ます")
    silent.press("受け取った")
    silent.sees("Outlook が使う証明書を選び直します")
    case = Case(browser, address, TAKAHASHI.id)
    reminder = case.ken.messages.get_by_text(f"{case.number} まだ引き受けた人がいません")

    move_clock(mover, datetime.combine(friday + timedelta(days=2), time(12, 0)))
    case.employee.write("まだ待っています")  # what was due before this is done once it is answered
    case.employee.sees("まだ待っています")
    expect(reminder).to_have_count(0)
    monday = friday + timedelta(days=3)
    move_clock(mover, datetime.combine(monday, time(9, 30)))
    expect(reminder).to_have_count(1)
    silent.sees("その後いかがですか")
    tuesday = monday + timedelta(days=1)
    move_clock(mover, datetime.combine(tuesday, time(9, 31)))
    case.ken.sees(f"{case.number} 前の営業日から未対応です")
    silent.sees("いったん終わりにしました")
    case.press(case.misaki, "引き受ける")
    case.employee.sees("田中 美咲 さんが引き受けました")
    assert silent.faults == mover.faults == []
    assert case.is_faultless()
