"""Group DMs, channels without the bot and people of another company, in the shapes that Slack gives them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import (
    BOT_USER,
    GROUP,
    HELPDESK_CHANNEL,
    LEE,
    OTHER_TEAM,
    SALES_CHANNEL,
    SATO,
    SHARED_CHANNEL,
    SMITH,
    SUZUKI,
    TEAM,
    direct_message,
)
from bot.workspace.refusal import Refused
from bot.workspace.workspace import Workspace
from tests.workspace_app import error, listening

Json = dict[str, Any]
BUTTONS = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "はい"},
                "action_id": "yes",
                "value": "1",
            }
        ],
    }
]


class Heard(list[Json]):
    """The payloads that the app got."""

    def events(self, kind: str) -> list[Json]:
        return [payload for payload in self if payload.get("event", {}).get("type") == kind]


def play(scene: Callable[[Workspace, Heard, AsyncWebClient], Awaitable[None]]) -> None:
    async def run() -> None:
        heard = Heard()

        async def hear(request: web.Request) -> web.Response:
            body = (await request.read()).decode()
            heard.append(json.loads(body if body[0] == "{" else parse_qs(body)["payload"][0]))
            return web.Response()

        workspace = Workspace(retry_intervals=())
        async with listening(hear) as workspace.event_url, serve_workspace(workspace) as address:
            client = AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/")
            await scene(workspace, heard, client)

    asyncio.run(run())


async def settled(workspace: Workspace) -> None:
    await workspace.wait_for(lambda: not workspace.under_way)


def test_a_mention_in_a_group_dm_arrives_as_two_events_and_only_one_says_that_it_is_one() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        ts = await workspace.say(SATO.id, GROUP, "@certificate_help hi")
        await settled(workspace)
        [message], [mention] = heard.events("message"), heard.events("app_mention")
        assert (message["event"]["channel_type"], message["event"]["ts"]) == ("mpim", ts)
        assert message["is_ext_shared_channel"] is False
        assert "channel_type" not in mention["event"]
        assert mention["event"]["ts"] == ts
        place = (await client.conversations_info(channel=GROUP))["channel"]
        assert (place["is_mpim"], place["is_channel"], place["is_im"]) == (True, False, False)
        assert place["name"] == "mpdm-alex.smith--sato.hanako--certificate_help-1"
        assert (await client.conversations_members(channel=GROUP))["members"] == [BOT_USER, SATO.id, SMITH.id]
        with pytest.raises(Refused, match="channel_not_found"):
            await workspace.say(SUZUKI.id, GROUP, "私も")

    play(scene)


def test_in_a_channel_without_the_bot_it_hears_nothing_and_may_do_nothing() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        ts = await workspace.say(SATO.id, SALES_CHANNEL, "@certificate_help 期限切れ", [("user.cer", b"x")])
        await settled(workspace)
        assert heard == []
        [message] = workspace.messages(SALES_CHANNEL)
        file = message["files"][0]
        assert await error(client.chat_postMessage(channel=SALES_CHANNEL, text="x")) == "not_in_channel"
        whisper = client.chat_postEphemeral(channel=SALES_CHANNEL, user=SATO.id, text="x")
        assert await error(whisper) == "not_in_channel"
        assert await error(client.conversations_replies(channel=SALES_CHANNEL, ts=ts)) == "not_in_channel"
        assert await error(client.files_info(file=file["id"])) == "file_not_found"
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {workspace.bot_token}"}) as http:
            assert (await http.get(file["url_private_download"])).status_code == 404
        assert not (await client.conversations_info(channel=SALES_CHANNEL))["channel"]["is_member"]

    play(scene)


def test_a_shortcut_brings_the_whole_message_and_an_answer_only_its_presser_sees() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        ts = await workspace.say(SMITH.id, SALES_CHANNEL, "It <expired>", [("user.cer", b"x")])
        assert await workspace.shortcut(SATO.id, "check", SALES_CHANNEL, ts)
        [payload] = heard
        assert (payload["type"], payload["callback_id"]) == ("message_action", "check")
        assert payload["channel"] == {"id": SALES_CHANNEL, "name": "sales"}
        assert (payload["user"]["id"], payload["user"]["team_id"]) == (SATO.id, TEAM)
        assert (payload["message"]["user"], payload["message"]["text"]) == (SMITH.id, "It &lt;expired&gt;")
        assert payload["message"]["files"][0]["name"] == "user.cer"
        assert payload["message_ts"] == ts
        assert float(payload["action_ts"]) > float(ts)
        assert payload["trigger_id"]
        assert "container" not in payload
        async with httpx.AsyncClient() as http:
            answer = await http.post(payload["response_url"], json={"text": "知らせました"})
        assert answer.text == "ok"
        assert [m["text"] for m in workspace.ephemerals(SALES_CHANNEL, SATO.id)] == ["知らせました"]
        assert len(workspace.messages(SALES_CHANNEL)) == 1

    play(scene)


def test_a_stranger_is_known_by_the_team_and_by_little_else() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        await workspace.say(LEE.id, SHARED_CHANNEL, "@certificate_help help", [("user.cer", b"x")])
        await settled(workspace)
        [message], [mention] = heard.events("message"), heard.events("app_mention")
        for payload in (message, mention):
            assert payload["is_ext_shared_channel"] is True
            assert (payload["team_id"], payload["context_team_id"]) == (OTHER_TEAM, TEAM)
            assert payload["authorizations"][0]["team_id"] == TEAM
            event = payload["event"]
            assert (event["user_team"], event["source_team"]) == (OTHER_TEAM, OTHER_TEAM)
            assert event["user_profile"]["team"] == OTHER_TEAM
            [file] = event["files"]
            assert (file["mode"], file["file_access"]) == ("file_access", "check_file_info")
            assert "url_private" not in file
        told = (await client.files_info(file=file["id"]))["file"]
        assert (told["name"], told["user_team"]) == ("user.cer", OTHER_TEAM)
        user = (await client.users_info(user=LEE.id, include_locale=True))["user"]
        assert user["team_id"] == OTHER_TEAM
        assert "email" not in user["profile"]
        assert "locale" not in user
        place = (await client.conversations_info(channel=SHARED_CHANNEL))["channel"]
        assert (place["is_ext_shared"], place["connected_team_ids"]) == (True, [OTHER_TEAM])

    play(scene)


def test_a_colleague_in_the_shared_channel_is_of_our_team() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        await workspace.say(SATO.id, SHARED_CHANNEL, "@certificate_help 期限切れ")
        await settled(workspace)
        [message] = heard.events("message")
        assert message["is_ext_shared_channel"] is True
        assert (message["team_id"], message["event"]["user_team"]) == (TEAM, TEAM)

    play(scene)


def test_a_stranger_may_press_what_everybody_sees_and_has_no_more_of_the_app() -> None:
    async def scene(workspace: Workspace, heard: Heard, client: AsyncWebClient) -> None:
        posted = await client.chat_postMessage(channel=SHARED_CHANNEL, text="?", blocks=BUTTONS)
        await settled(workspace)
        assert await workspace.click(LEE.id, SHARED_CHANNEL, posted["ts"], "yes", "1")
        pressed = heard[-1]
        assert (pressed["user"]["team_id"], pressed["team"]["id"]) == (OTHER_TEAM, OTHER_TEAM)
        with pytest.raises(Refused, match="app_not_installed"):
            await workspace.shortcut(LEE.id, "check", SHARED_CHANNEL, posted["ts"])
        with pytest.raises(Refused, match="app_not_installed"):
            await workspace.command(LEE.id, SHARED_CHANNEL, "/help")
        assert await error(client.conversations_open(users=LEE.id)) == "user_not_visible"
        assert await error(client.chat_postMessage(channel=LEE.id, text="x")) == "channel_not_found"
        assert direct_message(LEE.id) not in workspace.channels
        await client.chat_postEphemeral(channel=SHARED_CHANNEL, user=LEE.id, text="社員用です")
        assert [m["text"] for m in workspace.ephemerals(SHARED_CHANNEL, LEE.id)] == ["社員用です"]

    play(scene)


def test_without_anybody_of_another_company_no_channel_is_shared() -> None:
    assert SHARED_CHANNEL not in Workspace(people=(SATO, SUZUKI)).channels
    assert GROUP not in Workspace(people=(SATO, SUZUKI)).channels


def test_a_private_channel_is_there_for_its_members_alone() -> None:
    async def scene(workspace: Workspace, _: Heard, client: AsyncWebClient) -> None:
        for channel in (HELPDESK_CHANNEL, SALES_CHANNEL):
            workspace.channels[channel] = replace(workspace.channels[channel], private=True)
        info = await client.conversations_info(channel=HELPDESK_CHANNEL)
        assert info["channel"]["is_private"]
        private = await client.conversations_list(types="private_channel")
        assert [one["id"] for one in private["channels"]] == [HELPDESK_CHANNEL]
        public = await client.conversations_list(types="public_channel")
        assert {HELPDESK_CHANNEL, SALES_CHANNEL} & {one["id"] for one in public["channels"]} == set()
        for method in (client.conversations_info, client.conversations_members):
            assert await error(method(channel=SALES_CHANNEL)) == "channel_not_found"

    play(scene)
