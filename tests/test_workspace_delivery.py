"""The local workspace delivers over HTTP as Slack does: signed, in Slack's shapes, with retries."""

import asyncio
import gc
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import BOT_USER, GENERAL_CHANNEL, SATO, SMITH, direct_message
from bot.workspace.workspace import Workspace
from tests.workspace_app import listening

Json = dict[str, Any]
DM = direct_message(SATO.id)
BUTTONS = [
    {
        "type": "actions",
        "block_id": "answers",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "はい"},
                "action_id": "answer",
                "value": "yes",
            },
            {
                "type": "static_select",
                "action_id": "menu",
                "options": [{"text": {"type": "plain_text", "text": "一"}, "value": "1"}],
            },
        ],
    }
]


@dataclass
class App:
    """An app that keeps what it gets and answers as told: a status, or None for no answer at all."""

    answers: deque[web.Response | None] = field(default_factory=deque)
    requests: list[tuple[Json, bytes]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        answer = self.answers.popleft() if self.answers else web.Response()
        if answer is None:
            await asyncio.sleep(5)
            return web.Response()
        return answer

    def payloads(self) -> list[Json]:
        return [
            json.loads(body) if body.startswith(b"{") else json.loads(parse_qs(body.decode())["payload"][0])
            for _, body in self.requests
        ]

    def events(self, kind: str) -> list[Json]:
        return [
            p["event"]
            for p in self.payloads()
            if p["type"] == "event_callback" and p["event"]["type"] == kind
        ]

    def retries(self) -> list[tuple[str | None, str | None]]:
        return [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in self.requests]


def play(scene: Callable[[Workspace, App], Awaitable[None]], **settings: Any) -> None:
    lost: list[Json] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
        app = App()
        workspace = Workspace(**settings)
        async with listening(app.hear) as url, serve_workspace(workspace):
            workspace.event_url = url
            await scene(workspace, app)

    asyncio.run(run())
    gc.collect()  # a task that failed unnoticed is reported when it is forgotten
    assert lost == []


async def settled(workspace: Workspace) -> None:
    await workspace.wait_for(lambda: not workspace.under_way)


async def posted(workspace: Workspace, **message: Any) -> Json:
    client = AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
    answer: Json = (await client.chat_postMessage(text="どちらですか", **message))["message"]
    return answer


def test_every_request_carries_a_signature_that_only_the_right_secret_makes() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        message = await posted(workspace, channel=DM, blocks=BUTTONS)
        await workspace.click(SATO.id, DM, message["ts"], "answer")
        await workspace.command(SATO.id, DM, "/help", "証明書")
        await settled(workspace)
        assert len(app.requests) == 3
        for headers, body in app.requests:
            assert SignatureVerifier(workspace.signing_secret).is_valid_request(body, headers)
            assert not SignatureVerifier("another").is_valid_request(body, headers)
            assert not SignatureVerifier(workspace.signing_secret).is_valid_request(body + b" ", headers)

    play(scene)


def test_the_url_is_verified_by_a_challenge() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        assert not await workspace.courier.verify_url()
        [challenge] = [payload["challenge"] for payload in app.payloads()]
        assert challenge

    play(scene)


def test_a_message_arrives_in_slacks_shape() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        ts = await workspace.say(SATO.id, DM, "user@example.co.jp で <困る>")
        await settled(workspace)
        [payload] = app.payloads()
        event = payload["event"]
        assert payload["authorizations"][0]["user_id"] == BOT_USER
        assert payload["event_id"].startswith("Ev")
        assert event["text"] == "<mailto:user@example.co.jp|user@example.co.jp> で &lt;困る&gt;"
        assert event["blocks"][0]["type"] == "rich_text"
        assert event["client_msg_id"]
        assert {
            name: event[name]
            for name in ("type", "user", "channel", "channel_type", "ts", "event_ts", "team")
        } == {
            "type": "message",
            "user": SATO.id,
            "channel": DM,
            "channel_type": "im",
            "ts": ts,
            "event_ts": ts,
            "team": "T0LOCAL0001",
        }
        assert "subtype" not in event

    play(scene)


def test_a_file_arrives_with_its_message_and_once_more_by_itself() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        await workspace.say(SATO.id, DM, "", [("user.cer", b"x"), ("ca.cer", b"")])
        await settled(workspace)
        [message] = app.events("message")
        assert message["subtype"] == "file_share"
        assert [(file["name"], file["size"]) for file in message["files"]] == [("user.cer", 1), ("ca.cer", 0)]
        assert "team" not in message  # Slack leaves it out there
        assert {event["file_id"] for event in app.events("file_shared")} == {
            file["id"] for file in message["files"]
        }

    play(scene)


def test_a_mention_in_a_channel_arrives_as_two_events_of_one_message() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        await workspace.say(SATO.id, GENERAL_CHANNEL, "@証明書ヘルプ 助けて")
        await workspace.say(SMITH.id, GENERAL_CHANNEL, "hello everybody")
        await settled(workspace)
        [mention] = app.events("app_mention")
        assert mention["text"] == f"<@{BOT_USER}> 助けて"
        messages = sorted(app.events("message"), key=lambda event: float(event["ts"]))
        assert [message["channel_type"] for message in messages] == ["channel", "channel"]
        assert messages[0]["ts"] == mention["ts"]
        ids = [payload["event_id"] for payload in app.payloads()]
        assert len(set(ids)) == 3

    play(scene)


def test_the_app_hears_of_its_own_posts_and_of_edits_and_deletions() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        message = await posted(workspace, channel=DM)
        ts = await workspace.say(SATO.id, DM, "まちがい")
        await workspace.edit(SATO.id, DM, ts, "直した")
        await workspace.erase(SATO.id, DM, ts)
        await settled(workspace)
        by_subtype = {event.get("subtype", event.get("bot_id", "")): event for event in app.events("message")}
        assert by_subtype[message["bot_id"]]["ts"] == message["ts"]
        changed = by_subtype["message_changed"]
        assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("まちがい", "直した")
        assert by_subtype["message_deleted"]["deleted_ts"] == ts

    play(scene)


def test_opening_the_talk_with_the_bot_is_told_once_per_visit() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        for channel in (DM, DM, GENERAL_CHANNEL, DM):
            await workspace.open(SATO.id, channel)
        await workspace.open(SATO.id, DM, tab="home")
        await settled(workspace)
        opened = [(event["channel"], event["tab"], event["user"]) for event in app.events("app_home_opened")]
        assert sorted(opened) == [(DM, "home", SATO.id), (DM, "messages", SATO.id), (DM, "messages", SATO.id)]

    play(scene)


def test_a_refused_event_is_sent_again_at_once_then_after_one_and_five_minutes() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.extend(web.Response(status=404) for _ in range(4))
        told = workspace.feed.subscribe(SATO.id)
        await workspace.say(SATO.id, DM, "もしもし")
        await settled(workspace)
        reason = "http_error"
        assert app.retries() == [(None, None), ("1", reason), ("2", reason), ("3", reason)]
        assert pauses == [0.0, 60.0, 300.0]
        assert len({payload["event_id"] for payload in app.payloads()}) == 1
        news = [told.get_nowait() for _ in range(3)]
        failures = [event["retrying"] for event in news if event and event["type"] == "delivery_failed"]
        assert failures == [True, False]

    play(scene, sleep=sleep)


def test_the_page_hears_when_a_message_in_doubt_has_arrived_after_all() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.extend(web.Response(status=500) for _ in range(2))
        told = workspace.feed.subscribe(SATO.id)
        ts = await workspace.say(SATO.id, DM, "もしもし")
        await settled(workspace)
        message, doubt, relief = (told.get_nowait() for _ in range(3))
        assert message is not None
        assert message["type"] == "message"
        common = {"type": "delivery_failed", "channel": DM, "ts": ts}
        assert doubt == common | {"retrying": True, "resolved": False}
        assert relief == common | {"retrying": False, "resolved": True}

    play(scene, retry_intervals=(0.0, 0.0))


def test_a_retry_that_is_acknowledged_is_the_last() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.append(web.Response(status=500))
        await workspace.say(SATO.id, DM, "もしもし")
        await settled(workspace)
        assert app.retries() == [(None, None), ("1", "http_error")]
        assert [delivery.outcome for delivery in workspace.courier.deliveries] == [
            "http_error",
            "acknowledged",
        ]

    play(scene)


def test_an_app_may_ask_for_no_retry() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.append(web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))
        await workspace.say(SATO.id, DM, "もしもし")
        await settled(workspace)
        assert app.retries() == [(None, None)]

    play(scene)


