"""The response_url: where the app answers an interaction, five times within half an hour, without a token.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import json

from aiohttp import web

from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.chat import content_of
from bot.workspace.interactions import with_ids
from bot.workspace.people import BOT_USER
from bot.workspace.refusal import Refused
from bot.workspace.wire import Json


async def respond(board: Board, request: web.Request) -> web.Response:
    """Takes one response; what is wrong with it is answered with 400 or 404."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    if not isinstance(body, dict):
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    try:
        _carry_out(board, request.match_info["secret"], body)
    except Refused as refusal:
        gone = refusal.error in ("invalid_url", "used_url")
        return web.json_response({"ok": False, "error": refusal.error}, status=404 if gone else 400)
    return web.Response(text="ok")


def _carry_out(board: Board, secret: str, body: Json) -> None:
    place = board.grants.use_response_place(secret)
    channel = board.channels[place.channel]
    original = board.state.seen(place.channel, place.ts, place.user) if place.ts is not None else None
    if body.get("delete_original"):
        if original is None or original["user"] != BOT_USER:
            raise Refused("message_not_found")
        board.remove(channel, original)
        return
    content = content_of(Arguments(body))
    if not content.get("text", "").strip() and not content.get("blocks"):
        raise Refused("no_text")
    if body.get("replace_original") and original is not None and original["user"] == BOT_USER:
        changes: Json = {"text": "", **content}
        changes["blocks"] = with_ids(content.get("blocks", []))
        board.change(channel, original, **changes)
        return
    if (thread_ts := Arguments(body).text("thread_ts")) is not None:
        content["thread_ts"] = thread_ts
    only_for = None if body.get("response_type") == "in_channel" else place.user
    board.add(channel, board.by_bot(content), only_for=only_for)
