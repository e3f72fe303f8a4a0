"""Broadcast replies, edits and deletions in Chromium, while somebody looks."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from bot.workspace.people import GENERAL_CHANNEL, SATO, direct_message
from tests.browser import ALEX, DESKTOP, HANAKO, PHONE, marks, visit
from tests.workspace_stage import Stage, stage

pytestmark = marks()


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    with stage() as found:
        yield found


def post(here: Stage, channel: str, text: str, **more: Any) -> str:
    return str(here.call("chat.postMessage", channel=channel, text=text, **more)["ts"])


@pytest.mark.parametrize(
    ("user", "size", "line"),
    [(HANAKO, DESKTOP, "スレッドに返信しました"), (ALEX, PHONE, "Replied to a thread")],
    ids=["desktop", "phone"],
)
def test_a_broadcast_reply_leads_from_the_channel_to_its_thread(
    browser: Browser, here: Stage, user: str, size: ViewportSize, line: str
) -> None:
    person = visit(browser, here.address, user, size)
    person.go("general")
    root = post(here, GENERAL_CHANNEL, f"停止のお知らせ {user}")
    post(here, GENERAL_CHANNEL, f"静かな返信 {user}", thread_ts=root)
    post(here, GENERAL_CHANNEL, f"復旧しました {user}", thread_ts=root, reply_broadcast=True)
    shown = person.messages.get_by_test_id("message").filter(has_text=f"復旧しました {user}")
    expect(shown).to_contain_text(line)
    expect(person.messages.get_by_text(f"静かな返信 {user}")).to_have_count(0)
    assert person.overflow() <= 0
    shown.get_by_test_id("broadcast").press("Enter")
    panel = person.page.get_by_test_id("thread-panel")
    expect(panel).to_contain_text(f"静かな返信 {user}")
    expect(panel).to_contain_text(f"復旧しました {user}")
    assert person.faults == []


def test_in_a_talk_a_broadcast_reply_stands_in_its_thread_and_below(browser: Browser, here: Stage) -> None:
    hanako = visit(browser, here.address, HANAKO)
    talk = direct_message(SATO.id)
    root = post(here, talk, "前の相談")
    post(here, talk, "あとの相談")
    post(here, talk, "前の相談が直りました", thread_ts=root, reply_broadcast=True)
    expect(hanako.messages.get_by_text("前の相談が直りました")).to_have_count(2)
    expect(hanako.messages.get_by_test_id("message").last).to_contain_text("スレッドに返信しました前の相談")
    hanako.messages.get_by_test_id("broadcast").click()
    expect(hanako.messages.locator(f'[data-ts="{root}"]')).to_be_focused()
    assert hanako.faults == []


def test_what_the_bot_changes_or_deletes_changes_while_the_thread_is_open(
    browser: Browser, here: Stage
) -> None:
    alex = visit(browser, here.address, ALEX)
    alex.go("general")
    root = post(here, GENERAL_CHANNEL, "A question")
    reply = post(here, GENERAL_CHANNEL, "Looking into it", thread_ts=root)
    last = post(here, GENERAL_CHANNEL, "One moment", thread_ts=root)
    question = alex.messages.get_by_test_id("thread").filter(has_text="A question")
    question.get_by_test_id("replies").click()
    panel = alex.page.get_by_test_id("thread-panel")
    expect(panel).to_contain_text("Looking into it")
    here.call("chat.update", channel=GENERAL_CHANNEL, ts=reply, text="Found it")
    expect(panel).to_contain_text("Found it")
    expect(panel).not_to_contain_text("Looking into it")
    here.call("chat.delete", channel=GENERAL_CHANNEL, ts=reply)
    expect(panel).not_to_contain_text("Found it")
    here.call("chat.delete", channel=GENERAL_CHANNEL, ts=root)
    for place in (panel, alex.messages):
        expect(place).to_contain_text("This message was deleted.")
        expect(place).not_to_contain_text("A question")
    here.call("chat.delete", channel=GENERAL_CHANNEL, ts=last)
    expect(panel).to_have_count(0)
    expect(alex.messages).not_to_contain_text("This message was deleted.")
    assert alex.faults == []
