"""Replies that everybody sees, and what is left of a thread when its messages are deleted: as in Slack."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import GENERAL_CHANNEL, SATO
from bot.workspace.workspace import Workspace
from tests.workspace_app import error

Json = dict[str, Any]
Scene = Callable[[Workspace, AsyncWebClient], Awaitable[None]]


def play(scene: Scene) -> None:
    async def run() -> None:
        workspace = Workspace(retry_intervals=(), acknowledge_within=0.1)
        async with serve_workspace(workspace) as address:
            await scene(workspace, AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/"))

    asyncio.run(run())


def test_a_broadcast_reply_stands_in_the_channel_and_in_its_thread() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        root = await workspace.say(SATO.id, GENERAL_CHANNEL, "直りましたか")
        quiet = await client.chat_postMessage(channel=GENERAL_CHANNEL, text="まだです", thread_ts=root)
        loud = await client.chat_postMessage(
            channel=GENERAL_CHANNEL, text="直りました", thread_ts=root, reply_broadcast=True
        )
        assert "subtype" not in quiet["message"]
        assert (loud["message"]["subtype"], loud["message"]["thread_ts"]) == ("thread_broadcast", root)
        assert loud["message"]["root"]["text"] == "直りましたか"
        assert loud["message"]["root"]["reply_count"] == 2
        history = (await client.conversations_history(channel=GENERAL_CHANNEL))["messages"]
        assert [message["ts"] for message in history] == [loud["ts"], root]
        assert history[0]["root"]["ts"] == root
        replies = (await client.conversations_replies(channel=GENERAL_CHANNEL, ts=root))["messages"]
        assert [message["ts"] for message in replies] == [root, quiet["ts"], loud["ts"]]

    play(scene)


def test_reply_broadcast_says_nothing_without_a_thread() -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        answer = await client.chat_postMessage(channel=GENERAL_CHANNEL, text="皆さんへ", reply_broadcast=True)
        assert "subtype" not in answer["message"]

    play(scene)


def test_an_update_can_broadcast_a_reply_that_was_quiet() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        root = await workspace.say(SATO.id, GENERAL_CHANNEL, "直りましたか")
        reply = (await client.chat_postMessage(channel=GENERAL_CHANNEL, text="まだです", thread_ts=root))[
            "ts"
        ]
        await client.chat_update(channel=GENERAL_CHANNEL, ts=reply, text="直りました", reply_broadcast=True)
        history = (await client.conversations_history(channel=GENERAL_CHANNEL))["messages"]
        assert [message["text"] for message in history] == ["直りました", "直りましたか"]

    play(scene)


def test_a_deleted_first_message_keeps_the_place_of_its_replies_and_goes_with_the_last_of_them() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        where: Json = {"channel": GENERAL_CHANNEL}
        root = (await client.chat_postMessage(**where, text="お知らせ"))["ts"]
        reply = (await client.chat_postMessage(**where, text="続き", thread_ts=root))["ts"]
        await client.chat_delete(**where, ts=root)
        assert [message.get("subtype") for message in workspace.messages(GENERAL_CHANNEL)] == [
            "tombstone",
            None,
        ]
        assert await error(client.chat_delete(**where, ts=root)) == "message_not_found"
        assert await error(client.chat_update(**where, ts=root, text="戻す")) == "message_not_found"
        page = workspace.feed.subscribe(SATO.id)
        await client.chat_delete(**where, ts=reply)
        assert workspace.messages(GENERAL_CHANNEL) == []
        told = [page.get_nowait() for _ in range(page.qsize())]
        assert [event["ts"] for event in told if event is not None] == [reply, root]

    play(scene)
