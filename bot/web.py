"""The HTTP surface: Slack's events and clicks, and for who watches, whether all is well."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

BODY_AT_MOST = 2 * 1024 * 1024


# A proxy that passes a request on from elsewhere says so.
FORWARDED = ("forwarded", "x-forwarded-for")


class Watched(Protocol):
    """What can be asked of a process (bot.health)."""

    async def unhealthy(self) -> Sequence[str]: ...

    async def unready(self) -> Sequence[str]: ...

    async def metrics(self) -> bytes: ...


def web_app(app: AsyncApp | None, watched: Watched) -> Starlette:
    """`/slack/events`: events, clicks, commands, if there is an `app`; `/healthz`: this process runs;
    `/readyz`: it can work; `/metrics`: what it counts, not for whom a proxy forwards."""
    routes = [] if app is None else [Route("/slack/events", _events(app), methods=["POST"])]

    async def healthz(_: Request) -> Response:
        return _told("does not run", await watched.unhealthy())

    async def readyz(_: Request) -> Response:
        return _told("not ready", await watched.unready())

    async def metrics(request: Request) -> Response:
        if any(name in request.headers for name in FORWARDED):
            return Response(status_code=404)
        return Response(await watched.metrics(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    routes += [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=routes)


def _told(otherwise: str, faults: Sequence[str]) -> Response:
    if not faults:
        return PlainTextResponse("ok")
    return PlainTextResponse(f"{otherwise}: {'; '.join(faults)}\n", status_code=503)


def _events(app: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            asked = to_async_bolt_request(request, body)
        except (ValueError, AttributeError, TypeError, KeyError):  # nothing that Slack has sent
            return Response(status_code=401)
        return to_starlette_response(await app.async_dispatch(asked))

    return events


async def _body(request: Request) -> bytes | None:
    """The request's body, read no further than Slack's could be long."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_AT_MOST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)
