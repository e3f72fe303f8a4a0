"""`python -m bot forget USER_ID` erases one person at once, and nobody else."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from bot.forget import NO_ID, NOT_ERASED, PATIENCE, Forgotten, NotForgotten, forget, person_id
from bot.workspace.faults import ServerError
from bot.workspace.people import (
    GENERAL_CHANNEL,
    HELPDESK_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    TANAKA,
    direct_message,
)
from tests.loglines import parsed
from tests.road import ROW_1, SATOS_DM, Stage, buttons, new_database, on_stage, sample, until
from tests.searching import kept, where_words_are
from tests.test_road_retention import WORDS, missing, rich_talk, watch_of

SMITHS_DM = direct_message(SMITH.id)
# A message without a row is redacted and nobody's: it stays for its time.
NOBODYS = WORDS["in a message without a row"]
OF_SMITH = (SMITH.id, SMITH.real_name, SMITH.email, SMITHS_DM, "mail.kiku.example.com")


async def forgotten(here: Stage, patience: float = PATIENCE) -> Forgotten:
    return await asyncio.to_thread(forget, here.database, SATO.id, patience=patience)


def of_smith(here: Stage) -> list[tuple[str, ...]]:
    """Every row that names Smith."""
    tables = ("conversations", "threads", "events", "outbox", "cards", "people", "watches")
    return [
        row for table in tables for row in here.ask(f"SELECT t::text FROM {table} t") if "SMITH" in row[0]
    ]


def nothing_of_sato(here: Stage) -> bool:
    return not where_words_are(kept(here.database), [SATO.id, SATOS_DM, SATO.email, SATO.real_name])


@asynccontextmanager
async def conversation_held(here: Stage) -> AsyncIterator[None]:
    """Somebody else holds all conversations while the block runs."""
    async with await psycopg.AsyncConnection.connect(here.database) as holder:
        await holder.execute("SELECT 1 FROM conversations FOR UPDATE")
        yield
        await holder.rollback()


def test_no_word_of_the_person_is_left_and_others_keep_all() -> None:
    async def play(here: Stage) -> None:
        server = "The server mail.kiku.example.com: the target principal name is incorrect"
        await here.say(server, user=SMITH.id, channel=SMITHS_DM)
        for someone in (SATO.id, SMITH.id):
            here.ask(watch_of(someone))
        smith, worked = of_smith(here), here.ask("SELECT id FROM events")
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("", sample("expired"), channel=GENERAL_CHANNEL, thread_ts=thread)
        here.ask(f"INSERT INTO events VALUES ('{SATO.id}:{GENERAL_CHANNEL}:a press without a reply', now())")
        await rich_talk(here)
        assert missing(here) == set()
        gone = await forgotten(here)
        assert (gone.conversations, gone.jobs, gone.profiles, gone.watches) == (2, 2, 1, 1)
        found = {word for _, word in where_words_are(kept(here.database), {*WORDS.values(), *OF_SMITH})}
        assert found == {NOBODYS, *OF_SMITH}
        assert of_smith(here) == smith
        assert here.ask("SELECT id FROM events") == worked

    on_stage(play, helpdesk_channel="C0NOTTHERE1")


def test_a_person_of_the_helpdesk_is_taken_out_of_the_cases_of_others() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        (card,) = here.said(HELPDESK_CHANNEL)
        await here.press(card, "引き受ける", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        thread = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL, "thread_ts": card["ts"]}
        await here.say(">> 少しお待ちください", **thread)
        await asyncio.to_thread(forget, here.database, SUZUKI.id)
        assert where_words_are(kept(here.database), [SUZUKI.id, SUZUKI.real_name]) == set()
        assert here.ask("SELECT state ->> 'phase' FROM conversations") == [("handed_over",)]
        (card,) = [said for said in here.said(HELPDESK_CHANNEL) if "thread_ts" not in said]
        await here.say(">> まだいます", **(thread | {"user": TANAKA.id}))
        assert any("まだいます" in str(said) for said in here.said())

    on_stage(play)


def test_who_writes_again_begins_anew() -> None:
    async def play(here: Stage) -> None:
        await here.say("mail.himawari.example.jp に繋ぐとターゲットのプリンシパル名が間違っています")
        before = here.said()[-1]
        await forgotten(here)
        await here.press(before, buttons(before)[0]["action_id"])
        assert here.ask("SELECT count(*) FROM conversations") == [(0,)]
        await here.say(ROW_1)
        ((state,),) = here.ask("SELECT state FROM conversations")
        assert state["row"] == "no_certificate"
        assert "himawari" not in str(state)

    on_stage(play)


def test_what_was_to_tell_somebody_else_whose_a_button_is_goes_too() -> None:
    async def play(here: Stage) -> None:
        await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        question = here.said(GENERAL_CHANNEL)[-1]
        here.workspace.faults.on_call("chat.postEphemeral", ServerError(), times=100)
        button = buttons(question)[0]["action_id"]
        assert await here.workspace.click(SMITH.id, GENERAL_CHANNEL, question["ts"], button)
        await until(lambda: here.ask("SELECT 1 FROM outbox WHERE kind = 'whisper'"))
        assert where_words_are(kept(here.database), [f"<@{SATO.id}>"])
        await forgotten(here)
        assert nothing_of_sato(here)

    on_stage(play)


def test_what_is_being_worked_is_waited_for_and_erased_and_what_waits_behind_it_is_never_worked() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        waiting = threading.Event()
        async with conversation_held(here):
            await here.workspace.say(SATO.id, SATOS_DM, "特にない")
            await until(lambda: here.ask("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"))
            await here.workspace.say(SATO.id, SATOS_DM, "担当者と話す")
            await until(lambda: here.jobs() == 2)
            forgetting = asyncio.create_task(
                asyncio.to_thread(forget, here.database, SATO.id, waiting=waiting.set)
            )
            await asyncio.to_thread(waiting.wait, 20)
            assert not forgetting.done()
        gone = await forgetting
        assert (gone.conversations, gone.jobs) == (1, 1)
        await here.settled()
        assert nothing_of_sato(here)
        assert len(here.said()) == 2

    on_stage(play)


def test_what_is_worked_for_too_long_is_said_and_can_be_tried_again() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        async with conversation_held(here):
            await here.workspace.say(SATO.id, SATOS_DM, "特にない")
            await until(lambda: here.ask("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'"))
            with pytest.raises(NotForgotten, match="もう一度実行"):
                await forgotten(here, patience=0)
        await here.settled()
        assert (await forgotten(here)).conversations == 1

    on_stage(play)


def test_what_a_dead_process_left_is_not_waited_for() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        silent = "(SELECT min(id) FROM procrastinate_workers WHERE last_heartbeat < now() - interval '9 s')"
        for lock, worker in ((f"T1:{SATO.id}", "NULL"), (f"T2:{SATO.id}", silent)):
            here.ask(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id) "
                f"VALUES ('elsewhere', 'event', '{lock}', 'doing', {worker})"
            )
        assert (await forgotten(here, patience=0)).jobs == 2

    on_stage(play)


def test_a_conversation_that_is_held_is_waited_for_and_nobody_else_waits_with_it() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        async with conversation_held(here):
            forgetting = asyncio.create_task(forgotten(here))
            await until(lambda: here.ask("SELECT 1 FROM pg_locks WHERE NOT granted"))
            await here.say("my certificate has expired", user=SMITH.id, channel=SMITHS_DM)
            assert here.said(SMITHS_DM)
            assert not forgetting.done()
        assert (await forgetting).conversations == 1
        assert nothing_of_sato(here)

    on_stage(play)


def test_two_who_erase_the_same_person_do_not_hold_each_other_up() -> None:
    async def play(here: Stage) -> None:
        await rich_talk(here)
        both = await asyncio.gather(forgotten(here), forgotten(here))
        assert sum(gone.conversations for gone in both) == 1
        assert sum(gone.jobs for gone in both) == 2

    on_stage(play)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@taro",
        "taro",
        SATO.email,
        "u0sato00001",
        "U",
        "<@U0SATO00001>",
        "U0SATO00001 ",
        "U0%",
        "C0GENERAL01",
    ],
)
def test_what_is_no_id_erases_nothing_and_is_said(typed: str) -> None:
    with pytest.raises(NotForgotten, match="member ID") as refused:
        person_id(typed)
    assert typed not in str(refused.value) or len(typed) < 2


def command(person: str, database: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DATABASE_URL": database, "RETENTION_DAYS": "12", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "forget", person],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_command_tells_how_much_it_erased_and_what_it_cannot_and_no_content() -> None:
    async def play(here: Stage) -> None:
        await rich_talk(here)
        done = await asyncio.to_thread(command, SATO.id, here.database)
        assert done.returncode == 0
        (line,) = parsed(done.stderr)  # the audit's, and nothing else
        assert (line["audit"], line["what"], line["person"]) == (True, "forgot", SATO.id)
        assert len(done.stderr.splitlines()) == 1
        assert "相談 1 件" in done.stdout
        assert "conversations 1" in done.stdout
        assert NOT_ERASED.format(days=12) in done.stdout
        assert [word for word in WORDS.values() if word in done.stdout] == [SATO.id]
        again = await asyncio.to_thread(command, SATO.id, here.database)
        assert again.returncode == 0
        assert (
            again.stdout
            == f"{SATO.id} について保存しているものはありません。\nNothing is kept of {SATO.id}.\n"
        )

    on_stage(play, helpdesk_channel="C0NOTTHERE1")


def test_the_command_refuses_a_name_in_a_sentence() -> None:
    refused = command("@taro", new_database())
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.strip() == NO_ID
