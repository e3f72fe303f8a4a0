"""The processes of the drill: `python -m bot serve`, each with somebody who starts it again when it died."""

import asyncio
import contextlib
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 20.0


class NotStarted(Exception):
    """A process did not start; the log says why."""


class Machine:
    """One process after the other. Only what was started here is ever ended, by its id."""

    def __init__(self, name: str, environment: Mapping[str, str], log: Path, chance: random.Random) -> None:
        self.name = name
        self.address: str | None = None
        """Where it takes events; None while it is down."""
        self.is_frozen = False
        self.started = 0
        self.failed = 0
        """How often it ended before it took events, though nobody had killed it."""
        self.slowest_start = 0.0
        """Seconds until it took events."""
        self.had_to_be_killed = False
        """Whether it did not end when it was told to stop."""
        self._environment = environment
        self._log = log
        self._chance = chance
        self._process: asyncio.subprocess.Process | None = None
        self._wanted = True
        self._changed = asyncio.Event()

    @property
    def is_up(self) -> bool:
        """Whether it works, as far as anybody outside can see; one that hangs does too."""
        return self.address is not None

    async def look_after(self) -> None:
        """Starts it, and again after a pause whenever it ended, until `stop`. The pause is random."""
        while self._wanted:
            await self._run()
            if self._wanted:
                await asyncio.sleep(self._chance.uniform(0.2, 2.0))

    async def _run(self) -> None:
        begin = time.monotonic()
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "serve"),
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the drill, which then ends it
            )
        self._process = process
        assert process.stdout
        try:
            line = (await process.stdout.readline()).decode().strip()
            if line.endswith("/slack/events"):
                self.started += 1
                self.slowest_start = max(self.slowest_start, time.monotonic() - begin)
                self.address = line
                self._changed.set()
            elif self._wanted:
                self.failed += 1
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            self.address, self.is_frozen, self._process = None, False, None
            self._changed.set()
            await asyncio.sleep(0)  # asyncio closes the pipe only at its next turn

    async def is_serving(self) -> None:
        """Returns once it takes events. Raises NotStarted."""
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                while not self.is_up:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise NotStarted(f"{self.name} did not start: see {self._log}") from None

    def kill(self) -> None:
        """Ends it as a power cut does."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """It stands still, as a machine that hangs."""
        self._signal(signal.SIGSTOP)
        self.is_frozen = True

    def thaw(self) -> None:
        """It goes on where it stood still, without knowing that time went by."""
        self._signal(signal.SIGCONT)
        self.is_frozen = False

    async def stop(self) -> None:
        """Ends it for good, politely first."""
        self._wanted = False
        if (process := self._process) is None:
            return
        self.thaw()
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(SECONDS_TO_STOP):
                await process.wait()
        except TimeoutError:
            self.had_to_be_killed = True
            self.kill()
            await process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)


def own_errors(log: Path) -> Iterator[str]:
    """What the processes logged as errors of their own, where each stands in the code and how often.

    That an event could not be accepted is none: Slack hears so, and sends it again. What libraries call an
    error is one to them: a database that is away.
    """
    found: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for line in log.read_text("utf-8").splitlines():
        with contextlib.suppress(ValueError):  # what is no record: said before there was a log
            record = json.loads(line)
            ours = record["logger"].startswith("bot.") and record["logger"] != "bot.slack"
            if record["level"] == "CRITICAL" or (ours and record["level"] == "ERROR"):
                found[record["place"]] += 1
                examples[record["place"]] = record.get("message") or record.get("error") or ""
    for place, times in found.items():
        yield f"{times} logged at {place}, such as: {examples[place]}"
