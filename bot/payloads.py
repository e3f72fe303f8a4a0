"""Slack's payloads -> what we accept of them. PURE.

Sources: https://docs.slack.dev/reference/events/message, …/app_mention, …/app_home_opened,
https://docs.slack.dev/reference/interaction-payloads (block_actions, view_submission, shortcuts) and
https://docs.slack.dev/interactivity/implementing-slash-commands. Whose event it is where several companies
share a channel: https://docs.slack.dev/apis/slack-connect and slack_bolt.request.internals.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import button_ids, entry, events, forms
from bot.accepted import (
    AtHome,
    Click,
    Commanded,
    Elsewhere,
    Filled,
    InHome,
    Kept,
    Message,
    Opened,
    SharedFile,
    Stranger,
    Submitted,
    Wanted,
    storable,
)
from bot.home import BEGIN
from bot.mrkdwn import as_typed, mentions
from bot.notice import BUTTON as NOTICE
from bot.watch_words import WATCH

Json = Mapping[str, Any]

# What a person wrote has one of these subtypes; edits, deletions, joins and bots have others.
WRITTEN = (None, "file_share", "thread_broadcast")
BUTTON_ID_AT_MOST = 255

# What begins the id of a button that opens a dialog.
OPEN = "open:"

# As the manifest names them.
COMMAND = "/certhelp"
SHORTCUT = "check_message"


def accepted(body: Json, now: datetime | None = None) -> Kept | Commanded | Wanted | None:
    """What the payload tells, or None if it is nothing to us (or not as Slack makes it).

    `now` is when a dialog was sent: Slack does not say.
    """
    try:
        if body.get("command") == COMMAND:
            return Commanded(
                team=body["team_id"],
                person=body["user_id"],
                trigger=body["trigger_id"],
                text=storable(as_typed(body.get("text") or "")),
            )
        match body.get("type"):
            case "event_callback":
                return _of_event(body, body["event"])
            case "block_actions" if body["container"].get("type") == "view":
                return _in_home(body)
            case "block_actions":
                return _click(body)
            case "view_submission" if body["view"]["callback_id"] == entry.DIALOG and now:
                return _submitted(body, now)
            case "view_submission" if body["view"]["callback_id"] == forms.CALLBACK and now:
                return _filled(body, now)
            case "message_action" if body["callback_id"] == SHORTCUT:
                return _shown(body)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    return None


def bot_user(body: Json) -> str | None:
    """The bot's own user id, as each event names it in its authorizations."""
    user: str | None = _authorization(body).get("user_id")
    return user


def _authorization(body: Json) -> Json:
    """Our own installation, as the event names it: the rest of the envelope may be another company's."""
    found = (one for one in body.get("authorizations") or () if one.get("is_bot"))
    return next(found, {})


def _team(body: Json) -> str:
    team: str = _authorization(body).get("team_id") or body["team_id"]
    return team


def _home(body: Json) -> tuple[str, ...]:
    """The ids of the company: its workspace's and, where there is one, its organisation's."""
    ours = _authorization(body)
    ids = (ours.get("team_id"), ours.get("enterprise_id")) if ours.get("team_id") else (body["team_id"],)
    return tuple(one for one in ids if one)


def is_of(home: tuple[str, ...], written: Json) -> bool:
    """Whether a message's author is of the company. `team` alone says less: in a mention it may be ours."""
    profile = written.get("user_profile") or {}
    team = (
        written.get("user_team") or profile.get("team") or written.get("team") or written.get("source_team")
    )
    return team is None or team in home


def _of_event(body: Json, event: Json) -> Kept | None:
    match event["type"]:
        case "message" | "app_mention":
            return _message(body, event)
        case "app_home_opened" if event.get("tab") == "messages":
            return Opened(
                id=body["event_id"],
                team=_team(body),
                person=event["user"],
                channel=event["channel"],
                at=_moment(event.get("event_ts") or str(body["event_time"])),
            )
        case "app_home_opened" if event.get("tab") == "home":
            at = _moment(event.get("event_ts") or str(body["event_time"]))
            return AtHome(id=body["event_id"], team=_team(body), person=event["user"], at=at)
    return None


def _message(body: Json, event: Json) -> Message | Elsewhere | Stranger | None:
    bot = bot_user(body)
    user = event.get("user")
    if event.get("subtype") not in WRITTEN or event.get("bot_id") or event.get("hidden"):
        return None
    if not user or user in (bot, "USLACKBOT"):
        return None
    text = event.get("text") or ""
    channel, ts = event["channel"], event["ts"]
    thread_ts = event.get("thread_ts") if event.get("thread_ts") != ts else None
    team = _team(body)
    private = event.get("channel_type") == "im" or channel.startswith("D")
    mentioned = event["type"] == "app_mention" or (bot is not None and mentions(text, bot))
    who = {
        "id": f"{team}:{channel}:{ts}",
        "team": team,
        "person": user,
        "channel": channel,
        "at": _moment(ts),
    }
    if body.get("is_ext_shared_channel"):
        if not (mentioned or private):
            return None
        if not is_of(_home(body), event):
            return Stranger(**who, thread_ts=thread_ts)
    if body.get("is_ext_shared_channel") and not private:
        return Elsewhere(
            **who,
            how="shared",
            author=user,
            home=_home(body),
            message=who["id"],
            message_thread=thread_ts,
            text=as_typed(text, bot),
            files=_files(event),
        )
    return Message(
        **who,
        private=private,
        mentioned=mentioned,
        ts=ts,
        thread_ts=thread_ts,
        text=as_typed(text, bot),
        files=_files(event),
    )


