"""What people wrote while Slack could not reach the bot is found in the talks' history and answered late."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import create_engine

from bot.engine import AT_THE_DESK, CATCHING_UP
from bot.missed import Missed
from bot.workspace import api
from bot.workspace.faults import Ratelimited, ServerError
from bot.workspace.people import (
    BOT_HANDLE,
    GENERAL_CHANNEL,
    HELPDESK_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    direct_message,
)
from bot.workspace.refusal import Refused
from tests.road import ROW_1, SATOS_DM, Stage, cards, on_stage, until, words
from tests.test_road_incidents import MANY, crowd, heard
from tests.test_road_incidents import begun as incident_begun

SMITHS_DM = direct_message(SMITH.id)
LATE = "お返事が遅くなり"


def unheard(
    here: Stage, text: str, minutes_ago: float, *, channel: str = SATOS_DM, user: str = SATO.id, **more: Any
) -> str:
    """A message that stands in Slack and of which the bot never heard."""
    ts = f"{(datetime.now(UTC) - timedelta(minutes=minutes_ago)).timestamp():.6f}"
    said = {"type": "message", "user": user, "text": text, "ts": ts, **more}
    here.workspace.state.messages.setdefault(channel, {})[ts] = said
    return ts


async def after_an_outage(here: Stage, minutes: float = 60) -> None:
    """Slack is heard again, for the first time after so many minutes; returns when all is answered."""
    here.ask(f"UPDATE pulse SET heard = now() - interval '{minutes} minutes' WHERE id = 1")
    await here.bot.pulse.beat()
    await here.settled()


async def begun(here: Stage) -> None:
    """Returns when the bot has written down for the first time that it hears Slack."""
    await until(lambda: len(here.ask("SELECT id FROM pulse")) == 3)


def answered(here: Stage, channel: str = SATOS_DM) -> list[str]:
    return [said["thread_ts"] for said in here.said(channel)]


def test_a_message_of_the_outage_is_answered_and_the_wait_is_owned_up_to() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        ts = unheard(here, ROW_1, 30)
        await after_an_outage(here)
        (answer,) = here.said()
        assert answer["thread_ts"] == ts
        assert "デジタル署名の証明書が見つからない" in words(answer)
        assert LATE in words(answer)

    on_stage(play)


def test_everybody_is_looked_after_each_in_the_order_of_what_they_wrote() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        first, second = unheard(here, ROW_1, 30), unheard(here, "特にない", 29)
        smiths = unheard(here, "my certificate has expired", 20, channel=SMITHS_DM, user=SMITH.id)
        await after_an_outage(here)
        assert answered(here) == [first, second]
        assert answered(here, SMITHS_DM) == [smiths]

    on_stage(play)


def test_what_was_answered_is_not_answered_again() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.say(ROW_1)
        await after_an_outage(here)
        await after_an_outage(here)
        assert len(here.said()) == 1
        assert LATE not in words(here.said()[0])

    on_stage(play)


def test_what_was_written_long_before_is_left_alone() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        unheard(here, ROW_1, 200)
        await after_an_outage(here, minutes=60)
        assert here.said() == []

    on_stage(play)


def test_a_reply_in_a_thread_that_is_led_is_found() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        root = await here.say(ROW_1)
        unheard(here, "特にない", -0.01, thread_ts=root)
        await after_an_outage(here)
        assert answered(here) == [root, root]

    on_stage(play)


def test_a_reply_in_a_channels_thread_is_found_and_other_words_there_are_not() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        root = await here.say(f"@{BOT_HANDLE} {ROW_1}", channel=GENERAL_CHANNEL)
        before = len(here.said(GENERAL_CHANNEL))
        assert before
        unheard(here, "特にない", -0.01, thread_ts=root, channel=GENERAL_CHANNEL)
        unheard(here, "お昼に行きます", -0.01, thread_ts=root, channel=GENERAL_CHANNEL, user=SMITH.id)
        unheard(here, ROW_1, 5, channel=GENERAL_CHANNEL)
        await after_an_outage(here)
        assert len(here.said(GENERAL_CHANNEL)) == before + 1

    on_stage(play)


def test_a_short_silence_is_no_outage_and_neither_is_the_first_start() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        here.ask("DELETE FROM pulse")
        unheard(here, ROW_1, 5)
        await here.bot.pulse.beat()
        await after_an_outage(here, minutes=1)
        assert here.said() == []
        assert here.workspace.calls_to("conversations.list") == []

    on_stage(play)


def test_the_outage_is_forgotten_only_when_its_search_is_written_down() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        ts = unheard(here, ROW_1, 30)
        here.workspace.faults.on_call("conversations.history", ServerError())
        here.workspace.faults.on_call("conversations.list", Ratelimited(1))
        await after_an_outage(here)
        await until(here.said)
        assert answered(here) == [ts]

    on_stage(play)


def test_while_slack_is_silent_nobody_is_said_to_have_heard_it() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        here.ask("UPDATE pulse SET heard = now() - interval '1 hour' WHERE id = 1")
        here.workspace.faults.on_call("auth.test", ServerError(), times=1)
        await here.bot.pulse.beat()
        assert here.ask("SELECT heard < now() - interval '59 minutes' FROM pulse WHERE id = 1") == [(True,)]
        assert here.workspace.calls_to("conversations.list") == []

    on_stage(play)


def test_without_the_scope_to_list_talks_those_that_are_known_are_looked_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing_scope(*_: object) -> Any:
        raise Refused("missing_scope")

    monkeypatch.setitem(api.METHODS, "conversations.list", missing_scope)

    async def play(here: Stage) -> None:
        await begun(here)
        await here.say("よろしくお願いします")
        ts = unheard(here, ROW_1, 30)
        unheard(here, ROW_1, 30, channel=SMITHS_DM, user=SMITH.id)
        await after_an_outage(here)
        assert answered(here)[1:] == [ts]
        assert here.said(SMITHS_DM) == []

    on_stage(play)


def test_who_wrote_before_is_looked_after_each_half_hour_though_nothing_seems_to_be_amiss() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.say("よろしくお願いします")
        ts = unheard(here, ROW_1, 20)
        unheard(here, ROW_1, 20, channel=SMITHS_DM, user=SMITH.id)
        here.ask("UPDATE pulse SET heard = now() - interval '31 minutes' WHERE id = 2")
        await here.bot.pulse.beat()
        await here.settled()
        assert answered(here)[1:] == [ts]
        assert here.said(SMITHS_DM) == []

    on_stage(play)


def test_everybody_is_looked_after_once_a_day() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        ts = unheard(here, ROW_1, 600, channel=SMITHS_DM, user=SMITH.id)
        here.ask("UPDATE pulse SET heard = now() - interval '25 hours' WHERE id = 3")
        await here.bot.pulse.beat()
        await here.settled()
        assert answered(here, SMITHS_DM) == [ts]

    on_stage(play)


def test_people_of_other_companies_are_not_answered_late_either() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        unheard(here, ROW_1, 30, user="U0OUTSIDE01", team="T0OTHER0001", user_team="T0OTHER0001")
        await after_an_outage(here)
        assert here.workspace.calls_to("conversations.history")
        assert here.said() == []

    on_stage(play)


def test_what_the_helpdesk_sent_about_an_older_case_arrives_late() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.say(ROW_1)
        await here.say("担当者と話す")
        here.ask("UPDATE conversations SET touched = now() - interval '3 days'")
        (card,) = cards(here)
        where = {"channel": HELPDESK_CHANNEL, "user": SUZUKI.id, "thread_ts": card["ts"]}
        unheard(here, ">> 三日目の返信", -0.01, **where)
        await after_an_outage(here)
        assert any("三日目の返信" in words(said) for said in here.said())

    on_stage(play)


def test_what_the_helpdesk_sent_in_the_thread_of_an_incident_arrives_late() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await incident_begun(here, 2)
        (card,) = cards(here)
        where = {"channel": HELPDESK_CHANNEL, "user": SUZUKI.id, "thread_ts": card["ts"]}
        unheard(here, ">> C-1001 確認します", -0.01, **where)
        await after_an_outage(here)
        assert heard(here, MANY[:1], "確認します")
        assert not heard(here, MANY[1:2], "確認します")

    on_stage(play, workspace=crowd(), incident_people=2)


def test_what_the_helpdesk_sent_in_the_thread_of_many_cards_arrives_late() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.say(ROW_1)
        await here.say("担当者と話す")
        root = cards(here)[0]["ts"]
        above = unheard(here, "新しい相談", 5, channel=HELPDESK_CHANNEL)
        here.ask(f"UPDATE cards SET root = '{above}' WHERE ts = '{root}'")
        where = {"channel": HELPDESK_CHANNEL, "user": SUZUKI.id, "thread_ts": above}
        unheard(here, ">> C-1001 見ています", -0.01, **where)
        await after_an_outage(here)
        assert any("見ています" in words(said) for said in here.said())

    on_stage(play)


def test_a_search_that_the_version_before_began_is_gone_on_with() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        unheard(here, ROW_1, 5)
        here.ask(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, lock, args) "
            "SELECT 'catch_up', 'catching_up', 'catch_up', "
            "jsonb_build_object('since', extract(epoch FROM now()) - 600, 'cursor', '')"
        )
        await here.settled()
        assert len(here.said()) == 1

    on_stage(play)


def test_a_search_that_the_version_before_does_not_know_is_not_given_to_it() -> None:
    async def asked() -> list[tuple[str, bool]]:
        connector = InMemoryConnector()
        async with App(connector=connector).open_async() as queue:
            missed = Missed(create_engine("postgresql+psycopg://"), queue, AsyncWebClient(), nobody)
            await missed.lately(timedelta(minutes=30))
            await missed.since(datetime.now(UTC))
        return [(job["queue_name"], "known" in job["args"]) for job in connector.jobs.values()]

    async def nobody(_: object) -> None:
        raise AssertionError

    assert asyncio.run(asked()) == [(AT_THE_DESK, True), (CATCHING_UP, False)]
