"""A company's load balancer on loopback: hands each request of Slack's to a process that seems to live."""

import json
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

# A process that hangs is given up a little before Slack gives up (after 3 seconds).
ANSWERS_WITHIN = 2.5
RESTS = 1.0
"""Seconds that a process which did not answer gets no request."""


class Balancer:
    """Knows the processes' addresses, and keeps when the app acknowledged what: the first 200 counts."""

    def __init__(self, addresses: Callable[[], Sequence[str]], chance: random.Random) -> None:
        self.acknowledged: dict[str, float] = {}
        """By `message_key` or `opened_key`: seconds since 1970."""
        self._addresses = addresses
        self._chance = chance
        self._rests: dict[str, float] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serves while the block runs, and gives the address for Slack."""
        connector = aiohttp.TCPConnector(force_close=True)
        async with aiohttp.ClientSession(
            connector=connector, timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN)
        ) as session:

            async def pass_on(request: web.Request) -> web.Response:
                return await self._passed_on(session, request)

            app = web.Application()
            app.add_routes([web.post("/slack/events", pass_on)])
            runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
            finally:
                await runner.cleanup()

    async def _passed_on(self, session: aiohttp.ClientSession, request: web.Request) -> web.Response:
        body = await request.read()
        address = self._chosen()
        if address is None:
            return web.Response(status=503)
        headers = {name: value for name, value in request.headers.items() if _is_passed_on(name)}
        try:
            async with session.post(address, data=body, headers=headers) as answer:
                said = await answer.read()
                content_type = answer.headers.get("Content-Type", "text/plain")
        except (TimeoutError, aiohttp.ClientError, OSError):
            self._rests[address] = time.monotonic() + RESTS
            return web.Response(status=502)
        if answer.status == 200 and (key := _key(body)):
            self.acknowledged.setdefault(key, time.time())
        return web.Response(status=answer.status, body=said, headers={"Content-Type": content_type})

    def _chosen(self) -> str | None:
        addresses = list(self._addresses())
        now = time.monotonic()
        rested = [address for address in addresses if self._rests.get(address, 0.0) <= now]
        return self._chance.choice(rested or addresses) if addresses else None


def message_key(channel: str, ts: str) -> str:
    """The name under which the acknowledgement of a message is kept."""
    return f"{channel}:{ts}"


def opened_key(user: str) -> str:
    """The name under which it is kept that the app heard of somebody looking at their talk with it."""
    return f"{user}:opened"


def _is_passed_on(header: str) -> bool:
    return header.lower().startswith("x-slack-") or header.lower() == "content-type"


def _key(body: bytes) -> str | None:
    try:
        event: dict[str, Any] = json.loads(body)["event"]
    except (ValueError, KeyError, TypeError):
        return None  # a press, whose answer whoever pressed hears directly
    if event["type"] == "app_home_opened":
        return opened_key(event["user"])
    return (
        message_key(event["channel"], event["ts"]) if event["type"] == "message" and "ts" in event else None
    )
