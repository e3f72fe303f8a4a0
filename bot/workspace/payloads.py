"""What Slack tells an app of what happened, in Slack's shapes: facts in, payloads out.

Sources: https://docs.slack.dev/reference/events, …/objects; what is not written there
as it was seen in the threads of slackapi's repositories.
"""

import secrets

from bot.workspace.interactions import with_ids
from bot.workspace.people import (
    APP,
    BOT,
    BOT_HANDLE,
    BOT_USER,
    TEAM,
    Channel,
    Person,
)
from bot.workspace.state import File
from bot.workspace.wire import Json

TOKEN = "local-verification-token"


def event_callback(event: Json, event_id: str, now: float, *, team: str, shared: bool) -> Json:
    """The envelope of an event that somebody of this team made.

    In a channel that companies share, `team_id` is whose person acted; whose app hears of it, only
    `authorizations` and `context_team_id` tell (slackapi/java-slack-sdk issue 629).
    """
    return {
        "token": TOKEN,
        "team_id": team,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def typed_message(person: Person, text: str, place: Channel) -> Json:
    """What somebody sends, before it has a ts; where companies share the channel, it says whose person."""
    message: Json = {"type": "message", "user": person.id, "text": text, "team": person.team}
    if not place.shared:
        return message
    profile = {"real_name": person.real_name, "display_name": person.name, "name": person.name}
    return message | {
        "user_team": person.team,
        "source_team": person.team,
        "user_profile": profile | {"team": person.team, "is_restricted": False, "is_ultra_restricted": False},
    }


def message_event(message: Json, channel: Channel) -> Json:
    """A message as its `message` event; without `team` where files are, as Slack leaves it out there.

    Where companies share the channel, files are only named: `files.info` tells the rest
    (https://docs.slack.dev/reference/events/message/file_share).
    """
    event = message | {
        "channel": channel.id,
        "event_ts": message["ts"],
        "channel_type": channel.kind,
    }
    if "files" in event:
        event.pop("team", None)
        if channel.shared:
            event["files"] = [_unread_file(file["id"]) for file in event["files"]]
    return event


def _unread_file(file_id: str) -> Json:
    return {
        "id": file_id,
        "mode": "file_access",
        "file_access": "check_file_info",
        "created": 0,
        "timestamp": 0,
        "user": "",
    }


def changed_event(message: Json, before: Json, channel: Channel, ts: str) -> Json:
    """A message that was edited, by its writer or by `chat.update`."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": before,
        "hidden": True,
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted_event(before: Json, channel: Channel, ts: str) -> Json:
    """A message that was deleted."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": before["ts"],
        "hidden": True,
        "channel": channel.id,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def mention_event(message: Json, channel: Channel) -> Json:
    """The same message once more, for the bot that it mentions."""
    kept = ("client_msg_id", "user", "text", "ts", "thread_ts", "team", "blocks", "files")
    teams = ("user_team", "source_team", "user_profile")
    event = {name: message[name] for name in (*kept, *teams) if name in message}
    if "files" in event:
        event["files"] = message_event(message, channel)["files"]
    return event | {"type": "app_mention", "channel": channel.id, "event_ts": message["ts"]}


def file_shared_event(file: File, channel: Channel, ts: str) -> Json:
    """A file that was shared."""
    return {
        "type": "file_shared",
        "file_id": file.id,
        "user_id": file.user,
        "file": {"id": file.id},
        "channel_id": channel.id,
        "event_ts": ts,
    }


def home_opened_event(user: str, channel: Channel, tab: str, view: Json | None, ts: str) -> Json:
    """Somebody opened the app's messages or its Home tab."""
    event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab, "event_ts": ts}
    return event | ({"view": view} if view is not None and tab == "home" else {})


def bot_message(content: Json) -> Json:
    """A message of the bot with this content, before it has a ts."""
    profile = {"id": BOT, "app_id": APP, "name": BOT_HANDLE, "deleted": False, "team_id": TEAM}
    return {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "team": TEAM,
        "text": "",
        "bot_profile": profile,
        **content,
    }


def view_object(view_id: str, content: Json, ts: str) -> Json:
    """A dialog or Home tab as Slack hands it back, from what the app gave."""
    return {
        "id": view_id,
        "team_id": TEAM,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
        "title": None,
        "close": None,
        "submit": None,
        "callback_id": "",
        "external_id": "",
        "private_metadata": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **content,
        "blocks": with_ids(content["blocks"]),
        "state": {"values": {}},
        "hash": f"{ts}.{secrets.token_hex(4)}",
        "root_view_id": view_id,
        "previous_view_id": None,
    }


def file_object(file: File, address: str, team: str = TEAM) -> Json:
    """A file as messages and `files.info` show it; `address` is where the workspace is served."""
    ending = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    place = f"{address}/files-pri/{TEAM}-{file.id}"
    thumb = f"{address}/files-tmb/{TEAM}-{file.id}/thumb_1024.jpg"
    return {
        **({"thumb_1024": thumb} if file.mimetype.startswith("image/") else {}),
        **({"alt_txt": file.alt_txt} if file.alt_txt else {}),
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": ending or "binary",
        "pretty_type": ending.upper() or "Binary",
        "user": file.user,
        "user_team": team,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": file.channel.startswith("C"),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{place}/{_url_name(file.name)}",
        "url_private_download": f"{place}/download/{_url_name(file.name)}",
        "permalink": f"{address}/files/{file.user}/{file.id}/{_url_name(file.name)}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def _url_name(name: str) -> str:
    """The name as Slack writes it into addresses: small letters, digits and underscores."""
    return "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in ".-") else "_" for sign in name.lower()
    )
