"""What is logged: kind and place. Every library here logs for real, and what people wrote never comes out.

Each scene runs twice: as the library would log by itself, where the secret is seen (or the scene proves
nothing), and after `configure_logging`.
"""

import ast
import asyncio
import gc
import json
import logging
import shutil
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
import uvicorn
from aiohttp import web
from procrastinate import App as Queue
from procrastinate.testing import InMemoryConnector
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import _literals, configure_logging, describe, fields
from bot.slack import slack_app

# Backwards, so that none of them stands in so many words in this file.
# Put together here, for what stands in a source file in so many words is nothing that people wrote.
SECRETS = {
    "body": "-".join(("geheimer", "satz")),
    "token": "-".join(("xoxb", "geheimes", "token")),
    "address": "@".join(("geheim", "example.co.jp")),
    "error": "-".join(("geheimer", "fehlertext")),
}
BODY, TOKEN, ADDRESS, ERROR = SECRETS.values()
Scene = Callable[[], Coroutine[Any, Any, None]]
logger = logging.getLogger("bot.scene")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Each test begins with every logger as it is by itself; then the process's logging is put back."""
    root = logging.getLogger()
    handlers, level, factory = root.handlers[:], root.level, logging.getLogRecordFactory()
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    levels = {name: logging.getLogger(name).level for name in list(logging.Logger.manager.loggerDict)}
    for name in levels:
        if not name.startswith("bot."):
            logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    logging.setLogRecordFactory(factory)
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
    for name in list(logging.Logger.manager.loggerDict):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))


async def say(body: str) -> None:
    raise ValueError(f"{ERROR} {ADDRESS} {body}")


def bolt() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token=TOKEN
        )

    app = AsyncApp(signing_secret="x", authorize=authorize, process_before_response=True, name="bot")

    @app.event("app_mention")
    async def mentioned(body: dict[str, object]) -> None:
        await say(BODY)

    return app


def request(kind: str, secret: str) -> AsyncBoltRequest:
    event = {"type": kind, "text": f"{BODY} {ADDRESS}", "user": "U2", "channel": "C1", "ts": "1.0"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event, "token": TOKEN})
    at = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body) or ""
    headers: dict[str, str | Sequence[str]] = {
        "x-slack-request-timestamp": [at],
        "x-slack-signature": [signature],
        "content-type": ["application/json"],
    }
    return AsyncBoltRequest(body=body, headers=headers)


async def bolt_refuses_a_request() -> None:
    assert (await bolt().async_dispatch(request("app_mention", "another"))).status == 401


async def bolt_has_nobody_for_an_event() -> None:
    app = bolt()

    @app.middleware
    async def stops(body: dict[str, object]) -> None:
        """Answers nothing and calls nobody, which Bolt reports with the whole body."""

    assert (await app.async_dispatch(request("app_mention", "x"))).status == 404


async def a_listener_of_bolt_fails() -> None:
    assert (await bolt().async_dispatch(request("app_mention", "x"))).status == 500


async def slack_is_called() -> None:
    async def post(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "channel_not_found", "needed": ERROR})

    async with served("/api/chat.postMessage", post) as address:
        client = AsyncWebClient(token=TOKEN, base_url=f"{address}/api/")
        try:
            await client.chat_postMessage(channel="C1", text=f"{BODY} {ADDRESS}")
        except Exception as error:  # as an edge would log it
            logger.exception("could not post: %s", error)


async def a_file_is_fetched() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=BODY)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        await client.get(f"https://files.slack.com/{BODY}?t={TOKEN}", headers={"Authorization": TOKEN})


async def a_page_of_aiohttp_fails() -> None:
    async def get(_: web.Request) -> web.Response:
        await say(BODY)
        raise AssertionError

    async with (
        served("/x", get) as address,
        aiohttp.ClientSession() as session,
        session.get(f"{address}/x?q={BODY}") as response,
    ):
        assert response.status == 500


async def a_page_of_uvicorn_fails() -> None:
    async def app(scope: dict[str, object], *_: object) -> None:
        if scope["type"] == "http":
            await say(BODY)

    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", log_level="debug")
    )  # its own handlers
    task = asyncio.create_task(server.serve())
    while not server.started:  # uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/{BODY}") as response,
    ):
        assert response.status == 500
    server.should_exit = True
    await task


async def a_job_fails() -> None:
    queue = Queue(connector=InMemoryConnector())

    @queue.task(name="work")
    async def work(text: str) -> None:
        await say(text)

    async with queue.open_async():
        await work.defer_async(text=f"{BODY} {ADDRESS} {TOKEN}")
        await queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


async def a_task_is_forgotten() -> None:
    task = asyncio.create_task(say(BODY))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()


