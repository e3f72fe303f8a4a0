"""Feedback buttons, and dialogs with every kind of field, in Chromium: at a desk and on a phone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from bot.workspace.people import SATO, SMITH, direct_message
from tests.browser import ALEX, DESKTOP, HANAKO, PHONE, Visit, marks, visit
from tests.workspace_stage import Stage, stage

Json = dict[str, Any]
pytestmark = marks()


@pytest.fixture(scope="module")
def here() -> Iterator[Stage]:
    with stage() as found:
        yield found


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def asked(block_id: str, label: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "a", **element},
        **more,
    }


def option(value: str, text: str) -> Json:
    return {"text": plain(text), "value": value}


BUTTON: Json = {
    "type": "actions",
    "block_id": "open",
    "elements": [{"type": "button", "action_id": "open", "text": plain("終了する / Close")}],
}


def dialog(title: str = "解決済みにする") -> Json:
    return {
        "type": "modal",
        "title": plain(title),
        "submit": plain("送る"),
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*C-1042* 何で直りましたか"}},
            {"type": "context", "elements": [plain("あとで直せます")]},
            asked(
                "cure",
                "方法",
                {"type": "static_select", "options": [option("1", "更新"), option("2", "再起動")]},
            ),
            asked(
                "whose",
                "誰が",
                {"type": "radio_buttons", "options": [option("me", "自分で"), option("it", "情シスが")]},
            ),
            asked(
                "told",
                "伝えること",
                {"type": "checkboxes", "options": [option("m", "メール"), option("p", "電話")]},
                optional=True,
            ),
            asked("day", "日", {"type": "datepicker", "initial_date": "2026-12-01"}),
            asked("time", "時刻", {"type": "timepicker", "initial_time": "17:00", "timezone": "Asia/Tokyo"}),
            asked("until", "期限", {"type": "datetimepicker"}, optional=True),
            asked("note", "メモ", {"type": "plain_text_input", "multiline": True}),
        ],
    }


def open_dialog(here: Stage, person: Visit, channel: str, view: Json) -> None:
    """A button in a message opens it, as a click's trigger allows."""

    async def opened(payload: Json) -> None:
        if payload["actions"][0]["action_id"] == "open":
            await here.client.views_open(trigger_id=payload["trigger_id"], view=view)

    here.answers["block_actions"] = opened
    here.call("chat.postMessage", channel=channel, text="?", blocks=[BUTTON])
    person.press("終了する / Close")


@pytest.mark.parametrize(
    ("user", "channel", "size"),
    [(HANAKO, direct_message(SATO.id), DESKTOP), (ALEX, direct_message(SMITH.id), PHONE)],
    ids=["desktop", "phone"],
)
def test_feedback_stays_pressed_and_tells_the_app_its_side(
    browser: Browser, here: Stage, user: str, channel: str, size: ViewportSize
) -> None:
    here.answers.clear()
    person = visit(browser, here.address, user, size)
    element = {
        "type": "feedback_buttons",
        "action_id": "opinion",
        "positive_button": {"text": plain("役に立った"), "value": "good"},
        "negative_button": {"text": plain("だめだった"), "value": "bad"},
    }
    blocks: list[Json] = [
        {"type": "section", "text": plain("直りました")},
        {"type": "context_actions", "block_id": "f", "elements": [element]},
    ]
    answer = here.call("chat.postMessage", channel=channel, text="直りました", blocks=blocks)
    here.heard.clear()
    good, bad = (
        person.messages.get_by_role("button", name=name).last for name in ("役に立った", "だめだった")
    )
    good.press("Enter")
    expect(good).to_have_attribute("aria-pressed", "true")
    [told] = here.hears("block_actions")["actions"]
    told.pop("action_ts")
    assert told == {
        "type": "feedback_buttons",
        "text": {**plain("役に立った")},
        "value": "good",
        "action_id": "opinion",
        "block_id": "f",
    }
    bad.press("Enter")
    here.hears("block_actions", 2)
    expect(good).to_have_attribute("aria-pressed", "false")
    blocks[0]["text"] = plain("ありがとうございます")
    here.call("chat.update", channel=channel, ts=answer["ts"], text="ありがとう", blocks=blocks)
    person.sees("ありがとうございます")
    expect(bad).to_have_attribute("aria-pressed", "true")
    person.page.reload()
    expect(bad).to_have_attribute("aria-pressed", "true")
    assert person.overflow() <= 0
    assert person.faults == []


def test_feedback_that_did_not_reach_the_app_is_not_shown_as_given(browser: Browser, here: Stage) -> None:
    here.answers.clear()
    hanako = visit(browser, here.address, HANAKO)
    side = {"text": plain("よい"), "value": "good"}
    element = {
        "type": "feedback_buttons",
        "positive_button": side,
        "negative_button": side | {"value": "bad"},
    }
    blocks = [{"type": "context_actions", "elements": [element]}]
    here.call("chat.postMessage", channel=direct_message(SATO.id), text="?", blocks=blocks)
    url, here.workspace.event_url = here.workspace.event_url, "http://127.0.0.1:9/"
    try:
        good = hanako.messages.get_by_role("button", name="よい").nth(-2)
        good.click()
        expect(hanako.page.get_by_text("うまくいきませんでした")).to_be_visible()
        expect(good).to_have_attribute("aria-pressed", "false")
    finally:
        here.workspace.event_url = url