def test_who_does_not_answer_in_time_gets_the_event_again() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.append(None)
        await workspace.say(SATO.id, DM, "もしもし")
        await settled(workspace)
        assert app.retries() == [(None, None), ("1", "http_timeout")]

    play(scene, acknowledge_within=0.1)


def test_an_app_that_is_not_there_is_tried_again() -> None:
    async def run() -> list[str]:
        app = App()
        async with listening(app.hear) as url:
            pass  # the address is free again
        workspace = Workspace(event_url=url, retry_intervals=(0.0,))
        async with serve_workspace(workspace):
            await workspace.say(SATO.id, DM, "もしもし")
            await settled(workspace)
            return [delivery.outcome for delivery in workspace.courier.deliveries]

    assert asyncio.run(run()) == ["connection_failed", "connection_failed"]


def test_a_click_is_never_sent_twice_and_the_page_hears_that_it_failed() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        message = await posted(workspace, channel=DM, blocks=BUTTONS)
        await settled(workspace)
        before = len(app.requests)
        told = workspace.feed.subscribe(SATO.id)
        app.answers.extend((web.Response(status=500), None))
        assert not await workspace.click(SATO.id, DM, message["ts"], "answer")
        assert not await workspace.click(SATO.id, DM, message["ts"], "answer")
        assert len(app.requests) == before + 2
        for _ in range(2):
            failure = told.get_nowait()
            assert failure is not None
            assert (failure["type"], failure["ts"], failure["retrying"]) == (
                "delivery_failed",
                message["ts"],
                False,
            )
        assert await workspace.click(SATO.id, DM, message["ts"], "answer")

    play(scene, acknowledge_within=0.1)


