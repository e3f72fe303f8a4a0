"""A certificate that is watched, in Chromium: the clock is moved, and its owner hears of it in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from bot.workspace.people import SATO, SMITH, TANAKA
from tests.browser import ALEX, DESKTOP, HANAKO, PHONE, Visit, marks, product, visit
from tests.certificates import authority, person
from tests.test_browser_desk import move_clock, shown_date

pytestmark = marks()

NOW, DAY = datetime.now(UTC), timedelta(days=1)
ROOT = authority(start=NOW - 900 * DAY, end=NOW + 9000 * DAY)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workspace that trusts ROOT."""
    folder = tmp_path_factory.mktemp("watch")
    (folder / "root.cer").write_bytes(ROOT.der)
    with product(folder / "var", TRUST_ROOTS=str(folder / "root.cer")) as found:
        yield found


class Owner(Visit):
    """Somebody with a certificate, and somebody at a desk who moves the clock."""

    def __init__(self, browser: Browser, address: str, user: str, size: ViewportSize = DESKTOP) -> None:
        self.mover = visit(browser, address, TANAKA.id)
        page = browser.new_page(viewport=size, has_touch=size is not DESKTOP)
        super().__init__(page, address, user)
        self.began = shown_date(self.mover).replace(hour=12, minute=0, tzinfo=None)

    def show(self, address: str, days: int) -> None:
        """Drops a certificate for this address into the talk; so many days after they began it runs out."""
        end = (self.began + days * DAY).replace(tzinfo=UTC)
        made = person(ROOT, addresses=[address], start=NOW - DAY, end=end)
        self.attach(("mine.cer", made.der))
        self.page.get_by_test_id("send").click()

    def later(self, days: int) -> None:
        """It is so many days after they began."""
        move_clock(self.mover, self.began + days * DAY)

    def is_faultless(self) -> bool:
        return self.faults == self.mover.faults == [] and self.overflow() <= 0


def test_a_certificate_is_watched_reminded_of_put_off_and_given_up_for_a_newer_one(
    browser: Browser, address: str
) -> None:
    hanako = Owner(browser, address, HANAKO)
    hanako.show(SATO.email, 40)
    hanako.press("期限の前に知らせる")
    hanako.sees("期限の前に、このアプリからの DM でお知らせします")
    hanako.later(14)
    hanako.sees("メール用の証明書の期限まで、あと")
    hanako.sees("更新のしかた")
    hanako.press("1 週間後にまた")
    hanako.sees("もう一度お知らせします")
    hanako.later(24)
    expect(hanako.messages.get_by_text("更新のしかた")).to_have_count(2)
    hanako.press("更新した")
    hanako.sees("新しい証明書の .cer をここに置いてください")
    hanako.show(SATO.email, 400)
    hanako.sees("前の証明書")
    expect(hanako.messages.get_by_text("どのエラーが出ていますか")).to_have_count(1)  # before it was watched
    hanako.write("期限の一覧")
    hanako.sees("期限を見守っている証明書")
    expect(hanako.messages.get_by_text("メール用: ")).to_have_count(1)
    hanako.go("general")
    hanako.write("@証明書ヘルプ 期限の一覧")
    hanako.sees("期限を見守っている証明書")
    hanako.press("もう知らせない")
    hanako.sees("もうお知らせしません")
    assert hanako.is_faultless()


def test_the_reminders_are_listed_stopped_and_wanted_again_on_a_phone(browser: Browser, address: str) -> None:
    alex = Owner(browser, address, ALEX, PHONE)
    alex.show(SMITH.email, 100)
    alex.press("Remind me before it runs out")
    alex.sees("I will remind you by direct message")
    alex.press("Show all")
    alex.sees("Certificates that I watch for you")
    alex.press("No more reminders")
    alex.sees("There will be no more reminders")
    alex.later(75)
    alex.press("Remind me again")
    alex.sees("I will remind you again")
    expect(alex.messages.get_by_text("How to renew it")).to_have_count(0)
    alex.later(96)
    alex.sees("Days left for your mail certificate")
    alex.sees("Again tomorrow")
    assert alex.is_faultless()
