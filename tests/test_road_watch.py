"""A certificate that was checked is watched: its owner is reminded in time, once, however often we die."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.forget import forget
from bot.watch_words import Saying
from bot.workspace.faults import Held, Late
from bot.workspace.people import GENERAL_CHANNEL, SATO, SMITH, TEAM, direct_message
from bot.workspace.samples import Sample
from tests.certificates import authority, person, trusting
from tests.processes import Machines, met, with_machines
from tests.road import ROW_1, Json, Stage, Talk, buttons, on_stage, until, words
from tests.searching import kept, where_words_are
from tests.test_road_at_home import at_home, press
from tests.test_road_retention import aged

NOW, DAY = datetime.now(UTC), timedelta(days=1)
ROOT = authority(start=NOW - 900 * DAY, end=NOW + 9000 * DAY)
TRUST = trusting(ROOT)
ADDRESS = SATO.email
WATCH = "期限の前に知らせる"
SMITHS_DM = direct_message(SMITH.id)
FOR_LONG = 60.0


def certificate(days: float, address: str = ADDRESS) -> Sample:
    """A file that is good for so many days more."""
    made = person(
        ROOT, addresses=[address], common_name="Sumire Koharu", start=NOW - DAY, end=NOW + days * DAY
    )
    return Sample("tsubaki-san.cer", made.der, {}, None)


OLD, NEW, OTHER = certificate(100), certificate(500), certificate(600, "other@example.co.jp")


async def watched(here: Stage, file: Sample = OLD) -> Json:
    """Sato has a certificate checked and watched; the message that says so."""
    await here.say("", file)
    await here.press(here.said()[-1], WATCH)
    return here.said()[-1]


def of_watches(here: Talk, columns: str = "state") -> list[tuple[Any, ...]]:
    return here.ask(f"SELECT {columns} FROM watches ORDER BY id")


async def time_comes(here: Stage, to: datetime | None = None) -> Json:
    """The clock is moved to when the next reminder is due (or to that moment); what is said then."""
    before = len(here.said())
    here.workspace.move_clock(to or of_watches(here, "due")[-1][0])
    await until(lambda: len(here.said()) > before)
    await here.settled()
    assert len(here.said()) == before + 1
    return here.said()[-1]


def test_a_checked_certificate_is_watched_at_the_press_of_a_button_and_its_owner_reminded_three_times() -> (
    None
):
    async def play(here: Stage) -> None:
        told = await watched(here)
        assert "DM でお知らせします" in words(told)
        for left in ("あと 30 日", "あと 7 日", "あと 1 日"):
            due = of_watches(here, "due, not_after")[0]
            assert due[1] - due[0] < timedelta(days=int(left[3:-2]), seconds=1)
            reminder = await time_comes(here)
            assert "thread_ts" not in reminder
            assert "更新のしかた" in words(reminder)
            assert int(words(reminder).split("あと ")[1].split(" 日")[0]) <= int(left[3:-2])
        assert of_watches(here, "due") == [(None,)]

    on_stage(play, trust=TRUST)


def test_what_fell_due_while_the_bot_was_off_is_said_once() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        reminder = await time_comes(here, NOW + 99.8 * DAY)
        assert "メール用の証明書の期限" in words(reminder)
        assert of_watches(here, "state, due") == [("watching", None)]

    on_stage(play, trust=TRUST)


def test_the_same_certificate_twice_is_one_watch() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        told = await watched(here)
        assert "もう見守っています" in words(told)
        assert of_watches(here) == [("watching",)]

    on_stage(play, trust=TRUST)


def test_who_wants_no_more_is_left_alone_until_they_want_it_again() -> None:
    async def play(here: Stage) -> None:
        told = await watched(here)
        await here.press(told, "もう知らせない")
        assert of_watches(here, "state, due") == [("stopped", None)]
        await here.press(here.said()[-1], "また知らせる")
        assert "またお知らせします" in words(here.said()[-1])
        ((state, due),) = of_watches(here, "state, due")
        assert state == "watching"
        assert due

    on_stage(play, trust=TRUST)


def test_a_reminder_is_put_off_by_a_week() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        reminder = await time_comes(here)
        first = here.workspace.now()
        await here.press(reminder, "1 週間後にまた")
        ((due,),) = of_watches(here, "due")
        assert due - first >= 7 * DAY
        assert "あと 2" in words(await time_comes(here))

    on_stage(play, trust=TRUST)


def test_an_old_reminders_button_begins_nothing_that_was_stopped() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        reminder = await time_comes(here)
        await here.press(reminder, "もう知らせない")
        await here.press(reminder, "1 週間後にまた")
        assert of_watches(here, "state, due") == [("stopped", None)]
        assert "もうお知らせしません" in words(here.said()[-1])

    on_stage(play, trust=TRUST)


def test_a_newer_certificate_for_the_same_address_takes_the_place_of_the_old_one() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        reminder = await time_comes(here)
        await here.press(reminder, "更新した")
        assert ".cer をここに" in words(here.said()[-1])
        await here.say("", NEW, thread_ts=reminder["ts"])
        assert "新しい証明書" in words(here.said()[-1])
        assert of_watches(here) == [("ended",), ("watching",)]
        assert "あと 30 日" in words(await time_comes(here)) or "あと 2" in words(here.said()[-1])

    on_stage(play, trust=TRUST)


def test_an_older_certificate_one_of_another_address_or_of_another_person_changes_nothing() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        await here.say("", certificate(50))
        await here.say("", OTHER)
        await here.say("", NEW, user=SMITH.id, channel=SMITHS_DM)
        assert of_watches(here) == [("watching",)]
        assert not any("見守りを終え" in words(message) for message in here.said())

    on_stage(play, trust=TRUST)


def test_the_list_is_shown_when_it_is_asked_for_in_words() -> None:
    async def play(here: Stage) -> None:
        await here.say("期限の一覧")
        assert "見守っている証明書はありません" in words(here.said()[-1])
        await watched(here)
        await here.say("My certificates")
        listed = here.said()[-1]
        ((fingerprint,),) = of_watches(here, "fingerprint")
        assert fingerprint.replace(":", "")[:8].upper() in words(listed)
        await here.press(listed, "もう知らせない")
        assert of_watches(here) == [("stopped",)]

    on_stage(play, trust=TRUST)


def test_where_others_read_the_list_is_shown_to_its_owner_alone() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        before = len(here.said(GENERAL_CHANNEL))
        await here.say("@certificate_help 期限の一覧", channel=GENERAL_CHANNEL)
        (listed,) = here.workspace.ephemerals(GENERAL_CHANNEL, SATO.id)
        ((fingerprint,),) = of_watches(here, "fingerprint")
        assert fingerprint.replace(":", "")[:8].upper() in words(listed)
        assert len(here.said(GENERAL_CHANNEL)) == before
        assert here.workspace.ephemerals(GENERAL_CHANNEL, SMITH.id) == []
        assert here.ask("SELECT count(*) FROM conversations") == [(1,)]
        stop = next(button for button in buttons(listed) if button["text"]["text"] == "もう知らせない")
        await here.workspace.click(SATO.id, GENERAL_CHANNEL, listed["ts"], stop["action_id"])
        await here.settled()
        assert of_watches(here) == [("stopped",)]
        answer = here.workspace.ephemerals(GENERAL_CHANNEL, SATO.id)[-1]
        assert "もうお知らせしません" in words(answer)
        assert "thread_ts" not in answer

    on_stage(play, trust=TRUST)


def test_a_new_certificate_that_was_asked_for_brings_no_question_about_errors() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        assert "どのエラーが出ていますか" in words(here.said()[0])
        reminder = await time_comes(here)
        await here.press(reminder, "更新した")
        await here.say("", NEW, thread_ts=reminder["ts"])
        *_, result, watching = here.said()
        assert "証明書そのものに問題はありません" in words(result)
        assert "どのエラーが出ていますか" not in words(result)
        assert WATCH not in [button["text"]["text"] for button in buttons(result)]
        assert "新しい証明書" in words(watching)

    on_stage(play, trust=TRUST)


def test_after_something_is_solved_a_certificate_that_is_shown_is_offered_to_be_watched_and_no_more() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say(ROW_1)
        await here.say("解決しました", thread_ts=thread)
        await here.say("", OLD, thread_ts=thread)
        assert "30 日前・7 日前・前日" in words(here.said()[-1])
        assert "どのエラーが出ていますか" not in words(here.said()[-1])
        await here.press(here.said()[-1], WATCH)
        assert of_watches(here) == [("watching",)]
        await here.say("やっぱり " + ROW_1, thread_ts=thread)
        assert "デジタル署名の証明書が見つからない" in words(here.said()[-1])

    on_stage(play, trust=TRUST)


def test_a_reminder_that_breaks_is_passed_over_and_the_next_one_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        ((first,),) = of_watches(here, "due")
        with monkeypatch.context() as broken:
            broken.setattr(Saying, "reminder", breaks)
            here.workspace.move_clock(first)
            await until(lambda: of_watches(here, "due")[0][0] != first)
            await here.settled()
        ((state, due),) = of_watches(here, "state, due")
        assert (state, due > first) == ("watching", True)
        assert not any("期限まで、あと" in words(message) for message in here.said())
        assert "期限まで、あと" in words(await time_comes(here))

    on_stage(play, trust=TRUST)


def breaks(*_: object) -> object:
    raise RuntimeError


def test_the_home_tab_shows_what_is_watched_and_stops_it() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        home = await at_home(here)
        assert "期限の見守り" in words(home)
        ((number,),) = of_watches(here, "id")
        assert await press(here, home, f"watch:stop:{number}")
        assert of_watches(here) == [("stopped",)]
        after = here.workspace.state.homes[SATO.id]
        assert "止めています" in words(after)
        assert await press(here, after, f"watch:resume:{number}")
        assert of_watches(here) == [("watching",)]

    on_stage(play, trust=TRUST)


def test_nobody_changes_what_is_watched_for_somebody_else() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("", OLD, channel=GENERAL_CHANNEL, thread_ts=thread)
        shown = next(
            message
            for message in reversed(here.said(GENERAL_CHANNEL))
            if any(button["text"]["text"] == WATCH for button in buttons(message))
        )
        await here.press(shown, WATCH, user=SMITH.id, channel=GENERAL_CHANNEL)
        assert of_watches(here) == []
        await here.press(shown, WATCH, channel=GENERAL_CHANNEL)
        assert of_watches(here, "person, state") == [(SATO.id, "watching")]
        reminder = await time_comes(here)  # in Sato's own talk with the bot
        here.ask(f"UPDATE watches SET person = '{SMITH.id}'")
        await here.press(reminder, "もう知らせない")
        assert of_watches(here) == [("watching",)]

    on_stage(play, trust=TRUST)


def test_of_who_left_nothing_is_remembered_and_nobody_is_told() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        here.ask("UPDATE watches SET person = 'U0GONE00001'")
        here.workspace.move_clock(of_watches(here, "due")[0][0])
        await until(lambda: not of_watches(here))
        await here.settled()
        assert here.ask("SELECT count(*) FROM outbox WHERE person = 'U0GONE00001'") == [(0,)]

    on_stage(play, trust=TRUST)


# What is kept


def test_once_the_conversation_is_erased_no_word_of_the_certificate_is_left_and_it_is_still_watched() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        secret = [ADDRESS, "Sumire Koharu", "tsubaki-san"]
        assert where_words_are(kept(here.database), secret)
        before = of_watches(here, "not_after, due")
        aged(here, 31)
        here.ask(
            "UPDATE watches SET not_after = not_after + interval '31 days', due = due + interval '31 days'"
        )
        assert await asyncio.to_thread(here.bot.retention.erase) == 1
        assert of_watches(here, "not_after, due") == before
        here.ask("ANALYZE")
        assert where_words_are(kept(here.database), secret) == set()
        assert "更新のしかた" in words(await time_comes(here))

    on_stage(play, trust=TRUST)


def test_a_week_after_its_end_it_is_not_known_any_more_that_it_was_watched() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        await time_comes(here, NOW + 106 * DAY)
        await asyncio.to_thread(here.bot.retention.erase)
        assert of_watches(here) == [("watching",)]
        here.workspace.move_clock(NOW + 108 * DAY)
        await asyncio.to_thread(here.bot.retention.erase)
        assert of_watches(here) == []

    on_stage(play, trust=TRUST)


def test_who_is_forgotten_is_no_longer_reminded() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        gone = await asyncio.to_thread(forget, here.database, SATO.id)
        assert gone.watches == 1
        assert of_watches(here) == []
        assert where_words_are(kept(here.database), [SATO.id]) == set()

    on_stage(play, trust=TRUST)


# For IT


def command(database: str, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DATABASE_URL": database, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "watch", *more],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_command_lists_who_is_reminded_of_what_and_when() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        done = await asyncio.to_thread(command, here.database, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        told = json.loads(done.stdout)
        assert (told["person"], told["state"]) == (SATO.id, "watching")
        assert 98 <= told["days"] <= 101
        table = await asyncio.to_thread(command, here.database, "--days", "101")
        assert SATO.id in table.stdout
        assert ADDRESS not in table.stdout
        none = await asyncio.to_thread(command, here.database, "--days", "90")
        assert "No certificates are watched" in none.stdout

    on_stage(play, trust=TRUST)


# Killed


def overdue(here: Machines) -> None:
    """Sato's certificate is watched, and a reminder is due."""
    here.ask(
        "INSERT INTO watches (team, person, fingerprint, purpose, not_after, names, state, due) "
        f"VALUES ('{TEAM}', '{SATO.id}', '{'ab' * 32}', 'email', now() + interval '29 days', '[]', "
        "'watching', now() - interval '1 minute')"
    )


