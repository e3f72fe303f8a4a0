"""Files that the app uploads reach the people of one place, as Slack shares them, and nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.installed import Installed
from bot.workspace.people import (
    BOT_USER,
    GENERAL_CHANNEL,
    HELPDESK_CHANNEL,
    SALES_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    direct_message,
)
from bot.workspace.workspace import Workspace
from tests.workspace_app import error

Json = dict[str, Any]
Scene = Callable[[Workspace, AsyncWebClient, httpx.AsyncClient], Awaitable[None]]
DM = direct_message(SATO.id)
APP = Installed(scopes=frozenset({"chat:write", "files:read", "files:write"}))
CONTENT = "件名,日時\n相談,14:02\n".encode()


def play(scene: Scene, app: Installed = APP, folder: Path | None = None) -> None:
    async def run() -> None:
        workspace = Workspace(app=app, folder=folder, retry_intervals=(), acknowledge_within=0.1)
        async with serve_workspace(workspace) as address, httpx.AsyncClient(base_url=address) as http:
            client = AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/")
            await scene(workspace, client, http)

    asyncio.run(run())


async def uploaded(client: AsyncWebClient, http: httpx.AsyncClient, content: bytes = CONTENT) -> str:
    """The id of a file whose bytes are there and which is not shared yet."""
    answer = await client.files_getUploadURLExternal(filename="summary.csv", length=len(content))
    sent = await http.post(answer["upload_url"], content=content)
    assert (sent.status_code, sent.text) == (200, f"OK - {len(content)}")
    return str(answer["file_id"])


def test_the_sdks_own_upload_becomes_a_message_of_the_bot_in_the_thread() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        root = await workspace.say(SATO.id, DM, "まとめをください")
        answer = await client.files_upload_v2(
            channel=DM,
            thread_ts=root,
            filename="summary.csv",
            content=CONTENT.decode(),
            title="相談のまとめ",
            initial_comment="こちらです",
        )
        message = workspace.messages(DM)[-1]
        assert (message["user"], message["subtype"], message["text"]) == (
            BOT_USER,
            "file_share",
            "こちらです",
        )
        assert (message["thread_ts"], "bot_id" in message) == (root, True)
        [file] = message["files"]
        assert file["id"] == answer["file"]["id"]
        assert (file["title"], file["name"], file["size"]) == ("相談のまとめ", "summary.csv", len(CONTENT))
        known = (await client.files_info(file=file["id"]))["file"]
        assert (known["user"], known["ims"]) == (BOT_USER, [DM])
        assert known["shares"]["private"][DM][0]["ts"] == message["ts"]
        seen = await http.get(f"/local/file/{file['id']}", params={"user": SATO.id})
        assert seen.content == CONTENT
        token = {"Authorization": f"Bearer {workspace.bot_token}"}
        assert (await http.get(known["url_private_download"], headers=token)).content == CONTENT

    play(scene)


def test_the_app_deletes_its_own_file_and_nobody_elses() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        await workspace.say(SATO.id, DM, "これです", files=[("own.csv", CONTENT)])
        theirs = workspace.messages(DM)[-1]["files"][0]["id"]
        await client.files_upload_v2(channel=DM, filename="summary.csv", content=CONTENT.decode())
        wanted = workspace.messages(DM)[-1]["files"][0]["id"]
        assert (await client.files_delete(file=wanted))["ok"]
        assert workspace.messages(DM)[-1]["files"] == [{"id": wanted, "mode": "tombstone"}]
        assert (await http.get(f"/local/file/{wanted}", params={"user": SATO.id})).status_code == 404
        assert await error(client.files_delete(file=wanted)) == "file_not_found"
        assert await error(client.files_delete(file=theirs)) == "cant_delete_file"
        assert workspace.messages(DM)[-2]["files"][0]["name"] == "own.csv"

    play(scene)


def test_the_app_hears_of_its_own_file_as_of_any_message() -> None:
    heard: list[Json] = []

    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        async def app(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = await reader.readexactly(int(fields["content-length"]))
            heard.append(httpx.Response(200, content=body).json()["event"])
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(app, "127.0.0.1", 0)
        async with server:
            workspace.event_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            wanted = await uploaded(client, http)
            await client.files_completeUploadExternal(files=[{"id": wanted}], channel_id=HELPDESK_CHANNEL)
            await workspace.wait_for(lambda: len(heard) == 2 and not workspace.under_way)
        message, shared = sorted(heard, key=lambda event: event["type"] != "message")
        assert (message["subtype"], message["user"], message["channel"]) == (
            "file_share",
            BOT_USER,
            HELPDESK_CHANNEL,
        )
        assert message["bot_id"]
        assert (shared["type"], shared["file_id"], shared["user_id"]) == ("file_shared", wanted, BOT_USER)

    play(scene)


def test_only_members_of_the_place_can_open_it() -> None:
    async def scene(_: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        wanted = await uploaded(client, http)

        async def opened(user: str) -> int:
            return (await http.get(f"/local/file/{wanted}", params={"user": user})).status_code

        assert await opened(SUZUKI.id) == 404  # not shared yet
        await client.files_completeUploadExternal(files=[{"id": wanted}], channel_id=HELPDESK_CHANNEL)
        assert [await opened(user) for user in (SUZUKI.id, SATO.id, SMITH.id)] == [200, 404, 404]

    play(scene)


def test_without_a_channel_only_the_app_has_it(tmp_path: Path) -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        wanted = await uploaded(client, http)
        await client.files_completeUploadExternal(files=[{"id": wanted}])
        assert not any(workspace.messages(channel) for channel in workspace.channels)
        known = (await client.files_info(file=wanted))["file"]
        assert (known["channels"], known["shares"]) == ([], {})
        assert (await http.get(f"/local/file/{wanted}", params={"user": SATO.id})).status_code == 404
        token = {"Authorization": f"Bearer {workspace.bot_token}"}
        assert (await http.get(known["url_private"], headers=token)).content == CONTENT

    play(scene, folder=tmp_path)


def test_a_form_is_taken_and_anything_but_all_the_bytes_is_refused() -> None:
    async def scene(_: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        answer = await client.files_getUploadURLExternal(filename="a.txt", length=3)
        url = answer["upload_url"]
        assert (await http.post(url, content=b"ab")).status_code == 400
        share = client.files_completeUploadExternal(files=[{"id": answer["file_id"]}], channel_id=DM)
        assert await error(share) == "file_not_found"
        assert (await http.post(url, files={"filename": ("a.txt", b"abc")})).status_code == 200
        await client.files_completeUploadExternal(files=[{"id": answer["file_id"]}], channel_id=DM)
        assert (await http.post(url, content=b"abc")).status_code == 404
        assert (await http.post("/upload/v1/other", content=b"abc")).status_code == 404

    play(scene)


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ({"channel_id": "C0NOWHERE01"}, "invalid_channel"),
        ({"channel_id": SATO.id}, "invalid_channel"),
        ({"channel_id": SALES_CHANNEL}, "not_in_channel"),
        ({"channel_id": GENERAL_CHANNEL, "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel_id": GENERAL_CHANNEL, "thread_ts": "soon"}, "invalid_thread_ts"),
    ],
)
def test_a_place_that_slack_refuses_is_refused_and_the_file_can_still_be_shared(
    where: Json, refused: str
) -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        files: list[dict[str, str | None]] = [{"id": await uploaded(client, http)}]
        assert await error(client.files_completeUploadExternal(files=files, **where)) == refused
        assert workspace.state.files == {}
        assert (await client.files_completeUploadExternal(files=files, channel_id=GENERAL_CHANNEL))["ok"]

    play(scene)


def test_what_slack_refuses_to_announce_or_to_complete_is_refused() -> None:
    async def scene(_: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        async def announced(**given: Any) -> str:
            return await error(client.api_call("files.getUploadURLExternal", params=given))

        async def completed(files: object) -> str:
            return await error(client.api_call("files.completeUploadExternal", json={"files": files}))

        assert await announced(length=3) == "invalid_arguments"
        assert await announced(filename="a.txt") == "invalid_arguments"
        assert await announced(filename="a.txt", length="three") == "invalid_arguments"
        assert await announced(filename="a.txt", length=0) == "missing_argument"
        assert await announced(filename="a.txt", length=10**10) == "file_upload_size_restricted"
        assert await announced(filename="a.txt", length=3, alt_txt="x" * 1001) == "alt_txt_too_large"
        wanted = await uploaded(client, http)
        assert await completed([]) == "invalid_arguments"
        assert await completed([{"title": "x"}]) == "invalid_arguments"
        assert await completed("[") == "invalid_arguments"
        assert await completed([{"id": wanted}, {"id": wanted}]) == "invalid_arguments"
        assert await completed([{"id": "F0NONE"}]) == "file_not_found"

    play(scene)


def test_an_upload_needs_its_scope() -> None:
    async def scene(_: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        calls = (
            client.files_getUploadURLExternal(filename="a.txt", length=3),
            client.files_completeUploadExternal(files=[{"id": "F0NONE"}]),
        )
        for call in calls:
            with pytest.raises(SlackApiError) as refusal:
                await call
            assert (refusal.value.response["error"], refusal.value.response["needed"]) == (
                "missing_scope",
                "files:write",
            )

    play(scene, app=Installed(scopes=frozenset({"chat:write", "files:read"})))


def test_deleting_the_message_takes_the_file_with_it() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient, http: httpx.AsyncClient) -> None:
        wanted = await uploaded(client, http)
        await client.files_completeUploadExternal(files=[{"id": wanted}], channel_id=DM)
        await client.chat_delete(channel=DM, ts=workspace.messages(DM)[0]["ts"])
        assert workspace.state.files == {}
        assert await error(client.files_info(file=wanted)) == "file_not_found"

    play(scene)