def _files(written: Json) -> tuple[SharedFile, ...]:
    return tuple(
        SharedFile(id=file["id"], name=file.get("name") or file.get("title") or file["id"])
        for file in written.get("files") or ()
    )


def _click(body: Json) -> Click | Wanted | None:
    container = body["container"]
    if container.get("type") != "message":
        return None
    pressed = _pressed(body["actions"][0])
    if pressed is None or len(pressed["action_id"]) > BUTTON_ID_AT_MOST:
        return None
    user, channel, message_ts = body["user"]["id"], container["channel_id"], container["message_ts"]
    if pressed["action_id"].startswith(OPEN):
        return Wanted(
            team=_team_of_interaction(body),
            person=user,
            channel=channel,
            trigger=body["trigger_id"],
            form=pressed["action_id"].removeprefix(OPEN).partition(":")[0],
            about=storable(pressed.get("value") or ""),
        )
    thread_ts = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or message_ts
    return Click(
        id=storable(f"{user}:{channel}:{message_ts}:{pressed['action_id']}:{pressed['action_ts']}"),
        team=_team_of_interaction(body),
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


def _pressed(action: Json) -> Json | None:
    """The button that was pressed. The two feedback buttons have one id: their values tell them apart, as
    bot.blocks draws them."""
    match action.get("type"):
        case "button":
            return action
        case "feedback_buttons":
            side, _, value = action["value"].partition(":")
            return {**action, "action_id": f"{action['action_id']}:{side}", "value": value}
        case _:
            return None


def _in_home(body: Json) -> AtHome | InHome | Commanded | Wanted | None:
    """A button of the Home tab."""
    pressed, team, user = body["actions"][0], _team_of_interaction(body), body["user"]["id"]
    if body["view"]["type"] != "home" or pressed.get("type") != "button":
        return None
    if pressed["action_id"] == BEGIN:
        return Commanded(team=team, person=user, trigger=body["trigger_id"], by_button=True)
    at = _moment(pressed["action_ts"])
    id_ = storable(f"{user}:home:{pressed['action_id']}:{pressed['action_ts']}")
    if pressed["action_id"].startswith(OPEN):
        form = pressed["action_id"].removeprefix(OPEN)
        return Wanted(team=team, person=user, channel="", trigger=body["trigger_id"], form=form, about="")
    if pressed["action_id"].startswith((WATCH, NOTICE)) and len(pressed["action_id"]) <= BUTTON_ID_AT_MOST:
        return InHome(id=id_, team=team, person=user, at=at, button=pressed["action_id"])
    happened = button_ids.pressed(pressed["action_id"], at)
    if not isinstance(happened, events.LanguageChosen):
        return None
    return AtHome(id=id_, team=team, person=user, at=at, language=happened.language)


def _submitted(body: Json, now: datetime) -> Submitted:
    view = body["view"]
    return Submitted(
        id=f"{view['id']}:{view['hash']}",
        team=_team_of_interaction(body),
        person=body["user"]["id"],
        at=now,
        **entry.entered(view),
    )


def _filled(body: Json, now: datetime) -> Filled:
    view = body["view"]
    return Filled(
        id=f"{view['id']}:{view['hash']}",
        team=_team_of_interaction(body),
        person=body["user"]["id"],
        at=now,
        **forms.entered(view),
    )


def _shown(body: Json) -> Elsewhere:
    """A message that somebody showed by the shortcut; the payload holds all of it."""
    shown, channel, ts = body["message"], body["channel"]["id"], body["message"]["ts"]
    team, presser = _team_of_interaction(body), body["user"]["id"]
    enterprise = (body.get("enterprise") or {}).get("id")
    home = tuple(one for one in (team, enterprise) if one)
    by_a_person = shown.get("subtype") in WRITTEN and not shown.get("bot_id")
    name = body["channel"].get("name") or ""
    return Elsewhere(
        id=f"{presser}:{channel}:{ts}:{SHORTCUT}:{body['action_ts']}",
        team=team,
        person=presser,
        channel=channel,
        at=_moment(body["action_ts"]),
        how="shortcut",
        author=shown.get("user") if by_a_person else None,
        home=home,
        message=f"{team}:{channel}:{ts}",
        message_thread=shown.get("thread_ts") if shown.get("thread_ts") != ts else None,
        # Slack gives talks between people names of its own
        channel_name="" if name == "directmessage" or name.startswith(("mpdm-", "privategroup")) else name,
        text=as_typed(shown.get("text") or ""),
        files=_files(shown),
    )


def _team_of_interaction(body: Json) -> str:
    """The workspace's id; an app that is installed for a whole organisation is told the person's alone."""
    team: str = (body.get("team") or {}).get("id") or body["user"]["team_id"]
    return team


def _moment(ts: str) -> datetime:
    """Slack's time stamp, seconds since 1970."""
    return datetime.fromtimestamp(float(ts), UTC)
