"""Processes of the bot for tests: `python -m bot serve`, killed, standing still, started again."""

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.workspace.app import serve_workspace
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from tests.road import SATOS_DM, Json, Talk, new_database, until

SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 60.0


def given(workspace: Workspace, **more: str) -> dict[str, str]:
    """The environment that a process is started with; `more` says which database it works with."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": f"{workspace.address}/api/",
        "SLACK_FILE_HOSTS": urlsplit(workspace.address).netloc,
        "HELPDESK_CHANNEL": HELPDESK_CHANNEL,
        "WEEKLY_SUMMARY": "off",
        **more,
    }


@dataclass
class Machine:
    """One process; `url` is where it takes events."""

    process: asyncio.subprocess.Process
    url: str = ""

    @property
    def address(self) -> str:
        return self.url.removesuffix("/slack/events")

    async def kill(self) -> None:
        """Ends it as a power cut does."""
        self.process.kill()
        await self.process.wait()

    def stand_still(self) -> None:
        """It does nothing more, and hangs up on nobody."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It goes on where it stood still, and does not know that time went by."""
        self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> int:
        """Tells it to stop, and waits until it did; its exit code."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.go_on()
                self.process.terminate()
            try:
                async with asyncio.timeout(SECONDS_TO_STOP):
                    await self.process.wait()
            except TimeoutError:
                await self.kill()
        await asyncio.sleep(0)  # asyncio closes the pipe only at its next turn
        return self.process.returncode or 0


async def start(environment: Mapping[str, str], log: Path) -> Machine:
    """A process that takes events. Raises AssertionError with its log if it ended instead."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "serve"),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=out,
        )
    machine = Machine(process)
    assert process.stdout
    try:
        async with asyncio.timeout(SECONDS_TO_START):
            machine.url = (await process.stdout.readline()).decode().strip()
        assert machine.url.endswith("/slack/events"), log.read_text()
    except BaseException:
        await machine.stop()
        raise
    return machine


@dataclass
class Machines(Talk):
    """Processes on one database; Slack's events go to the one that was started last."""

    environment: Mapping[str, str]
    log: Path
    running: list[Machine] = field(default_factory=list)

    async def start(self) -> Machine:
        """One more."""
        machine = await start(self.environment, self.log)
        self.running.append(machine)
        self.workspace.event_url = machine.url
        return machine

    async def start_again(self) -> Machine:
        """One after all others died; nobody waits until they are thought dead (bot.engine.DEAD_AFTER)."""
        assert all(machine.process.returncode is not None for machine in self.running)
        self.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        return await self.start()


@asynccontextmanager
async def machines(
    *, workspace: Workspace | None = None, database: str = "", **more: str
) -> AsyncIterator[Machines]:
    """A workspace and a database, and no process yet; in the end none is left. `more` is environment."""
    workspace = workspace or Workspace(retry_intervals=(0.0, 1.0, 3.0))
    database = database or new_database()
    with tempfile.TemporaryDirectory(prefix="machines-") as folder:
        async with serve_workspace(workspace):
            environment = given(workspace, DATABASE_URL=database, **more)
            here = Machines(workspace, database, environment, Path(folder) / "log.txt")
            try:
                yield here
            finally:
                await asyncio.gather(*(machine.stop() for machine in here.running))


def with_machines(play: Callable[[Machines], Awaitable[None]], **more: Any) -> None:
    """Plays it; `more` is what `machines` takes."""

    async def run() -> None:
        async with machines(**more) as here:
            await play(here)

    asyncio.run(run())


def is_blocked(here: Talk) -> bool:
    """Whether somebody waits for a lock in the database."""
    return here.ask(
        "SELECT count(*) > 0 FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ) == [(True,)]


async def met(here: Talk) -> None:
    """Returns when all is acknowledged that people did, and every fault that was ordered was met."""
    await until(lambda: not here.workspace.under_way and not here.workspace.faults.to_come)


def require_once(here: Talk, events: int) -> None:
    """So many events, each worked once, and nothing left; nothing was said twice."""
    assert here.jobs() == 0
    assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]
    assert here.ask("SELECT count(*) FROM events WHERE id NOT LIKE '%:inspected:%'") == [(events,)]
    turns = here.ask("SELECT sum((state ->> 'turn')::int) FROM conversations")
    assert turns == here.ask("SELECT count(*) FROM events")
    said = Counter(name_of(message) for place in (SATOS_DM, HELPDESK_CHANNEL) for message in here.said(place))
    assert [name for name, times in said.items() if times > 1] == []


def name_of(message: Json) -> str:
    """What the message itself carries (bot.sent)."""
    return str(message["metadata"]["event_payload"]["id"])


def answered(here: Talk) -> list[str]:
    """What the bot answered to in Sato's talk with it, in the order of the answers."""
    return [said["thread_ts"] for said in here.said()]
