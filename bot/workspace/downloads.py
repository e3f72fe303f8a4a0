"""Files, as Slack serves them to the app: with its token; whoever has none is asked to sign in."""

import asyncio
from urllib.parse import quote

from aiohttp import web

from bot.workspace.api import failed, waited
from bot.workspace.board import Board
from bot.workspace.faults import FileFault, Late, Redirect, SignInPage, Stalled
from bot.workspace.people import TEAM
from bot.workspace.renditions import rendition
from bot.workspace.state import File

SIGN_IN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form><input type="email"><input type="password"></form></body></html>
"""


async def download(board: Board, request: web.Request) -> web.StreamResponse:
    """Serves /files-pri/T…-F…/download/NAME; without the bot's token, 200 and a sign-in page, as Slack."""
    fault = board.faults.of_file()
    refused = await _refused(board, request, fault)
    if refused is not None:
        return refused
    file, content = _found(board, request)
    if file is None or content is None:
        return web.Response(status=404, text="File not found", content_type="text/html")
    headers = {
        "Content-Type": file.mimetype,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
    }
    if isinstance(fault, Stalled):
        return await _stalled(request, content, headers, fault.seconds)
    return web.Response(body=content, headers=headers)


async def _stalled(
    request: web.Request, content: bytes, headers: dict[str, str], seconds: float
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = len(content)
    await response.prepare(request)
    half = len(content) // 2
    await response.write(content[:half])
    if await waited(request, seconds):
        await response.write(content[half:])
    return response


async def download_rendition(board: Board, request: web.Request) -> web.StreamResponse:
    """Serves /files-tmb/T…-F…/thumb_1024.jpg: a picture, smaller, to whom the file itself is served."""
    fault = board.faults.of_file()
    refused = await _refused(board, request, fault)
    if refused is not None:
        return refused
    _, content = _found(board, request)
    smaller = await asyncio.to_thread(rendition, content) if content is not None else None
    if smaller is None:
        return web.Response(status=404, text="File not found", content_type="text/html")
    return web.Response(body=smaller, content_type="image/jpeg")


async def _refused(board: Board, request: web.Request, fault: FileFault | None) -> web.StreamResponse | None:
    """What is served instead of a file: a fault that was asked for, or the page to sign in."""
    if isinstance(fault, Redirect):
        return web.Response(status=302, headers={"Location": fault.location})
    if isinstance(fault, Late):
        await waited(request, fault.seconds)
    elif fault is not None and not isinstance(fault, SignInPage | Stalled):
        return failed(request, fault)
    known = request.headers.get("Authorization") == f"Bearer {board.bot_token}"
    if isinstance(fault, SignInPage) or not known or board.app.missing({"files:read"}):
        return web.Response(text=SIGN_IN, content_type="text/html")
    return None


def _found(board: Board, request: web.Request) -> tuple[File | None, bytes | None]:
    team, _, file_id = request.match_info["file"].partition("-")
    file = board.state.files.get(file_id) if team == TEAM else None
    if file is not None and not board.is_apps(file):
        return None, None
    return file, board.state.content(file) if file is not None else None