@pytest.mark.parametrize(
    ("user", "channel", "size"),
    [(HANAKO, direct_message(SATO.id), DESKTOP), (ALEX, direct_message(SMITH.id), PHONE)],
    ids=["desktop", "phone"],
)
def test_a_dialog_from_a_button_takes_every_kind_of_field(
    browser: Browser, here: Stage, user: str, channel: str, size: ViewportSize
) -> None:
    person = visit(browser, here.address, user, size)
    here.heard.clear()
    open_dialog(here, person, channel, dialog())

    async def submitted(payload: Json) -> Json:
        note = payload["view"]["state"]["values"]["note"]["a"]["value"]
        if note == "短い":
            return {"response_action": "errors", "errors": {"note": "もう少し詳しく", "time": "遅すぎます"}}
        if note == "次へ":
            return {"response_action": "update", "view": dialog("もう一度")}
        return {"response_action": "clear"}

    here.answers["view_submission"] = submitted
    shown = person.page.get_by_role("dialog", name="解決済みにする")
    expect(shown).to_be_visible()
    assert person.overflow() <= 0
    assert shown.evaluate("node => node.scrollWidth <= node.clientWidth")
    shown.get_by_label("方法").select_option(label="再起動")
    shown.get_by_label("情シスが").press("Space")
    shown.get_by_label("電話").press("Space")
    shown.get_by_label("日", exact=True).fill("2026-12-24")
    shown.get_by_label("時刻").fill("09:30")
    shown.get_by_label("期限").fill("2026-12-25T18:00")
    shown.get_by_label("メモ").fill("短い")
    shown.get_by_role("button", name="送る").press("Enter")
    expect(shown.get_by_text("もう少し詳しく")).to_be_visible()
    expect(shown.get_by_text("遅すぎます")).to_be_visible()
    values = here.hears("view_submission")["view"]["state"]["values"]
    until = int(datetime(2026, 12, 25, 18, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp())
    assert {block: next(iter(entry.values())) for block, entry in values.items()} == {
        "cure": {"type": "static_select", "selected_option": option("2", "再起動")},
        "whose": {"type": "radio_buttons", "selected_option": option("it", "情シスが")},
        "told": {"type": "checkboxes", "selected_options": [option("p", "電話")]},
        "day": {"type": "datepicker", "selected_date": "2026-12-24"},
        "time": {"type": "timepicker", "selected_time": "09:30", "timezone": "Asia/Tokyo"},
        "until": {"type": "datetimepicker", "selected_date_time": until},
        "note": {"type": "plain_text_input", "value": "短い"},
    }
    shown.get_by_label("メモ").fill("次へ")
    shown.get_by_role("button", name="送る").click()
    again = person.page.get_by_role("dialog", name="もう一度")
    expect(again.get_by_label("時刻")).to_have_value("09:30")
    again.get_by_label("メモ").fill("終わりました")
    again.get_by_role("button", name="送る").click()
    expect(again).to_have_count(0)
    assert person.faults == []


def test_a_choice_in_a_dialog_changes_it_and_what_was_filled_in_is_told(
    browser: Browser, here: Stage
) -> None:
    hanako = visit(browser, here.address, HANAKO)
    first = dialog("選ぶ")
    first["blocks"][2]["dispatch_action"] = True
    open_dialog(here, hanako, direct_message(SATO.id), first)

    async def chosen(payload: Json) -> None:
        changed = dialog("選びました")
        changed["blocks"][2]["dispatch_action"] = True
        view = payload["view"]
        await here.client.views_update(view_id=view["id"], hash=view["hash"], view=changed)

    shown = hanako.page.get_by_role("dialog", name="選ぶ")
    shown.get_by_label("メモ").fill("途中")
    here.answers["block_actions"] = chosen
    here.heard.clear()
    shown.get_by_label("方法").select_option(label="更新")
    changed = hanako.page.get_by_role("dialog", name="選びました")
    expect(changed.get_by_label("メモ")).to_have_value("途中")
    values = here.hears("block_actions")["view"]["state"]["values"]
    assert values["note"]["a"]["value"] == "途中"
    assert values["cure"]["a"]["selected_option"]["value"] == "1"
    hanako.page.keyboard.press("Escape")
    expect(changed).to_have_count(0)
    assert hanako.faults == []


def test_a_button_tells_what_the_fields_of_its_message_hold(browser: Browser, here: Stage) -> None:
    here.answers.clear()
    hanako = visit(browser, here.address, HANAKO)
    menu = {
        "type": "static_select",
        "action_id": "m",
        "options": [option("1", "更新"), option("2", "再起動")],
    }
    send = {"type": "button", "action_id": "send", "text": plain("これで送る")}
    blocks = [
        {
            "type": "actions",
            "block_id": "b",
            "elements": [menu, {"type": "timepicker", "action_id": "t"}, send],
        }
    ]
    here.call("chat.postMessage", channel=direct_message(SATO.id), text="?", blocks=blocks)
    here.heard.clear()
    row = hanako.messages.get_by_test_id("message").last
    row.get_by_role("combobox").select_option(label="再起動")
    here.hears("block_actions", 1)
    row.locator("input[type=time]").fill("08:15")
    here.hears("block_actions", 2)
    row.get_by_role("button", name="これで送る").click()
    values = here.hears("block_actions", 3)["state"]["values"]["b"]
    assert values["m"]["selected_option"]["value"] == "2"
    assert values["t"] == {"type": "timepicker", "selected_time": "08:15"}
    assert hanako.faults == []
