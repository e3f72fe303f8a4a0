"""Slack takes about one message a second in a channel; who asks is told when the next one may go."""

import pytest

from bot.pace import Pace
from bot.workspace.faults import Ratelimited
from bot.workspace.people import SATO
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, until


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_few_go_at_once_then_one_a_second() -> None:
    pace = Pace(at_once=3, clock=Clock())
    assert [pace.take("C1", 10.0) for _ in range(6)] == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]


def test_every_channel_has_a_pace_of_its_own() -> None:
    pace = Pace(at_once=1, clock=Clock())
    assert [pace.take("C1", 10.0), pace.take("C2", 10.0)] == [0.0, 0.0]


def test_who_is_not_patient_enough_takes_nobodys_turn() -> None:
    pace = Pace(at_once=1, clock=Clock())
    assert pace.take("C1", 0.5) == 0.0
    assert [pace.take("C1", 0.5), pace.take("C1", 0.5)] == [1.0, 1.0]


def test_after_a_while_of_silence_a_few_go_at_once_again() -> None:
    clock = Clock()
    pace = Pace(at_once=2, clock=clock)
    assert [pace.take("C1", 9.0) for _ in range(3)] == [0.0, 0.0, 1.0]
    clock.now += 60
    assert [pace.take("C1", 9.0) for _ in range(3)] == [0.0, 0.0, 1.0]


def test_a_channel_that_slack_closed_is_closed_for_everybody_until_then() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    pace.close("C1", 30.0)
    assert pace.take("C1", 1.5) == 30.0
    assert pace.take("C2", 1.5) == 0.0
    clock.now += 29
    assert pace.take("C1", 1.5) == 1.0


def test_what_is_remembered_of_channels_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pace.KEPT_AT_MOST", 10)
    clock = Clock()
    pace = Pace(clock=clock)
    for number in range(100):
        pace.take(f"C{number}", 1.0)
        clock.now += 1
    assert len(pace._due) <= 11


def test_slack_is_not_asked_again_before_the_time_that_it_named() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(2))
        await here.say("こんにちは")
        assert [call.error for call in here.workspace.calls_to("chat.postMessage")] == ["ratelimited", ""]

    on_stage(play)


def test_a_hurry_of_messages_is_answered_in_order_at_the_pace_that_slack_allows() -> None:
    async def play(here: Stage) -> None:
        asked = []
        for _ in range(4):
            asked.append(await here.workspace.say(SATO.id, SATOS_DM, ROW_1))
            await until(lambda: not here.workspace.under_way)
        await here.settled()
        assert [said["thread_ts"] for said in here.said()] == asked

    on_stage(play, at_once=2)
