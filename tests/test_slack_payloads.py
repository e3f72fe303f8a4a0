"""Of Slack's payloads we accept what a person did to us, and know the same thing again."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.accepted import Click, Commanded, Elsewhere, Message, Opened, Stranger, Submitted, Wanted, read
from bot.payloads import COMMAND, SHORTCUT, accepted

Json = dict[str, Any]
TS = "1764000000.000100"
NOW = datetime(2025, 11, 24, 16, 1, tzinfo=UTC)


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


def command(**more: Any) -> Json:
    return {
        "token": "verification",
        "team_id": "T1",
        "team_domain": "example",
        "channel_id": "C1",
        "channel_name": "general",
        "user_id": "U1",
        "user_name": "sato.hanako",
        "command": COMMAND,
        "text": "",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.com/commands/T1/1/x",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    } | more


def sent(typed: dict[str, str | None], **more: Any) -> Json:
    """A dialog as Slack hands it in: each input by its block_id and action_id, empty ones with null."""
    values = {
        name: {"entered": {"type": "plain_text_input", "value": typed.get(name)}}
        for name in ("text", "server", "address")
    }
    view = {
        "id": "V0123ABCDEF",
        "team_id": "T1",
        "type": "modal",
        "callback_id": "certhelp",
        "private_metadata": "en",
        "state": {"values": values},
        "hash": "1764000020.a1B2c3D4",
        "root_view_id": "V0123ABCDEF",
        "app_id": "A1",
        "app_installed_team_id": "T1",
        "bot_id": "B1",
    }
    return {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "example"},
        "user": {"id": "U1", "username": "sato.hanako", "name": "sato.hanako", "team_id": "T1"},
        "api_app_id": "A1",
        "trigger_id": "1.2.3",
        "view": view | more,
        "response_urls": [],
        "is_enterprise_install": False,
        "enterprise": None,
    }


def shown(channel: Json | None = None, **more: Any) -> Json:
    """A message shortcut: who pressed is `user`, who wrote is `message.user`."""
    written = {"type": "message", "user": "U2", "ts": TS, "text": "送れ&lt;ません", "team": "T1"} | more
    return {
        "type": "message_action",
        "callback_id": SHORTCUT,
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/app/T1/1/x",
        "team": {"id": "T1", "domain": "example"},
        "user": {"id": "U1", "name": "sato.hanako", "username": "sato.hanako", "team_id": "T1"},
        "channel": channel or {"id": "C1", "name": "general"},
        "message_ts": written["ts"],
        "message": written,
        "action_ts": "1764000030.000200",
        "is_enterprise_install": False,
        "enterprise": None,
    }


def from_outside(**more: Any) -> Json:
    """A mention by somebody of another company, in a channel that both share (as Bolt's own tests have it):
    the envelope's team may be theirs, only the authorization is always ours."""
    said = {
        "type": "message",
        "user": "UOUT",
        "team": "TOUT",
        "text": "<@U0BOT> Hey!",
        "ts": TS,
        "channel": "C1",
        "channel_type": "channel",
    }
    return envelope(**(said | more)) | {
        "team_id": "TOUT",
        "enterprise_id": "EOUT",
        "context_team_id": "T1",
        "context_enterprise_id": "E1",
        "authorizations": [{"team_id": "T1", "enterprise_id": "E1", "user_id": "U0BOT", "is_bot": True}],
        "is_ext_shared_channel": True,
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
        sent({"text": "送れません"}),
        shown(),
        from_outside(),
    ):
        event = accepted(body, NOW)
        assert event is not None
        assert not isinstance(event, Commanded | Wanted)
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
        envelope(type="app_home_opened", user="U1", channel="D1", tab="about"),
        envelope(type="message"),
        envelope(),
        {"type": "event_callback"},
        {"type": "block_actions", "actions": []},
        {"type": "view_submission", "view": {}},
        {"type": "view_submission", "view": {"callback_id": "certhelp"}},
        {"type": "message_action", "callback_id": SHORTCUT},
        {"command": "/cert", "text": ""},
        {"command": COMMAND, "text": ""},
        sent({"text": "x"}, callback_id="another"),
        shown() | {"callback_id": "another"},
        shown() | {"action_ts": "soon"},
        click(type="static_select"),
        click(action_id="x" * 256),
        click(action_ts="soon"),
        click() | {"actions": []},
        message(ts="1e400"),
        {},
    ],
    ids=lambda body: str(body.get("event", body.get("type"))),
)
def test_everything_else_is_nothing_to_us(body: Json) -> None:
    assert accepted(body, NOW) is None


def test_a_command_asks_for_the_dialog_with_what_was_typed() -> None:
    event = accepted(command(text="a &lt;b&gt;"))
    assert event == Commanded(
        team="T1", person="U1", trigger="13345224609.738474920.8088930838d88f008e0", text="a <b>"
    )


