"""What goes wrong in the drill: processes die or hang, connections are cut, Slack fails. Seeded."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field

from bot.workspace.faults import (
    CallFault,
    Dropped,
    Faults,
    FileFault,
    Late,
    Ratelimited,
    ServerError,
    SignInPage,
)
from bot.workspace.workspace import Workspace
from tests.drill_database import Database
from tests.drill_ledger import Standstill
from tests.drill_machines import Machine

POST = "chat.postMessage"
METHODS = (POST, POST, "chat.update", "files.info", "users.info", "*")
FILE_FAULTS: tuple[FileFault, ...] = (ServerError(), Dropped(done=False), SignInPage(), Late(1.0))
# Longer than a process may be silent before the others take its work (bot.engine.DEAD_AFTER).
LONG_FREEZE = 9.0


@dataclass
class Diary:
    """What was done to the bot."""

    done: Counter[str] = field(default_factory=Counter)
    standstills: list[Standstill] = field(default_factory=list)
    last: str = ""

    def note(self, what: str, times: int = 1) -> None:
        """Something was done."""
        self.done[what] += times
        self.last = what


class NotedFaults(Faults):
    """Faults that are counted when a call meets them, not when they are ordered."""

    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self._diary = diary

    def of_call(self, method: str) -> CallFault | None:
        """Takes the fault that this call meets."""
        fault = super().of_call(method)
        if fault is not None:
            done = ", but done" if fault == Dropped(done=True) else ""
            self._diary.done[f"{method}: {type(fault).__name__}{done}"] += 1
        return fault


class Mischief:
    """Does one thing after the other until it is quiet; then nothing of it is left."""

    def __init__(
        self,
        machines: Sequence[Machine],
        database: Database,
        workspace: Workspace,
        diary: Diary,
        chance: random.Random,
    ) -> None:
        self._machines = machines
        self._database = database
        self._workspace = workspace
        self._diary = diary
        self._chance = chance
        self._lasting: set[asyncio.Task[None]] = set()

    async def act(self, quiet: asyncio.Event) -> None:
        """Begins with each kind of thing once, in a random order, so that a short drill has them all."""
        kinds: dict[Callable[[], Awaitable[None]], int] = {
            self._kill: 3,
            self._kill_after_a_post: 2,
            self._freeze: 2,
            self._cut: 2,
            self._shut_out: 1,
            self._fail_calls: 5,
            self._fail_files: 2,
            self._repeat_events: 2,
        }
        first = list(kinds)
        self._chance.shuffle(first)
        self._workspace.faults = NotedFaults(self._diary)
        try:
            while not quiet.is_set():
                begin = first.pop() if first else self._chance.choices([*kinds], [*kinds.values()])[0]
                await begin()
                await within(self._chance.uniform(0.4, 1.8), quiet)
        finally:
            self._workspace.faults = Faults()
            for task in self._lasting:
                task.cancel()  # each ends what it began
            await asyncio.gather(*self._lasting, return_exceptions=True)

    def _one_up(self) -> Machine | None:
        up = [machine for machine in self._machines if machine.is_up and not machine.is_frozen]
        return self._chance.choice(up) if up else None

    def _lasts(self, doing: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(doing)
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)

    async def _kill(self) -> None:
        if machine := self._one_up():
            machine.kill()
            self._diary.note("SIGKILL")

    async def _kill_after_a_post(self) -> None:
        """Slack has the message, and its answer is slow: whoever waits for it may be the one that dies."""
        self._workspace.faults.on_call(POST, Late(3.0), 3)
        self._lasts(self._killed_after_a_post())
        self._diary.last = "Slack's API: Late, and then SIGKILL"

    async def _killed_after_a_post(self) -> None:
        before = self._late_posts()
        try:
            await self._workspace.wait_for(lambda: self._late_posts() > before, 10.0)
        except TimeoutError:  # nothing was posted
            return
        if machine := self._one_up():
            machine.kill()
            self._diary.note("SIGKILL after a message was posted")

    def _late_posts(self) -> int:
        return self._diary.done[f"{POST}: Late"]

    async def _freeze(self) -> None:
        if machine := self._one_up():
            seconds = self._chance.choice((1.0, 2.0, 4.0, LONG_FREEZE))
            self._lasts(self._frozen(machine, seconds))
            self._diary.note(f"SIGSTOP for {seconds:.0f} s")

    async def _frozen(self, machine: Machine, seconds: float) -> None:
        begin = time.time()
        machine.freeze()
        try:
            await asyncio.sleep(seconds)
        finally:
            machine.thaw()
            self._diary.standstills.append(Standstill(begin, time.time()))

    async def _cut(self) -> None:
        share = self._chance.choice((0.3, 0.3, 1.0))
        ended = self._database.cut(share, self._chance)
        self._diary.note("database connections cut", ended)

    async def _shut_out(self) -> None:
        self._lasts(self._without_database(self._chance.uniform(0.5, 2.5)))
        self._diary.note("database away")

    async def _without_database(self, seconds: float) -> None:
        try:
            self._database.let_in(False)
            self._database.cut(1.0, self._chance)
            await asyncio.sleep(seconds)
        finally:
            self._database.let_in(True)

    async def _fail_calls(self) -> None:
        faults: tuple[CallFault, ...]
        faults = (Ratelimited(1), ServerError(), Dropped(done=False), Dropped(done=True), Late(2.0))
        fault, times = self._chance.choice(faults), self._chance.randint(1, 3)
        self._workspace.faults.on_call(self._chance.choice(METHODS), fault, times)
        self._diary.last = f"Slack's API: {type(fault).__name__}"

    async def _fail_files(self) -> None:
        self._workspace.faults.on_file(self._chance.choice(FILE_FAULTS), self._chance.randint(1, 2))
        self._diary.note("file downloads failing")

    async def _repeat_events(self) -> None:
        self._workspace.faults.repeat(self._chance.randint(1, 4), self._chance.randint(1, 2))
        self._diary.note("events delivered again")


async def within(seconds: float, event: asyncio.Event) -> None:
    """Returns after so many seconds, or as soon as the event is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
