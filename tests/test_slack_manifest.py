"""The manifest asks for exactly what the bot does."""

import json
import re
from pathlib import Path
from typing import Any

from bot.payloads import COMMAND, SHORTCUT
from bot.tables import metadata

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
BOT = Path(__file__).parent.parent / "bot"
MANIFEST: dict[str, Any] = json.loads((BOT / "manifest.json").read_text("utf-8"))

# https://docs.slack.dev/reference/scopes: the scope that each call, and each event, needs.
CALLS = {
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_delete": "chat:write",
    "files_getUploadURLExternal": "files:write",
    "files_completeUploadExternal": "files:write",
    "files_delete": "files:write",
    "chat_getPermalink": None,
    "files_info": "files:read",
    "users_info": "users:read",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "auth_test": None,
    # and the same for channels, which our events need anyway
    "conversations_history": "im:history",
    "conversations_replies": "im:history",
    "conversations_list": "im:read",
    "conversations_open": "im:write",
    "conversations_members": "channels:read",
    "views_open": None,
    "views_publish": None,
    "assistant_threads_setStatus": "chat:write",
}
EVENTS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}


def called() -> set[str]:
    source = "\n".join(path.read_text("utf-8") for path in BOT.glob("*.py"))
    return set(re.findall(r"self\._slack\.(\w+)", source))


def test_the_scopes_are_those_of_our_calls_and_events() -> None:
    assert called() == set(CALLS)
    needed = {CALLS[name] for name in called()} | set(EVENTS.values()) - {None}
    # The profile's mail address has a scope of its own; so have the command and the shortcut, and a helpdesk
    # channel that is private.
    more = {"users:read.email", "commands", "groups:read"}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed - {None} | more


def rows_of(marker: str) -> list[list[str]] | None:
    """The cells of the README's table between these marks, without its head; None if it has no such table."""
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", README, re.DOTALL)
    if found is None:
        return None
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in found[1].splitlines()[2:]]


def test_the_readme_gives_a_reason_for_every_scope() -> None:
    rows = rows_of("scopes")
    if rows is None:
        return
    assert [row[0].strip("`") for row in rows] == MANIFEST["oauth_config"]["scopes"]["bot"]
    assert all(len(row) == 2 and row[1] for row in rows)


def test_the_readme_says_of_every_table_whose_it_is_how_long_and_who_sees_it() -> None:
    rows = rows_of("stored")
    if rows is None:
        return
    assert {row[0].strip("`") for row in rows} == {*metadata.tables, "procrastinate_jobs"}
    assert all(len(row) == 5 and all(row) for row in rows)


def test_the_command_and_the_shortcut_are_those_that_we_hear() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    (shortcut,) = MANIFEST["features"]["shortcuts"]
    assert command["command"] == COMMAND
    assert command["url"] == MANIFEST["settings"]["interactivity"]["request_url"]
    assert (shortcut["type"], shortcut["callback_id"]) == ("message", SHORTCUT)


def test_the_events_are_those_that_we_hear() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
    assert not MANIFEST["features"]["app_home"]["messages_tab_read_only_enabled"]


def test_the_texts_are_as_long_as_slack_allows() -> None:
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert len(MANIFEST["features"]["agent_view"]["agent_description"]) <= 300
    assert len(MANIFEST["features"]["agent_view"]["suggested_prompts"]) <= 4
    (command,) = MANIFEST["features"]["slash_commands"]
    (shortcut,) = MANIFEST["features"]["shortcuts"]
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
