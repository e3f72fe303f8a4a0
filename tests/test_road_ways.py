"""The command's dialog is answered in the person's own talk, once; a word stands while the bot works."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot import todo
from bot.accepted import Submitted
from bot.outbox import Outbox
from bot.payloads import COMMAND
from bot.todo import Undone
from bot.workspace.faults import Held, Late, Ratelimited, ServerError
from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, SATO, SMITH, TEAM, direct_message
from tests.road import ROW_1, SATOS_DM, Json, Stage, buttons, dying, on_stage, until, words
from tests.searching import kept, where_words_are

SMITHS_DM = direct_message(SMITH.id)
SERVER_ROW = "The name on the security certificate is invalid or does not match the name of the site."


async def asked(here: Stage, user: str = SATO.id, text: str = "", channel: str = GENERAL_CHANNEL) -> Json:
    """Somebody types the command; the dialog that opens."""
    assert await here.workspace.command(user, channel, COMMAND, text)
    (view,) = here.workspace.views_of(user)
    return view


async def send(here: Stage, view: Json, user: str = SATO.id, **typed: str) -> Json:
    """The dialog is filled in and sent; returns when all is answered."""
    given = {name: {"entered": {"value": value}} for name, value in typed.items()}
    answer = await here.workspace.submit(user, view["id"], given)
    await here.settled()
    return answer


def whispered(here: Stage, user: str, channel: str = GENERAL_CHANNEL) -> list[str]:
    return [message["text"] for message in here.workspace.ephemerals(channel, user)]


def owners(here: Stage) -> list[Any]:
    return [row[0] for row in here.ask("SELECT person FROM conversations ORDER BY number")]


def dialog(text: str) -> Json:
    """A dialog that was sent, as the queue holds it."""
    at = datetime.now(UTC)
    sent = Submitted(id="V1:1.a", team=TEAM, person=SATO.id, at=at, language="ja", text=text)
    return sent.model_dump(mode="json")


# The command and its dialog


def test_the_command_opens_a_dialog_with_what_was_typed_in_it() -> None:
    async def play(here: Stage) -> None:
        view = await asked(here, text="証明書の期限が切れました")
        assert view["title"]["text"] == "証明書エラーの相談"
        assert [block["block_id"] for block in view["blocks"]] == ["text", "server", "address"]
        assert view["blocks"][0]["element"]["initial_value"] == "証明書の期限が切れました"
        assert here.ask("SELECT count(*) FROM events") == [(0,)]

    on_stage(play)


def test_a_text_that_is_longer_than_a_field_still_opens_the_dialog() -> None:
    async def play(here: Stage) -> None:
        view = await asked(here, text="証😀" * 2500)
        assert view["blocks"][0]["element"]["initial_value"].startswith("証😀証😀")

    on_stage(play)


def test_the_dialog_speaks_the_language_that_is_known_of_the_person() -> None:
    async def play(here: Stage) -> None:
        await here.say("hello", user=SMITH.id, channel=SMITHS_DM)
        view = await asked(here, SMITH.id)
        assert view["title"]["text"] == "Certificate error"
        assert (await send(here, view, SMITH.id, server=""))["errors"]["text"].startswith("Please paste")

    on_stage(play)


@pytest.mark.parametrize("over", ["http", "sockets"])
def test_what_was_entered_is_answered_in_the_persons_own_talk(over: str) -> None:
    async def play(here: Stage) -> None:
        assert await send(here, await asked(here), text=ROW_1) == {}
        (answer,) = here.said()
        assert "thread_ts" not in answer
        said = words(answer)
        assert said.startswith("▸ メールを送ろうとすると")
        assert "デジタル署名の証明書が見つからない" in said
        assert here.said(GENERAL_CHANNEL) == []
        assert whispered(here, SATO.id) == []
        assert any(button["action_id"] == "language:en" for button in buttons(answer))

    on_stage(play, over=over)


SECRETS = ("パスワードは Himawari-2026 です", f"-----BEGIN {'PRIVATE'} KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ")


@pytest.mark.parametrize(
    ("field", "secret"), [("text", SECRETS[0]), ("text", SECRETS[1]), ("server", SECRETS[0])]
)
def test_a_password_or_a_key_in_the_dialog_goes_nowhere(field: str, secret: str) -> None:
    async def play(here: Stage) -> None:
        answer = await send(here, await asked(here), **({"text": ROW_1} | {field: secret}))
        assert answer["response_action"] == "errors"
        assert answer["errors"].keys() == {field}
        assert "パスワードや秘密キー" in answer["errors"][field]
        assert here.said() == []
        assert where_words_are(kept(here.database), [secret, ROW_1]) == set()

    on_stage(play)


def test_what_a_version_before_let_through_is_not_repeated() -> None:
    async def play(here: Stage) -> None:
        await here.bot.road.work(dialog(SECRETS[0]))
        (answer,) = here.said()
        assert "パスワードは書かないでください" in words(answer)
        assert "Himawari" not in str(answer)

    on_stage(play)


def test_what_is_said_under_the_answer_and_pressed_on_it_goes_on_with_it() -> None:
    async def play(here: Stage) -> None:
        await send(here, await asked(here), text=ROW_1)
        (root,) = here.said()
        await here.say("特にない", thread_ts=root["ts"])
        assert here.said()[-1]["thread_ts"] == root["ts"]
        await here.press(root, "language:en")
        assert here.said()[-1]["thread_ts"] == root["ts"]
        await here.say("まだ直らない")  # and outside of it: the newest open conversation
        assert owners(here) == [SATO.id]

    on_stage(play)


def test_server_and_address_are_facts_that_the_person_told() -> None:
    async def play(here: Stage) -> None:
        await send(
            here,
            await asked(here),
            text=SERVER_ROW,
            server=" Mail.Example.co.jp ",
            address="sato@example.co.jp",
        )
        (facts,) = here.ask("SELECT state -> 'facts' FROM conversations")[0]
        assert facts["server_name"]["value"] == "mail.example.co.jp"
        assert facts["address"]["value"] == "sato@example.co.jp"
        assert {facts[name]["source"] for name in ("server_name", "address")} == {"answer"}
        assert "Server: Mail.Example.co.jp" in words(here.said()[0])
        assert not any(b["action_id"].startswith("answer:server") for b in buttons(here.said()[0]))

    on_stage(play)


def test_an_empty_dialog_is_not_taken_and_says_so() -> None:
    async def play(here: Stage) -> None:
        view = await asked(here)
        wrong = await send(here, view, text="  ")
        assert wrong["response_action"] == "errors"
        assert set(wrong["errors"]) == {"text"}
        wrong = await send(here, view, server="どれ", address="sato")
        assert set(wrong["errors"]) == {"server", "address"}
        assert here.ask("SELECT count(*) FROM events") == [(0,)]
        assert here.said() == []
        assert await send(here, view, server="mail.example.co.jp") == {}
        assert "エラーの文" in words(here.said()[0])

    on_stage(play)


def test_a_dialog_that_cannot_be_opened_says_what_to_do_instead() -> None:
    async def play(here: Stage) -> None:
        for fault in (ServerError(), Ratelimited(30), Held(2.8)):
            here.workspace.faults.on_call("views.open", fault)
            assert await here.workspace.command(SATO.id, GENERAL_CHANNEL, COMMAND)
        said = whispered(here, SATO.id)
        assert len(said) == 3
        assert all("DM" in text for text in said)

    on_stage(play)


def test_a_dialog_is_answered_once_however_often_it_is_worked() -> None:
    async def play(here: Stage) -> None:
        event = dialog(ROW_1)

        with dying(Outbox, "send"):
            await here.bot.road.work(event)
        for _ in range(2):
            await here.bot.road.work(event)
        (root,) = here.said()
        assert owners(here) == [SATO.id]
        assert here.ask("SELECT thread_ts FROM threads") == [(root["ts"],)]

    on_stage(play)


def test_a_thread_is_led_also_if_the_process_died_right_after_the_message() -> None:
    async def play(here: Stage) -> None:
        event = dialog(ROW_1)

        with dying(todo, "done"):
            await here.bot.road.work(event)
        await here.bot.road.work(event)
        (root,) = here.said()
        assert here.ask("SELECT thread_ts FROM threads") == [(root["ts"],)]

    on_stage(play)


def test_what_was_erased_meanwhile_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        posted = Outbox._say

        async def erased_meanwhile(self: Outbox, undone: Undone) -> str:
            ts = await posted(self, undone)
            here.ask("DELETE FROM conversations")
            return ts

        monkeypatch.setattr(Outbox, "_say", erased_meanwhile)
        await here.bot.road.work(dialog(ROW_1))
        assert len(here.said()) == 1
        assert here.ask("SELECT * FROM threads") == []

    on_stage(play)


def test_a_case_that_begins_with_a_dialog_links_to_its_answer() -> None:
    async def play(here: Stage) -> None:
        await send(here, await asked(here), text="担当者と話す")
        (root,) = here.said()
        (card,) = here.said(HELPDESK_CHANNEL)
        link = card["blocks"][-1]["elements"][0]["text"]
        assert f"/archives/{SATOS_DM}/p{root['ts'].replace('.', '')}" in link

    on_stage(play)


def test_what_cannot_be_worked_is_owned_up_to_in_the_persons_talk() -> None:
    async def play(here: Stage) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("bot.arrivals.submitted", None)
            await send(here, await asked(here), text=ROW_1)
        (told,) = here.said()
        assert "不具合" in told["text"]
        assert f"<@{SATO.id}>" in here.said(HELPDESK_CHANNEL)[0]["text"]

    on_stage(play)


def test_what_the_version_before_does_not_know_waits_where_it_does_not_look() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("conversations.open", Held(0.5))
        view = await asked(here)
        await here.workspace.submit(SATO.id, view["id"], {"text": {"entered": {"value": ROW_1}}})
        await until(here.jobs)
        queues = here.ask("SELECT DISTINCT queue_name FROM procrastinate_jobs WHERE task_name = 'event'")
        assert queues == [("ways_in",)]
        await here.settled()
        assert len(here.said()) == 1

    on_stage(play)


# The word while it works


def statuses(here: Stage) -> list[str]:
    return [call.arguments["status"] for call in here.workspace.calls_to("assistant.threads.setStatus")]


def test_what_takes_a_while_says_so_until_it_is_answered() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("users.info", Late(1.5))
        ts = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await until(lambda: here.workspace.statuses)
        assert here.workspace.statuses == {(SATOS_DM, ts): "が調べています…"}
        await here.settled()
        assert len(here.said()) == 1
        assert here.workspace.statuses == {}
        assert statuses(here) == ["が調べています…", ""]

    on_stage(play)


def test_what_is_quick_needs_no_word() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert statuses(here) == []

    on_stage(play)


def test_an_answer_does_not_fail_with_its_status() -> None:
    async def play(here: Stage) -> None:
        for _ in range(2):
            here.workspace.faults.on_call("assistant.threads.setStatus", ServerError())
        here.workspace.faults.on_call("users.info", Late(1.0))
        await here.say(ROW_1)
        assert len(here.said()) == 1
        assert len(here.workspace.calls_to("assistant.threads.setStatus")) == 2

    on_stage(play)


def test_in_a_channel_no_status_is_shown() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("users.info", Late(1.0))
        await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        assert len(here.said(GENERAL_CHANNEL)) == 1
        assert statuses(here) == []

    on_stage(play)
