"""What the workspace's tests have in common: an app that listens, calls that are refused."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]
Hear = Callable[[web.Request], Awaitable[web.Response]]


async def refusal(call: Awaitable[Any]) -> Json:
    """The body of the refusal; empty if the call was taken."""
    try:
        await call
    except SlackApiError as refused:
        answer: Json = refused.response.data
        return answer
    return {}


async def error(call: Awaitable[Any]) -> str:
    """The word for why it was refused; empty if the call was taken."""
    return str((await refusal(call)).get("error", ""))


@asynccontextmanager
async def listening(hear: Hear) -> AsyncIterator[str]:
    """The address for events of an app that answers so, while the block runs."""
    application = web.Application()
    application.add_routes([web.post("/slack/events", hear)])
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


def dispatched_to(app: AsyncApp) -> Hear:
    """What it hears is the app's, and so is the answer."""

    async def hear(request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, headers=dict(request.headers)))
        return web.Response(status=answer.status, body=answer.body, headers=answer.first_headers())

    return hear
