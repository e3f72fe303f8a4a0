"""The surfaces of the page in Chromium, with a small Bolt app: shortcuts, dialog, Home, strangers."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.installed import installed
from bot.workspace.people import LEE, SMITH
from bot.workspace.workspace import Workspace
from tests.browser import ALEX, DESKTOP, HANAKO, KEN, PHONE, ROBIN, Visit, marks
from tests.workspace_app import dispatched_to, listening

Json = dict[str, Any]
Words = dict[str, str]
pytestmark = marks()

MANIFEST: Json = {
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/certhelp", "description": "相談する / Ask for help", "usage_hint": "[text]"},
            {"command": "/certstop", "description": "やめる / Stop"},
        ],
        "shortcuts": [
            {"type": "message", "name": "調べる / Check", "callback_id": "check", "description": "x"},
            {"type": "global", "name": "質問 / Question", "callback_id": "ask", "description": "x"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "assistant:write", "im:write", "commands"]}},
    "settings": {
        "event_subscriptions": {
            "bot_events": ["app_home_opened", "app_mention", "message.im", "message.mpim", "message.channels"]
        }
    },
}

JA: Words = {
    "actions": "その他の操作",
    "told": "本人に知らせました",
    "only you": "あなただけに表示されています",
    "dialog": "新しい相談",
    "error": "エラーの文",
    "send": "送る",
    "wrong": "証明書のことを書いてください",
    "no command": "このコマンドはありません",
    "not in threads": "コマンドはスレッドでは使えません",
    "shortcuts": "ショートカットとコマンド",
    "welcome": "いらっしゃいませ",
    "again": "もう一度",
    "example": "期限が切れた",
    "status": "調べています…",
    "group": "Alex Smith、証明書ヘルプ",
}
EN: Words = {
    "actions": "More actions",
    "told": "The author was told",
    "only you": "Only visible to you",
    "dialog": "New question",
    "error": "The error",
    "send": "Send",
    "wrong": "Write about a certificate",
    "no command": "There is no such command",
    "not in threads": "Commands do not work in threads",
    "shortcuts": "Shortcuts and commands",
    "welcome": "Welcome",
    "again": "Again",
    "example": "It has expired",
    "status": "is looking…",
    "group": "佐藤 花子, 証明書ヘルプ",
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, label: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(label)}


def dialog(japanese: bool, text: str) -> Json:
    return {
        "type": "modal",
        "callback_id": "case",
        "title": plain("新しい相談" if japanese else "New question"),
        "submit": plain("送る" if japanese else "Send"),
        "close": plain("やめる" if japanese else "Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": "error",
                "label": plain("エラーの文" if japanese else "The error"),
                "hint": plain("そのまま貼ってください" if japanese else "Just as it is"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": "text",
                    "multiline": True,
                    **({"initial_value": text} if text else {}),
                },
            },
            {
                "type": "input",
                "block_id": "address",
                "optional": True,
                "label": plain("アドレス" if japanese else "Address"),
                "element": {"type": "plain_text_input", "action_id": "text"},
            },
        ],
    }


def home(japanese: bool, times: int) -> Json:
    greeting = "いらっしゃいませ" if japanese else "Welcome"
    rows = [section(f"{number}") for number in range(40)]
    press = {"type": "actions", "elements": [button("again", "もう一度" if japanese else "Again")]}
    return {"type": "home", "blocks": [section(f"{greeting} {times}"), *rows, press]}


def is_japanese(user: str) -> bool:
    return user not in (SMITH.id, LEE.id)


def small_app(workspace: Workspace) -> AsyncApp:
    """Answers on every surface, in the language of who asks."""
    client = AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
    app = AsyncApp(client=client, signing_secret=workspace.signing_secret, process_before_response=True)
    homes: dict[str, int] = {}

    async def publish(user: str) -> None:
        homes[user] = homes.get(user, 0) + 1
        await client.views_publish(user_id=user, view=home(is_japanese(user), homes[user]))

    @app.event("app_home_opened")
    async def opened(event: Json, set_suggested_prompts: Any) -> None:
        if event["tab"] == "home":
            await publish(event["user"])
        else:
            prompt = "期限が切れた" if is_japanese(event["user"]) else "It has expired"
            await set_suggested_prompts([prompt])

    @app.event("message")
    async def heard(event: Json, set_status: Any) -> None:
        if event["channel_type"] == "im" and event.get("subtype") is None and "bot_id" not in event:
            japanese = is_japanese(event["user"])
            await set_status("調べています…" if japanese else "is looking…")

    @app.event("app_mention")
    async def mentioned(event: Json, body: Json) -> None:
        team = event.get("user_team")
        if body["is_ext_shared_channel"] and team != body["authorizations"][0]["team_id"]:
            text = "This app is for members of the company only."
            await client.chat_postEphemeral(channel=event["channel"], user=event["user"], text=text)
            return
        blocks = [section("ご用件は？"), {"type": "actions", "elements": [button("close", "閉じる")]}]
        await client.chat_postMessage(
            channel=event["channel"], text="ご用件は？", blocks=blocks, thread_ts=event["ts"]
        )

    @app.action("again")
    async def again(ack: Any, body: Json) -> None:
        await ack()
        await publish(body["user"]["id"])

    @app.action("close")
    async def close(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="あなたには閉じました")

    @app.shortcut({"type": "message_action", "callback_id": "check"})
    async def check(ack: Any, shortcut: Json, respond: Any) -> None:
        await ack()
        author, presser = shortcut["message"]["user"], shortcut["user"]["id"]
        await client.chat_postMessage(channel=author, text=f"<@{presser}>: {shortcut['message']['text']}")
        await respond(text="本人に知らせました" if is_japanese(presser) else "The author was told")

    @app.shortcut({"type": "shortcut", "callback_id": "ask"})
    async def ask(ack: Any, shortcut: Json) -> None:
        await ack()
        view = dialog(is_japanese(shortcut["user"]["id"]), "")
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    @app.command("/certhelp")
    async def command(ack: Any, command: Json) -> None:
        await ack()
        view = dialog(is_japanese(command["user_id"]), command["text"])
        await client.views_open(trigger_id=command["trigger_id"], view=view)

    @app.view("case")
    async def case(ack: Any, body: Json) -> None:
        japanese = is_japanese(body["user"]["id"])
        text = body["view"]["state"]["values"]["error"]["text"]["value"]
        if text in ("update", "push"):
            await ack(response_action=text, view=dialog(not japanese, ""))
            return
        if "証明書" not in text and "certificate" not in text:
            wrong = "証明書のことを書いてください" if japanese else "Write about a certificate"
            await ack(response_action="errors", errors={"error": wrong})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"> {text}")

    return app


@asynccontextmanager
async def running() -> AsyncIterator[Workspace]:
    workspace = Workspace(app=installed(MANIFEST))
    async with serve_workspace(workspace):
        app = small_app(workspace)

        async with listening(dispatched_to(app)) as workspace.event_url:
            yield workspace


@contextmanager
def surfaces() -> Iterator[str]:
    """The workspace with the small app, in a thread of its own; gives the page's address."""
    ready: Future[tuple[str, Callable[[], object]]] = Future()

    async def live() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        async with running() as workspace:
            ready.set_result((workspace.address, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(live(),))
    thread.start()
    address, stop = ready.result(timeout=20)
    try:
        yield address
    finally:
        stop()
        thread.join(timeout=20)


@pytest.fixture
def address() -> Iterator[str]:
    with surfaces() as found:
        yield found


def visit(browser: Browser, address: str, user: str, size: ViewportSize = DESKTOP) -> Visit:
    return Visit(browser.new_page(viewport=size, has_touch=size == PHONE), address, user)


either = pytest.mark.parametrize(
    ("user", "size", "words"),
    [(HANAKO, DESKTOP, JA), (ALEX, PHONE, EN)],
    ids=["japanese on a desk", "english on a phone"],
)


@either
def test_a_message_shortcut_reaches_the_author_and_only_the_presser_is_told(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    ken = visit(browser, address, KEN)
    ken.go("sales")
    ken.write("証明書の期限が切れたと出ます")
    person = visit(browser, address, user, size)
    person.go("sales")
    message = person.messages.get_by_test_id("message").filter(has_text="期限が切れた")
    message.hover()
    message.get_by_role("button", name=words["actions"]).click()
    person.page.get_by_role("menuitem", name="調べる / Check").click()
    told = person.messages.get_by_test_id("message").filter(has_text=words["told"])
    expect(told).to_contain_text(words["only you"])
    expect(told.get_by_role("button")).to_have_count(0)
    assert ken.messages.get_by_text(words["told"]).count() == 0
    ken.go("証明書ヘルプ")
    ken.sees("証明書の期限が切れたと出ます")
    assert person.overflow() <= 0
    assert person.faults == ken.faults == []


@either
def test_a_slash_suggests_the_commands_and_opens_a_dialog_with_the_text(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    field = person.page.get_by_test_id("composer")
    field.press_sequentially("/cert")
    expect(person.page.get_by_role("option")).to_have_text(
        ["/certhelp[text]相談する / Ask for help", "/certstopやめる / Stop"]
    )
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    expect(field).to_have_value("/certhelp ")
    expect(person.page.get_by_role("option")).to_have_count(0)
    field.press_sequentially("期限")
    field.press("Enter")
    dialog = person.page.get_by_role("dialog", name=words["dialog"])
    expect(dialog.get_by_label(words["error"])).to_have_value("期限")
    dialog.get_by_role("button", name=words["send"]).click()
    expect(dialog).to_contain_text(words["wrong"])
    assert person.overflow() <= 0
    dialog.get_by_label(words["error"]).fill("証明書の期限")
    dialog.get_by_role("button", name=words["send"]).click()
    person.sees("証明書の期限")
    expect(dialog).to_have_count(0)
    assert person.faults == []


@either
def test_a_command_that_is_not_there_or_in_a_thread_is_refused_with_its_reason(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.write("/nothing at all")
    person.sees(words["no command"])
    person.write("/etc/ssl/certs")
    person.sees("/etc/ssl/certs")
    person.messages.get_by_test_id("reply-here").click()
    reply = person.page.get_by_test_id("thread-composer")
    reply.fill("/certhelp x")
    reply.press("Enter")
    person.sees(words["not in threads"])
    assert person.faults == []


@either
def test_a_global_shortcut_opens_a_dialog_by_keyboard_and_escape_closes_it(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.page.get_by_role("button", name=words["shortcuts"]).press("Enter")
    person.page.get_by_role("menuitem", name="質問 / Question").press("Enter")
    dialog = person.page.get_by_role("dialog", name=words["dialog"])
    expect(dialog.get_by_label(words["error"])).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert person.faults == []


@either
def test_a_dialog_is_replaced_by_its_answer_and_another_lies_on_top_of_it(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.write("/certhelp update")
    first = person.page.get_by_role("dialog", name=words["dialog"])
    first.get_by_role("button", name=words["send"]).click()
    other = EN if words is JA else JA
    second = person.page.get_by_role("dialog", name=other["dialog"])
    expect(second.get_by_label(other["error"])).to_have_value("update")  # what was typed stays in its field
    expect(first).to_have_count(0)
    second.get_by_label(other["error"]).fill("push")
    second.get_by_role("button", name=other["send"]).click()
    third = person.page.get_by_role("dialog").last
    expect(person.page.get_by_role("dialog")).to_have_count(2)
    expect(third.get_by_label(other["error"])).to_have_value("")
    person.page.keyboard.press("Escape")
    expect(second.get_by_label(other["error"])).to_have_value("push")
    assert person.faults == []


@either
def test_an_update_of_the_home_tab_keeps_the_place_and_the_focus(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.page.get_by_test_id("tab-home").click()
    home = person.page.get_by_test_id("home")
    expect(home).to_contain_text(f"{words['welcome']} 1")
    again = home.get_by_role("button", name=words["again"])
    again.press("Enter")
    expect(home).to_contain_text(f"{words['welcome']} 2")
    expect(again).to_be_focused()
    assert home.evaluate("node => node.scrollTop > 0")
    assert person.overflow() <= 0
    assert person.faults == []


@either
def test_an_example_is_sent_by_a_press_and_what_the_app_does_is_shown(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.press(words["example"])
    person.sees(words["example"])
    expect(person.page.get_by_test_id("status")).to_contain_text(words["status"])
    expect(person.page.get_by_test_id("prompts")).to_have_count(0)
    assert person.faults == []


@either
def test_a_group_dm_is_answered_in_its_thread_and_a_response_url_whispers(
    browser: Browser, address: str, user: str, size: ViewportSize, words: Words
) -> None:
    person = visit(browser, address, user, size)
    person.go("mpdm-alex.smith--sato.hanako--certificate_help-1")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words["group"])
    person.write("@証明書ヘルプ 来てください")
    person.page.get_by_test_id("replies").filter(has_text="1").click()
    panel = person.page.get_by_test_id("thread-panel")
    panel.get_by_role("button", name="閉じる", exact=True).click()
    if size == PHONE:
        person.page.get_by_test_id("close-thread").click()
    expect(person.messages).to_contain_text(words["only you"])
    assert person.overflow() <= 0
    assert person.faults == []


def test_a_stranger_sees_the_shared_channel_alone_and_has_no_command_and_no_shortcut(
    browser: Browser, address: str
) -> None:
    robin = visit(browser, address, ROBIN, PHONE)
    robin.write("@証明書ヘルプ help me")
    robin.sees("for members of the company only")
    expect(robin.page.get_by_test_id("message-actions")).to_have_count(0)
    expect(robin.page.get_by_test_id("shortcut-menu")).to_have_count(0)
    robin.write("/certhelp x")
    robin.sees("People of other companies cannot use this command.")
    robin.page.get_by_test_id("menu").click()
    sidebar = robin.page.get_by_role("navigation")
    expect(sidebar.locator("[data-channel]")).to_have_text(["#partnerExternal"])
    assert robin.overflow() <= 0
    hanako = visit(browser, address, HANAKO)
    hanako.go("partner")
    message = hanako.messages.get_by_test_id("message")
    expect(message).to_have_count(1)  # the word to the stranger is nobody else's
    expect(message).to_contain_text("社外")
    assert robin.faults == hanako.faults == []
