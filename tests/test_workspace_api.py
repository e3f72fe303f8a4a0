"""The local workspace's Web API answers and refuses as Slack's does, to Slack's own client."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app import serve_workspace
from bot.workspace.faults import Dropped, Late, Ratelimited, Redirect, ServerError, SignInPage
from bot.workspace.installed import Installed
from bot.workspace.people import (
    BOT_USER,
    GENERAL_CHANNEL,
    HELPDESK_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    TANAKA,
    direct_message,
)
from bot.workspace.workspace import Workspace
from tests.workspace_app import error, refusal

Json = dict[str, Any]
Scene = Callable[[Workspace, AsyncWebClient], Awaitable[None]]
DM = direct_message(SATO.id)
DIVIDER = [{"type": "divider"}]
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "題"},
    "blocks": DIVIDER,
    "external_id": "mine",
}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "はい"}, "action_id": "yes", "value": "1"}


def play(scene: Scene, **settings: Any) -> None:
    async def run() -> None:
        workspace = Workspace(**{"retry_intervals": (), **settings})
        async with serve_workspace(workspace) as address:
            await scene(workspace, AsyncWebClient(token=workspace.bot_token, base_url=f"{address}/api/"))

    asyncio.run(run())


def test_only_the_apps_own_tokens_are_taken_each_for_its_methods() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        assert await error(client.auth_test(token="xoxb-wrong")) == "invalid_auth"
        assert await error(client.auth_test(token=workspace.app_token)) == "not_allowed_token_type"
        assert (
            await error(client.apps_connections_open(app_token=workspace.bot_token))
            == "not_allowed_token_type"
        )
        nobody = AsyncWebClient(base_url=client.base_url)
        assert await error(nobody.auth_test()) == "not_authed"
        answer = await client.auth_test()
        assert (answer["user_id"], answer["team_id"], answer["ok"]) == (BOT_USER, "T0LOCAL0001", True)

    play(scene)


def test_a_token_may_stand_in_the_body_and_arguments_in_a_form() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        async with httpx.AsyncClient(base_url=client.base_url) as http:
            form = {
                "token": workspace.bot_token,
                "channel": DM,
                "text": "はい",
                "blocks": '[{"type":"divider"}]',
            }
            answer = (await http.post("chat.postMessage", data=form)).json()
            assert answer["message"]["blocks"][0]["type"] == "divider"
            broken = (await http.post("chat.postMessage", data={**form, "blocks": "[{"})).json()
            assert broken == {"ok": False, "error": "invalid_blocks_format"}
            headers = {"Authorization": f"Bearer {workspace.bot_token}", "Content-Type": "application/json"}
            assert (await http.post("auth.test", content="{", headers=headers)).json()[
                "error"
            ] == "invalid_json"
            assert (await http.post("auth.test", content="[]", headers=headers)).json()[
                "error"
            ] == "json_not_object"

    play(scene)


def test_a_method_that_is_not_there_is_unknown() -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        answer = await refusal(client.api_call("chat.shout"))
        assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}

    play(scene)


def test_messages_that_slack_refuses_are_refused() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        post = client.chat_postMessage
        section = {"type": "section", "text": {"type": "mrkdwn", "text": "あ" * 3001}}
        table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
        long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5
        assert await error(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
        empty = client.api_call("chat.postMessage", json={"channel": DM, "text": " ", "blocks": []})
        assert await error(empty) == "no_text"
        assert await error(post(channel=DM, text="x" * 40_001)) == "msg_too_long"
        assert await error(post(channel=DM, text="x", blocks=long)) == "msg_blocks_too_long"
        assert await error(post(channel=DM, text="x", thread_ts="1.000001")) == "thread_not_found"
        assert await error(post(channel=DM, text="x", thread_ts="yesterday")) == "invalid_thread_ts"
        assert await error(post(channel=DM, text="x", attachments=[{"text": "x"}])) == "invalid_attachments"
        two = await refusal(post(channel=DM, text="x", blocks=[table, table]))
        assert (two["error"], two["errors"]) == ("invalid_attachments", ["only_one_table_allowed"])
        answer = await refusal(post(channel=DM, text="x", blocks=[section]))
        fault = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        assert answer["error"] == "invalid_blocks"
        assert answer["response_metadata"] == {"messages": [f"[ERROR] {fault}"]}
        assert workspace.messages(DM) == []
        await post(channel=DM, text="x" * 40_000)

    play(scene)


def test_a_posted_message_has_the_ids_and_the_shape_that_slack_gives_it() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        answer = await client.chat_postMessage(
            channel=SATO.id, text="はい", blocks=[{"type": "actions", "elements": [BUTTON]}]
        )
        message = answer["message"]
        assert answer["channel"] == DM
        assert (message["user"], message["type"], message["ts"]) == (BOT_USER, "message", answer["ts"])
        assert message["bot_id"] == message["bot_profile"]["id"]
        assert message["blocks"][0]["block_id"]
        assert workspace.messages(DM) == [message]
        by_name = await client.chat_postMessage(channel="#helpdesk", text="x")
        assert by_name["channel"] == HELPDESK_CHANNEL

    play(scene)


def test_only_its_own_messages_are_changed_and_deleted() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        theirs = await workspace.say(SATO.id, DM, "人の")
        own = (await client.chat_postMessage(channel=DM, text="確認中", blocks=DIVIDER))["ts"]
        assert await error(client.chat_update(channel=DM, ts=theirs, text="x")) == "cant_update_message"
        assert await error(client.chat_delete(channel=DM, ts=theirs)) == "cant_delete_message"
        assert await error(client.chat_update(channel=DM, ts="1.000001", text="x")) == "message_not_found"
        assert (
            await error(client.chat_update(channel=DM, ts=own, text="x", blocks=[{"type": "x"}]))
            == "invalid_blocks"
        )
        await client.chat_update(channel=DM, ts=own, text="結果")
        kept = workspace.messages(DM)[1]
        assert (kept["text"], kept["blocks"][0]["type"]) == ("結果", "divider")
        await client.chat_update(channel=DM, ts=own, text="結果", blocks=[])
        assert workspace.messages(DM)[1]["blocks"] == []
        await client.chat_delete(channel=DM, ts=own)
        assert [message["ts"] for message in workspace.messages(DM)] == [theirs]

    play(scene)


def test_an_ephemeral_message_is_seen_by_one_person_of_the_channel() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        await client.chat_postEphemeral(channel=GENERAL_CHANNEL, user=SATO.id, text="あなただけに")
        assert [m["text"] for m in workspace.ephemerals(GENERAL_CHANNEL, SATO.id)] == ["あなただけに"]
        assert workspace.ephemerals(GENERAL_CHANNEL, SMITH.id) == []
        assert workspace.messages(GENERAL_CHANNEL) == []
        assert (await client.conversations_history(channel=GENERAL_CHANNEL))["messages"] == []
        call = client.chat_postEphemeral(channel=HELPDESK_CHANNEL, user=SATO.id, text="x")
        assert await error(call) == "user_not_in_channel"

    play(scene)


def test_history_and_replies_come_in_pages_in_slacks_order() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        root = await workspace.say(SATO.id, DM, "0")
        for number in range(1, 4):
            await client.chat_postMessage(channel=DM, text=f"r{number}", thread_ts=root)
        later = [await workspace.say(SATO.id, DM, str(number)) for number in range(1, 4)]
        history = await client.conversations_history(channel=DM, limit=3)
        assert [m["text"] for m in history["messages"]] == ["3", "2", "1"]
        rest = await client.conversations_history(
            channel=DM, limit=3, cursor=history["response_metadata"]["next_cursor"]
        )
        assert [(m["text"], m["reply_count"]) for m in rest["messages"]] == [("0", 3)]
        since = await client.conversations_history(channel=DM, oldest=later[0], inclusive=True)
        assert [m["text"] for m in since["messages"]] == ["3", "2", "1"]
        replies = await client.conversations_replies(channel=DM, ts=root)
        assert [m["text"] for m in replies["messages"]] == ["0", "r1", "r2", "r3"]
        assert await error(client.conversations_replies(channel=DM, ts="1.000001")) == "thread_not_found"

    play(scene)


def test_people_and_places_are_told_as_slack_tells_them() -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        user = (await client.users_info(user=SATO.id, include_locale=True))["user"]
        assert (user["locale"], user["tz"], user["tz_offset"]) == ("ja-JP", "Asia/Tokyo", 9 * 3600)
        assert user["profile"]["email"] == "user@example.co.jp"
        assert "locale" not in (await client.users_info(user=SATO.id))["user"]
        assert (await client.users_info(user=BOT_USER))["user"]["is_bot"]
        assert await error(client.users_info(user="U0NOBODY")) == "user_not_found"
        assert (await client.conversations_open(users=SMITH.id))["channel"]["id"] == direct_message(SMITH.id)
        assert (await client.conversations_info(channel=DM))["channel"]["user"] == SATO.id
        assert (await client.conversations_info(channel=HELPDESK_CHANNEL))["channel"]["name"] == "helpdesk"
        assert (await client.conversations_members(channel=HELPDESK_CHANNEL))["members"] == [
            BOT_USER,
            SUZUKI.id,
            TANAKA.id,
        ]
        channels = (await client.conversations_list())["channels"]
        assert [channel["name"] for channel in channels] == [
            "helpdesk",
            "general",
            "sales",
            "partner",
        ]
        assert len((await client.conversations_list(types="im"))["channels"]) == 7

    play(scene)


def test_a_permalink_leads_to_the_page_at_the_thread() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        for channel, person in ((DM, SATO), (HELPDESK_CHANNEL, SUZUKI)):
            root = await workspace.say(person.id, channel, "相談")
            reply = (await client.chat_postMessage(channel=channel, text="はい", thread_ts=root))["ts"]
            link = (await client.chat_getPermalink(channel=channel, message_ts=reply))["permalink"]
            async with httpx.AsyncClient() as http:
                place = (await http.get(link)).headers["Location"]
            alone = f"&user={SATO.id}" if channel == DM else ""
            assert place == f"/?channel={channel}&thread={root}{alone}"
        assert await error(client.chat_getPermalink(channel=DM, message_ts="1.000001")) == "message_not_found"

    play(scene)


def test_a_reaction_is_added_once() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        ts = await workspace.say(SATO.id, DM, "見て")
        await client.reactions_add(channel=DM, timestamp=ts, name="eyes")
        assert workspace.messages(DM)[0]["reactions"] == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
        assert await error(client.reactions_add(channel=DM, timestamp=ts, name="eyes")) == "already_reacted"
        assert await error(client.reactions_add(channel=DM, timestamp=ts, name="目")) == "invalid_name"

    play(scene)


def test_a_status_lasts_until_the_bot_has_answered_in_the_thread() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        ts = await workspace.say(SATO.id, DM, "見て")
        await client.assistant_threads_setStatus(channel_id=DM, thread_ts=ts, status="確認しています…")
        assert workspace.statuses == {(DM, ts): "確認しています…"}
        await client.chat_postMessage(channel=DM, thread_ts=ts, text="はい")
        assert workspace.statuses == {}
        call = client.assistant_threads_setStatus(channel_id=DM, thread_ts="1.000001", status="x")
        assert await error(call) == "thread_not_found"

    play(scene)


def test_at_most_four_prompts_are_suggested() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        prompt = {"title": "例", "message": "証明書が見つかりません"}
        await client.assistant_threads_setSuggestedPrompts(channel_id=DM, prompts=[prompt] * 4)
        assert workspace.prompts[DM, ""]["prompts"] == [prompt] * 4
        many = client.assistant_threads_setSuggestedPrompts(channel_id=DM, prompts=[prompt] * 5)
        assert await error(many) == "too_many_prompts"
        bare = client.assistant_threads_setSuggestedPrompts(channel_id=DM, prompts=[{"title": "例"}])
        assert await error(bare) == "invalid_arguments"

    play(scene)


def test_a_dialog_opens_once_within_three_seconds_of_its_trigger() -> None:
    now = [1_764_000_000.0]

    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        trigger = workspace.grants.trigger(SATO.id)
        broken = await refusal(client.views_open(trigger_id=trigger, view={"type": "modal", "blocks": []}))
        assert broken["error"] == "invalid_arguments"
        assert broken["errors"] == ["missing required field: title [json-pointer:/view]"]
        view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
        assert [open_view["id"] for open_view in workspace.views_of(SATO.id)] == [view["id"]]
        assert await error(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
        assert await error(client.views_open(trigger_id="1.2.3", view=MODAL)) == "invalid_trigger_id"
        late = workspace.grants.trigger(SATO.id)
        now[0] += 3.1
        assert await error(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"

    play(scene, clock=lambda: now[0])


def test_dialogs_stack_three_high_and_no_two_have_one_external_id() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        def trigger() -> str:
            return workspace.grants.trigger(SATO.id)

        def view(name: str) -> Json:
            return {**MODAL, "external_id": name}

        assert await error(client.views_push(trigger_id=trigger(), view=view("0"))) == "not_found"
        lowest = (await client.views_open(trigger_id=trigger(), view=view("1")))["view"]
        middle = (await client.views_push(trigger_id=trigger(), view=view("2")))["view"]
        assert (middle["previous_view_id"], middle["root_view_id"]) == (lowest["id"], lowest["id"])
        again = client.views_push(trigger_id=trigger(), view=view("2"))
        assert await error(again) == "duplicate_external_id"
        await client.views_push(trigger_id=trigger(), view=view("3"))
        assert await error(client.views_push(trigger_id=trigger(), view=view("4"))) == "push_limit_reached"
        assert len(workspace.views_of(SATO.id)) == 3

    play(scene)


def test_a_view_of_more_than_250_kilobytes_is_refused() -> None:
    async def scene(_: Workspace, client: AsyncWebClient) -> None:
        def view(blocks: int) -> Json:
            section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}
            return {"type": "home", "blocks": [section] * blocks}

        await client.views_publish(user_id=SATO.id, view=view(80))
        assert await error(client.views_publish(user_id=SATO.id, view=view(90))) == "view_too_large"

    play(scene)


def test_a_dialog_is_updated_only_by_who_knows_its_newest_hash() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        view = (await client.views_open(trigger_id=workspace.grants.trigger(SATO.id), view=MODAL))["view"]
        newer = (await client.views_update(external_id="mine", view=MODAL, hash=view["hash"]))["view"]
        assert newer["id"] == view["id"]
        stale = client.views_update(view_id=view["id"], view=MODAL, hash=view["hash"])
        assert await error(stale) == "hash_conflict"
        assert await error(client.views_update(view_id="V0NONE", view=MODAL)) == "not_found"

    play(scene)


def test_the_home_tab_is_published_for_one_person() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=SATO.id, view={"type": "home", "blocks": DIVIDER * 100})
        assert list(workspace.state.homes) == [SATO.id]
        too_many = client.views_publish(user_id=SATO.id, view={"type": "home", "blocks": DIVIDER * 101})
        assert await error(too_many) == "invalid_arguments"
        assert (
            await error(client.views_publish(user_id="U0NOBODY", view={"type": "home", "blocks": []}))
            == "user_not_found"
        )

    play(scene)


def test_a_file_is_served_only_with_the_bots_token() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        await workspace.say(SATO.id, DM, "", [("証明書.cer", b"\x30\x82")])
        file = workspace.messages(DM)[0]["files"][0]
        assert (file["name"], file["size"], file["mode"], file["filetype"]) == (
            "証明書.cer",
            2,
            "hosted",
            "cer",
        )
        assert (await client.files_info(file=file["id"]))["file"]["url_private_download"] == file[
            "url_private_download"
        ]
        assert await error(client.files_info(file="F0NONE")) == "file_not_found"
        async with httpx.AsyncClient() as http:
            with_token = {"Authorization": f"Bearer {workspace.bot_token}"}
            assert (await http.get(file["url_private_download"], headers=with_token)).content == b"\x30\x82"
            assert (await http.get(file["url_private"], headers=with_token)).content == b"\x30\x82"
            for headers in ({}, {"Authorization": "Bearer xoxb-wrong"}):
                answer = await http.get(file["url_private_download"], headers=headers)
                assert answer.status_code == 200
                assert answer.headers["Content-Type"].startswith("text/html")
                assert b"Sign in" in answer.content

    play(scene)


def test_an_answer_tells_the_scopes_of_the_token() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        answer = await client.auth_test()
        assert answer.headers["x-oauth-scopes"] == "chat:write,im:read"
        opened = await client.apps_connections_open(app_token=workspace.app_token)
        assert opened.headers["x-oauth-scopes"] == "connections:write"
        with pytest.raises(SlackApiError) as caught:
            await client.users_info(user=SATO.id)  # refused, and still told
        assert caught.value.response.headers["x-oauth-scopes"] == "chat:write,im:read"

    play(scene, app=Installed(scopes=frozenset({"im:read", "chat:write"})))


def test_a_token_that_was_revoked_is_refused_with_slacks_word() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        workspace.refused_tokens = {workspace.bot_token: "token_revoked"}
        assert await error(client.auth_test()) == "token_revoked"
        workspace.app_token_scopes = frozenset({"authorizations:read"})
        refused = await refusal(client.apps_connections_open(app_token=workspace.app_token))
        assert (refused["error"], refused["needed"]) == ("missing_scope", "connections:write")

    play(scene)


def test_a_socket_may_be_opened_while_socket_mode_is_off_but_slack_warns() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        workspace.is_socket_mode_on = False
        answer = await client.apps_connections_open(app_token=workspace.app_token)
        assert answer["response_metadata"]["messages"] == ["[WARN] Socket Mode is not turned on."]

    play(scene)


def test_an_archived_channel_can_be_looked_at_but_not_written_in() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        channel = workspace.channels[HELPDESK_CHANNEL]
        workspace.channels[HELPDESK_CHANNEL] = replace(channel, archived=True)
        told = (await client.conversations_info(channel=HELPDESK_CHANNEL))["channel"]
        assert (told["is_archived"], told["is_member"]) == (True, True)
        assert await error(client.chat_postMessage(channel=HELPDESK_CHANNEL, text="x")) == "is_archived"

    play(scene)


def test_ordered_faults_meet_the_next_calls_and_downloads() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        await workspace.say(SATO.id, DM, "", [("a.cer", b"x")])
        url = workspace.messages(DM)[0]["files"][0]["url_private_download"]
        faults = workspace.faults
        async with httpx.AsyncClient(
            base_url=client.base_url, headers={"Authorization": f"Bearer {workspace.bot_token}"}
        ) as http:
            faults.on_call("chat.postMessage", Ratelimited(retry_after=7))
            limited = await http.post("chat.postMessage", json={"channel": DM, "text": "1"})
            assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
            faults.on_call("*", ServerError())
            assert (await http.post("chat.postMessage", json={"channel": DM, "text": "2"})).status_code == 500
            faults.on_call("chat.postMessage", Dropped(done=False))
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post("chat.postMessage", json={"channel": DM, "text": "3"})
            faults.on_call("chat.postMessage", Dropped(done=True))
            with pytest.raises(httpx.RemoteProtocolError):
                await http.post("chat.postMessage", json={"channel": DM, "text": "4"})
            faults.on_call("chat.postMessage", Late(seconds=0.5))
            with pytest.raises(httpx.ReadTimeout):
                await http.post("chat.postMessage", json={"channel": DM, "text": "5"}, timeout=0.1)
            assert [message["text"] for message in workspace.messages(DM)[1:]] == ["4", "5"]
            assert [call.error for call in workspace.calls_to("chat.postMessage")] == [
                "ratelimited",
                "servererror",
                "dropped",
                "",
                "",
            ]
            faults.on_file(SignInPage())
            assert b"Sign in" in (await http.get(url)).content
            faults.on_file(Redirect("https://files.example.com/a.cer"))
            assert (await http.get(url)).headers["Location"] == "https://files.example.com/a.cer"
            assert (await http.get(url)).content == b"x"

    play(scene)


def test_every_call_is_recorded_with_its_arguments_but_without_the_token() -> None:
    async def scene(workspace: Workspace, client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=DM, text="はい")
        [call] = workspace.calls_to("chat.postMessage")
        assert call.arguments == {"channel": DM, "text": "はい"}
        assert workspace.bot_token not in str(list(workspace.calls))

    play(scene)