def test_a_click_arrives_in_slacks_shape() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        root = await workspace.say(SATO.id, DM, "?")
        message = await posted(workspace, channel=DM, blocks=BUTTONS, thread_ts=root)
        assert await workspace.click(SATO.id, DM, message["ts"], "answer", "yes")
        assert await workspace.click(SATO.id, DM, message["ts"], "menu", "1")
        button, menu = [payload for payload in app.payloads() if payload["type"] == "block_actions"]
        assert button["user"] == {
            "id": SATO.id,
            "username": SATO.name,
            "name": SATO.name,
            "team_id": "T0LOCAL0001",
        }
        assert button["container"] == {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": DM,
            "is_ephemeral": False,
            "thread_ts": root,
        }
        assert button["channel"] == {"id": DM, "name": "directmessage"}
        assert button["message"]["ts"] == message["ts"]
        assert button["response_url"].startswith(f"{workspace.address}/actions/")
        [pressed] = button["actions"]
        assert pressed == {
            "type": "button",
            "text": {"type": "plain_text", "text": "はい"},
            "value": "yes",
            "action_id": "answer",
            "block_id": "answers",
            "action_ts": pressed["action_ts"],
        }
        [chosen] = menu["actions"]
        assert chosen["selected_option"]["value"] == "1"
        assert menu["state"]["values"]["answers"]["menu"]["selected_option"]["value"] == "1"

    play(scene)


def test_a_click_on_an_ephemeral_message_says_nothing_of_its_content() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        client = AsyncWebClient(token=workspace.bot_token, base_url=f"{workspace.address}/api/")
        answer = await client.chat_postEphemeral(
            channel=GENERAL_CHANNEL, user=SATO.id, text="?", blocks=BUTTONS
        )
        assert await workspace.click(SATO.id, GENERAL_CHANNEL, answer["message_ts"], "answer")
        [payload] = [payload for payload in app.payloads() if payload["type"] == "block_actions"]
        assert payload["container"]["is_ephemeral"] is True
        assert "message" not in payload

    play(scene)


def test_an_event_that_is_to_be_repeated_arrives_several_times_with_one_id() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        workspace.faults.repeat(events=1, copies=2)
        await workspace.say(SATO.id, DM, "一度だけ")
        await workspace.say(SATO.id, DM, "次")
        await settled(workspace)
        ids = [payload["event_id"] for payload in app.payloads()]
        assert sorted(ids.count(event_id) for event_id in set(ids)) == [1, 3]

    play(scene)


def test_a_command_arrives_as_a_form_and_its_answer_is_seen_by_one() -> None:
    async def scene(workspace: Workspace, app: App) -> None:
        app.answers.append(web.json_response({"response_type": "ephemeral", "text": "使い方"}))
        assert await workspace.command(SATO.id, GENERAL_CHANNEL, "/help", "証明書 1")
        form = parse_qs(app.requests[0][1].decode())
        assert (form["command"], form["text"], form["user_id"]) == (["/help"], ["証明書 1"], [SATO.id])
        assert [message["text"] for message in workspace.ephemerals(GENERAL_CHANNEL, SATO.id)] == ["使い方"]

    play(scene)
