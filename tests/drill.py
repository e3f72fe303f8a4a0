"""`make drill`: the local Slack, three processes of the bot on one database, and all that can go wrong.

For a minute people do what people do, while processes are killed, hang, lose their database and are refused
by Slack, at random (seeded). Then it says what became of everything that was done, by what stands in the
workspace: nothing may be lost, nothing out of order, nothing said twice without need.
"""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.workspace.app import serve_workspace
from bot.workspace.samples import Samples, make_samples
from bot.workspace.workspace import Workspace
from knowledge.load import load
from tests.drill_balancer import Balancer
from tests.drill_database import Database, database
from tests.drill_faults import Diary, Mischief, within
from tests.drill_ledger import Account, account
from tests.drill_machines import Machine, NotStarted, own_errors
from tests.drill_people import EMPLOYEES, EVERYBODY, Employee, Told, answers, at_the_helpdesk, pending_texts
from tests.drill_report import lines
from tests.processes import given

PROCESSES = 3
# Slack's own pauses are 0, 60 and 300 seconds.
RETRY_INTERVALS = (0.0, 3.0, 10.0)
DRAINED_WITHIN = 60.0
PROGRESS_EVERY = 5.0


@dataclass(frozen=True)
class Stage:
    """All that takes part."""

    workspace: Workspace
    machines: Sequence[Machine]
    database: Database
    told: Told
    samples: Samples
    diary: Diary


def environment(folder: Path, workspace: Workspace, found: Database, samples: Samples) -> dict[str, str]:
    """What each process is started with, and nothing else of ours."""
    (folder / "root.pem").write_bytes(samples.root)
    (folder / "chain.pem").write_bytes(samples.intermediate)
    return given(
        workspace,
        DATABASE_URL=found.address,
        WEEKLY_SUMMARY="on",
        INCIDENT_PEOPLE="1000",  # each is answered as if alone: it is their own answers that are counted
        TRUST_ROOTS=str(folder / "root.pem"),
        TRUST_CHAIN=str(folder / "chain.pem"),
    )


@asynccontextmanager
async def staged(folder: Path, seed: int) -> AsyncIterator[Stage]:
    """Everything set up and running while the block runs; nothing of it is left afterwards."""
    samples = make_samples(datetime.now(UTC))
    workspace = Workspace(people=EVERYBODY, retry_intervals=RETRY_INTERVALS)
    machines: list[Machine] = []
    balancer = Balancer(
        lambda: [machine.address for machine in machines if machine.address],
        random.Random(f"{seed} balancer"),
    )
    with database(folder) as found:
        async with serve_workspace(workspace), balancer.serving() as address:
            workspace.event_url = address
            given = environment(folder, workspace, found, samples)
            await migrated(given, folder / "log.txt")
            for number in range(1, PROCESSES + 1):
                chance = random.Random(f"{seed} process {number}")
                machines.append(Machine(f"process {number}", given, folder / "log.txt", chance))
            keepers = [asyncio.create_task(machine.look_after()) for machine in machines]
            try:
                await asyncio.gather(*(machine.is_serving() for machine in machines))
                told = Told(workspace, balancer.acknowledged)
                yield Stage(workspace, machines, found, told, samples, Diary())
            finally:
                await asyncio.gather(*(machine.stop() for machine in machines))
                for keeper in keepers:
                    keeper.cancel()
                await asyncio.gather(*keepers, return_exceptions=True)


