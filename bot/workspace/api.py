"""The Web API: who may call it, which methods there are, and how they are answered.

Source: https://docs.slack.dev/apis/web-api/
"""

import asyncio
from collections.abc import Callable

from aiohttp import web

from bot.workspace import calls, chat, reading, scopes, uploads, views
from bot.workspace.board import Board
from bot.workspace.calls import Arguments, Call
from bot.workspace.faults import (
    CallFault,
    Dropped,
    FileFault,
    Held,
    Late,
    Ratelimited,
    Refusal,
    ServerError,
)
from bot.workspace.refusal import Refused
from bot.workspace.wire import Json, compact

METHODS: dict[str, Callable[[Board, Arguments], Json]] = {
    "apps.connections.open": reading.open_connection,
    "assistant.threads.setStatus": chat.set_status,
    "assistant.threads.setSuggestedPrompts": chat.set_suggested_prompts,
    "assistant.threads.setTitle": chat.set_title,
    "auth.test": reading.auth_test,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": reading.conversations_history,
    "conversations.info": reading.conversations_info,
    "conversations.list": reading.conversations_list,
    "conversations.members": reading.conversations_members,
    "conversations.open": reading.conversations_open,
    "conversations.replies": reading.conversations_replies,
    "files.completeUploadExternal": uploads.complete_upload,
    "files.delete": uploads.delete_file,
    "files.getUploadURLExternal": uploads.get_upload_url,
    "files.info": reading.files_info,
    "reactions.add": chat.add_reaction,
    "users.info": reading.users_info,
    "views.open": views.open_view,
    "views.publish": views.publish_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
}
WITH_APP_TOKEN = "apps.connections.open"


async def answer(board: Board, request: web.Request) -> web.StreamResponse:
    """Answers one call, or meets it with the fault that was ordered for it."""
    method = request.match_info["method"]
    fault = board.faults.of_call(method)
    if isinstance(fault, Ratelimited | ServerError) or (isinstance(fault, Dropped) and not fault.done):
        await request.read()
        board.calls.append(Call(method, {}, type(fault).__name__.lower()))
        return failed(request, fault)
    if isinstance(fault, Refusal):
        await request.read()
        board.calls.append(Call(method, {}, fault.error))
        return web.json_response({"ok": False, "error": fault.error}, dumps=compact)
    if isinstance(fault, Held) and not await waited(request, fault.seconds):
        board.calls.append(Call(method, {}, "gone"))
        return web.Response()
    call, body, scopes_held = await _carry_out(board, method, request)
    board.calls.append(call)
    board.feed.changed()
    if isinstance(fault, Dropped):
        return failed(request, fault)
    if isinstance(fault, Late):
        await waited(request, fault.seconds)
    headers = {} if scopes_held is None else {"x-oauth-scopes": ",".join(sorted(scopes_held))}
    return web.json_response(body, dumps=compact, headers=headers)


async def waited(request: web.Request, seconds: float) -> bool:
    """Waits; whether who asked is still there then."""
    end = asyncio.get_running_loop().time() + seconds
    while (left := end - asyncio.get_running_loop().time()) > 0:
        if request.transport is None or request.transport.is_closing():
            return False
        await asyncio.sleep(min(left, 0.02))
    return True


def failed(request: web.Request, fault: CallFault | FileFault) -> web.StreamResponse:
    """The answer that is none."""
    match fault:
        case Ratelimited(retry_after):
            refusal = {"ok": False, "error": "ratelimited"}
            return web.json_response(refusal, status=429, headers={"Retry-After": str(retry_after)})
        case Dropped():
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        case _:
            return web.Response(status=500, text="Internal Server Error", content_type="text/html")


async def _carry_out(
    board: Board, method: str, request: web.Request
) -> tuple[Call, Json, frozenset[str] | None]:
    """The call, its answer, and the scopes of the token (None: it is no good, or may do everything)."""
    arguments: Json = {}
    held = None
    try:
        token, given = await calls.read(request)
        arguments = dict(given.given)
        if method not in METHODS:
            raise Refused("unknown_method")
        held = _scopes_of(board, token)
        _check_kind(board, method, token)
        _check_scopes(board, method, given)
        return Call(method, arguments), {"ok": True, **METHODS[method](board, given)}, held
    except Refused as refusal:
        body: Json = {"ok": False, "error": refusal.error, **refusal.more}
        if refusal.error == "unknown_method":
            body["req_method"] = method
        if refusal.faults:
            body["errors"] = refusal.faults
            body["response_metadata"] = {"messages": [f"[ERROR] {fault}" for fault in refusal.faults]}
        return Call(method, arguments, refusal.error), body, held


def _scopes_of(board: Board, token: str) -> frozenset[str] | None:
    if not token:
        raise Refused("not_authed")
    if word := board.refused_tokens.get(token):
        raise Refused(word)
    if token not in (board.bot_token, board.app_token):
        raise Refused("invalid_auth")
    return board.app.scopes if token == board.bot_token else board.app_token_scopes


def _check_kind(board: Board, method: str, token: str) -> None:
    if (token == board.app_token) != (method == WITH_APP_TOKEN):
        raise Refused("not_allowed_token_type")


def _check_scopes(board: Board, method: str, given: Arguments) -> None:
    if method == WITH_APP_TOKEN and "connections:write" not in board.app_token_scopes:
        provided = ",".join(sorted(board.app_token_scopes))
        raise Refused("missing_scope", needed="connections:write", provided=provided)
    if missing := board.app.missing(scopes.needed(board, method, given)):
        raise Refused("missing_scope", needed=missing, provided=",".join(sorted(board.app.scopes or ())))
