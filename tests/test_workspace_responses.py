"""A response_url of the local workspace takes answers as Slack's does: for a while, without a token."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import GENERAL_CHANNEL, SATO, SMITH, Person, direct_message
from bot.workspace.workspace import Workspace

Json = dict[str, Any]
Scene = Callable[[Workspace, AsyncWebClient, httpx.AsyncClient], Awaitable[None]]
DM = direct_message(SATO.id)
NOW = 1_764_000_000.0


def play(scene: Scene, **settings: Any) -> None:
    async def run() -> None:
        workspace = Workspace(**{"retry_intervals": (), "acknowledge_within": 0.1, **settings})
        async with serve_workspace(workspace) as address, httpx.AsyncClient() as http:
            await scene(
                workspace, AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/"), http
            )

    asyncio.run(run())


def test_a_response_replaces_deletes_or_whispers() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        ts = (await client.chat_postMessage(channel=GENERAL_CHANNEL, text="?"))["ts"]
        url = workspace.response_url(SATO.id, GENERAL_CHANNEL, ts)
        assert (await http.post(url, json={"text": "はい", "replace_original": True})).text == "ok"
        assert workspace.messages(GENERAL_CHANNEL)[0]["text"] == "はい"
        await http.post(url, json={"text": "内緒"})
        assert [message["text"] for message in workspace.ephemerals(GENERAL_CHANNEL, SATO.id)] == ["内緒"]
        assert workspace.ephemerals(GENERAL_CHANNEL, SMITH.id) == []
        await http.post(url, json={"text": "みんなに", "response_type": "in_channel"})
        await http.post(url, json={"delete_original": True})
        assert [message["text"] for message in workspace.messages(GENERAL_CHANNEL)] == ["みんなに"]

    play(scene)


def test_a_response_url_is_good_for_five_responses_and_half_an_hour() -> None:
    now = [NOW]

    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        url = workspace.response_url(SATO.id, DM)
        for _ in range(5):
            assert (await http.post(url, json={"text": "x"})).status_code == 200
        assert (await http.post(url, json={"text": "x"})).json() == {"ok": False, "error": "used_url"}
        late = workspace.response_url(SATO.id, DM)
        now[0] += 30 * 60 + 1
        assert (await http.post(late, json={"text": "x"})).status_code == 404
        assert (await http.post(f"{late}x", json={"text": "x"})).json()["error"] == "invalid_url"

    play(scene, clock=lambda: now[0])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x", "blocks": [{"type": "video"}]}, "invalid_blocks"),
        (["x"], "invalid_payload"),
        ({"delete_original": True}, "message_not_found"),
    ],
)
def test_a_response_that_slack_refuses_is_refused(body: object, error: str) -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        answer = await http.post(workspace.response_url(SATO.id, DM), json=body)
        assert (answer.status_code // 100, answer.json()["error"]) == (4, error)
        assert workspace.messages(DM) == []

    play(scene)


def test_half_a_surrogate_pair_in_a_text_breaks_nothing() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        await client.chat_postMessage(channel=DM, text="\ud83d")
        state = await http.get(f"{workspace.address}/local/state", params={"user": SATO.id})
        assert state.json()["messages"][DM][0]["text"] == "\ud83d"

    play(scene)


def test_a_workspace_holds_as_many_people_as_it_is_given() -> None:
    people = [
        Person(f"U0{number:09}", f"user{number}", f"User {number}", f"u{number}@e.com", "en-US")
        for number in range(300)
    ]

    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        await asyncio.gather(
            *(workspace.say(person.id, direct_message(person.id), "hello") for person in people)
        )
        assert all(len(workspace.messages(direct_message(person.id))) == 1 for person in people)
        listed: list[str] = []
        async for page in await client.conversations_list(types="im", limit=100):
            listed += [channel["user"] for channel in page["channels"]]
        assert listed == [person.id for person in people]

    play(scene, people=people, event_url="http://127.0.0.1:9/")


def test_a_fault_of_the_workspace_itself_is_answered_and_logged_without_content(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        def broken(_: str) -> None:
            raise KeyError("user@example.co.jp")

        monkeypatch.setattr(workspace, "person", broken)
        answer = await http.get(f"{workspace.address}/local/state")
        assert (answer.status_code, answer.json()["error"]) == (500, "internal_error")

    play(scene)
    assert "KeyError" in caplog.text
    assert "user@example.co.jp" not in caplog.text
