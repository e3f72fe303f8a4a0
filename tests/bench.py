"""`make bench`: how fast it is, side by side in one run, ratios first. A measurement, never a test."""

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.serve import over_http
from bot.web import web_app
from bot.workspace.app import serve_workspace
from bot.workspace.people import SATO, direct_message
from bot.workspace.workspace import Workspace
from tests import bench_checks, bench_recognition
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


def ninety_ninth(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


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

    for line in (*bench_recognition.figures(), *bench_checks.figures()):
        print(line)


if __name__ == "__main__":
    main()
