"""The local workspace keeps its chats across restarts, and every message has a time stamp of its own."""

import asyncio
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.people import SATO, direct_message
from bot.workspace.state import State
from bot.workspace.workspace import Workspace

DM = direct_message(SATO.id)


def test_a_restarted_workspace_shows_the_same_chats_files_and_home_tab(tmp_path: Path) -> None:
    async def first() -> list[str]:
        workspace = Workspace(folder=tmp_path)
        async with serve_workspace(workspace) as address:
            client = AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/")
            await workspace.say(SATO.id, DM, "こんにちは", [("user.cer", b"\x30\x82")])
            await client.chat_postMessage(channel=DM, text="はい")
            await client.views_publish(
                user_id=SATO.id, view={"type": "home", "blocks": [{"type": "divider"}]}
            )
            return [message["ts"] for message in workspace.messages(DM)]

    async def second() -> tuple[list[str], bytes | None, int]:
        workspace = Workspace(folder=tmp_path)
        async with serve_workspace(workspace):
            file = next(iter(workspace.state.files.values()))
            content = workspace.state.content(file)
            later = await workspace.say(SATO.id, DM, "またね")
            kept = [message["ts"] for message in workspace.messages(DM)]
            assert kept[-1] == later
            return kept[:-1], content, len(workspace.state.homes[SATO.id]["blocks"])

    kept = asyncio.run(first())
    assert asyncio.run(second()) == (kept, b"\x30\x82", 1)


def test_a_deleted_message_takes_its_file_from_the_disk(tmp_path: Path) -> None:
    async def scene() -> list[Path]:
        workspace = Workspace(folder=tmp_path)
        async with serve_workspace(workspace):
            ts = await workspace.say(SATO.id, DM, "", [("key.pem", b"secret")])
            await workspace.erase(SATO.id, DM, ts)
        return list((tmp_path / "files").iterdir())

    assert asyncio.run(scene()) == []


def test_a_snapshot_that_cannot_be_read_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text("{half", encoding="utf-8")

    workspace = Workspace(folder=tmp_path)

    assert workspace.messages(DM) == []
    assert (tmp_path / "workspace.unreadable").read_text(encoding="utf-8") == "{half"


def test_time_stamps_differ_and_grow_even_when_the_clock_stands_still() -> None:
    state = State(clock=lambda: 1_764_000_000.0)

    stamps = [state.ts() for _ in range(5000)]

    assert len(set(stamps)) == 5000
    assert stamps == sorted(stamps, key=float)
    assert stamps[0] == "1764000000.000000"
