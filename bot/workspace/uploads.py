"""Files that the app uploads: a URL is asked for, the bytes go there, then the file is shared.

Source: https://docs.slack.dev/messaging/working-with-files#upload
"""

from collections.abc import Iterator

from aiohttp import web

from bot.workspace import payloads
from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.chat import content_of, thread_of
from bot.workspace.people import BOT_USER, Channel
from bot.workspace.refusal import Refused
from bot.workspace.state import guessed_type
from bot.workspace.wire import Json

SIZE_AT_MOST = 50 * 1024 * 1024
"""Bytes; Slack itself takes up to one gigabyte."""
ALT_TEXT_AT_MOST = 1000


def get_upload_url(board: Board, given: Arguments) -> Json:
    """files.getUploadURLExternal"""
    name, length = given.required("filename"), given.required("length")
    if not length.isascii() or not length.isdigit():
        raise Refused("invalid_arguments", ["must be an integer [json-pointer:/length]"])
    if int(length) == 0:
        raise Refused("missing_argument")
    if int(length) > SIZE_AT_MOST:
        raise Refused("file_upload_size_restricted")
    alt_txt = given.text("alt_txt") or ""
    if len(alt_txt) > ALT_TEXT_AT_MOST:
        raise Refused("alt_txt_too_large")
    secret, ticket = board.uploads.announce(name, int(length), alt_txt)
    return {"upload_url": f"{board.address}/upload/v1/{secret}", "file_id": ticket.id}


async def receive(board: Board, request: web.Request) -> web.Response:
    """Takes a file's bytes at its upload URL, bare or as a form; anything but all of them is refused."""
    ticket = board.uploads.at(request.match_info["secret"])
    if ticket is None:
        return web.Response(status=404, text="not found")
    if request.content_type == "multipart/form-data":
        fields = [value for value in (await request.post()).values() if isinstance(value, web.FileField)]
        content = fields[0].file.read() if fields else b""
    else:
        content = await request.read()
    if len(content) != ticket.length:
        return web.Response(status=400, text="length does not match")
    ticket.content = content
    return web.Response(text=f"OK - {len(content)}")


def _named(given: Arguments) -> Iterator[tuple[str, str]]:
    """The ids of the files, with their titles."""
    files = given.structure("files", "invalid_arguments")
    if not isinstance(files, list) or not files:
        raise Refused("invalid_arguments", ["missing required field: files"])
    for index, file in enumerate(files):
        if not isinstance(file, dict) or not isinstance(file.get("id"), str):
            raise Refused("invalid_arguments", [f"missing required field: id [json-pointer:/files/{index}]"])
        title = file.get("title")
        yield file["id"], title if isinstance(title, str) else ""


def complete_upload(board: Board, given: Arguments) -> Json:
    """files.completeUploadExternal: shares the files; without a channel only the app has them."""
    named = list(_named(given))
    if len({wanted for wanted, _ in named}) < len(named):
        raise Refused("invalid_arguments", ["must not name a file twice [json-pointer:/files]"])
    tickets = [board.uploads.sent(wanted) for wanted, _ in named]
    place = _place(board, given)
    comment = given.text("initial_comment")
    content = content_of(Arguments({"text": comment} if comment else {"blocks": given.given.get("blocks")}))
    if place is not None:
        content |= thread_of(board, place, given)
    files = []
    for ticket, (_, title) in zip(tickets, named, strict=True):
        kept = board.state.add_file(
            ticket.name,
            ticket.content or b"",
            guessed_type(ticket.name),
            BOT_USER,
            place.id if place is not None else "",
            id=ticket.id,
            title=title,
            alt_txt=ticket.alt_txt,
        )
        files.append(kept)
    board.uploads.finish(tickets)
    shown = [payloads.file_object(file, board.address) for file in files]
    if place is not None:
        message = board.by_bot(content | {"subtype": "file_share", "files": shown, "upload": False})
        ts = board.add(place, message)["ts"]
        for file in files:
            board.send_event(payloads.file_shared_event(file, place, ts))
    else:
        board.save_soon()
    return {"files": shown}


def delete_file(board: Board, given: Arguments) -> Json:
    """files.delete: of the app's own. A message that showed it shows from then on that it is gone."""
    file = board.state.files.get(given.required("file"))
    if file is None or not board.is_apps(file):
        raise Refused("file_not_found")
    if file.user != BOT_USER:
        raise Refused("cant_delete_file")
    board.state.remove_file(file.id)
    place = board.channels.get(file.channel)
    for message in list(board.state.messages.get(file.channel, {}).values()) if place else ():
        shown = message.get("files", ())
        if place and any(one["id"] == file.id for one in shown):
            stone = {"id": file.id, "mode": "tombstone"}
            board.change(place, message, files=[stone if one["id"] == file.id else one for one in shown])
    board.save_soon()
    return {}


def _place(board: Board, given: Arguments) -> Channel | None:
    """Where to share it; unlike chat.postMessage, this takes no user's id and no name."""
    channel = given.text("channel_id")
    if channel is None:
        return None
    if channel not in board.channels:
        raise Refused("invalid_channel")
    return board.channel(channel)
