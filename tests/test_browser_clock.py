"""The workspace's clock in Chromium: moved by one, seen by all, at a desk, by keyboard and on a phone."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser import ALEX, DESKTOP, HANAKO, KEN, PHONE, ROBIN, Visit, marks, visit

pytestmark = marks()

TOKYO = ZoneInfo("Asia/Tokyo")


def shown(person: Visit) -> datetime:
    """What the clock on this page says."""
    said = person.page.get_by_test_id("clock").locator("time").get_attribute("datetime")
    assert said is not None
    return datetime.fromisoformat(said)


@pytest.mark.parametrize(
    ("user", "size", "label", "note"),
    [
        (KEN, DESKTOP, "ためしに時計を進める", "本物の Slack にはありません"),
        (ALEX, PHONE, "Move the clock, to try things", "The real Slack has nothing like it"),
    ],
    ids=["desktop", "phone"],
)
def test_one_press_moves_the_clock_for_everybody(
    browser: Browser, address: str, user: str, size: ViewportSize, label: str, note: str
) -> None:
    hanako = visit(browser, address, HANAKO)
    hanako.write("おはようございます")
    hanako.sees("今日")
    before = shown(hanako)
    mover = visit(browser, address, user, size)
    if size is PHONE:
        mover.page.get_by_test_id("menu").click()
    mover.page.get_by_role("button", name=label).click()
    panel = mover.page.get_by_role("dialog", name=label)
    expect(panel).to_contain_text(note)
    assert mover.overflow() <= 0
    panel.get_by_test_id("clock-tomorrow").click()
    expect(panel).to_have_count(0)
    expect(hanako.page.get_by_text(re.compile("時計を .* に進めました"))).to_be_visible()
    hanako.sees("昨日")
    nine = (before.astimezone(TOKYO) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    for person in (hanako, mover):
        assert timedelta(0) <= shown(person) - nine < timedelta(minutes=5)
    hanako.write("もう朝です")
    assert hanako.sees("もう朝です").is_visible()
    assert hanako.faults == mover.faults == []


def test_any_later_moment_is_entered_by_keyboard_and_an_earlier_one_is_refused(
    browser: Browser, address: str
) -> None:
    robin = visit(browser, address, ROBIN)
    robin.page.get_by_test_id("clock").press("Enter")
    panel = robin.page.get_by_test_id("clock-panel")
    expect(panel.get_by_test_id("clock-minutes")).to_be_focused()
    field = panel.get_by_test_id("clock-to")
    field.fill("2020-01-01T09:00")
    field.press("Enter")
    expect(panel.get_by_role("alert")).to_have_text("Please choose a later date and time.")
    wanted = (datetime.now(UTC) + timedelta(days=40)).astimezone(TOKYO).replace(second=0, microsecond=0)
    field.fill(wanted.strftime("%Y-%m-%dT%H:%M"))
    field.press("Enter")
    expect(panel).to_have_count(0)
    assert timedelta(0) <= shown(robin) - wanted < timedelta(minutes=5)
    expect(robin.page.get_by_test_id("clock")).to_be_focused()
    expect(robin.page.get_by_test_id("clock")).to_contain_text("ahead")
    robin.page.get_by_test_id("clock").press("Enter")
    robin.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    robin.page.reload()
    robin.page.get_by_test_id("composer").wait_for()
    assert shown(robin) >= wanted
    assert robin.faults == []
