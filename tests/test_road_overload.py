"""More than can be handled is acknowledged in time, kept, and answered: in order, and fairly."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg

from bot.accepted import Message
from bot.workspace.people import SATO, SMITH, TEAM, direct_message
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, until

SMITHS_DM = direct_message(SMITH.id)
FLOOD = 60


def of_sato(number: int) -> Message:
    at = datetime.now(UTC) + timedelta(microseconds=number)
    ts = f"{at.timestamp():.6f}"
    return Message(
        id=f"{TEAM}:{SATOS_DM}:{ts}",
        team=TEAM,
        person=SATO.id,
        channel=SATOS_DM,
        at=at,
        private=True,
        mentioned=False,
        ts=ts,
        text=ROW_1,
    )


def test_who_sends_very_much_does_not_keep_others_waiting() -> None:
    async def play(here: Stage) -> None:
        for number in range(FLOOD):
            await here.bot.road.accept(of_sato(number))
        ts = await here.workspace.say(SMITH.id, SMITHS_DM, "Outlook says my signing certificate has expired")
        await until(lambda: here.said(SMITHS_DM))
        assert here.said(SMITHS_DM)[0]["thread_ts"] == ts
        assert here.jobs() > FLOOD / 3
        await here.settled()
        assert len(here.said()) == FLOOD

    on_stage(play)


def test_while_the_database_takes_nothing_slack_is_told_so_in_time_and_sends_it_again() -> None:
    async def play(here: Stage) -> None:
        with psycopg.connect(here.database) as connection:
            connection.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
            await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
            await until(lambda: here.workspace.courier.deliveries)
            assert here.workspace.courier.deliveries[0].outcome == "http_error"
        await until(lambda: not here.workspace.under_way)
        await here.settled()
        assert [delivery.outcome for delivery in here.workspace.courier.deliveries][-1] == "acknowledged"
        assert len(here.said()) == 1

    on_stage(play, workspace=Workspace(retry_intervals=(0.5, 1.0, 2.0)))


def test_everybody_at_once_is_answered() -> None:
    async def play(here: Stage) -> None:
        talks = {SATO.id: SATOS_DM, SMITH.id: SMITHS_DM}
        await asyncio.gather(
            *(here.workspace.say(person, talk, ROW_1) for _ in range(40) for person, talk in talks.items())
        )
        await here.settled()
        for talk in talks.values():
            asked = {said["ts"] for said in here.workspace.messages(talk) if not said.get("bot_id")}
            assert {said["thread_ts"] for said in here.said(talk)} == asked
            assert len(here.said(talk)) == 40

    on_stage(play)