async def reminded_once(here: Machines) -> None:
    await until(here.said)
    await here.settled()
    (reminder,) = here.said()
    assert "メール用の証明書の期限" in words(reminder)
    ((due,),) = of_watches(here, "due")
    assert due > datetime.now(UTC)


def test_killed_between_the_state_and_the_reminder() -> None:
    async def play(here: Machines) -> None:
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        overdue(here)
        machine = await here.start()
        await met(here)
        await machine.kill()
        assert here.said() == []
        await here.start_again()
        await reminded_once(here)

    with_machines(play)


def test_killed_between_saying_it_and_writing_that_down() -> None:
    async def play(here: Machines) -> None:
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        overdue(here)
        machine = await here.start()
        await until(here.said)
        await machine.kill()
        await here.start_again()
        await here.settled()
        await reminded_once(here)

    with_machines(play)


def test_killed_before_it_is_known_whether_the_person_is_still_there() -> None:
    async def play(here: Machines) -> None:
        here.workspace.faults.on_call("users.info", Held(FOR_LONG))
        overdue(here)
        machine = await here.start()
        await met(here)
        await machine.kill()
        await here.start_again()
        await reminded_once(here)

    with_machines(play)


def test_given_twice_to_the_queue_it_is_said_once() -> None:
    async def play(here: Stage) -> None:
        await watched(here)
        await time_comes(here)
        ((due,),) = of_watches(here, "due")
        here.ask("UPDATE watches SET given = NULL")
        await time_comes(here, due)
        here.ask("UPDATE watches SET given = NULL")
        before = len(here.said())
        here.ask(
            f"UPDATE watches SET due = '{due.isoformat()}'"
        )  # as if it was not yet written that it was given
        await until(lambda: of_watches(here, "given")[0][0])
        await here.settled()
        assert len(here.said()) == before

    on_stage(play, trust=TRUST)