async def migrated(given: Mapping[str, str], log: Path) -> None:
    """Makes the tables, by the bot's own command. Raises NotStarted."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "migrate"), env=given, stdout=out, stderr=out
        )
    try:
        if await process.wait() != 0:
            raise NotStarted(f"the tables could not be made: see {log}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def played(stage: Stage, seed: int, seconds: float) -> tuple[Account, list[str]]:
    """Plays it, and gives the account and what else is not as it has to be."""
    pending = pending_texts(load())
    mischief = Mischief(
        stage.machines, stage.database, stage.workspace, stage.diary, random.Random(f"{seed} mischief")
    )
    people = [
        Employee(person, stage.told, stage.samples.files, random.Random(f"{seed} {person.id}"))
        for person in EMPLOYEES
    ]

    def now() -> Account:
        standstills = stage.diary.standstills
        return account(
            stage.told.doings(),
            answers(stage.workspace, pending),
            standstills,
            at_the_helpdesk(stage.workspace),
        )

    over, calm = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(mischief.act(calm))
        for person in people:
            group.create_task(person.act(over))
        group.create_task(_told_of(stage, now, over))
        await asyncio.sleep(seconds * 0.85)
        calm.set()
        await asyncio.sleep(seconds * 0.15)
        over.set()
    await _drained(stage, now)
    result = now()
    doings = [doing for doing in stage.told.doings() if doing.kind != "opened"]
    sent = Counter(doing.person for doing in doings)
    acknowledged = Counter(doing.person for doing in doings if doing.acknowledged is not None)
    return result, list(stage.database.faults(acknowledged, sent))


async def _told_of(stage: Stage, now: Callable[[], Account], over: asyncio.Event) -> None:
    begin = time.monotonic()
    while not over.is_set():
        await within(PROGRESS_EVERY, over)
        print(progress(stage, now(), time.monotonic() - begin), flush=True)


async def _drained(stage: Stage, now: Callable[[], Account]) -> None:
    """Returns when all is delivered and worked, or it takes too long: the account says what is missing."""
    begin = time.monotonic()
    told = begin
    while time.monotonic() - begin < DRAINED_WITHIN:
        unworked = await asyncio.to_thread(stage.database.unworked)
        if not unworked and not stage.workspace.under_way and not now().lost:
            return
        if time.monotonic() - told >= PROGRESS_EVERY:
            told = time.monotonic()
            print(f"{progress(stage, now(), told - begin)}, {unworked} jobs left", flush=True)
        await asyncio.sleep(0.2)


def progress(stage: Stage, account: Account, seconds: float) -> str:
    """What is going on, in one line."""
    up = sum(machine.is_up for machine in stage.machines)
    return (
        f"{seconds:4.0f} s  sent {account.sent}, acknowledged {account.acknowledged}, "
        f"answered {account.answered}; {up} of {len(stage.machines)} processes up; "
        f"last: {stage.diary.last or 'nothing yet'}"
    )


async def drill(folder: Path, seed: int, seconds: float) -> bool:
    """The whole drill, with its report; whether all is well."""
    async with staged(folder, seed) as stage:
        print(f"seed {seed}: {PROCESSES} processes, {len(EMPLOYEES)} people, {seconds:.0f} s", flush=True)
        result, faults = await played(stage, seed, seconds)
        stage.diary.note("a process started again", sum(machine.started - 1 for machine in stage.machines))
        stage.diary.note("a start that failed", sum(machine.failed for machine in stage.machines))
    faults += [
        f"{machine.name} did not stop when told to" for machine in stage.machines if machine.had_to_be_killed
    ]
    faults += own_errors(folder / "log.txt")
    slowest = max(machine.slowest_start for machine in stage.machines)
    print("\n".join(lines(result, faults, stage.diary)), flush=True)
    print(f"\nslowest start of a process: {slowest:.1f} s", flush=True)
    return result.is_well and not faults


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if nothing was lost, out of order or repeated without need."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args(arguments)
    # Both end it with all that it started, also where it was started with SIGINT ignored (`&` in a script).
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    log = folder / "log.txt"
    status = 1
    try:
        status = 0 if asyncio.run(drill(folder, asked.seed, asked.seconds)) else 1
    except NotStarted as not_started:
        print(not_started, file=sys.stderr)
    except KeyboardInterrupt:
        status = 130
    finally:
        _cleared(folder, {log} if status == 1 else set())
    if status == 1:
        print(f"the processes' log: {log}", file=sys.stderr)
        print(
            f"again: python -m tests.drill --seed {asked.seed} --seconds {asked.seconds:g}", file=sys.stderr
        )
    return status


def _cleared(folder: Path, kept: Set[Path]) -> None:
    """Removes the folder; where something is kept, all else in it."""
    gone = [path for path in folder.iterdir() if path not in kept] if kept else [folder]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
