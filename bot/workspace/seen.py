"""All that one person sees of the workspace, as the page gets it."""

from bot.workspace.board import Board
from bot.workspace.people import BOT_NAME, BOT_USER, Channel, Person
from bot.workspace.wire import Json


def seen_by(board: Board, person: Person) -> Json:
    """The whole state for this person's page."""
    channels = board.channels_for(person.id)
    seen = {channel.id for channel in channels}
    home = board.state.homes.get(person.id)
    return {
        "ok": True,
        "clock": board.told_time(),
        "user": _shown_person(person),
        "users": [_shown_person(other) for other in board.people.values()],
        "channels": [_shown_channel(channel) for channel in channels],
        "app": {"home": board.app.home, **_offered(board, person)},
        "messages": {c.id: list(board.state.shown(c.id, person.id)) for c in channels},
        "samples": [
            {"name": name, "title": {"ja": ja, "en": en}} for name, _, ja, en in board.samples.values()
        ],
        "bot": {"id": BOT_USER, "name": BOT_NAME},
        "home": home,
        "views": board.views_of(person.id),
        "statuses": [
            {"channel": channel, "thread_ts": thread, "status": status}
            for (channel, thread), status in board.statuses.items()
            if channel in seen
        ],
        "prompts": [shown for (channel, _), shown in board.prompts.items() if channel in seen],
    }


def _shown_channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "topic": channel.topic,
        "members": sorted(channel.members),
        "shared": channel.shared,
    }


def _offered(board: Board, person: Person) -> Json:
    """The commands and shortcuts that a person has."""
    if person.is_external:
        return {"commands": [], "shortcuts": []}
    return {"commands": list(board.app.commands), "shortcuts": list(board.app.shortcuts)}


def _shown_person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "locale": person.locale,
        "tz": person.tz,
        "role": person.role,
        "email": person.email,
    }
