"""How troubles ended is kept once, can be rated, and outlives its conversation without a trace of anybody."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg

from bot.accepted import Click
from bot.forget import forget
from bot.kept_outcomes import KEPT_FOR, outcomes_since
from bot.outcome import Outcome
from bot.pool import connect_to
from bot.workspace.faults import Held
from bot.workspace.people import GENERAL_CHANNEL, SATO, SMITH, TEAM
from tests.processes import Machines, is_blocked, met, require_once, with_machines
from tests.road import ROW_1, SATOS_DM, Json, Stage, Talk, buttons, on_stage, sample, until, words
from tests.searching import kept, where_words_are
from tests.test_road_kills import FOR_LONG
from tests.test_road_retention import aged

EVER = datetime(2000, 1, 1, tzinfo=UTC)


def outcomes(here: Talk) -> list[Outcome]:
    """What the report would see."""
    engine = connect_to(here.database)
    try:
        with engine.connect() as connection:
            return outcomes_since(connection, EVER)
    finally:
        engine.dispose()


async def solved(here: Talk, **where: str) -> Json:
    """Sato's trouble is solved by the first remedy; gives the last word, with its feedback buttons."""
    channel = where.get("channel", SATOS_DM)
    await here.say(("@certificate_help " if where else "") + ROW_1, **where)
    for label in ("特にない", "解決した"):
        await here.press(here.said(channel)[-1], label, channel=channel)
    return here.said(channel)[-1]


async def rates(
    here: Talk, message: Json, side: str, what: str = "end", *, user: str = SATO.id, channel: str = SATOS_DM
) -> bool:
    """Somebody presses one of the two feedback buttons; returns when it is answered."""
    (value,) = (
        element[name]["value"]
        for block in message["blocks"]
        if block["type"] == "context_actions"
        for element in block["elements"]
        for name in ("positive_button", "negative_button")
        if element["action_id"] == f"feedback:{what}" and element[name]["value"].startswith(side)
    )
    taken = await here.workspace.click(user, channel, message["ts"], f"feedback:{what}", value)
    await here.settled()
    return taken


def test_what_helped_is_kept_with_the_step_and_its_rating_can_change() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here)
        (outcome,) = outcomes(here)
        assert (outcome.how, outcome.remedy) == ("remedy", "choose_certificate")
        assert (outcome.case, outcome.questions, outcome.turns) == ("C-1001", 1, 3)
        assert outcome.feedback is None
        assert await rates(here, last, "bad")
        assert [one.feedback for one in outcomes(here)] == ["bad"]
        thanked = here.said()[-1]
        assert "担当者と話す" in words(thanked)
        assert await rates(here, last, "good")
        assert [one.feedback for one in outcomes(here)] == ["good"]
        assert here.said()[-1]["ts"] == thanked["ts"]
        assert buttons(here.said()[-1]) == []

    on_stage(play)


def test_a_checked_files_result_is_rated() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("", sample("expired"))
        assert await rates(here, here.said()[-1], "bad", "file")
        await here.say("解決しました")
        assert [one.file_feedback for one in outcomes(here)] == ["bad"]

    on_stage(play)


def test_only_the_owners_rating_counts() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here, channel=GENERAL_CHANNEL)
        assert await rates(here, last, "bad", user=SMITH.id, channel=GENERAL_CHANNEL)
        assert [one.feedback for one in outcomes(here)] == [None]
        assert here.ask("SELECT count(*) FROM outbox WHERE kind = 'whisper'") == [(1,)]
        assert await rates(here, last, "good", channel=GENERAL_CHANNEL)
        assert [one.feedback for one in outcomes(here)] == ["good"]
        assert here.ask("SELECT count(*) FROM outbox WHERE kind = 'whisper'") == [(2,)]

    on_stage(play)


def test_what_helped_is_told_by_a_button_even_when_another_trouble_was_begun() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.press(here.said()[-1], "特にない")
        await here.press(here.said()[-1], "ended:choose_certificate:not_solved")
        question = here.said()[-1]
        await here.say("担当者と話す")
        await here.say("解決しました")
        last = here.said()[-1]
        assert [one.remedy for one in outcomes(here)] == [None]
        await here.press(last, "cured:choose_certificate")
        assert [(one.how, one.remedy) for one in outcomes(here)] == [("alone", "choose_certificate")]
        await here.press(last, "restart")
        await here.say(ROW_1)
        await here.press(last, "cured:other")
        await rates(here, last, "good")
        assert [(one.remedy, one.feedback) for one in outcomes(here)] == [(None, "good")]
        assert question["ts"] != last["ts"]

    on_stage(play)


def test_a_trouble_that_is_long_past_is_rated_all_the_same() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here)
        await here.press(last, "restart")
        await here.say(ROW_1)
        said = len(here.said())
        assert await rates(here, last, "bad")
        assert [one.feedback for one in outcomes(here)] == ["bad"]
        assert len(here.said()) == said  # nothing is said of what is open now
        assert here.ask("SELECT count(*) FROM outbox WHERE kind = 'whisper'") == [(1,)]

    on_stage(play)


def test_what_is_there_again_has_no_outcome_and_ends_once_more_in_one_row() -> None:
    async def play(here: Stage) -> None:
        thread = (await solved(here))["thread_ts"]
        assert len(outcomes(here)) == 1
        await here.say("まだ直らない", thread_ts=thread)
        assert outcomes(here) == []
        await here.say("担当者と話す", thread_ts=thread)
        await here.say("解決しました", thread_ts=thread)
        assert [one.how for one in outcomes(here)] == ["alone"]

    on_stage(play)


