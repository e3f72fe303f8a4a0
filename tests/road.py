"""The whole road for tests: PostgreSQL, the bot as it is started, and the local workspace it speaks to."""

import asyncio
import atexit
import contextlib
import functools
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import psycopg
import pytest
from pydantic import SecretStr

from bot.local import MANIFEST
from bot.migrate import migrate
from bot.pace import Pace
from bot.postgres import embedded
from bot.running import Running, running, with_helpdesk
from bot.serve import connected, over_http, socket_mode
from bot.settings import Settings
from bot.slack import slack_app
from bot.way_out import way_out
from bot.web import web_app
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.people import HELPDESK_CHANNEL, SATO, direct_message
from bot.workspace.samples import Sample, Samples, make_samples
from bot.workspace.workspace import Workspace
from checks.trust import Trust
from knowledge.book import Book
from knowledge.load import load

Json = dict[str, Any]

PATIENCE = 90.0
"""Seconds until what must come is given up: only a fault takes so long, whatever else the machine does."""

SATOS_DM = direct_message(SATO.id)
ROW_1 = (
    "メールを送ろうとすると Microsoft Outlook cannot sign or encrypt this message because there are no "
    "certificates which can be used to send from the email address 'user@example.co.jp'. と出ます"
)


@functools.cache
def _server() -> str:
    """One server for all tests of this process; gone with it."""
    stack = contextlib.ExitStack()
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="road-", ignore_cleanup_errors=True))
    address = stack.enter_context(embedded(Path(folder)))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # this machine's power does not fail during a test
        connection.execute("SELECT pg_reload_conf()")
    atexit.register(stack.close)
    return address


@functools.cache
def _tables() -> Book:
    return load()


def _new_database(template: str | None) -> str:
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'}".encode())
    return name


@functools.cache
def _template() -> str:
    name = _new_database(None)
    migrate(_address_of(name))
    return name


def _address_of(name: str) -> str:
    return _server().replace("/postgres?", f"/{name}?")


def empty_database() -> str:
    """The address of a new database without tables."""
    return _address_of(_new_database(None))


def new_database() -> str:
    """The address of a new database with our tables in it, and nothing in the tables."""
    return _address_of(_new_database(_template()))


@functools.cache
def samples() -> Samples:
    """Certificates to try, and the authority that issued them."""
    return make_samples(datetime.now(UTC))


def sample(headline: str | None) -> Sample:
    """A sample whose cause is this; None: one that is fine."""
    return next(file for file in samples().files if file.headline == headline)


@dataclass
class Talk:
    """The workspace, and the database of the bot that is in it."""

    workspace: Workspace
    database: str

    async def settled(self, seconds: float = PATIENCE) -> None:
        """Returns when every event is acknowledged and worked, what is due by the workspace's clock too."""
        await until(lambda: not (self.workspace.under_way or self.overdue() or self.jobs()), seconds)

    def overdue(self) -> int:
        """How much is due that is not an event yet (bot.later)."""
        now = self.workspace.now().timestamp()
        return int(self.ask(f"SELECT count(*) FROM later WHERE due <= to_timestamp({now})")[0][0])

    def jobs(self) -> int:
        """How many events wait to be worked or are being worked, or looked for."""
        tasks = "('event', 'catch_up')"
        return int(self.ask(f"SELECT count(*) FROM procrastinate_jobs WHERE task_name IN {tasks}")[0][0])

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            answer = connection.execute(sql.encode())
            return answer.fetchall() if answer.description else []

    def said(self, channel: str = SATOS_DM) -> list[Json]:
        """The bot's messages in a channel, in order."""
        return [message for message in self.workspace.messages(channel) if message.get("bot_id")]

    async def say(self, text: str = "", *files: Sample, **more: Any) -> str:
        """Somebody (Sato, in the talk with the bot) writes; returns when all is answered."""
        where = {"user": SATO.id, "channel": SATOS_DM} | more
        ts = await self.workspace.say(text=text, files=[(file.name, file.data) for file in files], **where)
        await self.settled()
        return ts

    async def press(self, message: Json, label: str, *, user: str = SATO.id, channel: str = SATOS_DM) -> bool:
        """Somebody presses the button with this label or id; returns when all is answered."""
        shown = [
            button for button in buttons(message) if label in (button["text"]["text"], button["action_id"])
        ]
        assert len(shown) == 1, [button["text"]["text"] for button in buttons(message)]
        (button,) = shown
        taken = await self.workspace.click(user, channel, message["ts"], button["action_id"])
        await self.settled()
        return taken


