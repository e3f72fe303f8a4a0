"""What an app's manifest declares is what the local workspace offers, delivers and allows."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.installed import BadManifest, Installed, installed
from bot.workspace.people import GENERAL_CHANNEL, SATO, SUZUKI, direct_message
from bot.workspace.workspace import Workspace
from tests.workspace_app import refusal

Json = dict[str, Any]
DM = direct_message(SATO.id)
MANIFEST: Json = {
    "features": {
        "app_home": {"home_tab_enabled": False},
        "slash_commands": [{"command": "/help", "description": "助けを呼ぶ"}],
        "shortcuts": [{"type": "message", "name": "調べる", "callback_id": "check", "description": "調べる"}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history", "users:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
}


def play(scene: Callable[[Workspace, AsyncWebClient], Awaitable[None]], app: Installed | None) -> None:
    async def run() -> None:
        workspace = Workspace(app=app, retry_intervals=(), acknowledge_within=0.1)
        async with serve_workspace(workspace) as address:
            await scene(workspace, AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/"))

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("conversations.open", {"users": SATO.id}, "im:write"),
        ("conversations.open", {"users": f"{SATO.id},{SUZUKI.id}"}, "mpim:write"),
        ("conversations.history", {"channel": GENERAL_CHANNEL}, "channels:history"),
        ("conversations.members", {"channel": GENERAL_CHANNEL}, "channels:read"),
        ("conversations.list", {"types": "im,private_channel"}, "groups:read,im:read"),
        ("files.info", {"file": "F1"}, "files:read"),
        ("reactions.add", {"channel": DM, "name": "eyes", "timestamp": "1.0"}, "reactions:write"),
        ("assistant.threads.setStatus", {"channel_id": DM, "thread_ts": "1.0"}, "assistant:write"),
    ],
)
def test_a_call_whose_scope_the_manifest_does_not_ask_for_is_refused(
    method: str, arguments: Json, needed: str
) -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        answer = await refusal(client.api_call(method, json=arguments))
        assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
        assert answer["provided"] == "chat:write,im:history,users:read"

    play(scene, installed(MANIFEST))


def test_what_the_manifest_asks_for_is_allowed_and_without_one_everything_is() -> None:
    async def asked_for(_: Workspace, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=DM, text="x")
        await client.conversations_history(channel=DM)
        profile = (await client.users_info(user=SATO.id))["user"]["profile"]
        assert "email" not in profile  # that has a scope of its own

    async def everything(_: Workspace, client: AsyncWebClient) -> None:
        await client.conversations_members(channel=GENERAL_CHANNEL)
        assert (await client.users_info(user=SATO.id))["user"]["profile"]["email"] == SATO.email

    play(asked_for, installed(MANIFEST))
    play(everything, None)


def test_a_file_is_not_served_without_its_scope() -> None:
    async def scene(workspace: Workspace, _: AsyncWebClient) -> None:
        await workspace.say(SATO.id, DM, "", [("user.cer", b"x")])
        [message] = workspace.messages(DM)
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {workspace.bot_token}"}) as http:
            answer = await http.get(message["files"][0]["url_private_download"])
        assert "Sign in" in answer.text

    play(scene, installed(MANIFEST))


def test_only_events_that_were_subscribed_to_are_delivered() -> None:
    async def scene(workspace: Workspace, _: AsyncWebClient) -> None:
        await workspace.say(SATO.id, GENERAL_CHANNEL, "@certificate_help hi")
        await workspace.open(SATO.id, DM)
        assert workspace.under_way == 0
        await workspace.say(SATO.id, DM, "hi")
        assert workspace.under_way == 1

    play(scene, installed(MANIFEST))


def test_without_a_home_tab_none_is_published() -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        publish = client.views_publish(user_id=SATO.id, view={"type": "home", "blocks": []})
        assert (await refusal(publish))["error"] == "not_enabled"

    play(scene, installed(MANIFEST))


@pytest.mark.parametrize(
    ("where", "change", "fault"),
    [
        ("shortcuts", {"name": "あ" * 25}, "must be less than 25 characters"),
        ("shortcuts", {"description": "あ" * 151}, "must be less than 151 characters"),
        ("shortcuts", {"callback_id": "x" * 256}, "must be less than 256 characters"),
        ("shortcuts", {"type": "channel"}, "unsupported type: channel"),
        ("slash_commands", {"command": "/" + "x" * 32}, "must be less than 33 characters"),
        ("slash_commands", {"description": "x" * 2001}, "must be less than 2001 characters"),
        ("slash_commands", {"usage_hint": "x" * 1001}, "must be less than 1001 characters"),
        ("slash_commands", {"colour": "red"}, "invalid additional property: colour"),
    ],
)
def test_a_manifest_beyond_slacks_limits_is_refused(where: str, change: Json, fault: str) -> None:
    manifest = deepcopy(MANIFEST)
    installed(manifest)
    manifest["features"][where][0] |= change
    with pytest.raises(BadManifest, match=fault):
        installed(manifest)
