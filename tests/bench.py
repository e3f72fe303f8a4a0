"""`make bench`: how fast it is, side by side in one run, ratios first. A measurement, never a test."""

import asyncio
import logging
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.serve import over_http
from bot.web import web_app
from bot.workspace.app import serve_workspace
from bot.workspace.people import SATO, direct_message
from bot.workspace.samples import make_samples
from bot.workspace.workspace import Workspace
from checks.report import Trust, inspect
from knowledge.load import load
from tests.road import stage

MESSAGES = 60
DM = direct_message(SATO.id)
ERROR = (
    "送信すると Microsoft Outlook cannot sign or encrypt this message because there are no certificates "
    "which can be used to send from the email address 'user@example.co.jp'. と出ます"
)


@asynccontextmanager
async def bare_echo() -> AsyncIterator[Workspace]:
    """A Bolt app that says what it hears and remembers nothing, on the same local Slack."""
    workspace = Workspace()
    async with serve_workspace(workspace) as address:
        client = AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/")
        app = AsyncApp(client=client, signing_secret=workspace.signing_secret)

        @app.event("message")
        async def echo(event: dict[str, Any], say: Any) -> None:
            if not event.get("bot_id"):
                await say(text=event["text"], thread_ts=event["ts"])

        async def ready() -> bool:
            return True

        async with over_http(web_app(app, ready), "127.0.0.1", 0) as endpoint:
            workspace.event_url = f"{endpoint}/slack/events"
            yield workspace


@asynccontextmanager
async def this_bot() -> AsyncIterator[Workspace]:
    async with stage() as here:
        yield here.workspace


async def latencies(workspace: Workspace) -> list[float]:
    """Milliseconds from a message to its reply, one message at a time."""
    taken = []
    for number in range(MESSAGES + 5):
        begin = time.perf_counter()
        ts = await workspace.say(SATO.id, DM, ERROR)

        def answered(ts: str = ts) -> bool:
            replies = workspace.messages(DM)[-3:]
            return any(reply.get("bot_id") and reply.get("thread_ts") == ts for reply in replies)

        await workspace.wait_for(answered, 20)
        if number >= 5:  # the first ones warm up
            taken.append((time.perf_counter() - begin) * 1000)
    return taken


async def replies() -> tuple[list[float], list[float]]:
    async with bare_echo() as workspace:
        bare = await latencies(workspace)
    async with this_bot() as workspace:
        ours = await latencies(workspace)
    return bare, ours


def timed(what: Callable[[], object], times: int) -> float:
    """The median milliseconds of one call."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        what()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def ninety_ninth(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


def openssl_verify(folder: Path) -> float | None:
    """The milliseconds of one `openssl verify` process on the same certificate, if there is an openssl."""
    if shutil.which("openssl") is None:
        return None
    command = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "good.pem"]

    def run() -> None:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    return timed(run, 15)


def main() -> None:
    logging.disable(logging.ERROR)
    bare, ours = asyncio.run(replies())
    kinds: tuple[tuple[str, Callable[[list[float]], float]], ...]
    kinds = (("p50", statistics.median), ("p99", ninety_ninth))
    for name, of in kinds:
        echo, reply = of(bare), of(ours)
        print(
            f"reply, {name}           {reply / echo:6.2f} × a bare Bolt echo ({reply:.1f} ms, {echo:.1f} ms)"
        )

    book = load()
    for length in (150, 1_500, 39_000):
        text = (ERROR + "。よろしくお願いします。") * (length // 150 + 1)
        taken = timed(lambda text=text[:length]: book.recognise(text), 30)  # type: ignore[misc]
        print(f"recognition          {taken:6.2f} ms a message of {length:,} characters")

    now = datetime.now(UTC)
    samples = make_samples(now)
    good = next(file.data for file in samples.files if file.headline is None)
    trust = Trust.of([samples.root], [samples.intermediate])
    check = timed(lambda: inspect(good, at=now, address="user@example.co.jp", trust=trust), 200)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "root.pem").write_bytes(samples.root)
        (folder / "issuing.pem").write_bytes(samples.intermediate)
        pem = x509.load_der_x509_certificate(good).public_bytes(Encoding.PEM)
        (folder / "good.pem").write_bytes(pem)
        process = openssl_verify(folder)
    if process:
        both = f"({check:.2f} ms, {process:.2f} ms)"
        print(f"a full check         {check / process:6.2f} × one openssl verify {both}")
    else:
        print(f"a full check         {check:6.2f} ms (no openssl here to compare with)")


if __name__ == "__main__":
    main()
