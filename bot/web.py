"""The HTTP surface of `serve`: Slack's events and clicks, and whether all is well."""

from collections.abc import Awaitable, Callable

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

BODY_AT_MOST = 2 * 1024 * 1024


def web_app(app: AsyncApp, is_ready: Callable[[], Awaitable[bool]]) -> Starlette:
    """`/slack/events`: events, clicks, commands; `/healthz`: this process runs; `/readyz`: it can work."""

    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        try:
            asked = to_async_bolt_request(request, body)
        except (ValueError, AttributeError, TypeError, KeyError):  # nothing that Slack has sent
            return Response(status_code=401)
        return to_starlette_response(await app.async_dispatch(asked))

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_: Request) -> Response:
        ready = await is_ready()
        return PlainTextResponse("ok" if ready else "no database", status_code=200 if ready else 503)

    return Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ]
    )


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