def test_a_dialog_that_was_sent_is_known_again_by_its_view_and_hash() -> None:
    event = accepted(sent({"text": " 送れません ", "server": "mail.example.co.jp"}), NOW)
    assert isinstance(event, Submitted)
    assert (event.text, event.server, event.address) == ("送れません", "mail.example.co.jp", "")
    assert (event.id, event.at, event.language) == ("V0123ABCDEF:1764000020.a1B2c3D4", NOW, "en")
    assert event.lock == "T1:U1"
    assert "送れません" not in repr(event)


def test_a_dialog_in_an_unknown_language_is_read_all_the_same() -> None:
    event = accepted(sent({}, private_metadata="<!channel>"), NOW)
    assert isinstance(event, Submitted)
    assert event.language == "ja"


def test_a_message_that_is_shown_waits_for_its_authors_turn() -> None:
    event = accepted(shown(files=[{"id": "F1", "name": "user.cer"}], subtype="file_share"))
    assert isinstance(event, Elsewhere)
    assert (event.person, event.author, event.lock) == ("U1", "U2", "T1:U2")
    assert (event.message, event.text, event.channel_name) == (f"T1:C1:{TS}", "送れ<ません", "general")
    assert [file.id for file in event.files] == ["F1"]
    assert event.how == "shortcut"


def test_a_message_that_is_shown_by_two_people_is_one_message_and_two_events() -> None:
    first, second = accepted(shown()), accepted(shown() | {"user": {"id": "U3", "team_id": "T1"}})
    assert isinstance(first, Elsewhere)
    assert isinstance(second, Elsewhere)
    assert first.message == second.message
    assert first.id != second.id


@pytest.mark.parametrize("more", [{"bot_id": "B9"}, {"subtype": "bot_message"}, {"user": None}])
def test_what_an_app_wrote_is_answered_to_who_shows_it(more: Json) -> None:
    event = accepted(shown(**more))
    assert isinstance(event, Elsewhere)
    assert (event.author, event.lock) == (None, "T1:U1")


@pytest.mark.parametrize("name", ["directmessage", "mpdm-sato--smith-1", "privategroup"])
def test_a_talk_between_people_has_no_name(name: str) -> None:
    event = accepted(shown(channel={"id": "D9", "name": name}))
    assert isinstance(event, Elsewhere)
    assert event.channel_name == ""


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"user_team": "TOUT"},
        {"type": "app_mention", "team": "T1", "user_team": "EOUT", "source_team": "EOUT"},
        {"team": None, "user_profile": {"team": "TOUT"}, "subtype": "file_share", "files": [{"id": "F1"}]},
        {"team": None, "source_team": "EOUT"},
    ],
)
def test_of_somebody_of_another_company_only_that_they_called_is_kept(more: Json) -> None:
    event = accepted(from_outside(**more))
    assert isinstance(event, Stranger)
    assert (event.id, event.team, event.person) == (f"T1:C1:{TS}", "T1", "UOUT")
    assert "Hey" not in event.model_dump_json()


def test_what_people_of_another_company_say_among_themselves_is_nothing_to_us() -> None:
    assert accepted(from_outside(text="Hey!")) is None


@pytest.mark.parametrize("more", [{"team": "T1"}, {"team": "T1", "user_team": "E1"}, {"user_team": "T1"}])
def test_a_colleague_in_a_shared_channel_is_answered_elsewhere(more: Json) -> None:
    event = accepted(from_outside(**more))
    assert isinstance(event, Elsewhere)
    assert (event.how, event.author, event.id) == ("shared", "UOUT", event.message)
    assert accepted(from_outside(**more, text="Hey!")) is None


def test_a_mention_where_others_read_and_its_message_are_the_same() -> None:
    as_message = accepted(from_outside(team="T1"))
    as_mention = accepted(from_outside(team="T1", type="app_mention") | {"team_id": "T1"})
    assert as_message == as_mention


def test_a_group_of_people_is_like_a_channel() -> None:
    talk = {"channel": "G1", "channel_type": "mpim"}
    said, called = accepted(message(**talk)), accepted(message(**talk, text="<@U0BOT> 送れません"))
    assert isinstance(said, Message)
    assert isinstance(called, Message)
    assert (said.private, said.mentioned) == (False, False)
    assert (called.private, called.mentioned) == (False, True)


def test_a_click_names_its_conversation_and_is_known_again() -> None:
    event = accepted(click())
    assert isinstance(event, Click)
    assert (event.button, event.value, event.label) == ("answer:changed:nothing", "1042", "特にない")
    assert event.id == "U1:D1:1764000001.2:answer:changed:nothing:1764000009.5"
    assert event.thread_ts == TS
    assert event.lock == "T1:U1"


def test_of_the_feedback_buttons_the_side_belongs_to_the_id() -> None:
    pressed = {"type": "feedback_buttons", "action_id": "feedback:end", "value": "bad:1042.1"}
    event = accepted(click(**pressed))
    assert isinstance(event, Click)
    assert (event.button, event.value) == ("feedback:end:bad", "1042.1")
    other = accepted(click(**pressed | {"value": "good:1042.1"}))
    assert isinstance(other, Click)
    assert other.id != event.id
    assert accepted(click(**pressed | {"value": None})) is None


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
