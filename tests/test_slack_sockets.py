"""`socket`: the same over Socket Mode, also when the connection breaks and envelopes come again."""

from typing import Any

import pytest

from bot.work import Road
from bot.workspace.people import SATO
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample, until, words


def test_paste_click_and_file() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert await here.press(here.said()[0], "answer:changed:nothing")
        await here.say("", sample("expired"))
        assert len(here.said()) == 3
        assert "期限" in words(here.said()[-1])

    on_stage(play, over="sockets")


def test_a_dropped_socket_is_connected_again_and_nothing_is_lost() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.workspace.sockets.drop()
        await here.say("特にない")
        await here.say("まだ直らない")
        assert len(here.said()) == 3

    on_stage(play, over="sockets", workspace=Workspace(retry_intervals=(0.0, 0.2, 5.0)))


def test_slack_may_ask_for_a_new_connection() -> None:
    async def play(here: Stage) -> None:
        await here.workspace.sockets.refresh()
        await until(lambda: len(here.workspace.sockets) == 1)
        await here.say(ROW_1)
        assert len(here.said()) == 1

    on_stage(play, over="sockets", workspace=Workspace(retry_intervals=(0.0, 0.2, 5.0)))


def test_an_envelope_that_comes_again_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    accept = Road.accept
    accepted: list[Any] = []

    async def accepts_and_then_loses_the_socket(self: Road, event: Any) -> None:
        await accept(self, event)
        accepted.append(event)
        if len(accepted) == 1:
            here_now[0].workspace.sockets.drop()

    here_now: list[Stage] = []
    monkeypatch.setattr(Road, "accept", accepts_and_then_loses_the_socket)

    async def play(here: Stage) -> None:
        here_now.append(here)
        await here.say(ROW_1)
        assert len(accepted) == 2
        assert len(here.said()) == 1

    on_stage(play, over="sockets", workspace=Workspace(retry_intervals=(0.0, 0.2, 5.0)))


def test_what_could_not_be_written_down_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    accept = Road.accept
    faults: list[Any] = []

    async def fails_at_first(self: Road, event: Any) -> None:
        if not faults:
            faults.append(event)
            raise ConnectionError
        await accept(self, event)

    monkeypatch.setattr(Road, "accept", fails_at_first)

    async def play(here: Stage) -> None:
        ts = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await here.settled()
        (answer,) = here.said()
        assert answer["thread_ts"] == ts
        outcomes = [delivery.outcome for delivery in here.workspace.courier.deliveries]
        assert outcomes[:2] == ["timeout", "acknowledged"]

    workspace = Workspace(retry_intervals=(0.0, 0.0, 0.0), acknowledge_within=0.5)
    on_stage(play, over="sockets", workspace=workspace)
