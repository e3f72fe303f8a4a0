"""What the bot is measured against: `bare`, a Bolt app that says what it hears, and `durable`, the least that
also survives its own death: the same engine with the same settings, one job a message, and nothing else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import engine
from bot.calls import web_client
from bot.serve import over_http, told_to_stop
from bot.settings import Settings
from bot.way_out import way_out
from bot.web import web_app

Keep = Callable[[dict[str, Any]], Awaitable[None]]


async def post(client: AsyncWebClient, event: dict[str, Any]) -> None:
    """The echo, in the message's own thread."""
    await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=event["text"])


@asynccontextmanager
async def bare(client: AsyncWebClient) -> AsyncIterator[Keep]:
    """Nothing is kept: the echo is posted before Slack is told that the message was taken."""

    async def keep(event: dict[str, Any]) -> None:
        await post(client, event)

    yield keep


@asynccontextmanager
async def durable(client: AsyncWebClient) -> AsyncIterator[Keep]:
    """The message is written down, then Slack is told so, then a job posts the echo; a person's in order."""
    queue, stop = engine.queue(os.environ["DATABASE_URL"]), asyncio.Event()

    @queue.task(name="echo", queue=engine.EVENTS, retry=engine.Pauses())
    async def echo(event: dict[str, Any]) -> None:
        await post(client, event)

    async def keep(event: dict[str, Any]) -> None:
        kept = {name: event[name] for name in ("channel", "ts", "text")}
        await echo.configure(lock=event["user"]).defer_async(event=kept)

    async with queue.open_async():
        work = engine.work(queue, stop, asyncio.Event()), engine.look_after_the_dead(queue, stop)
        tasks = [asyncio.create_task(task) for task in work]
        try:
            yield keep
        finally:
            stop.set()
            await asyncio.gather(*tasks)


class Unwatched:
    """Nobody asks how the echo is."""

    async def unhealthy(self) -> tuple[str, ...]:
        return ()

    async def unready(self) -> tuple[str, ...]:
        return ()

    async def metrics(self) -> bytes:
        return b""


async def serve(kind: str) -> None:
    """The echo over HTTP until it is told to stop; prints where Slack's events go."""
    token = os.environ["SLACK_BOT_TOKEN"]
    async with (
        web_client(os.environ["SLACK_API_URL"], token, way_out(Settings())) as client,
        {"bare": bare, "durable": durable}[kind](client) as keep,
    ):
        app = AsyncApp(
            client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], process_before_response=True
        )

        @app.event("message")
        async def hear(event: dict[str, Any]) -> None:
            if not event.get("bot_id"):
                await keep(event)

        async with over_http(web_app(app, Unwatched()), "127.0.0.1", 0) as endpoint:
            print(f"{endpoint}/slack/events", flush=True)
            await told_to_stop().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
