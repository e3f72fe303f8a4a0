"""The machinery of the measurement: a PostgreSQL server, processes of an app, what both of them take."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bot.migrate import migrate
from bot.postgres import embedded
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from tests.road import samples

ROOT = Path(__file__).parents[1]
PROC = Path("/proc")
STARTED_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own, set as it comes: what it says is written is on the disk."""

    address: str
    process: int

    def new_database(self, name: str) -> str:
        """The address of a new database with the bot's and the engine's tables."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        migrate(self.address_of(name))
        return self.address_of(name)

    def address_of(self, name: str) -> str:
        """The address of a database of this server."""
        return self.address.replace("/postgres?", f"/{name}?")

    def processor_seconds(self) -> float:
        """What all its processes have used of the processor so far; 0 where that cannot be read."""
        return _used(self.process, with_ended=True) + sum(_used(pid) for pid in _children(self.process))


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A new server while the block runs."""
    with embedded(folder) as address:
        process = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        yield Server(address, process)


@dataclass(frozen=True)
class Started:
    """A process of an app that takes events."""

    process: int
    address: str
    """Where it takes them."""

    def processor_seconds(self) -> float:
        """What it has used of the processor so far; 0 where that cannot be read."""
        return _used(self.process)

    def resident(self) -> float | None:
        """Its memory in MB (2^20 bytes), as the kernel counts it; None where that cannot be read."""
        try:
            lines = (PROC / str(self.process) / "status").read_text().splitlines()
        except OSError:
            return None
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


BOT = ("bot", "serve")
BARE = ("tests.bench_road_echo", "bare")
DURABLE = ("tests.bench_road_echo", "durable")


@contextlib.asynccontextmanager
async def started(
    command: Sequence[str], slack: Workspace, folder: Path, database: str | None
) -> AsyncIterator[Started]:
    """One process of `python -m` this; without a database the bot has its embedded one in the folder."""
    with (folder / "log.txt").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *command),
            env=_environment(slack, folder, database),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
    assert process.stdout
    try:
        async with asyncio.timeout(STARTED_WITHIN):
            address = (await process.stdout.readline()).decode().strip()
        if not address.endswith("/slack/events"):
            raise RuntimeError(
                f"{' '.join(command)} did not start: {(folder / 'log.txt').read_text()[-500:]}"
            )
        yield Started(process.pid, address)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        await asyncio.sleep(0)  # asyncio closes the pipe only at its next turn


def _environment(slack: Workspace, folder: Path, database: str | None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    for name, certificate in (("root", samples().root), ("chain", samples().intermediate)):
        (folder / f"{name}.pem").write_bytes(certificate)
    given = {
        "DATA_DIR": str(folder / "data"),
        "HOST": "127.0.0.1",
        "PORT": "0",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": f"{slack.address}/api/",
        "SLACK_FILE_HOSTS": urlsplit(slack.address).netloc,
        "HELPDESK_CHANNEL": HELPDESK_CHANNEL,
        "TRUST_ROOTS": str(folder / "root.pem"),
        "TRUST_CHAIN": str(folder / "chain.pem"),
    }
    return kept | given | ({"DATABASE_URL": database} if database else {})


@dataclass(frozen=True)
class Used:
    """What was used up to a moment: seconds of the clock, of the processors, and commits of the database."""

    clock: float
    app: float
    database: float
    slack: float
    commits: int

    def since(self, before: "Used") -> "Used":
        """What was used in between."""
        return Used(
            self.clock - before.clock,
            self.app - before.app,
            self.database - before.database,
            self.slack - before.slack,
            self.commits - before.commits,
        )


def used(apps: Sequence[Started], database: Server, address: str) -> Used:
    """What the processes of an app, the server and this process, which is Slack, have used so far."""
    return Used(
        time.perf_counter(),
        sum(app.processor_seconds() for app in apps),
        database.processor_seconds(),
        time.process_time(),
        int(
            ask(address, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")[0][0]
        ),
    )


def used_by_others(database: Server) -> Callable[[], float | None]:
    """Gives, whenever it is asked, the share of the processors that others had since; None: not told here.

    Others are all but this process, what it started and has ended, and the database server.
    """

    def seconds() -> tuple[float, float, float]:
        busy = [int(number) for number in (PROC / "stat").read_text().split(maxsplit=9)[1:9]]
        all_of_it = sum(busy) / os.sysconf("SC_CLK_TCK")
        free = (busy[3] + busy[4]) / os.sysconf("SC_CLK_TCK")  # idle, iowait: proc_stat(5)
        ours = sum(os.times()[:4]) + database.processor_seconds()
        return all_of_it, free, ours

    if not (PROC / "stat").exists():
        return lambda: None
    before = seconds()

    def share() -> float:
        all_of_it, free, ours = (now - then for now, then in zip(seconds(), before, strict=True))
        return max(0.0, (all_of_it - free - ours) / all_of_it)

    return share


def ask(address: str, question: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with psycopg.connect(address, autocommit=True) as connection:
        answer = connection.execute(question.encode())
        return answer.fetchall() if answer.description else []


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name (proc_pid_stat(5)): the first is field 3."""
    return (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()


def _used(process: int, *, with_ended: bool = False) -> float:
    try:
        fields = _stat(process)
    except OSError:
        return 0.0
    ticks = fields[11:15] if with_ended else fields[11:13]  # utime, stime; cutime, cstime
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> Iterator[int]:
    if not (PROC / "self" / "stat").exists():
        return
    for name in (entry.name for entry in PROC.iterdir() if entry.name.isdecimal()):
        with contextlib.suppress(OSError):
            if _stat(int(name))[1] == str(process):
                yield int(name)
