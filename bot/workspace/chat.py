"""The Web API's methods for messages: post, update, delete, react, and say what one is doing."""

import re

from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.interactions import with_ids
from bot.workspace.limits import MARKDOWN_AT_MOST, TEXT_AT_MOST, problems, tables, too_long
from bot.workspace.people import BOT_USER, Channel, direct_message
from bot.workspace.refusal import Refused
from bot.workspace.state import as_shown, is_tombstone
from bot.workspace.threads import BROADCAST, with_root
from bot.workspace.wire import Json, compact

PROMPTS_AT_MOST = 4
METADATA_AT_MOST = 8000


def place_of(board: Board, channel: str) -> Channel:
    """The channel with this id or #name, or the talk with the user of this id; raises Refused."""
    if channel in board.people:
        return board.channel(direct_message(channel))
    return board.channel(board.names.channels.get(channel.removeprefix("#"), channel))


def content_of(given: Arguments) -> Json:
    """The text and the blocks of a message; raises Refused for all that Slack refuses in them."""
    if given.structure("attachments", "invalid_attachments"):
        raise Refused("invalid_attachments")  # of before Block Kit: the page does not draw them
    content: Json = {}
    markdown = given.text("markdown_text")
    text = given.text("text")
    blocks = given.structure("blocks", "invalid_blocks_format")
    if markdown is not None:
        if text is not None or blocks is not None:
            raise Refused("markdown_text_conflict")
        if len(markdown) > MARKDOWN_AT_MOST:
            raise Refused("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if text is not None:
        if len(text) > TEXT_AT_MOST:
            raise Refused("msg_too_long")
        content["text"] = text
    if blocks is not None:
        if not isinstance(blocks, list):
            raise Refused("invalid_blocks_format")
        if faults := problems(blocks, "message"):
            raise Refused("invalid_blocks", faults)
        if tables(blocks) > 1:
            raise Refused("invalid_attachments", ["only_one_table_allowed"])
        if too_long(blocks):
            raise Refused("msg_blocks_too_long")
        content["blocks"] = blocks
    if metadata := given.structure("metadata", "invalid_metadata_format"):
        content["metadata"] = _metadata(metadata)
    return content


def _metadata(given: object) -> Json:
    """Source: https://docs.slack.dev/messaging/message-metadata"""
    if not isinstance(given, dict):
        raise Refused("invalid_metadata_format")
    kind, payload = given.get("event_type"), given.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if len(compact(given)) > METADATA_AT_MOST:
        raise Refused("metadata_too_large")
    return {"event_type": kind, "event_payload": payload}


def thread_of(board: Board, place: Channel, given: Arguments) -> Json:
    """The thread in which a message is to stand, if one is named; raises Refused."""
    if (thread_ts := given.text("thread_ts")) is None:
        return {}
    if not re.fullmatch(r"\d+\.\d{6}", thread_ts):
        raise Refused("invalid_thread_ts")
    if board.state.find(place.id, thread_ts) is None:
        raise Refused("thread_not_found")
    return {"thread_ts": thread_ts}


def _new_message(board: Board, place: Channel, given: Arguments) -> Json:
    content = content_of(given)
    if not content.get("text", "").strip() and not content.get("blocks"):
        raise Refused("no_text")
    content |= thread_of(board, place, given)
    if (username := given.text("username")) is not None:
        content["username"] = username
    return board.by_bot(content)


def _own_message(board: Board, place: Channel, ts: str, error: str) -> Json:
    message = board.state.messages.get(place.id, {}).get(ts)
    if message is None or is_tombstone(message):
        raise Refused("message_not_found")
    if message["user"] != BOT_USER:
        raise Refused(error)
    return message


def _open_place(board: Board, given: Arguments) -> Channel:
    place = place_of(board, given.required("channel"))
    if place.archived:
        raise Refused("is_archived")
    return place


def post_message(board: Board, given: Arguments) -> Json:
    """chat.postMessage: with `reply_broadcast`, a reply stands in the channel too; else that says nothing."""
    place = _open_place(board, given)
    new = _new_message(board, place, given)
    if "thread_ts" in new and given.flag("reply_broadcast"):
        new["subtype"] = BROADCAST
    message = board.add(place, new)
    shown = with_root(board.state, place.id, message)
    return {"channel": place.id, "ts": message["ts"], "message": shown}


def post_ephemeral(board: Board, given: Arguments) -> Json:
    """chat.postEphemeral"""
    place = _open_place(board, given)
    user = given.required("user")
    if user not in place.members:
        raise Refused("user_not_in_channel")
    message = board.add(place, _new_message(board, place, given), only_for=user)
    return {"message_ts": message["ts"]}


def update(board: Board, given: Arguments) -> Json:
    """chat.update: what is not given stays; an empty list of blocks removes them.

    With `reply_broadcast`, a reply stands in the channel too from now on.
    """
    place = place_of(board, given.required("channel"))
    message = _own_message(board, place, given.required("ts"), "cant_update_message")
    changes = content_of(given)
    if not changes:
        raise Refused("no_text")
    if given.flag("reply_broadcast") and message.get("thread_ts", message["ts"]) != message["ts"]:
        changes["subtype"] = BROADCAST
    if "blocks" in changes:
        changes["blocks"] = with_ids(changes["blocks"])
    elif "blocks" not in message:
        changes["edited"] = {"user": BOT_USER, "ts": board.state.ts()}
    if not (message | changes).get("text", "").strip() and not (message | changes).get("blocks"):
        raise Refused("no_text")
    board.change(place, message, **changes)
    shown = as_shown(message)
    return {"channel": place.id, "ts": message["ts"], "text": message["text"], "message": shown}


def delete(board: Board, given: Arguments) -> Json:
    """chat.delete"""
    place = place_of(board, given.required("channel"))
    message = _own_message(board, place, given.required("ts"), "cant_delete_message")
    board.remove(place, message)
    return {"channel": place.id, "ts": message["ts"]}


def get_permalink(board: Board, given: Arguments) -> Json:
    """chat.getPermalink"""
    place = board.channel(given.required("channel"))
    ts = given.required("message_ts")
    message = board.state.messages.get(place.id, {}).get(ts)
    if message is None:
        raise Refused("message_not_found")
    link = f"{board.address}/archives/{place.id}/p{ts.replace('.', '')}"
    if message.get("thread_ts", ts) != ts:
        link += f"?thread_ts={message['thread_ts']}&cid={place.id}"
    return {"channel": place.id, "permalink": link}


def add_reaction(board: Board, given: Arguments) -> Json:
    """reactions.add"""
    place = board.channel(given.required("channel"))
    name = given.required("name")
    message = board.state.messages.get(place.id, {}).get(given.required("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise Refused("invalid_name")
    reactions = message.get("reactions", [])
    if any(reaction["name"] == name and BOT_USER in reaction["users"] for reaction in reactions):
        raise Refused("already_reacted")
    board.react(place, message, name)
    return {}


def set_status(board: Board, given: Arguments) -> Json:
    """assistant.threads.setStatus"""
    place = board.channel(given.required("channel_id"))
    thread_ts = given.required("thread_ts")
    if "status" not in given.given:
        raise Refused("invalid_arguments", ["missing required field: status"])
    if board.state.find(place.id, thread_ts) is None:
        raise Refused("thread_not_found")
    board.set_status(place, thread_ts, given.text("status") or "")
    return {}


def set_title(board: Board, given: Arguments) -> Json:
    """assistant.threads.setTitle: the thread's name in the history; the page shows none."""
    place = board.channel(given.required("channel_id"))
    if board.state.find(place.id, given.required("thread_ts")) is None:
        raise Refused("thread_not_found")
    given.required("title")
    return {}


def set_suggested_prompts(board: Board, given: Arguments) -> Json:
    """assistant.threads.setSuggestedPrompts"""
    place = board.channel(given.required("channel_id"))
    prompts = given.structure("prompts", "invalid_arguments")
    if not isinstance(prompts, list) or not all(
        isinstance(prompt, dict) and {"title", "message"} == set(map(str, prompt)) and all(prompt.values())
        for prompt in prompts
    ):
        raise Refused(
            "invalid_arguments", ["must be an array of titles and messages [json-pointer:/prompts]"]
        )
    if len(prompts) > PROMPTS_AT_MOST:
        raise Refused("too_many_prompts")
    board.set_prompts(place, given.text("thread_ts"), given.text("title"), prompts)
    return {}
