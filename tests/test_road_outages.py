"""Slack refuses, fails, hangs up or keeps silent, whatever is being done: it is done once all the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.workspace.faults import CallFault, Dropped, Held, Late, Ratelimited, ServerError
from bot.workspace.people import HELPDESK_CHANNEL, SATO
from tests.processes import require_once
from tests.road import ROW_1, SATOS_DM, Stage, buttons, on_stage, sample

SILENT_FOR = 3.0


@dataclass(frozen=True)
class Doing:
    """What Sato does, after a first message that was answered; what it takes, and what it comes to."""

    does: Callable[[Stage], Awaitable[object]]
    calls: tuple[str, ...]
    """The calls that go wrong, once each; of the same method those that are `spared` come before."""
    spared: tuple[str, ...] = ()
    said: int = 1
    cards: int = 0


async def writes(here: Stage) -> None:
    await here.workspace.say(SATO.id, SATOS_DM, "特にない")


async def presses(here: Stage) -> None:
    (last,) = here.said()
    assert await here.workspace.click(SATO.id, SATOS_DM, last["ts"], buttons(last)[0]["action_id"])


async def uploads(here: Stage) -> None:
    file = sample("expired")
    await here.workspace.say(SATO.id, SATOS_DM, "", [(file.name, file.data)])


async def wants_a_person(here: Stage) -> None:
    await here.workspace.say(SATO.id, SATOS_DM, "担当者と話す")


DOINGS = {
    "a message": Doing(writes, ("chat.postMessage",)),
    "a click": Doing(presses, ("chat.postMessage",)),
    "a file": Doing(uploads, ("chat.postMessage", "files.info", "chat.update")),
    "a hand-over": Doing(
        wants_a_person, ("chat.getPermalink", "chat.postMessage"), spared=("chat.postMessage",), cards=1
    ),
}
FAULTS = {
    "429": Ratelimited(1),
    "500": ServerError(),
    "hung up before": Dropped(done=False),
    "hung up after": Dropped(done=True),
    "silent before": Held(SILENT_FOR),
    "silent after": Late(SILENT_FOR),
}


@pytest.mark.parametrize("doing", DOINGS.values(), ids=DOINGS)
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_it_is_done_once(doing: Doing, fault: CallFault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.calls.ANSWERED_WITHIN", SILENT_FOR / 3)

    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        for method in doing.spared:
            here.workspace.faults.spare(method)
        for method in doing.calls:
            here.workspace.faults.on_call(method, fault)
        await doing.does(here)
        await here.settled()
        assert here.workspace.faults.to_come == 0
        assert len(here.said()) == 1 + doing.said
        assert len(here.said(HELPDESK_CHANNEL)) == doing.cards
        require_once(here, events=2)

    on_stage(play)
