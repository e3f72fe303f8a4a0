"""Slack's payloads -> what we accept of them. PURE.

Sources: https://docs.slack.dev/reference/events/message, …/app_mention, …/app_home_opened and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.accepted import Click, Message, Opened, SharedFile, storable
from bot.mrkdwn import as_typed, mentions

Json = Mapping[str, Any]

# What a person wrote has one of these subtypes; edits, deletions, joins and bots have others.
WRITTEN = (None, "file_share", "thread_broadcast")
BUTTON_ID_AT_MOST = 255


def accepted(body: Json) -> Message | Click | Opened | None:
    """What the payload tells, or None if it is nothing to us (or not as Slack makes it)."""
    try:
        if body.get("type") == "event_callback":
            return _of_event(body, body["event"])
        if body.get("type") == "block_actions":
            return _click(body)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    return None


def bot_user(body: Json) -> str | None:
    """The bot's own user id, as each event names it in its authorizations."""
    for authorization in body.get("authorizations") or ():
        if authorization.get("is_bot"):
            user: str | None = authorization.get("user_id")
            return user
    return None


def _of_event(body: Json, event: Json) -> Message | Opened | None:
    match event["type"]:
        case "message" | "app_mention":
            return _message(body, event)
        case "app_home_opened" if event.get("tab") == "messages":
            return Opened(
                id=body["event_id"],
                team=body["team_id"],
                person=event["user"],
                channel=event["channel"],
                at=_moment(event.get("event_ts") or str(body["event_time"])),
            )
    return None


def _message(body: Json, event: Json) -> Message | None:
    bot = bot_user(body)
    user = event.get("user")
    if event.get("subtype") not in WRITTEN or event.get("bot_id") or event.get("hidden"):
        return None
    if not user or user in (bot, "USLACKBOT"):
        return None
    text = event.get("text") or ""
    channel, ts, thread_ts = event["channel"], event["ts"], event.get("thread_ts")
    return Message(
        id=f"{body['team_id']}:{channel}:{ts}",
        team=body["team_id"],
        person=user,
        channel=channel,
        at=_moment(ts),
        private=event.get("channel_type") == "im" or channel.startswith("D"),
        mentioned=event["type"] == "app_mention" or (bot is not None and mentions(text, bot)),
        ts=ts,
        thread_ts=thread_ts if thread_ts != ts else None,
        text=as_typed(text, bot),
        files=tuple(
            SharedFile(id=file["id"], name=file.get("name") or file.get("title") or file["id"])
            for file in event.get("files") or ()
        ),
    )


def _click(body: Json) -> Click | None:
    container = body["container"]
    if container.get("type") != "message":
        return None
    pressed = body["actions"][0]
    if pressed.get("type") != "button" or len(pressed["action_id"]) > BUTTON_ID_AT_MOST:
        return None
    user, channel, message_ts = body["user"]["id"], container["channel_id"], container["message_ts"]
    team = (body.get("team") or {}).get("id") or body["user"]["team_id"]
    thread_ts = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or message_ts
    return Click(
        id=storable(f"{user}:{channel}:{message_ts}:{pressed['action_id']}:{pressed['action_ts']}"),
        team=team,
        person=user,
        channel=channel,
        at=_moment(pressed["action_ts"]),
        private=channel.startswith("D"),
        thread_ts=thread_ts,
        message_ts=message_ts,
        button=pressed["action_id"],
        value=pressed.get("value") or "",
        label=(pressed.get("text") or {}).get("text") or "",
    )


def _moment(ts: str) -> datetime:
    """Slack's time stamp, seconds since 1970."""
    return datetime.fromtimestamp(float(ts), UTC)
