"""Whether a process lives and can work: it says so itself, and names what does not."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from bot.background import Background
from bot.database import Database
from bot.pulse import Pulse
from bot.starting import run_socket
from bot.workspace.app import serve_workspace
from bot.workspace.faults import Held
from bot.workspace.workspace import Workspace
from tests.loglines import logged
from tests.road import PATIENCE, Stage, new_database, on_stage, settings, until
from tests.test_metrics import without_database


async def asked(here: Stage, path: str) -> tuple[int, str]:
    base = str(here.workspace.event_url).removesuffix("/slack/events")
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{base}/{path}")
    return answer.status_code, answer.text.strip()


async def answers(question: Callable[[], Awaitable[object]], expected: object) -> None:
    """Returns once that is the answer."""
    async with asyncio.timeout(PATIENCE):
        while await question() != expected:
            await asyncio.sleep(0.01)


def test_a_task_that_breaks_is_told_at_once_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("himitsu")

    async def play(here: Stage) -> None:
        await answers(here.bot.health.unhealthy, ("pulse",))
        assert await asked(here, "healthz") == (503, "does not run: pulse")
        assert (await asked(here, "readyz"))[0] == 200  # the rest works
        line = lines.all(task="pulse")[0]
        assert "RuntimeError" in line["message"]

    monkeypatch.setattr(Pulse, "keep", breaks)
    with logged() as lines:
        on_stage(play)
    assert "himitsu" not in lines.text


def test_what_broke_is_started_again() -> None:
    async def play() -> None:
        stop, runs, again = asyncio.Event(), [RuntimeError("once")], asyncio.Event()

        async def task() -> None:
            for fault in (runs.pop() for _ in list(runs)):
                raise fault
            again.set()
            await stop.wait()

        background = Background(stop, pause=0.0)
        background.start("task", task)
        await again.wait()
        assert background.broken == ()
        stop.set()
        await background.ended()

    asyncio.run(play())


def test_what_ends_by_itself_is_broken_too_and_a_stop_is_no_fault() -> None:
    async def play() -> None:
        stop = asyncio.Event()

        async def ends() -> None:
            return None

        async def stays() -> None:
            await stop.wait()

        background = Background(stop)
        background.start("ends", ends)
        background.start("stays", stays)
        await until(lambda: background.broken)
        assert background.broken == ("ends",)
        stop.set()
        await background.ended()
        assert [line["task"] for line in lines.all() if "task" in line] == ["ends"]

    with logged() as lines:
        asyncio.run(play())


def test_it_is_ready_while_it_can_work_and_says_why_if_it_cannot() -> None:
    async def play(here: Stage) -> None:
        assert await asked(here, "readyz") == (200, "ok")
        assert await asked(here, "healthz") == (200, "ok")
        (version,) = here.ask("SELECT version_num FROM alembic_version")[0]
        here.ask("UPDATE alembic_version SET version_num = '0001'")
        status, told = await asked(here, "readyz")
        assert (status, "python -m bot migrate" in told) == (503, True)
        here.ask("UPDATE alembic_version SET version_num = '9999'")  # a newer version is beside this one
        assert (await asked(here, "readyz"))[0] == 200
        here.ask(f"UPDATE alembic_version SET version_num = '{version}'")
        here.bot.health.stop()
        assert await asked(here, "readyz") == (503, "not ready: it is stopping")
        assert await asked(here, "healthz") == (200, "ok")

    on_stage(play)


def test_everything_that_is_missing_is_named() -> None:
    async def play() -> None:
        async with without_database() as health:

            async def never() -> bool:
                return False

            health.needs("no WebSocket to Slack", never)
            health.stop()
            assert await health.unready() == (
                "it is stopping",
                "no database",
                "the worker does not run",
                "no WebSocket to Slack",
            )
            assert await health.unhealthy() == ()

    asyncio.run(play())


def test_over_socket_mode_it_is_ready_only_while_the_websocket_is_open() -> None:
    async def play(here: Stage) -> None:
        await answers(here.bot.health.unready, ())
        here.workspace.faults.on_call("apps.connections.open", Held(2.0))
        here.workspace.sockets.drop()
        await answers(here.bot.health.unready, ("no WebSocket to Slack",))
        await answers(here.bot.health.unready, ())

    on_stage(play, over="sockets")


def test_socket_mode_has_a_port_for_who_watches_it(capsys: pytest.CaptureFixture[str]) -> None:
    async def play() -> None:
        workspace = Workspace()
        async with serve_workspace(workspace) as address:
            found = Database(new_database(), is_embedded=False)
            given = settings(
                found.address,
                host="127.0.0.1",
                slack_bot_token=SecretStr(workspace.bot_token),
                slack_app_token=SecretStr(workspace.app_token),
                slack_api_url=f"{address}/api/",
            )
            running = asyncio.create_task(run_socket(given, found))
            told = ""
            while not (told or running.done()):
                await asyncio.sleep(0.01)
                told = capsys.readouterr().out
            port = urlsplit(told.removeprefix("Socket Mode; ").strip()).port
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
                assert (await client.get("/readyz")).text == "ok"
                assert (await client.get("/healthz")).text == "ok"
                assert "helpdesk_workers 1.0" in (await client.get("/metrics")).text
                assert (await client.post("/slack/events")).status_code == 404
            with pytest.raises(OSError, match="in use"):  # which `python -m bot` tells in one line
                await run_socket(given.model_copy(update={"port": port}), found)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())
