"""In whose turn an event is worked."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot import intake
from bot.accepted import Click
from bot.workspace.people import BOT_HANDLE, GENERAL_CHANNEL, SATO, SMITH, TEAM
from tests.road import ROW_1, Stage, on_stage


def click(value: str) -> Click:
    return Click(
        id="1",
        team=TEAM,
        person=SMITH.id,
        channel=GENERAL_CHANNEL,
        at=datetime.now(UTC),
        private=False,
        thread_ts="1.000001",
        message_ts="1.000002",
        button="person",
        value=value,
    )


def lock_of(here: Stage, event: Click) -> str:
    return intake.owners_lock(here.bot.database, intake.conversation_of(event.value), event.lock)


def test_who_presses_a_button_of_somebody_elses_conversation_takes_turns_with_its_owner() -> None:
    async def play(here: Stage) -> None:
        await here.say(f"@{BOT_HANDLE} {ROW_1}", channel=GENERAL_CHANNEL)
        lock = await asyncio.to_thread(lock_of, here, click("1001.1"))
        assert lock == f"{TEAM}:{SATO.id}"

    on_stage(play)


@pytest.mark.parametrize("value", ["", "none", "1002.1", "９９９.1", "1" * 30, "-1", "1001'; --"])
def test_a_button_of_no_conversation_is_worked_in_ones_own_turn(value: str) -> None:
    async def play(here: Stage) -> None:
        lock = await asyncio.to_thread(lock_of, here, click(value))
        assert lock == f"{TEAM}:{SMITH.id}"

    on_stage(play)


def test_that_somebody_elses_conversation_is_there_is_told_only_where_everybody_sees_it() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)  # Sato, in private
        await here.bot.road.accept(click("1001.1"))
        await here.settled()
        (told,) = [call.arguments for call in here.workspace.calls_to("chat.postEphemeral")]
        assert SATO.id not in str(told)

    on_stage(play)


def test_a_private_conversation_is_not_gone_on_with_in_a_channel() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        before = here.ask("SELECT state -> 'turn' FROM conversations")
        forged = click("1001.1").model_copy(update={"person": SATO.id, "button": "explain:grounds"})
        await here.bot.road.accept(forged)
        await here.settled()
        assert here.ask("SELECT state -> 'turn' FROM conversations") == before
        assert here.said(GENERAL_CHANNEL) == []

    on_stage(play)
