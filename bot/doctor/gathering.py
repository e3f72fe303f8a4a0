"""Gathers what is the case, everything at once: what breaks or hangs is Broken and loses nothing else."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.doctor.configuration_facts import Read
from bot.doctor.configuration_facts import configuration as configured
from bot.doctor.database_facts import database
from bot.doctor.facts import Broken, Database, Facts
from bot.doctor.knowledge_facts import knowledge, trusted
from bot.doctor.machine_facts import machine
from bot.doctor.slack_facts import slack
from bot.logs import describe
from bot.settings import Settings

Gathered = TypeVar("Gathered")

NETWORK_WITHIN = 10.0  # seconds, as each call on the network
DATABASE_WITHIN = 10.0
EMBEDDED_WITHIN = 60.0  # an embedded server is started and stopped
TABLES_WITHIN = 60.0


async def gather(read: Read, now: datetime) -> Facts:
    """Everything, at once."""
    settings = read.settings
    return Facts(
        now,
        *await asyncio.gather(
            _guarded(_aside(lambda: configured(read), NETWORK_WITHIN)),
            _guarded(slack(settings)),
            _guarded(_database(settings)),
            _guarded(_aside(lambda: knowledge(settings), TABLES_WITHIN)),
            _guarded(_aside(lambda: trusted(settings), TABLES_WITHIN)),
            _guarded(_aside(lambda: machine(settings), NETWORK_WITHIN)),
        ),
    )


async def _database(settings: Settings) -> Database:
    is_embedded = settings.database_url is None
    try:
        return await _aside(lambda: database(settings), EMBEDDED_WITHIN if is_embedded else DATABASE_WITHIN)
    except TimeoutError:
        return Database(is_embedded, "away", "unreachable")


async def _guarded(gathered: Awaitable[Gathered]) -> Gathered | Broken:
    try:
        return await gathered
    except Exception as error:  # noqa: BLE001 - whatever it is: type and place, and the rest goes on
        return Broken(describe(error))


async def _aside(function: Callable[[], Gathered], seconds: float) -> Gathered:
    """What it gives, from a thread that nobody waits for at the end. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Gathered] = loop.create_future()

    def finish(set_it: Callable[[], None]) -> None:
        if not done.done():
            set_it()

    def work() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            raised = error
            _hand_back(loop, lambda: finish(lambda: done.set_exception(raised)))
        else:
            _hand_back(loop, lambda: finish(lambda: done.set_result(result)))

    threading.Thread(target=work, daemon=True).start()
    async with asyncio.timeout(seconds):
        return await done


def _hand_back(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        return  # it came too late
