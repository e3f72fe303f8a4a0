"""Files, as Slack serves them to the app: with its token; whoever has none is asked to sign in."""

import asyncio
from urllib.parse import quote

from aiohttp import web

from bot.workspace.api import failed
from bot.workspace.board import Board
from bot.workspace.faults import Late, Redirect, SignInPage
from bot.workspace.people import TEAM

SIGN_IN = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form><input type="email"><input type="password"></form></body></html>
"""


async def download(board: Board, request: web.Request) -> web.StreamResponse:
    """Serves /files-pri/T…-F…/download/NAME; without the bot's token, 200 and a sign-in page, as Slack."""
    fault = board.faults.of_file()
    if isinstance(fault, Redirect):
        return web.Response(status=302, headers={"Location": fault.location})
    if isinstance(fault, Late):
        await asyncio.sleep(fault.seconds)
    elif fault is not None and not isinstance(fault, SignInPage):
        return failed(request, fault)
    if isinstance(fault, SignInPage) or request.headers.get("Authorization") != f"Bearer {board.bot_token}":
        return web.Response(text=SIGN_IN, content_type="text/html")
    team, _, file_id = request.match_info["file"].partition("-")
    file = board.state.files.get(file_id)
    content = board.state.content(file) if file is not None and team == TEAM else None
    if file is None or content is None:
        return web.Response(status=404, text="File not found", content_type="text/html")
    headers = {
        "Content-Type": file.mimetype,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
    }
    return web.Response(body=content, headers=headers)
