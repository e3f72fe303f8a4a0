"""An unchanged Bolt app talks with people in the local workspace, over HTTP and over Socket Mode alike."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import GENERAL_CHANNEL, SATO, direct_message
from bot.workspace.refusal import Refused
from bot.workspace.workspace import Workspace
from tests.workspace_app import dispatched_to, listening

Json = dict[str, Any]
Scene = Callable[[Workspace], Awaitable[None]]
DM = direct_message(SATO.id)


def button(action_id: str) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": action_id}, "action_id": action_id}


def form(callback_id: str, title: str = "連絡先") -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "送信"},
        "blocks": [
            {
                "type": "input",
                "block_id": "phone",
                "label": {"type": "plain_text", "text": "内線"},
                "element": {"type": "plain_text_input", "action_id": "number", "max_length": 4},
            }
        ],
    }


def small_app(workspace: Workspace) -> AsyncApp:
    """Repeats what is said, offers buttons, opens dialogs."""
    client = AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
    app = AsyncApp(client=client, signing_secret=workspace.signing_secret, process_before_response=True)

    @app.event("message")
    async def repeat(event: Json, say: Any, set_status: Any) -> None:
        if event.get("subtype") in (None, "file_share"):
            await set_status("考えています…")
            names = [file["name"] for file in event.get("files", [])]
            buttons = {"type": "actions", "elements": [button("done"), button("whisper"), button("ask")]}
            text = f"{event['text']}{names or ''}"
            section = {"type": "section", "text": {"type": "mrkdwn", "text": text or "-"}}
            await say(text=text, blocks=[section, buttons], thread_ts=event["ts"])

    @app.event("app_mention")
    async def mentioned(event: Json, say: Any) -> None:
        await say(text="呼びましたか", thread_ts=event["ts"])

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient, set_suggested_prompts: Any) -> None:
        await set_suggested_prompts(["証明書が見つかりません"])
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]}
        )

    @app.event("file_shared")
    async def shared() -> None:
        return None

    @app.action("done")
    async def done(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="よかったです", replace_original=True)

    @app.action("whisper")
    async def whisper(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="内緒です")

    @app.action("ask")
    async def ask(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form("first"))
        await ack()

    @app.view("first")
    async def first(ack: Any, view: Json) -> None:
        match view["state"]["values"]["phone"]["number"]["value"]:
            case "0":
                await ack(response_action="errors", errors={"phone": "番号が違います"})
            case "1":
                await ack(response_action="update", view=form("first", "もう一度"))
            case "2":
                await ack(response_action="push", view=form("first", "その上"))
            case "3":
                await ack(response_action="clear")
            case _:
                await ack()

    @app.shortcut("call_helpdesk")
    async def call(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"受付: {body['type']}")

    @app.command("/証明書")
    async def command(ack: Any, command: Json) -> None:
        await ack(f"お調べします: {command['text']}")

    return app


@asynccontextmanager
async def over_http(workspace: Workspace) -> AsyncIterator[None]:
    app = small_app(workspace)

    async with listening(dispatched_to(app)) as workspace.event_url:
        yield


@asynccontextmanager
async def over_socket(workspace: Workspace) -> AsyncIterator[None]:
    quiet = logging.getLogger("tests.socket")
    quiet.setLevel(logging.CRITICAL)
    handler = AsyncSocketModeHandler(
        small_app(workspace), workspace.app_token, logger=quiet, ping_interval=0.2
    )
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def play(scene: Scene, transport: Callable[[Workspace], Any], **settings: Any) -> None:
    lost: list[Json] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
        workspace = Workspace(**settings)
        async with serve_workspace(workspace), transport(workspace):
            await scene(workspace)
            await workspace.wait_for(lambda: not workspace.under_way)

    asyncio.run(run())
    gc.collect()  # a task that failed unnoticed is reported when it is forgotten
    assert lost == []


async def reply(workspace: Workspace, ts: str, channel: str = DM) -> Json:
    def replies() -> list[Json]:
        return [m for m in workspace.messages(channel) if m.get("thread_ts") == ts and m["ts"] != ts]

    return (await workspace.wait_for(replies))[-1]


either = pytest.mark.parametrize("transport", [over_http, over_socket])


@either
def test_a_message_with_a_file_is_answered_in_its_thread(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        ts = await workspace.say(SATO.id, DM, "助けて", [("user.cer", b"x")])
        assert (await reply(workspace, ts))["text"] == "助けて['user.cer']"
        assert workspace.statuses == {}
        [status] = workspace.calls_to("assistant.threads.setStatus")
        assert status.arguments["thread_ts"] == ts

    play(scene, transport)


@either
def test_a_mention_is_answered_in_the_channel(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        ts = await workspace.say(SATO.id, GENERAL_CHANNEL, "@certificate_help hi")

        def answers() -> list[Json]:
            return [m for m in workspace.messages(GENERAL_CHANNEL) if m["text"] == "呼びましたか"]

        [answer] = await workspace.wait_for(answers)
        assert answer["thread_ts"] == ts

    play(scene, transport)


@either
def test_opening_the_talk_brings_prompts_and_a_home_tab(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        await workspace.open(SATO.id, DM)
        await workspace.wait_for(lambda: SATO.id in workspace.state.homes)
        assert workspace.prompts[DM, ""]["prompts"][0]["title"] == "証明書が見つかりません"

    play(scene, transport)


@either
def test_a_button_replaces_its_message_or_answers_one_person(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        ts = await workspace.say(SATO.id, DM, "助けて")
        seen = await reply(workspace, ts)
        assert await workspace.click(SATO.id, DM, seen["ts"], "whisper")
        await workspace.wait_for(lambda: workspace.ephemerals(DM, SATO.id))
        assert workspace.ephemerals(DM, SATO.id)[0]["text"] == "内緒です"
        assert await workspace.click(SATO.id, DM, seen["ts"], "done")
        assert (await reply(workspace, ts))["text"] == "よかったです"
        with pytest.raises(Refused, match="action_not_found"):
            await workspace.click(SATO.id, DM, seen["ts"], "done")
        assert await workspace.click(SATO.id, DM, seen["ts"], "done", as_seen=seen)  # a screen that is behind

    play(scene, transport)


@either
def test_a_dialog_is_opened_checked_replaced_stacked_and_closed(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        ts = await workspace.say(SATO.id, DM, "助けて")
        asked = await reply(workspace, ts)
        assert await workspace.click(SATO.id, DM, asked["ts"], "ask")
        [view] = workspace.views_of(SATO.id)

        async def submit(value: str, view_id: str = view["id"]) -> Json:
            return await workspace.submit(SATO.id, view_id, {"phone": {"number": {"value": value}}})

        assert (await submit(""))["errors"] == {"phone": "入力してください。"}
        assert (await submit("12345"))["errors"] == {"phone": "入力してください。"}
        assert (await submit("0"))["errors"] == {"phone": "番号が違います"}
        assert (await submit("1"))["view"]["title"]["text"] == "もう一度"
        above = (await submit("2"))["view"]
        assert (above["previous_view_id"], above["root_view_id"]) == (view["id"], view["id"])
        assert len(workspace.views_of(SATO.id)) == 2
        assert await submit("4", above["id"]) == {}
        assert await submit("3") == {"response_action": "clear"}
        assert workspace.views_of(SATO.id) == []

    play(scene, transport)


@either
def test_shortcuts_and_commands_reach_the_app(transport: Any) -> None:
    async def scene(workspace: Workspace) -> None:
        ts = await workspace.say(SATO.id, DM, "これ")
        await reply(workspace, ts)
        assert await workspace.shortcut(SATO.id, "call_helpdesk")
        assert await workspace.shortcut(SATO.id, "call_helpdesk", DM, ts)
        texts = {message["text"] for message in workspace.messages(DM)}
        assert {"受付: shortcut", "受付: message_action"} <= texts
        assert await workspace.command(SATO.id, DM, "/証明書", "期限切れ")
        assert workspace.ephemerals(DM, SATO.id)[0]["text"] == "お調べします: 期限切れ"

    play(scene, transport)


def test_bolt_refuses_what_another_secret_signed() -> None:
    async def scene(workspace: Workspace) -> None:
        forger = Workspace(event_url=workspace.event_url, retry_intervals=())
        async with serve_workspace(forger):
            await forger.say(SATO.id, DM, "偽物")
            await forger.wait_for(lambda: not forger.under_way)
        assert [delivery.outcome for delivery in forger.courier.deliveries] == ["http_error"]
        assert workspace.messages(DM) == []

    play(scene, over_http)


def test_bolt_refuses_a_signature_of_ten_minutes_ago() -> None:
    async def scene(workspace: Workspace) -> None:
        await workspace.say(SATO.id, DM, "古い")
        await workspace.wait_for(lambda: not workspace.under_way)
        assert [delivery.outcome for delivery in workspace.courier.deliveries] == ["http_error"]

    play(scene, over_http, clock=lambda: time.time() - 600, retry_intervals=())


def test_bolt_answers_the_challenge_of_its_url() -> None:
    async def scene(workspace: Workspace) -> None:
        assert await workspace.courier.verify_url()

    play(scene, over_http)


def test_the_talk_goes_on_after_a_dropped_socket_and_after_a_refresh() -> None:
    async def scene(workspace: Workspace) -> None:
        for interrupt in ("drop", "refresh"):
            if interrupt == "drop":
                workspace.sockets.drop()
            else:
                await workspace.sockets.refresh()
            ts = await workspace.say(SATO.id, DM, f"{interrupt} の後")
            assert (await reply(workspace, ts))["text"] == f"{interrupt} の後"

    play(scene, over_socket)


def test_an_envelope_that_was_not_acknowledged_comes_again_over_a_new_socket() -> None:
    async def run() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace), ClientSession() as session:
            client = AsyncWebClient(base_url=f"{workspace.address}/api/")

            async def connect() -> Any:
                url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
                socket = await session.ws_connect(url)
                assert (await socket.receive_json())["type"] == "hello"
                return socket

            socket = await connect()
            await workspace.say(SATO.id, DM, "聞こえますか")
            first = await socket.receive_json()
            assert (first["type"], first["retry_attempt"], first["accepts_response_payload"]) == (
                "events_api",
                0,
                False,
            )
            await socket.close()
            again = await connect()
            second = await again.receive_json()
            assert second["payload"] == first["payload"]
            assert second["envelope_id"] == first["envelope_id"]
            assert (second["retry_attempt"], second["retry_reason"]) == (1, "connection_failed")
            await again.send_json({"envelope_id": second["envelope_id"]})
            await workspace.wait_for(lambda: not workspace.under_way)
            await again.close()
        assert [delivery.outcome for delivery in workspace.courier.deliveries] == [
            "connection_failed",
            "acknowledged",
        ]

    asyncio.run(run())


def test_a_click_that_no_socket_acknowledges_fails_once() -> None:
    async def run() -> None:
        workspace = Workspace(acknowledge_within=0.1, retry_intervals=())
        async with serve_workspace(workspace), ClientSession() as session:
            client = AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
            ts = (
                await client.chat_postMessage(
                    channel=DM, text="?", blocks=[{"type": "actions", "elements": [button("x")]}]
                )
            )["ts"]
            await workspace.wait_for(lambda: not workspace.under_way)
            assert not await workspace.click(SATO.id, DM, ts, "x")  # nobody is connected
            url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
            socket = await session.ws_connect(url)
            assert not await workspace.click(SATO.id, DM, ts, "x")  # nobody answers
            hello, envelope = await socket.receive_json(), await socket.receive_json()
            assert (hello["type"], envelope["type"]) == ("hello", "interactive")
            await socket.close()

    asyncio.run(run())


def test_a_socket_needs_a_fresh_ticket() -> None:
    async def run() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace), httpx.AsyncClient() as http:
            client = AsyncWebClient(base_url=f"{workspace.address}/api/")
            url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
            async with ClientSession() as session:
                await (await session.ws_connect(url)).close()
                again = await http.get(url.replace("ws://", "http://"))
            assert again.status_code == 403
            assert (await http.get(f"{workspace.address}/link/")).status_code == 403

    asyncio.run(run())
