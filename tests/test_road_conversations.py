"""Which conversation a message or a click belongs to, and that each event is answered once."""

import asyncio
from datetime import timedelta

import pytest

from bot.workspace.faults import Late, ServerError
from bot.workspace.people import BOT_HANDLE, GENERAL_CHANNEL, SATO, SMITH, direct_message
from tests.road import ROW_1, SATOS_DM, Stage, buttons, on_stage, until, words

HELLO = "こんにちは"
MENTION = f"@{BOT_HANDLE} "


def test_a_pasted_error_is_answered_with_one_question_in_its_thread() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1)
        (answer,) = here.said()
        assert answer["thread_ts"] == ts
        assert "デジタル署名の証明書が見つからない" in words(answer)
        assert {button["value"] for button in buttons(answer)} == {"1001.1"}
        assert any(button["action_id"].startswith("answer:") for button in buttons(answer))

    on_stage(play)


def test_an_event_that_comes_three_times_is_answered_once() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.repeat(events=1, copies=2)
        await here.say(ROW_1)
        assert sum(delivery.outcome == "acknowledged" for delivery in here.workspace.courier.deliveries) >= 3
        assert len(here.said()) == 1

    on_stage(play)


def test_a_mention_and_its_message_are_answered_once_in_the_thread() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(MENTION + ROW_1, channel=GENERAL_CHANNEL)
        (answer,) = here.said(GENERAL_CHANNEL)
        assert answer["thread_ts"] == ts
        assert "デジタル署名の証明書が見つからない" in words(answer)

    on_stage(play)


def test_what_is_said_in_a_channel_without_a_mention_is_not_stored() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        await here.say(ROW_1, channel=GENERAL_CHANNEL, thread_ts=ts)
        assert here.said(GENERAL_CHANNEL) == []
        for table in ("conversations", "events", "outbox", "people", "procrastinate_jobs"):
            rows = here.ask(f"SELECT * FROM {table} WHERE to_jsonb({table})::text NOT LIKE '%erase%'")
            assert rows == [], table

    on_stage(play)


def test_in_a_channels_thread_the_owner_needs_no_further_mention_and_others_do() -> None:
    async def play(here: Stage) -> None:
        thread = {
            "channel": GENERAL_CHANNEL,
            "thread_ts": await here.say(MENTION + ROW_1, channel=GENERAL_CHANNEL),
        }
        await here.say("特にない", **thread)
        assert len(here.said(GENERAL_CHANNEL)) == 2
        await here.say("new PC", user=SMITH.id, **thread)
        assert len(here.said(GENERAL_CHANNEL)) == 2
        await here.say(MENTION + "Outlook says my signing certificate has expired", user=SMITH.id, **thread)
        assert len(here.said(GENERAL_CHANNEL)) == 3
        await here.say("not yet", user=SMITH.id, **thread)
        assert here.ask("SELECT number, person FROM conversations ORDER BY number") == [
            (1001, SATO.id),
            (1002, SMITH.id),
        ]
        assert len(here.said(GENERAL_CHANNEL)) == 4
        assert {message["thread_ts"] for message in here.said(GENERAL_CHANNEL)} == {thread["thread_ts"]}

    on_stage(play)


def test_a_message_in_the_thread_counts_even_while_the_mention_still_waits() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("users.info", Late(0.5))
        ts = await here.workspace.say(SATO.id, GENERAL_CHANNEL, MENTION + ROW_1)
        await until(here.jobs)
        await here.say("特にない", channel=GENERAL_CHANNEL, thread_ts=ts)
        assert len(here.said(GENERAL_CHANNEL)) == 2

    on_stage(play)


def test_another_persons_click_changes_nothing_and_is_explained_to_them_alone() -> None:
    async def play(here: Stage) -> None:
        await here.say(MENTION + ROW_1, channel=GENERAL_CHANNEL)
        (answer,) = here.said(GENERAL_CHANNEL)
        before = here.ask("SELECT state FROM conversations")
        assert await here.press(answer, "特にない", user=SMITH.id, channel=GENERAL_CHANNEL)
        assert len(here.said(GENERAL_CHANNEL)) == 1
        assert here.ask("SELECT state FROM conversations") == before
        (told,) = here.workspace.ephemerals(GENERAL_CHANNEL, SMITH.id)
        assert f"Only <@{SATO.id}> can answer this" in told["text"]
        assert here.workspace.ephemerals(GENERAL_CHANNEL, SATO.id) == []

    on_stage(play)


def test_a_click_on_an_erased_conversation_is_told_kindly() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask("DELETE FROM conversations")
        (answer,) = here.said()
        assert await here.press(answer, "特にない")
        (told,) = here.workspace.ephemerals(SATOS_DM, SATO.id)
        assert "もう一度" in told["text"]
        assert len(here.said()) == 1

    on_stage(play)


def test_a_button_pressed_twice_goes_on_only_once() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        (answer,) = here.said()
        button = buttons(answer)[0]["action_id"]
        await asyncio.gather(
            here.workspace.click(SATO.id, SATOS_DM, answer["ts"], button),
            here.workspace.click(SATO.id, SATOS_DM, answer["ts"], button),
        )
        await here.settled()
        turns = here.ask("SELECT state -> 'facts' -> 'changed' ->> 'turn' FROM conversations")
        assert turns == [("2",)]

    on_stage(play)


def test_a_message_outside_a_thread_goes_on_with_the_open_conversation_in_its_own_thread() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        ts = await here.say("特にない")
        assert here.ask("SELECT count(*) FROM conversations") == [(1,)]
        assert here.said()[-1]["thread_ts"] == ts
        await here.say("まだ直らない", thread_ts=ts)
        assert here.ask("SELECT count(*) FROM conversations") == [(1,)]
        assert here.said()[-1]["thread_ts"] == ts

    on_stage(play)


