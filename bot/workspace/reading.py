"""The Web API's methods that tell what is there: the app itself, channels, messages, people, files."""

from bot.workspace import payloads
from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.people import (
    BOT,
    BOT_HANDLE,
    BOT_USER,
    OTHER_TEAM,
    TEAM,
    TEAM_NAME,
    Channel,
    as_user,
    bot_as_user,
    direct_message,
)
from bot.workspace.refusal import Refused
from bot.workspace.state import File
from bot.workspace.threads import is_in_channel, with_replies, with_root
from bot.workspace.wire import Json


def auth_test(board: Board, given: Arguments) -> Json:
    """auth.test"""
    return {
        "url": f"{board.address}/",
        "team": TEAM_NAME,
        "user": BOT_HANDLE,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def open_connection(board: Board, given: Arguments) -> Json:
    """apps.connections.open"""
    answer: Json = {"url": f"{board.address.replace('http', 'ws', 1)}/link/?ticket={board.sockets.ticket()}"}
    if not board.is_socket_mode_on:  # Slack gives an address all the same
        answer["response_metadata"] = {"messages": ["[WARN] Socket Mode is not turned on."]}
    return answer


def _channel_object(place: Channel) -> Json:
    common: Json = {"id": place.id, "created": 0, "is_archived": place.archived, "is_org_shared": False}
    if place.kind == "im":
        user = next(iter(place.members - {BOT_USER}))
        return common | {"is_im": True, "user": user, "is_user_deleted": False, "priority": 0}
    teams: Json = {"is_shared": place.shared, "is_ext_shared": place.shared, "shared_team_ids": [TEAM]}
    teams |= {"is_pending_ext_shared": False, "pending_shared": []}
    if place.shared:
        teams |= {"shared_team_ids": [TEAM, OTHER_TEAM], "connected_team_ids": [OTHER_TEAM]}
        teams |= {"internal_team_ids": [TEAM], "conversation_host_id": TEAM}
    return common | {
        **teams,
        "name": place.name,
        "name_normalized": place.name,
        "is_channel": place.kind == "channel",
        "is_group": False,
        "is_im": False,
        "is_mpim": place.kind == "mpim",
        "is_private": place.kind == "mpim" or place.private,
        "is_general": place.name == "general",
        "is_member": place.has_bot,
        "creator": BOT_USER,
        "topic": {"value": place.topic, "creator": BOT_USER, "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "context_team_id": TEAM,
    }


def conversations_info(board: Board, given: Arguments) -> Json:
    """conversations.info"""
    place = _visible(board, given.required("channel"))
    members = {"num_members": len(place.members)} if given.flag("include_num_members") else {}
    return {"channel": _channel_object(place) | members}


def _visible(board: Board, channel: str) -> Channel:
    """A place that the bot is in, or a public channel."""
    place = board.channels.get(channel)
    if place is None or not (place.has_bot or place.is_public):
        raise Refused("channel_not_found")
    return place


def conversations_open(board: Board, given: Arguments) -> Json:
    """conversations.open, with one user: the talk with the bot; it is always open already.

    Another company's people have none with it.
    """
    if (channel := given.text("channel")) is not None:
        place = board.channel(channel)
    else:
        users = [user for user in (given.text("users") or "").split(",") if user]
        if not users:
            raise Refused("users_list_not_supplied")
        if len(users) > 1:
            raise Refused("method_not_supported_for_channel_type")
        if board.person(users[0]).is_external:
            raise Refused("user_not_visible")
        place = board.channels[direct_message(users[0])]
    shown = _channel_object(place) if given.flag("return_im") else {"id": place.id}
    return {"no_op": True, "already_open": True, "channel": shown}


def _page(items: list[Json], given: Arguments, default: int, most: int) -> tuple[list[Json], str]:
    """The part of a list that is asked for, and the cursor of the next one."""
    limit = given.number("limit", default, most)
    cursor = given.text("cursor") or "0"
    if not cursor.isascii() or not cursor.isdigit():
        raise Refused("invalid_cursor")
    start = int(cursor)
    return items[start : start + limit], str(start + limit) if start + limit < len(items) else ""


def _between(messages: list[Json], given: Arguments) -> list[Json]:
    try:
        oldest = float(given.text("oldest") or 0)
        latest = float(given.text("latest") or "inf")
    except ValueError:
        raise Refused("invalid_ts_latest") from None
    inclusive = given.flag("inclusive")

    def within(message: Json) -> bool:
        ts = float(message["ts"])
        return oldest < ts < latest or (inclusive and ts in (oldest, latest))

    return [message for message in messages if within(message)]


def _as_asked(message: Json, given: Arguments) -> Json:
    """Metadata are shown only to who asks for them."""
    if given.flag("include_all_metadata"):
        return message
    return {name: value for name, value in message.items() if name != "metadata"}


def _as_told(board: Board, channel: str, message: Json) -> Json:
    """A message as the history shows it: with the count of its replies, or with what it replies to."""
    return with_replies(board.state, channel, with_root(board.state, channel, message))


def conversations_history(board: Board, given: Arguments) -> Json:
    """conversations.history: what stands in the channel itself, the newest first."""
    place = board.channel(given.required("channel"))
    messages = [m for m in board.messages(place.id) if is_in_channel(m)]
    found, cursor = _page(_between(messages, given)[::-1], given, 100, 999)
    shown = [_as_asked(_as_told(board, place.id, message), given) for message in found]
    answer: Json = {"messages": shown, "has_more": bool(cursor), "pin_count": 0}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def conversations_replies(board: Board, given: Arguments) -> Json:
    """conversations.replies: a message and the replies to it, the oldest first."""
    place = board.channel(given.required("channel"))
    ts = given.required("ts")
    thread = board.state.thread(place.id, ts)
    if not thread or thread[0]["ts"] != ts:
        raise Refused("thread_not_found")
    kept = [thread[0], *_between(thread[1:], given)]
    found, cursor = _page(kept, given, 1000, 1000)
    shown = [_as_told(board, place.id, message) for message in found]
    answer: Json = {"messages": [_as_asked(m, given) for m in shown], "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def conversations_members(board: Board, given: Arguments) -> Json:
    """conversations.members"""
    place = _visible(board, given.required("channel"))
    found, cursor = _page([{"id": user} for user in sorted(place.members)], given, 100, 1000)
    return {"members": [member["id"] for member in found], "response_metadata": {"next_cursor": cursor}}


def conversations_list(board: Board, given: Arguments) -> Json:
    """conversations.list: channels, and the bot's talks where `types` asks for `im` or `mpim`."""
    types = (given.text("types") or "public_channel").split(",")
    there = [place for place in board.channels.values() if place.has_bot or place.is_public]
    places = [_channel_object(place) for place in there if _type(place) in types]
    found, cursor = _page(places, given, 100, 1000)
    return {"channels": found, "response_metadata": {"next_cursor": cursor}}


def _type(place: Channel) -> str:
    """What `types` calls it."""
    if place.kind == "channel":
        return "private_channel" if place.private else "public_channel"
    return place.kind


def users_info(board: Board, given: Arguments) -> Json:
    """users.info"""
    user = given.required("user")
    if user == BOT_USER:
        return {"user": bot_as_user()}
    person = board.person(user)
    shown = as_user(person, board.state.time(), with_locale=given.flag("include_locale"))
    if board.app.missing({"users:read.email"}):
        shown["profile"].pop("email", None)
    return {"user": shown}


def _shares(board: Board, file: File) -> Json:
    """Where a file was shared, and in which messages."""
    shared: Json = {"ims": [], "channels": [], "groups": [], "shares": {}}
    place = board.channels.get(file.channel)
    if place is None:
        return shared
    kind = {"im": "ims", "mpim": "groups", "channel": "channels"}[place.kind]
    messages = [
        {name: message[name] for name in ("ts", "thread_ts") if name in message}
        | {"team_id": TEAM, "share_user_id": file.user}
        for message in board.messages(place.id)
        if any(shown["id"] == file.id for shown in message.get("files", ()))
    ]
    openness = "public" if place.is_public else "private"
    return shared | {kind: [place.id], "shares": {openness: {place.id: messages}}}


def files_info(board: Board, given: Arguments) -> Json:
    """files.info"""
    file = board.state.files.get(given.required("file"))
    if file is None or not board.is_apps(file):
        raise Refused("file_not_found")
    team = TEAM if file.user == BOT_USER else board.person(file.user).team
    shown = payloads.file_object(file, board.address, team) | _shares(board, file)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}