@dataclass
class Stage(Talk):
    """The bot in this process."""

    bot: Running


def cards(here: Talk) -> list[Json]:
    """What stands in the helpdesk's channel, without what stands in threads there."""
    return [said for said in here.said(HELPDESK_CHANNEL) if "thread_ts" not in said]


class Died(BaseException):
    """What a process does not survive."""


@contextmanager
def dying(place: object, name: str) -> Iterator[None]:
    """The process dies where it would call this."""

    def dies(*_: object, **__: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(place, name, dies)
        with pytest.raises(Died):
            yield


async def until(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Returns once it holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


def buttons(message: Json) -> list[Json]:
    """The buttons of a message."""
    actions = (block for block in message.get("blocks", ()) if block["type"] == "actions")
    return [element for block in actions for element in block["elements"]]


def words(message: Json) -> str:
    """All that a message says, as a person reads it."""
    return "\n".join(_said(message.get("blocks", ()))) or str(message.get("text", ""))


def _said(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _said(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from _said(item)


def settings(database: str, **more: Any) -> Settings:
    """Settings that no environment and no .env have a part in."""
    given: Json = {"database_url": SecretStr(database), "port": 0} | more
    return Settings.model_construct(None, **given)


DIRECT = way_out(settings(""))
"""The way to what is on this machine."""


@asynccontextmanager
async def _served(workspace: Workspace) -> AsyncIterator[str]:
    """The workspace's address; a second bot finds it served already."""
    if workspace.address:
        yield workspace.address
        return
    async with serve_workspace(workspace) as address:
        yield address


@asynccontextmanager
async def stage(
    *,
    over: Literal["http", "sockets"] = "http",
    database: str = "",
    workspace: Workspace | None = None,
    trust: Trust | None = None,
    alone: bool = True,
    at_once: int = 10_000,
    tables: Book | None = None,
    **more: Any,
) -> AsyncIterator[Stage]:
    """The bot as `serve` or `socket` starts it, in a local workspace that sends it people's doings.

    `tables` are a company's.
    """
    database = database or new_database()
    workspace = workspace or Workspace(app=read_manifest(MANIFEST))
    async with _served(workspace) as address:
        given: Json = {
            "slack_bot_token": SecretStr(workspace.bot_token),
            "slack_api_url": f"{address}/api/",
            "slack_file_hosts": (("127.0.0.1", urlsplit(address).port),),
            "helpdesk_channel": HELPDESK_CHANNEL,
            "weekly_summary": False,  # clocks are moved over weeks for other reasons
        }
        chosen = settings(database, **(given | more))
        trust = trust or Trust.of([samples().root], [samples().intermediate])
        book = with_helpdesk(tables or _tables(), chosen)
        # Nobody waits a second between two messages of a test, but in tests of that.
        pace = Pace(at_once=at_once)
        clock = workspace.now  # a test may move it
        async with running(chosen, database, book, trust, alone=alone, pace=pace, clock=clock) as bot:
            secret = workspace.signing_secret
            app = slack_app(
                bot.road.accept, bot_token=workspace.bot_token, signing_secret=secret, clock=clock
            )
            if over == "http":
                async with over_http(web_app(app, bot.health), "127.0.0.1", 0) as endpoint:
                    workspace.event_url = f"{endpoint}/slack/events"
                    yield Stage(workspace, database, bot)
            else:
                handler = socket_mode(
                    app, workspace.app_token, chosen.slack_api_url, way_out(chosen), ping_seconds=0.5
                )
                bot.health.needs("no WebSocket to Slack", handler.client.is_connected)
                async with connected(handler, asyncio.Event()):
                    yield Stage(workspace, database, bot)


def on_stage(play: Callable[[Stage], Awaitable[None]], **more: Any) -> None:
    """Plays it; `more` is what `stage` takes."""

    async def run() -> None:
        async with stage(**more) as here:
            await play(here)

    asyncio.run(run())