# How long


def test_it_outlives_its_conversation_and_is_then_nobodys() -> None:
    async def play(here: Stage) -> None:
        await solved(here)
        aged(here, 40)
        assert await asyncio.to_thread(here.bot.retention.erase) == 1
        (outcome,) = outcomes(here)
        assert (outcome.conversation, outcome.case, outcome.remedy) == (None, None, "choose_certificate")
        aged(here, KEPT_FOR.days - 41)
        await asyncio.to_thread(here.bot.retention.erase)
        assert len(outcomes(here)) == 1
        aged(here, 2)
        await asyncio.to_thread(here.bot.retention.erase)
        assert outcomes(here) == []

    on_stage(play)


def test_who_is_forgotten_leaves_figures_that_lead_to_nobody() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here)
        await rates(here, last, "bad")
        await asyncio.to_thread(forget, here.database, SATO.id)
        (outcome,) = outcomes(here)
        assert (outcome.conversation, outcome.case, outcome.feedback) == (None, None, "bad")
        traces = [SATO.id, SATO.email, SATO.real_name, SATOS_DM, "user@example.co.jp", last["ts"], "1001"]
        assert where_words_are({"outcomes": kept(here.database)["public.outcomes"]}, traces) == set()
        await rates(here, last, "good")
        assert [one.feedback for one in outcomes(here)] == ["bad"]

    on_stage(play)


def test_nothing_that_anybody_wrote_is_in_it() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1.replace("user@", "kaede@"))
        await here.say(
            "mail.himawari.example.jp に繋ぐとターゲットのプリンシパル名が間違っています、と出ます"
        )
        await here.say("担当者と話す")
        await here.say("やまぶき色の封筒で届きました")
        await here.say("解決しました")
        assert len(outcomes(here)) == 1
        traces = ["kaede", "himawari", "やまぶき", SATO.id, SATO.real_name, SATO.email, SATOS_DM]
        everything = kept(here.database)
        assert where_words_are({"outcomes": everything["public.outcomes"]}, traces) == set()
        found = {word for _, word in where_words_are(everything, traces)}
        assert {"himawari", SATO.id, SATO.real_name, SATO.email} <= found  # so it would be found there, too

    on_stage(play)


def test_the_report_asks_for_a_time() -> None:
    async def play(here: Stage) -> None:
        await solved(here)
        (outcome,) = outcomes(here)
        engine = connect_to(here.database)
        with engine.connect() as connection:
            assert outcomes_since(connection, outcome.ended) == [outcome]
            assert outcomes_since(connection, outcome.ended + timedelta(microseconds=1)) == []
            assert outcomes_since(connection, EVER, outcome.ended) == []
        engine.dispose()

    on_stage(play)


# Once, whatever happens


def test_a_process_that_dies_while_it_ends_a_trouble_keeps_the_outcome_once() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        await here.say(ROW_1)
        await here.press(here.said()[-1], "特にない")
        advice = here.said()[-1]
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM conversations FOR UPDATE")
            assert await here.workspace.click(
                SATO.id, SATOS_DM, advice["ts"], "ended:choose_certificate:solved"
            )
            await until(lambda: is_blocked(here))
            await machine.kill()
        assert outcomes(here) == []
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        machine = await here.start_again()
        await met(here)
        await machine.kill()
        assert len(outcomes(here)) == 1
        machine = await here.start_again()
        await here.settled()
        (outcome,) = outcomes(here)
        assert (outcome.how, outcome.turns) == ("remedy", 3)
        require_once(here, events=3)
        last = here.said()[-1]
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM outcomes FOR UPDATE")
            assert await here.workspace.click(SATO.id, SATOS_DM, last["ts"], "feedback:end", "bad:1001.1")
            await until(lambda: is_blocked(here))
            await machine.kill()
        assert [one.feedback for one in outcomes(here)] == [None]
        await here.start_again()
        await here.settled()
        assert [one.feedback for one in outcomes(here)] == ["bad"]
        assert here.ask("SELECT count(*) FROM events WHERE id LIKE '%feedback%'") == [(1,)]

    with_machines(play)


def test_a_rating_of_a_conversation_that_is_gone_has_expired() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here)
        here.ask("DELETE FROM conversations")
        assert await rates(here, last, "good")
        assert [one.feedback for one in outcomes(here)] == [None]
        assert here.ask("SELECT count(*) FROM outbox WHERE failure IS NOT NULL") == [(0,)]

    on_stage(play)


def test_a_number_that_no_trouble_has_is_an_old_buttons_and_breaks_nothing() -> None:
    async def play(here: Stage) -> None:
        last = await solved(here)
        now, ts = here.workspace.now(), last["ts"]
        click = Click(
            **{"id": f"{SATO.id}:forged", "team": TEAM, "person": SATO.id, "channel": SATOS_DM, "at": now},
            **{"private": True, "thread_ts": ts, "message_ts": ts},
            **{"button": "feedback:end:good", "value": f"1001.{'9' * 20}"},
        )
        await here.bot.road.accept(click)
        await here.settled()
        assert [one.feedback for one in outcomes(here)] == [None]
        assert not [said for said in here.said() if "申し訳ありません" in words(said)]

    on_stage(play)
