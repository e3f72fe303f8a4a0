"""The database goes away and comes back, or hangs up in the middle: Slack is told so, and nothing is lost."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import psycopg
import pytest

from bot.migrate import migrate
from bot.postgres import embedded
from bot.workspace.faults import Late, Stalled
from bot.workspace.people import SATO
from bot.workspace.workspace import Workspace
from tests.processes import Machines, answered, is_blocked, met, require_once, with_machines
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample, until, words

BACK_WITHIN = 60.0
RETRIES = (0.0, 1.0, 3.0, 5.0, 10.0)


class Server:
    """A PostgreSQL server that can be switched off and on, always at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = contextlib.ExitStack()

    def on(self) -> str:
        """Starts it; its address."""
        return self._running.enter_context(embedded(self._folder))

    def off(self) -> None:
        """Stops it; everybody is cut off."""
        self._running.close()


@pytest.fixture
def server() -> Iterator[Server]:
    # a short path: in a long one the server's socket would be elsewhere at each start
    with tempfile.TemporaryDirectory(prefix="away-", ignore_cleanup_errors=True) as folder:
        made = Server(Path(folder))
        try:
            yield made
        finally:
            made.off()


async def status(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
        return answer.status


async def is_ready(address: str, expected: int) -> None:
    async with asyncio.timeout(BACK_WITHIN):
        while await status(address) != expected:
            await asyncio.sleep(0.05)


async def started_without_database(here: Machines) -> tuple[int | None, str]:
    """The exit code of a process that is started now, and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        env=here.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def test_what_is_under_way_and_what_is_said_meanwhile_is_answered_once_when_it_is_back(
    server: Server,
) -> None:
    address = server.on()
    migrate(address)

    async def play(here: Machines) -> None:
        machine = await here.start()
        assert await status(machine.address) == 200
        before = await here.say(ROW_1)
        here.workspace.faults.on_call("chat.postMessage", Late(5.0))
        under_way = await here.workspace.say(SATO.id, SATOS_DM, "特にない")
        await until(lambda: len(here.said()) == 2)

        await asyncio.to_thread(server.off)
        await is_ready(machine.address, 503)
        heard = len(here.workspace.courier.deliveries)
        meanwhile = await here.workspace.say(SATO.id, SATOS_DM, "まだ直りません")
        await until(lambda: len(here.workspace.courier.deliveries) > heard)
        assert here.workspace.courier.deliveries[heard].outcome == "http_error"
        code, said = await started_without_database(here)
        assert code == 1
        assert "データベースにつながりません" in said
        assert "The database does not answer" in said
        assert "Traceback" not in said

        assert await asyncio.to_thread(server.on) == address
        await is_ready(machine.address, 200)
        await here.settled()
        assert answered(here) == [before, under_way, meanwhile]
        require_once(here, events=3)
        assert machine.process.returncode is None

    with_machines(play, database=address, workspace=Workspace(retry_intervals=RETRIES))


def cut(here: Stage) -> None:
    """All of the bot's connections break."""
    here.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.parametrize("waits_for", ["users.info", "chat.postMessage"])
def test_connections_that_break_in_the_middle_of_a_message_lose_and_repeat_nothing(waits_for: str) -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call(waits_for, Late(0.5))
        ts = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await met(here)
        cut(here)
        await here.settled(BACK_WITHIN)
        assert answered(here) == [ts]
        require_once(here, events=1)

    on_stage(play, alone=False)


def test_connections_that_break_in_the_middle_of_a_file_lose_and_repeat_nothing() -> None:
    file = sample("expired")

    async def play(here: Stage) -> None:
        here.workspace.faults.on_file(Stalled(0.5))
        await here.workspace.say(SATO.id, SATOS_DM, "", [(file.name, file.data)])
        await met(here)
        cut(here)
        await here.settled(BACK_WITHIN)
        (told,) = here.said()
        assert "期限が切れています" in words(told)
        require_once(here, events=1)

    on_stage(play, alone=False)


def test_a_connection_that_breaks_in_the_middle_of_a_transaction_undoes_all_of_it() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM conversations FOR UPDATE")
            await here.workspace.say(SATO.id, SATOS_DM, "特にない")
            await until(lambda: is_blocked(here))
            here.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        await here.settled(BACK_WITHIN)
        assert len(here.said()) == 2
        require_once(here, events=2)

    on_stage(play, alone=False)
