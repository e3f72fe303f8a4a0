"""What the app's manifest declares: commands and shortcuts to offer, its Home tab, what it may do and hear.

Source and limits: https://docs.slack.dev/reference/app-manifest
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.workspace.shapes import Choice, Flag, Many, Record, String
from bot.workspace.wire import Json

COMMAND = Record(
    {"command": String(32, begins=("/",)), "description": String(2000)},
    {"url": String(3000), "usage_hint": String(1000), "should_escape": Flag()},
)
SHORTCUT = Record({"name": String(24), "callback_id": String(255), "description": String(150)})
FEATURES: Mapping[str, Many] = {
    "slash_commands": Many(COMMAND, 50, 0),
    "shortcuts": Many(Choice({"message": SHORTCUT, "global": SHORTCUT}), 10, 0),
}


class BadManifest(Exception):
    """Slack would refuse the manifest; the text says why, each fault with its JSON pointer."""


@dataclass(frozen=True)
class Installed:
    """The app as its manifest declares it."""

    commands: tuple[Json, ...] = ()
    """`command`, `description`, `usage_hint`."""
    shortcuts: tuple[Json, ...] = ()
    """`type` (`message` or `global`), `name`, `callback_id`, `description`."""
    home: bool = False
    """Whether it has a Home tab."""
    scopes: frozenset[str] | None = None
    """What its token may do; None: everything."""
    events: frozenset[str] | None = None
    """What it hears of; None: everything."""

    def has_command(self, name: str) -> bool:
        """Whether a command of this name, such as `/help`, is the app's."""
        return any(command["command"] == name for command in self.commands)

    def has_shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether the app has such a shortcut, `message` or `global`."""
        return any((one["callback_id"], one["type"]) == (callback_id, kind) for one in self.shortcuts)

    def hears(self, event: Json) -> bool:
        """Whether the app subscribed to this event."""
        kind = event["type"]
        if kind == "message":
            places = {"im": "im", "mpim": "mpim", "group": "groups", "channel": "channels"}
            kind = f"message.{places[event['channel_type']]}"
        return self.events is None or kind in self.events

    def missing(self, needed: Iterable[str]) -> str:
        """The scopes that the token lacks, joined by commas; empty if it has them all."""
        return "" if self.scopes is None else ",".join(sorted(set(needed) - self.scopes))


def installed(manifest: Json) -> Installed:
    """The app that the manifest declares; raises BadManifest."""
    features = manifest.get("features", {})
    faults = [
        fault
        for name, shape in FEATURES.items()
        for fault in shape.faults(features.get(name, []), f"/features/{name}")
    ]
    if faults:
        raise BadManifest("; ".join(faults))
    subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
    return Installed(
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
        home=bool(features.get("app_home", {}).get("home_tab_enabled")),
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        events=frozenset(subscriptions.get("bot_events", ())),
    )


def read_manifest(path: Path) -> Installed:
    """The app of a manifest file; raises BadManifest, OSError, ValueError."""
    return installed(json.loads(path.read_bytes()))
