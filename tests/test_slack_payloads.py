"""Of Slack's payloads we accept what a person did to us, and know the same thing again."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.accepted import Click, Message, Opened, read
from bot.payloads import accepted

Json = dict[str, Any]
TS = "1764000000.000100"


def envelope(**event: Any) -> Json:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event_time": 1764000000,
        "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": event,
    }


def message(**more: Any) -> Json:
    event = {"type": "message", "user": "U1", "text": "送れません", "ts": TS, "channel": "D1"}
    return envelope(**(event | {"channel_type": "im"} | more))


def click(**more: Any) -> Json:
    button = {"type": "button", "action_id": "answer:changed:nothing", "action_ts": "1764000009.5"}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "container": {"type": "message", "message_ts": "1764000001.2", "channel_id": "D1", "thread_ts": TS},
        "actions": [button | {"value": "1042", "text": {"type": "plain_text", "text": "特にない"}} | more],
    }


def test_a_message_is_accepted_as_it_was_typed() -> None:
    event = accepted(message(text="a &lt;b&gt;", files=[{"id": "F1", "name": "user.cer", "mode": "hosted"}]))
    assert isinstance(event, Message)
    assert (event.text, event.private, event.mentioned, event.thread_ts) == ("a <b>", True, False, None)
    assert [(file.id, file.name) for file in event.files] == [("F1", "user.cer")]
    assert event.at == datetime(2025, 11, 24, 16, 0, 0, 100, tzinfo=UTC)


def test_what_is_accepted_survives_the_queue() -> None:
    for body in (
        message(),
        click(),
        envelope(type="app_home_opened", user="U1", channel="D1", tab="messages"),
    ):
        event = accepted(body)
        assert event is not None
        assert read(json.loads(json.dumps(event.model_dump(mode="json")))) == event


def test_a_mention_and_its_message_are_the_same() -> None:
    text = "<@U0BOT> 送れません"
    as_message = accepted(message(channel="C1", channel_type="channel", text=text))
    as_mention = accepted(envelope(type="app_mention", user="U1", text=text, ts=TS, channel="C1"))
    assert as_message == as_mention
    assert isinstance(as_message, Message)
    assert (as_message.id, as_message.mentioned, as_message.text) == (f"T1:C1:{TS}", True, "送れません")


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_message_with_a_file_or_shown_in_the_channel_too_counts(subtype: str) -> None:
    assert isinstance(accepted(message(subtype=subtype)), Message)


@pytest.mark.parametrize(
    "body",
    [
        message(subtype="message_changed", message={"text": "送れました"}),
        message(subtype="message_deleted"),
        message(subtype="channel_join"),
        message(subtype="bot_message", bot_id="B1"),
        message(bot_id="B1"),
        message(user="U0BOT"),
        message(user="USLACKBOT"),
        message(hidden=True),
        message(user=None),
        envelope(type="file_shared", file_id="F1", user_id="U1"),
        envelope(type="reaction_added", user="U1"),
        envelope(type="app_home_opened", user="U1", channel="D1", tab="home"),
        envelope(type="message"),
        envelope(),
        {"type": "event_callback"},
        {"type": "block_actions", "actions": []},
        {"type": "view_submission", "view": {}},
        {"command": "/cert", "text": ""},
        click(type="static_select"),
        click(action_id="x" * 256),
        click(action_ts="soon"),
        message(ts="1e400"),
        {},
    ],
    ids=lambda body: str(body.get("event", body.get("type"))),
)
def test_everything_else_is_nothing_to_us(body: Json) -> None:
    assert accepted(body) is None


def test_a_click_names_its_conversation_and_is_known_again() -> None:
    event = accepted(click())
    assert isinstance(event, Click)
    assert (event.button, event.value, event.label) == ("answer:changed:nothing", "1042", "特にない")
    assert event.id == "U1:D1:1764000001.2:answer:changed:nothing:1764000009.5"
    assert event.thread_ts == TS
    assert event.lock == "T1:U1"


def test_a_click_on_a_message_outside_a_thread_opens_the_thread_under_it() -> None:
    body = click()
    del body["container"]["thread_ts"]
    event = accepted(body)
    assert isinstance(event, Click)
    assert event.thread_ts == "1764000001.2"
    body["message"] = {"thread_ts": TS}
    assert accepted(body) == event.model_copy(update={"thread_ts": TS})


def test_a_click_in_an_installation_for_a_whole_organisation_has_its_persons_team() -> None:
    body = copy.deepcopy(click())
    body["team"] = None
    event = accepted(body)
    assert isinstance(event, Click)
    assert event.team == "T1"


def test_the_messages_tab_is_a_greeting_the_home_tab_is_not() -> None:
    event = accepted(envelope(type="app_home_opened", user="U1", channel="D1", tab="messages", event_ts=TS))
    assert isinstance(event, Opened)
    assert (event.id, event.person, event.channel) == ("Ev1", "U1", "D1")


def test_what_no_database_takes_is_replaced_and_not_lost() -> None:
    event = accepted(message(text="証明\0書 \ud83d 期限", files=[{"id": "F1", "name": "a\0.cer"}]))
    assert isinstance(event, Message)
    assert event.text == "証明\ufffd書 \ufffd 期限"
    assert event.files[0].name == "a\ufffd.cer"
