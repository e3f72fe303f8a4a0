"""The bot is started again with other tables: what was stored goes on with them."""

import asyncio
from pathlib import Path

from bot.local import MANIFEST
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from knowledge.load import load
from tests.road import ROW_1, new_database, stage, words


def test_a_talk_goes_on_after_a_restart_with_its_error_switched_off(tmp_path: Path) -> None:
    (tmp_path / "errors.toml").write_text("[error.no_certificate]\noff = true\n", encoding="utf-8")

    async def play() -> None:
        workspace, database = Workspace(app=read_manifest(MANIFEST)), new_database()
        async with serve_workspace(workspace):
            async with stage(database=database, workspace=workspace) as before:
                await before.say(ROW_1)
                (asked,) = before.said()
            async with stage(database=database, workspace=workspace, tables=load(tmp_path)) as after:
                await after.press(asked, "特にない")
                assert "このボタンは古くなっていて、使えませんでした。" in words(after.said()[-1])
                await after.say(ROW_1)
                assert "担当者が直接お引き受けしています" in words(after.said()[-1])
                await after.press(after.said()[-1], "担当者に聞く")
                (card,) = after.said(HELPDESK_CHANNEL)
                assert "C-1001" in words(card)
                assert "申し訳ありません" not in "".join(map(words, after.said()))

    asyncio.run(play())
