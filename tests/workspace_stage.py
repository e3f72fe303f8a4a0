"""A workspace for the browser tests, with an app that answers as each test says, in a thread of its own."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.workspace import Workspace
from tests.workspace_app import listening

Json = dict[str, Any]
Result = TypeVar("Result")


class Stage:
    """The workspace, the app's client, what the app heard of presses and dialogs, and how it answers."""

    def __init__(self, workspace: Workspace, loop: asyncio.AbstractEventLoop) -> None:
        self.workspace = workspace
        self.loop = loop
        self.heard: list[Json] = []
        self.answers: dict[str, Callable[[Json], Coroutine[Any, Any, Json | None]]] = {}
        """By the payload's type: what the app does, and the body that it acknowledges with."""

    @property
    def address(self) -> str:
        return self.workspace.address

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.workspace.bot_token, base_url=f"{self.address}/api/")

    def do(self, action: Coroutine[Any, Any, Result]) -> Result:
        """Carries it out where the workspace lives, and waits for what it gives."""
        return asyncio.run_coroutine_threadsafe(action, self.loop).result(timeout=15)

    def call(self, method: str, **arguments: Any) -> Any:
        """A call of the Web API."""
        return self.do(self.client.api_call(method, json=arguments)).data

    def hears(self, kind: str, count: int = 1) -> Json:
        """The last payload of this type, once there are so many of them."""

        def found() -> list[Json]:
            payloads = [payload for payload in self.heard if payload["type"] == kind]
            return payloads if len(payloads) >= count else []

        return self.do(self.workspace.wait_for(found, 10))[-1]

    async def answer(self, request: web.Request) -> web.Response:
        """Takes what the workspace sends: as an app does, over HTTP."""
        if request.content_type == "application/json":
            return web.Response()
        payload = json.loads(str((await request.post())["payload"]))
        self.heard.append(payload)
        self.workspace.feed.changed()
        act = self.answers.get(payload["type"])
        body = await act(payload) if act is not None else None
        return web.json_response(body) if body is not None else web.Response()


@contextmanager
def stage() -> Iterator[Stage]:
    """The stage while the block runs."""
    ready: Future[tuple[Stage, asyncio.Event]] = Future()

    async def live() -> None:
        workspace, stop = Workspace(), asyncio.Event()
        async with serve_workspace(workspace):
            here = Stage(workspace, asyncio.get_running_loop())
            async with listening(here.answer) as workspace.event_url:
                ready.set_result((here, stop))
                await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    here, stop = ready.result(timeout=15)
    try:
        yield here
    finally:
        here.loop.call_soon_threadsafe(stop.set)
        thread.join()