def test_after_a_day_or_when_it_is_solved_a_new_conversation_begins() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask("UPDATE conversations SET touched = touched - interval '25 hours'")
        await here.say(ROW_1)
        assert here.ask("SELECT count(*) FROM conversations") == [(2,)]
        await here.say("解決しました")
        assert here.ask("SELECT is_open FROM conversations ORDER BY number") == [(True,), (False,)]
        await here.say(ROW_1)
        assert here.ask("SELECT count(*) FROM conversations") == [(3,)]

    on_stage(play)


def test_a_new_conversation_knows_the_earlier_ones_and_the_pc() -> None:
    async def play(here: Stage) -> None:
        await here.say(
            "Outlook で「対象のプリンシパル名が間違っています」と出ます。サーバーは mail.example.co.jp です"
        )
        here.ask(
            """UPDATE conversations SET is_open = false, state = jsonb_set(state, '{facts, network}',
               '{"value": "home", "source": "answer", "turn": 3, "changed": 2}')"""
        )
        await here.say(ROW_1)
        ((facts, past, name),) = here.ask(
            "SELECT state -> 'facts', state -> 'past', state ->> 'person_name' FROM conversations "
            "WHERE number = 1002"
        )
        assert facts["network"] == {
            "value": "home",
            "source": "answer",
            "turn": 0,
            "changed": 0,
            "fingerprint": None,
        }
        assert [trouble["row"] for trouble in past] == ["name_mismatch"]
        assert name == SATO.real_name

    on_stage(play)


def test_the_greeting_comes_once_and_its_examples_begin_a_conversation_below_it() -> None:
    async def play(here: Stage) -> None:
        for _ in range(2):
            await here.workspace.open(SATO.id, SATOS_DM)
            here.workspace.left(SATO.id)
            await here.settled()
        (greeting,) = here.said()
        assert "thread_ts" not in greeting
        assert "30 日" in words(greeting)
        await here.press(greeting, "example:2")
        answer = here.said()[-1]
        assert answer["thread_ts"] == greeting["ts"]
        assert here.ask("SELECT person FROM conversations") == [(SATO.id,)]
        assert len(here.workspace.calls_to("assistant.threads.setSuggestedPrompts")) == 2

    on_stage(play)


def test_the_greetings_language_button_turns_the_greeting_and_what_follows() -> None:
    async def play(here: Stage) -> None:
        await here.workspace.open(SATO.id, SATOS_DM)
        await here.settled()
        await here.press(here.said()[0], "English")
        (greeting,) = here.said()
        assert "Paste the error as it stands" in words(greeting)
        await here.press(greeting, "example:2")
        assert "certificate" in words(here.said()[-1])
        assert here.ask("SELECT state ->> 'language' FROM conversations") == [("en",)]

    on_stage(play)


def test_a_chosen_language_outlives_the_profile_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        await here.workspace.open(SATO.id, SATOS_DM)
        await here.settled()
        await here.press(here.said()[0], "English")
        monkeypatch.setattr("bot.profiles.A_DAY", timedelta(0))
        await here.say("0x800B0101")
        assert len(here.workspace.calls_to("users.info")) == 2
        assert here.ask("SELECT state ->> 'language' FROM conversations") == [("en",)]

    on_stage(play)


def test_the_language_is_the_slack_profiles_where_the_text_has_none() -> None:
    async def play(here: Stage) -> None:
        await here.say("0x800B0101", user=SMITH.id, channel=direct_message(SMITH.id))
        await here.say("0x800B0101")
        assert here.ask("SELECT person, state ->> 'language' FROM conversations ORDER BY number") == [
            (SMITH.id, "en"),
            (SATO.id, "ja"),
        ]

    on_stage(play)


def test_a_profile_that_slack_does_not_give_holds_nobody_up() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("users.info", ServerError(), times=5)
        await here.say(ROW_1)
        assert len(here.said()) == 1
        assert here.ask("SELECT state ->> 'profile', state ->> 'language' FROM conversations") == [
            (None, "ja")
        ]

    on_stage(play)


def test_a_profile_is_asked_for_once_a_day() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("特にない")
        assert len(here.workspace.calls_to("users.info")) == 1

    on_stage(play)


def test_control_characters_broadcasts_and_long_texts_are_answered() -> None:
    async def play(here: Stage) -> None:
        for said in ("🙂", "<!channel> @channel", "a\u202eb\x07c", "証明書 " * 9_000, "あ" * 39_000):
            before = len(here.said())
            await here.say(said)
            assert len(here.said()) > before, said[:20]
        for message in here.said():
            assert "<!channel>" not in message["text"]

    on_stage(play)


def test_what_people_did_is_dated_by_slack_and_not_by_us() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1)
        ((touched,),) = here.ask("SELECT touched FROM conversations")
        assert abs(touched.timestamp() - float(ts)) < timedelta(milliseconds=1).total_seconds()

    on_stage(play)


def test_a_button_of_an_earlier_trouble_changes_nothing_in_the_next() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        old = here.said()[-1]
        await here.say("新しい相談")
        await here.say("Outlook に「対象のプリンシパル名が間違っています」と出ます")
        before = here.ask("SELECT state -> 'facts' FROM conversations")
        await here.press(old, "特にない")
        assert "古くなって" in words(here.said()[-1])
        assert here.ask("SELECT state -> 'facts' FROM conversations") == before

    on_stage(play)
