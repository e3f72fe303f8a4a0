"""`python -m bot serve` with a database of its own: killed, started again, started twice, stopped."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.workspace.app import serve_workspace
from bot.workspace.faults import Held
from bot.workspace.people import SATO
from bot.workspace.workspace import Workspace
from tests.processes import Machine, given, start
from tests.road import PATIENCE, ROW_1, SATOS_DM, until


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own: each run that begins closes those to all other users, and by root PostgreSQL is one.
    with tempfile.TemporaryDirectory(prefix="process-", ignore_cleanup_errors=True) as made:
        yield Path(made)


@asynccontextmanager
async def serving(workspace: Workspace, data: Path) -> AsyncIterator[Machine]:
    """The bot with an embedded database, as a process of its own."""
    machine = await start(given(workspace, DATA_DIR=str(data)), data.parent / "log.txt")
    workspace.event_url = machine.url
    try:
        yield machine
    finally:
        await machine.stop()


def answers(workspace: Workspace) -> list[str]:
    return [said["thread_ts"] for said in workspace.messages(SATOS_DM) if said.get("bot_id")]


def test_an_event_that_was_acknowledged_is_answered_although_the_process_was_killed(folder: Path) -> None:
    async def play() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace):
            async with serving(workspace, folder / "data") as machine:
                workspace.faults.on_call("users.info", Held(60))
                ts = await workspace.say(SATO.id, SATOS_DM, ROW_1)
                await until(lambda: not workspace.under_way and not workspace.faults.to_come)
                assert answers(workspace) == []
                await machine.kill()
            async with serving(workspace, folder / "data") as machine:
                await until(lambda: answers(workspace) == [ts])
                assert await machine.stop() == 0
            assert answers(workspace) == [ts]

    asyncio.run(play())


def test_who_works_with_data_that_another_process_has_is_told_so_and_ends(folder: Path) -> None:
    async def play() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace), serving(workspace, folder / "data") as machine:
            second = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve"),
                env=given(workspace, DATA_DIR=str(folder / "data")),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            printed, told = (text.decode() for text in await second.communicate())
            assert (second.returncode, printed) == (1, "")
            assert "ほかのプロセスが使っています" in told
            assert "Another process already works with the data" in told
            assert "Traceback" not in told
            ts = await workspace.say(SATO.id, SATOS_DM, ROW_1)  # and the first one was not disturbed
            await until(lambda: answers(workspace) == [ts])
            assert machine.process.returncode is None

    asyncio.run(play())


@pytest.mark.parametrize("moment", ["Slack does not answer yet", '"started"', "slack_bolt"])
def test_a_stop_while_slack_cannot_be_reached_ends_all_of_it(folder: Path, moment: str) -> None:
    data = folder / "data"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    nowhere = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    environment = (
        kept | nowhere | {"DATA_DIR": str(data), "PORT": "0", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    )

    async def play() -> None:
        with (folder / "log.txt").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "socket", env=environment, stderr=log
            )
        running = data / "postgres" / "postmaster.pid"
        # In the middle of its start; as soon as that is done; while it tries to connect.
        await until(lambda: moment.encode() in (folder / "log.txt").read_bytes())
        assert running.exists()
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
        assert not running.exists()

    asyncio.run(play())
