"""Which scopes a method needs. Source: each method's page under https://docs.slack.dev/reference/methods"""

from bot.workspace.board import Board
from bot.workspace.calls import Arguments
from bot.workspace.people import GENERAL_CHANNEL

ALWAYS = {
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "users.info": "users:read",
}
BY_PLACE = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.replies": "history",
}
PLACES = {"im": "im", "mpim": "mpim", "channel": "channels"}
TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def needed(board: Board, method: str, given: Arguments) -> set[str]:
    """The scopes that this call needs; of a place that is not there, those of a channel."""
    if method in ALWAYS:
        return {ALWAYS[method]}
    if method in BY_PLACE:
        place = board.channels.get(given.text("channel") or "", board.channels[GENERAL_CHANNEL])
        kind = "groups" if place.private else PLACES[place.kind]
        return {f"{kind}:{BY_PLACE[method]}"}
    if method == "conversations.open":
        return {"mpim:write" if "," in (given.text("users") or "") else "im:write"}
    if method == "conversations.list":
        types = (given.text("types") or "public_channel").split(",")
        return {f"{TYPES[kind]}:read" for kind in types if kind in TYPES}
    return set()
