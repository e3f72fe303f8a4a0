"""What Slack tells an app of presses, dialogs, shortcuts and commands, in Slack's shapes.

Sources: https://docs.slack.dev/reference/interaction-payloads,
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from bot.workspace.payloads import TOKEN
from bot.workspace.people import APP, OTHER_DOMAIN, TEAM, TEAM_DOMAIN, Channel, Person
from bot.workspace.wire import Json


def who(person: Person) -> Json:
    """The person as interactions name one."""
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team}


def interaction(kind: str, person: Person, trigger_id: str) -> Json:
    """What all interactions have in common."""
    return {
        "type": kind,
        "user": who(person),
        "api_app_id": APP,
        "token": TOKEN,
        "trigger_id": trigger_id,
        "team": {"id": person.team, "domain": OTHER_DOMAIN if person.is_external else TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def on_message(message: Json, channel: Channel, response_url: str, *, ephemeral: bool) -> Json:
    """What a click on a message says of that message; of an ephemeral one Slack sends no content."""
    place = of_place(channel, response_url) | {"container": container(message, channel, ephemeral=ephemeral)}
    return place if ephemeral else place | {"message": message}


def of_place(channel: Channel, response_url: str) -> Json:
    """Where an interaction was made, and where it may be answered."""
    return {"channel": {"id": channel.id, "name": name_of(channel)}, "response_url": response_url}


def name_of(channel: Channel) -> str:
    """The place's name as interactions tell it."""
    return "directmessage" if channel.kind == "im" else channel.name


def container(message: Json, channel: Channel, *, ephemeral: bool) -> Json:
    """The message that holds what was pressed."""
    held: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message:
        held["thread_ts"] = message["thread_ts"]
    return held


def command(
    person: Person, channel: Channel, name: str, text: str, trigger_id: str, response_url: str
) -> Json:
    """A slash command."""
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": name_of(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }
