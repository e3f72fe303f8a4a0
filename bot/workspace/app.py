"""The workspace as one web server on this machine: Web API, Socket Mode, files, response URLs, the page."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.workspace import api, downloads, responses, uploads
from bot.workspace.board import Board
from bot.workspace.guard import add_headers, guard
from bot.workspace.page_api import UPLOAD_AT_MOST, PageApi
from bot.workspace.workspace import Workspace


def application(workspace: Workspace, port: Callable[[], int]) -> web.Application:
    """The web application; `port` is where it is served, known only afterwards."""
    app = web.Application(client_max_size=UPLOAD_AT_MOST, middlewares=[guard(port)])

    def on(handler: Callable[[Board, web.Request], Awaitable[Any]]) -> Any:
        return functools.partial(handler, workspace)

    app.add_routes(
        [
            web.route("*", "/api/{method}", on(api.answer)),
            web.get("/link/", workspace.sockets.accept),
            web.get("/files-pri/{file}/download/{name}", on(downloads.download)),
            web.get("/files-pri/{file}/{name}", on(downloads.download)),
            web.get("/files-tmb/{file}/{name}", on(downloads.download_rendition)),
            web.post("/upload/v1/{secret}", on(uploads.receive)),
            web.post("/actions/{team}/{secret}", on(responses.respond)),
            *PageApi(workspace).routes(),
        ]
    )
    app.on_response_prepare.append(add_headers)
    return app


@asynccontextmanager
async def serve_workspace(
    workspace: Workspace, *, port: int = 0, host: str = "127.0.0.1"
) -> AsyncIterator[str]:
    """Serves the workspace while the block runs and gives its address, such as http://127.0.0.1:8065.

    Port 0 takes a free one. The Web API is at `<address>/api/`.
    """
    bound: list[int] = []
    runner = web.AppRunner(
        application(workspace, lambda: bound[0]), access_log=None, handle_signals=False, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound.append(runner.addresses[0][1])
        workspace.address = f"http://{host}:{bound[0]}"
        yield workspace.address
    finally:
        await workspace.close()
        await runner.cleanup()
