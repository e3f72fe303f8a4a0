"""Runs the bot over HTTP or over Socket Mode, until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.way_out import WayOut

logger = logging.getLogger(__name__)

PING_SECONDS = 5.0


class _Server(uvicorn.Server):
    """uvicorn without handlers for signals: these are for the whole process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def over_http(app: Starlette, host: str, port: int) -> AsyncIterator[str]:
    """Serves the application while the block runs and gives its address; port 0 takes a free one.

    Raises OSError if the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=512)
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=75,  # longer than the proxies in front of it wait
        timeout_graceful_shutdown=5,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


def socket_mode(
    app: AsyncApp, app_token: str, api_address: str, way: WayOut, *, ping_seconds: float = PING_SECONDS
) -> AsyncSocketModeHandler:
    """The way of events over Socket Mode, not yet connected."""
    client = AsyncWebClient(base_url=api_address, logger=app.logger)
    handler = AsyncSocketModeHandler(app, app_token, web_client=client, ping_interval=ping_seconds)
    way.lead(handler.client)
    return handler


@asynccontextmanager
async def connected(handler: AsyncSocketModeHandler, stop: asyncio.Event) -> AsyncIterator[None]:
    """Takes events while the block runs; a connection that breaks is made again.

    Slack is tried until it answers, or until `stop`.
    """
    connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({connecting, told}, return_when=asyncio.FIRST_COMPLETED)
        if connecting.done():
            connecting.result()
        yield
    finally:
        for task in (connecting, told):
            task.cancel()
        await asyncio.gather(connecting, told, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


def told_to_stop() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second SIGINT ends the process as usual.

    Ask for it before anything is started. A start that is cut off leaves half of it behind (psycopg's
    pool, cut off while it opens, never ends), so a stop waits for the start, which is seconds.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop.set()

    loop.add_signal_handler(signal.SIGINT, interrupted)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    return stop
