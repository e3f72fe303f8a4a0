"""What is told of a thread at its first message, and of that message at a reply that everybody sees.

Sources: https://docs.slack.dev/messaging/retrieving-messages,
https://docs.slack.dev/reference/events/message/thread_broadcast
"""

from bot.workspace.state import State, as_shown
from bot.workspace.wire import Json

BROADCAST = "thread_broadcast"


def is_broadcast(message: Json) -> bool:
    """Whether this reply stands in the channel too."""
    return message.get("subtype") == BROADCAST


def is_in_channel(message: Json) -> bool:
    """Whether the message stands in the channel itself, and not in a thread alone."""
    return message.get("thread_ts", message["ts"]) == message["ts"] or is_broadcast(message)


def with_replies(state: State, channel: str, message: Json) -> Json:
    """A message as the history shows it: where it has replies, how many and the latest."""
    replies = [reply for reply in state.thread(channel, message["ts"]) if reply["ts"] != message["ts"]]
    if not replies:
        return as_shown(message)
    users = sorted({reply["user"] for reply in replies})
    return as_shown(message) | {
        "thread_ts": message["ts"],
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1]["ts"],
    }


def with_root(state: State, channel: str, message: Json) -> Json:
    """A reply that everybody sees, with the message that it answers; any other message as it is."""
    root = state.find(channel, message["thread_ts"]) if is_broadcast(message) else None
    return as_shown(message) | ({"root": with_replies(state, channel, root)} if root is not None else {})