async def we_are_careless() -> None:
    try:
        await say(BODY)
    except ValueError as error:
        logger.exception("failed: %s %s %s", error, ADDRESS, TOKEN)
        logger.error(f"failed: {error}", stack_info=True)
        logger.warning("of %(whom)s: %(said)r", {"whom": ADDRESS, "said": {BODY: [TOKEN]}})
        logger.info(BODY.upper().lower())
        logger.info("sent", extra={"said": BODY})


async def status_of(address: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        return response.status


class served:
    """A page on a free port of this machine."""

    def __init__(self, path: str, page: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> None:
        app = web.Application()
        app.router.add_route("*", path, page)
        self.runner = web.AppRunner(app)

    async def __aenter__(self) -> str:
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()


SCENES: dict[str, tuple[Scene, str]] = {
    "Bolt refuses a request": (bolt_refuses_a_request, "request_verification.py"),
    "Bolt has nobody for an event": (bolt_has_nobody_for_an_event, "async_app.py"),
    "a listener of Bolt fails": (a_listener_of_bolt_fails, "ValueError at tests/test_logs.py"),
    "Slack is called": (slack_is_called, "slack_sdk.errors.SlackApiError"),
    "a file is fetched": (a_file_is_fetched, "httpx/_client.py"),
    "a page of aiohttp fails": (a_page_of_aiohttp_fails, "ValueError at tests/test_logs.py"),
    "a page of uvicorn fails": (a_page_of_uvicorn_fails, "Exception in ASGI application"),
    "a job fails": (a_job_fails, "ValueError at tests/test_logs.py"),
    "a task is forgotten": (a_task_is_forgotten, "ValueError at tests/test_logs.py"),
    "we are careless": (we_are_careless, "ValueError at tests/test_logs.py"),
}


@pytest.mark.parametrize("name", SCENES)
def test_a_library_by_itself_logs_what_people_wrote(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    scene, _ = SCENES[name]
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, force=True)
    asyncio.run(scene())
    told = "".join(capfd.readouterr())
    assert any(secret in told for secret in SECRETS.values())


@pytest.mark.parametrize("style", ["human", "json"])
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
@pytest.mark.parametrize("name", SCENES)
def test_what_people_wrote_never_reaches_the_log(
    name: str, level: str, style: str, capfd: pytest.CaptureFixture[str]
) -> None:
    scene, left = SCENES[name]
    configure_logging(level, "json" if style == "json" else "human")
    asyncio.run(scene())
    out, told = capfd.readouterr()
    for what, secret in SECRETS.items():
        assert secret not in out + told, what
    assert "Traceback" not in told
    if level == "DEBUG":
        assert left in told  # kind and place are kept


def test_our_own_lines_keep_their_words_numbers_and_ids(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logging.getLogger("bot.work").info(
        "%s: event %s worked in %.1f ms, %d left", "C-1042", "T1:C1:17.000100", 6.5, 2
    )
    line = json.loads(capfd.readouterr().err)
    # This file is none of ours: the numbers stay, the names do not.
    assert line["message"] == "…: event … worked in 6.5 ms, 2 left"
    assert line["level"] == "INFO"
    assert line["logger"] == "bot.work"
    assert line["place"].startswith("tests/test_logs.py:")
    assert line["time"].endswith("Z")
    assert "error" not in line


OURS = """
import logging
from bot.logs import configure_logging
configure_logging("INFO", "json")
for value in {values!r}:
    logging.getLogger("bot").info("value %s", value)
"""


def said_by_us(values: list[object], folder: Path) -> list[str]:
    """What comes out when a file that lies beside bot/logs.py logs these values."""
    package = folder / "bot"
    package.mkdir()
    shutil.copy(Path(__file__).parents[1] / "bot" / "logs.py", package)
    (package / "__main__.py").write_text(OURS.format(values=values), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot"], cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    return [json.loads(line)["message"] for line in done.stderr.splitlines()]


def test_a_file_of_ours_may_log_numbers_and_ids(tmp_path: Path) -> None:
    ids = [
        "C-1042",
        "answer:changed:new_pc",
        "T1:C1:1700000000.000100",
        "Ev0123456789",
        "cannot_update",
        7,
        0.5,
    ]
    assert said_by_us(list(ids), tmp_path) == [f"value {value}" for value in ids]


def test_a_file_of_ours_cannot_log_content(tmp_path: Path) -> None:
    contents: list[object] = [
        TOKEN,
        ADDRESS,
        "xapp-1-A-2-b",
        "mail.example.co.jp",
        "署名できません",
        "two words",
    ]
    contents += ["0123456789abcdef" * 2, "https://example.com/x", b"bytes", ["C-1042"], {"text": "x"}, None]
    assert said_by_us(contents, tmp_path) == ["value …"] * len(contents)


def test_an_exception_is_its_types_and_its_lines() -> None:
    def inner() -> None:
        raise KeyError(ERROR)

    def outer() -> None:
        try:
            inner()
        except KeyError as error:
            raise RuntimeError(BODY) from error

    with pytest.raises(RuntimeError) as raised:
        outer()
    told = describe(raised.value)
    lines = (inner.__code__.co_firstlineno, outer.__code__.co_firstlineno)
    assert told.startswith(f"RuntimeError at tests/test_logs.py:{lines[1] + 4} < tests/test_logs.py:")
    assert f", from KeyError at tests/test_logs.py:{lines[0] + 1} < tests/test_logs.py:{lines[1] + 2}" in told
    assert ERROR not in told
    assert (
        describe(ExceptionGroup(BODY, [ValueError(ERROR)]))
        == "ExceptionGroup at nowhere, from ValueError at nowhere"
    )


UNCAUGHT = {
    "at the end of the program": "raise ValueError(secret)",
    "in a thread": "import threading; t = threading.Thread(target=lambda: int(secret)); t.start(); t.join()",
    "in a finaliser": "class A:\n    def __del__(self): int(secret)\nA()",
    "as a warning": "import warnings; warnings.warn(secret)",
}


@pytest.mark.parametrize("program", UNCAUGHT.values(), ids=UNCAUGHT)
def test_what_nobody_catches_is_logged_without_its_text(program: str) -> None:
    secret = f"secret = {BODY!r}"
    configured = "from bot.logs import configure_logging; configure_logging('INFO', 'json')"
    root = Path(__file__).parents[1]
    bare, kept = (
        subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=root, capture_output=True, text=True)
        for lines in ([secret, program], [configured, secret, program])
    )
    assert BODY in bare.stderr
    assert BODY not in kept.stderr + kept.stdout
    line = json.loads(kept.stderr)
    assert line["error"].split(" ")[0] in ("ValueError", "UserWarning")
    assert line["level"] in ("CRITICAL", "WARNING")


def test_an_interrupt_from_the_keyboard_is_no_fault() -> None:
    program = (
        "from bot.logs import configure_logging; configure_logging('INFO', 'human'); raise KeyboardInterrupt"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.stderr == ""


def test_requests_are_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "human")
    asyncio.run(a_file_is_fetched())
    assert capfd.readouterr().err == ""


def test_arguments_that_do_not_fit_break_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "human")
    logger.info("%d of them", "many")
    assert capfd.readouterr().err.endswith("%d of them\n")


def test_a_parser_that_fails_once_fails_no_line_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    # as Python 3.11's does when two threads parse at once
    parse, tries = ast.parse, iter([SystemError("AST constructor recursion depth mismatch")])

    def as_python_311(source: bytes) -> ast.Module:
        for fault in tries:
            raise fault
        return parse(source)

    expected = _literals(__file__)
    _literals.cache_clear()
    monkeypatch.setattr("bot.logs.ast.parse", as_python_311)
    assert _literals(__file__) == expected


def test_what_is_told_beside_a_message_is_numbers_and_ids(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    told = fields(case="C-1042", ms=6.5, tries=2, text=ADDRESS, token=TOKEN, time="x", none=None, empty="")
    logger.info("worked", extra=told)
    line = json.loads(capfd.readouterr().err)
    assert (line["case"], line["ms"], line["tries"]) == ("C-1042", 6.5, 2)
    assert (line["text"], line["token"]) == ("…", "…")
    assert line["time"].endswith("Z")  # what the line says of itself stays
    assert not {"none", "empty", "audit"} & line.keys()
    configure_logging("INFO", "human")
    logger.info("worked", extra=told)
    assert capfd.readouterr().err.endswith("worked case=C-1042 ms=6.5 tries=2 text=… token=… time=x\n")


def test_a_library_cannot_put_anything_beside_a_message(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    logger.info("worked", extra={"fields": {"text": BODY}, "job": BODY, "audit": BODY})
    assert BODY not in capfd.readouterr().err


def test_our_own_lines_are_told_also_after_bolts_app_was_made(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")

    async def scene() -> None:
        async def accept(_: object) -> None:
            return None

        app = slack_app(accept, bot_token=TOKEN, signing_secret="s")
        asked = AsyncBoltRequest(body={"type": "event_callback"}, mode="socket_mode")
        await app.async_dispatch(asked)

    asyncio.run(scene())
    logging.getLogger("bot.anything").info("worked")
    assert json.loads(capfd.readouterr().err.splitlines()[-1])["message"] == "worked"
