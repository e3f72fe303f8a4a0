"""`python -m bot serve` as a process: killed in the middle and started again, it leaves nobody unanswered."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.workspace.app import serve_workspace
from bot.workspace.faults import Late
from bot.workspace.people import HELPDESK_CHANNEL, SATO
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, SATOS_DM, until


@contextlib.asynccontextmanager
async def serving(workspace: Workspace, data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot with an embedded database, as a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "DATA_DIR": str(data),
        "HOST": "127.0.0.1",
        "PORT": "0",
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": f"{workspace.address}/api/",
        "SLACK_FILE_HOSTS": urlsplit(workspace.address).netloc,
        "HELPDESK_CHANNEL": HELPDESK_CHANNEL,
    }
    with (data.parent / "log.txt").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    assert process.stdout
    try:
        line = (await process.stdout.readline()).decode().strip()
        assert line.endswith("/slack/events"), (data.parent / "log.txt").read_text()
        workspace.event_url = line
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        # asyncio closes the pipe only at its next turn
        await asyncio.sleep(0)


def answers(workspace: Workspace) -> list[str]:
    return [said["thread_ts"] for said in workspace.messages(SATOS_DM) if said.get("bot_id")]


def test_an_event_that_was_acknowledged_is_answered_although_the_process_was_killed(tmp_path: Path) -> None:
    async def play() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace):
            async with serving(workspace, tmp_path / "data") as process:
                workspace.faults.on_call("users.info", Late(30))
                ts = await workspace.say(SATO.id, SATOS_DM, ROW_1)
                await until(lambda: not workspace.under_way)
                await until(lambda: workspace.calls_to("users.info"))
                assert answers(workspace) == []
                process.kill()
                await process.wait()
            async with serving(workspace, tmp_path / "data") as process:
                await until(lambda: answers(workspace) == [ts])
                process.send_signal(signal.SIGTERM)
                assert await process.wait() == 0
            assert answers(workspace) == [ts]

    asyncio.run(play())


def test_a_stop_while_slack_cannot_be_reached_stops_the_embedded_database_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    nowhere = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    environment = kept | nowhere | {"DATA_DIR": str(data), "SLACK_API_URL": "http://127.0.0.1:9/api/"}

    async def play() -> None:
        with (tmp_path / "log.txt").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "socket", env=environment, stderr=log
            )
        running = data / "postgres" / "postmaster.pid"
        # It tries to reach Slack, so the database is up.
        await until(lambda: b"ConnectorError" in (tmp_path / "log.txt").read_bytes(), 60)
        assert running.exists()
        process.send_signal(signal.SIGTERM)
        await process.wait()
        assert not running.exists()

    asyncio.run(play())
