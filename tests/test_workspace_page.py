"""What the local workspace's page gets: each person their own chats, another site nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.installed import Installed
from bot.workspace.people import (
    BOT_USER,
    GENERAL_CHANNEL,
    GROUP,
    HELPDESK_CHANNEL,
    LEE,
    SALES_CHANNEL,
    SATO,
    SHARED_CHANNEL,
    SMITH,
    SUZUKI,
    TANAKA,
    direct_message,
)
from bot.workspace.workspace import Workspace

Json = dict[str, Any]
Scene = Callable[[Workspace, httpx.AsyncClient], Awaitable[None]]
DM = direct_message(SATO.id)
APP = Installed(
    commands=({"command": "/help", "description": "助けを呼ぶ", "usage_hint": "[文]"},),
    shortcuts=(
        {"type": "message", "name": "調べる", "callback_id": "check", "description": "これを調べる"},
        {"type": "global", "name": "相談する", "callback_id": "ask", "description": "新しい相談"},
    ),
    home=True,
)
SAMPLES = [("user.cer", b"\x30\x82", "正しい証明書", "A good certificate")]


def play(scene: Scene) -> None:
    async def run() -> None:
        workspace = Workspace(samples=SAMPLES, app=APP, retry_intervals=(), acknowledge_within=0.1)
        async with serve_workspace(workspace) as address, httpx.AsyncClient(base_url=address) as http:
            await scene(workspace, http)

    asyncio.run(run())


@asynccontextmanager
async def events(http: httpx.AsyncClient, user: str) -> AsyncIterator[Callable[[], Awaitable[Json]]]:
    """What the page of this user hears, one event after the other."""
    async with http.stream("GET", "/local/events", params={"user": user}) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        lines = response.aiter_lines()
        assert await anext(lines) == ": connected"

        async def following() -> Json:
            async for line in lines:
                if line.startswith("data: "):
                    event: Json = json.loads(line[6:])
                    return event
            raise AssertionError("the stream has ended")

        yield following


def web_client(workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")


def test_a_person_sees_their_own_talk_and_the_channels_they_are_in() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        await workspace.say(SATO.id, DM, "内緒の相談")
        client = web_client(workspace)
        await client.chat_postEphemeral(channel=GENERAL_CHANNEL, user=SATO.id, text="佐藤さんだけに")
        seen = {}
        everywhere = [GENERAL_CHANNEL, SALES_CHANNEL, SHARED_CHANNEL]
        for person in (SATO, SMITH, SUZUKI, LEE):
            state = (await http.get("/local/state", params={"user": person.id})).json()
            seen[person] = [channel["id"] for channel in state["channels"]]
            assert list(state["messages"]) == seen[person]
            assert state["user"]["id"] == person.id
            assert ("内緒の相談" in json.dumps(state, ensure_ascii=False)) == (person is SATO)
            whispered = [m for m in state["messages"].get(GENERAL_CHANNEL, []) if m.get("ephemeral")]
            assert len(whispered) == (1 if person is SATO else 0)
        assert seen == {
            SATO: [DM, GROUP, *everywhere],
            SMITH: [direct_message(SMITH.id), GROUP, *everywhere],
            SUZUKI: [direct_message(SUZUKI.id), HELPDESK_CHANNEL, *everywhere],
            LEE: [SHARED_CHANNEL],
        }
        state = (await http.get("/local/state")).json()
        assert state["user"] == {
            "id": SATO.id,
            "name": "sato.hanako",
            "real_name": "佐藤 花子",
            "locale": "ja-JP",
            "tz": "Asia/Tokyo",
            "role": "employee",
            "email": "user@example.co.jp",
        }
        assert state["bot"] == {"id": BOT_USER, "name": "証明書ヘルプ"}
        assert state["samples"] == [
            {"name": "user.cer", "title": {"ja": "正しい証明書", "en": "A good certificate"}}
        ]
        assert (await http.get("/local/state", params={"user": "U0NOBODY"})).status_code == 404

    play(scene)


def test_who_follows_a_link_stays_who_they_are_unless_they_may_not_read_it() -> None:
    async def scene(_: Workspace, http: httpx.AsyncClient) -> None:
        async def follows(channel: str, follower: str) -> str:
            state = await http.get("/local/state", params={"channel": channel, "follower": follower})
            return str(state.json()["user"]["id"])

        assert await follows(HELPDESK_CHANNEL, TANAKA.id) == TANAKA.id
        assert await follows(HELPDESK_CHANNEL, SATO.id) == SUZUKI.id
        assert await follows(HELPDESK_CHANNEL, "") == SUZUKI.id
        assert await follows(direct_message(SMITH.id), SATO.id) == SMITH.id
        assert await follows("C0NOWHERE01", SMITH.id) == SMITH.id

    play(scene)


def test_a_page_hears_what_its_person_sees_and_nothing_else() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        client = web_client(workspace)
        async with events(http, SATO.id) as following:
            await workspace.say(SMITH.id, direct_message(SMITH.id), "not for Sato")
            ts = await workspace.say(SATO.id, DM, "見て")
            first = await following()
            assert (first["type"], first["channel"], first["message"]["ts"]) == ("message", DM, ts)
            await client.assistant_threads_setStatus(channel_id=DM, thread_ts=ts, status="確認中")
            status = await following()
            assert status == {"type": "status", "channel": DM, "thread_ts": ts, "status": "確認中"}
            own = (await client.chat_postMessage(channel=DM, text="はい", thread_ts=ts))["ts"]
            assert (await following())["message"]["text"] == "はい"
            assert (await following())["status"] == ""
            await client.chat_update(channel=DM, ts=own, text="いいえ")
            changed = await following()
            assert (changed["type"], changed["message"]["text"]) == ("message_changed", "いいえ")
            await client.chat_delete(channel=DM, ts=own)
            deleted = await following()
            assert (deleted["type"], deleted["ts"]) == ("message_deleted", own)
            await client.chat_postEphemeral(channel=GENERAL_CHANNEL, user=SATO.id, text="内緒")
            assert (await following())["message"]["ephemeral"] is True
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=DM, prompts=[{"title": "例", "message": "例文"}]
            )
            assert (await following())["prompts"] == [{"title": "例", "message": "例文"}]
            await client.views_publish(user_id=SATO.id, view={"type": "home", "blocks": []})
            assert (await following())["type"] == "home"
            view = {"type": "modal", "title": {"type": "plain_text", "text": "題"}, "blocks": []}
            await client.views_open(trigger_id=workspace.grants.trigger(SATO.id), view=view)
            opened = await following()
            assert (opened["type"], opened["view"]["title"]["text"]) == ("view_opened", "題")

    play(scene)


def test_what_is_typed_and_dropped_becomes_a_message() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        form = {"user": SATO.id, "channel": DM, "text": "<!channel>\r\nuser@example.co.jp"}
        files = [("files", ("証明書.cer", b"\x30\x82")), ("files", ("ca.p7b", b""))]
        answer = (await http.post("/local/message", data=form, files=files)).json()
        [message] = workspace.messages(DM)
        assert answer == {"ok": True, "ts": message["ts"]}
        assert message["text"] == "&lt;!channel&gt;\n<mailto:user@example.co.jp|user@example.co.jp>"
        assert [(file["name"], file["size"]) for file in message["files"]] == [
            ("証明書.cer", 2),
            ("ca.p7b", 0),
        ]
        reply = {**form, "text": "返信", "thread_ts": answer["ts"]}
        await http.post("/local/message", data=reply, files=[("none", ("", b""))])
        assert workspace.messages(DM)[1]["thread_ts"] == answer["ts"]

    play(scene)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "channel": HELPDESK_CHANNEL}, "channel_not_found"),
        ({"text": "x", "channel": direct_message(SMITH.id)}, "channel_not_found"),
        ({"text": "x", "user": "U0NOBODY"}, "user_not_found"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_what_a_person_may_not_send_is_refused(form: Json, error: str) -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        answer = await http.post("/local/message", data={"user": SATO.id, "channel": DM, **form})
        assert answer.json() == {"ok": False, "error": error}
        assert not any(workspace.messages(channel) for channel in workspace.channels)

    play(scene)


def test_39_000_characters_are_one_message() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        text = "証明書が見つかりません。" * 3250
        answer = await http.post("/local/message", data={"user": SATO.id, "channel": DM, "text": text})
        assert answer.json()["ok"]
        assert workspace.messages(DM)[0]["text"] == text

    play(scene)


def test_a_file_is_given_only_to_those_who_see_its_message() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        await workspace.say(SATO.id, DM, "", [("証明書.cer", b"<script>"), ("a.png", b"\x89PNG")])
        certificate, picture = workspace.messages(DM)[0]["files"]
        answer = await http.get(f"/local/file/{certificate['id']}", params={"user": SATO.id})
        assert answer.content == b"<script>"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%A8%BC")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        shown = await http.get(f"/local/file/{picture['id']}", params={"user": SATO.id})
        assert (shown.headers["Content-Type"], shown.headers["Content-Disposition"][:6]) == (
            "image/png",
            "inline",
        )
        assert (
            await http.get(f"/local/file/{certificate['id']}", params={"user": SMITH.id})
        ).status_code == 404
        assert (await http.get("/local/file/F0NONE", params={"user": SATO.id})).status_code == 404
        sample = await http.get("/local/samples/user.cer")
        assert sample.content == b"\x30\x82"
        assert (await http.get("/local/samples/other.cer")).status_code == 404

    play(scene)


def test_a_press_that_does_not_reach_the_bot_is_said() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "はい"},
            "action_id": "yes",
            "value": "1",
        }
        blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
        ts = (await web_client(workspace).chat_postMessage(channel=DM, text="?", blocks=blocks))["ts"]
        press = {"user": SATO.id, "channel": DM, "ts": ts, "block_id": "b", "action_id": "yes", "value": "1"}

        async def error(**changes: Any) -> Any:
            return (await http.post("/local/action", json={**press, **changes})).json().get("error")

        assert await error() == "delivery_failed"
        assert await error(action_id="no") == "action_not_found"
        assert await error(value="2") == "action_not_found"
        assert await error(ts="1.000001") == "message_not_found"
        assert await error(user=SMITH.id) == "channel_not_found"
        assert await error(ts=None) == "invalid_arguments"
        assert (await http.post("/local/action", content="{")).status_code == 400
        assert (await http.post("/local/submit", json={"user": SATO.id, "view_id": "V0"})).json()[
            "error"
        ] == "view_not_found"

    play(scene)


def test_people_delete_only_what_they_wrote() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        ts = await workspace.say(SATO.id, GENERAL_CHANNEL, "", [("key.pem", b"secret")])
        delete = {"user": SMITH.id, "channel": GENERAL_CHANNEL, "ts": ts}
        assert (await http.post("/local/delete", json=delete)).json()["error"] == "message_not_found"
        assert (await http.post("/local/delete", json={**delete, "user": SATO.id})).json() == {"ok": True}
        assert workspace.messages(GENERAL_CHANNEL) == []
        assert workspace.state.files == {}

    play(scene)


def test_opening_a_talk_and_leaving_it_makes_visits() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        opened = {"user": SATO.id, "channel": DM}
        async with events(http, SATO.id):
            for _ in range(2):
                assert (await http.post("/local/open", json=opened)).json() == {"ok": True}
            assert workspace.visits == {SATO.id: (DM, "messages")}
        await workspace.wait_for(lambda: not workspace.visits, timeout=10)

    play(scene)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example.com"},
        {"Host": "evil.example.com:{port}"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1.evil.example.com:{port}"},
        {"Origin": "http://evil.example.com"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_requests_are_refused_before_anything_happens(headers: Json) -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        port = str(http.base_url.port)
        foreign = {name: value.replace("{port}", port) for name, value in headers.items()}
        form = {"user": SATO.id, "channel": DM, "text": "x"}
        assert (await http.post("/local/message", data=form, headers=foreign)).status_code == 403
        assert (await http.get("/local/state", headers=foreign)).status_code == 403
        assert (await http.get("/", headers=foreign)).status_code == 403
        assert workspace.messages(DM) == []
        own = {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
        assert (await http.post("/local/message", data=form, headers=own)).status_code == 200

    play(scene)


def test_the_page_may_load_only_what_is_its_own() -> None:
    async def scene(_: Workspace, http: httpx.AsyncClient) -> None:
        page = await http.get("/")
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        for path in ("/page/main.js", "/main.js"):
            script = await http.get(path)
            assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
        for path in (
            "/page/../app.py",
            "/page/%2e%2e/app.py",
            "/page/..%2fapp.py",
            "/app.py",
            "/page/none.js",
        ):
            assert (await http.get(path)).status_code == 404

    play(scene)


def test_a_command_and_a_shortcut_that_the_app_has_are_taken_and_no_others() -> None:
    async def scene(workspace: Workspace, http: httpx.AsyncClient) -> None:
        ts = await workspace.say(SATO.id, SALES_CHANNEL, "期限切れ")

        async def sent(text: str, user: str = SATO.id, **more: str) -> Json:
            channel = SHARED_CHANNEL if user == LEE.id else SALES_CHANNEL
            form = {"user": user, "channel": channel, "text": text, **more}
            answer: Json = (await http.post("/local/message", data=form)).json()
            return answer

        async def used(callback_id: str, user: str = SATO.id, **message: str) -> Json:
            body = {"user": user, "callback_id": callback_id, **message}
            answer: Json = (await http.post("/local/shortcut", json=body)).json()
            return answer

        here = {"channel": SALES_CHANNEL, "ts": ts}
        assert (await sent("/help me"))["error"] == "delivery_failed"  # no app is there to answer
        assert (await sent("/halp me"))["error"] == "unknown_command"
        assert (await sent("/help me", thread_ts=ts))["error"] == "command_in_thread"
        assert (await sent("/help", LEE.id))["error"] == "app_not_installed"
        assert (await sent("/etc/ssl"))["ok"]
        assert (await used("check", **here))["error"] == "delivery_failed"
        assert (await used("ask"))["error"] == "delivery_failed"
        assert (await used("check"))["error"] == "shortcut_not_found"
        assert (await used("ask", **here))["error"] == "shortcut_not_found"
        assert (await used("check", LEE.id, **here))["error"] == "app_not_installed"
        assert (await used("check", **{**here, "ts": "1.000001"}))["error"] == "message_not_found"

    play(scene)


def test_only_colleagues_are_offered_the_apps_commands_and_shortcuts() -> None:
    async def scene(_: Workspace, http: httpx.AsyncClient) -> None:
        offered = {}
        for person in (SATO, LEE):
            offered[person] = (await http.get("/local/state", params={"user": person.id})).json()["app"]
        assert offered[LEE] == {"home": True, "commands": [], "shortcuts": []}
        assert [command["command"] for command in offered[SATO]["commands"]] == ["/help"]
        assert [shortcut["callback_id"] for shortcut in offered[SATO]["shortcuts"]] == ["check", "ask"]

    play(scene)
