"""Socket Mode, the server's side: WebSockets, hello, envelopes, acknowledgements, refresh.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode/
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bot.workspace.people import APP
from bot.workspace.wire import Json

SOCKETS_AT_MOST = 10
TICKET_SECONDS = 30
REFRESH_SECONDS = 2

logger = logging.getLogger(__name__)


class NotAcknowledged(Exception):
    """An envelope was not acknowledged; the text is Slack's word for the reason."""


@dataclass(frozen=True)
class Socket:
    """One open connection."""

    channel: web.WebSocketResponse
    transport: asyncio.Transport | None
    lost: asyncio.Event


class Sockets:
    """The app's open WebSockets. An envelope goes to the one that was used least recently."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tickets: dict[str, float] = {}
        self._open: list[Socket] = []
        self._acknowledged: dict[str, asyncio.Future[Json]] = {}
        self._arrivals: set[asyncio.Event] = set()

    def __len__(self) -> int:
        return len(self._open)

    def ticket(self) -> str:
        """A ticket for one connection within thirty seconds, as `apps.connections.open` hands it out."""
        ticket = secrets.token_urlsafe(16)
        self._tickets[ticket] = self._clock() + TICKET_SECONDS
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serves one WebSocket until it ends."""
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < self._clock():
            return web.Response(status=403, text="expired_ticket")
        channel = web.WebSocketResponse(heartbeat=30)
        await channel.prepare(request)
        if len(self._open) >= SOCKETS_AT_MOST:
            await channel.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await channel.close()
            return channel
        hello = {
            "type": "hello",
            "num_connections": len(self._open) + 1,
            "debug_info": {"host": "local", "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }
        await channel.send_json(hello)
        socket = Socket(channel, request.transport, asyncio.Event())
        self._open.append(socket)
        for arrival in self._arrivals:
            arrival.set()
        try:
            async for message in channel:
                if message.type == WSMsgType.TEXT:
                    self._hear(message.data)
        finally:
            self._open = [other for other in self._open if other is not socket]
            socket.lost.set()
        return channel

    def _hear(self, text: str) -> None:
        try:
            acknowledgement = json.loads(text)
            envelope_id = str(acknowledgement["envelope_id"])
        except (ValueError, KeyError, TypeError):
            logger.info("The app sent something that is no acknowledgement over its socket.")
            return
        waiting = self._acknowledged.get(envelope_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(acknowledgement.get("payload") or {})

    async def connects(self) -> None:
        """Returns when the next socket connects."""
        arrival = asyncio.Event()
        self._arrivals.add(arrival)
        try:
            await arrival.wait()
        finally:
            self._arrivals.discard(arrival)

    async def send(self, envelope: Json, within: float) -> Json:
        """Sends the envelope and gives the payload of its acknowledgement.

        Raises NotAcknowledged if there is no socket, this one is lost, or `within` seconds pass. An
        acknowledgement that comes late, or over another socket, counts when the envelope is sent again.
        """
        envelope_id = envelope["envelope_id"]
        waiting = self._acknowledged.setdefault(envelope_id, asyncio.get_running_loop().create_future())
        if waiting.done():
            return waiting.result()
        if not self._open:
            await _first(within, asyncio.ensure_future(self.connects()))
        if not self._open:
            raise NotAcknowledged("connection_failed")
        socket = self._open.pop(0)
        self._open.append(socket)
        try:
            await socket.channel.send_json(envelope)
        except ConnectionError:
            raise NotAcknowledged("connection_failed") from None
        await _first(within, asyncio.ensure_future(socket.lost.wait()), waiting)
        if not waiting.done():
            raise NotAcknowledged("connection_failed" if socket.lost.is_set() else "timeout")
        return waiting.result()

    def forget(self, envelope_id: str) -> None:
        """The envelope will not be sent again."""
        self._acknowledged.pop(envelope_id, None)

    async def refresh(self) -> None:
        """Asks the app for new connections and ends the old ones, as Slack does every few hours.

        What is under way on an old one may still be acknowledged there, for two seconds.
        """
        old, self._open = self._open, []
        for socket in old:
            await socket.channel.send_json({"type": "disconnect", "reason": "refresh_requested"})
        for socket in old:
            await _first(REFRESH_SECONDS, asyncio.ensure_future(socket.lost.wait()))
            await socket.channel.close()

    def drop(self) -> None:
        """Breaks every connection without a goodbye."""
        for socket in list(self._open):
            if socket.transport is not None:
                socket.transport.abort()

    async def close(self) -> None:
        """Ends every connection."""
        for socket in list(self._open):
            await socket.channel.close(code=WSCloseCode.GOING_AWAY)


async def _first(within: float, task: asyncio.Future[Any], *others: asyncio.Future[Any]) -> None:
    """Waits until one of them is done; the first is of no use afterwards."""
    try:
        await asyncio.wait((task, *others), timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()
