"""Several processes on one database: the living take over from the dead, and who only stood still is careful.

How long a take-over takes is not measured here; that it comes is waited for.
"""

import asyncio

import psycopg
import pytest

from bot.workspace.faults import Held, Late
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SMITH, SUZUKI, direct_message
from tests.processes import Machine, Machines, answered, is_blocked, met, require_once, with_machines
from tests.road import ROW_1, SATOS_DM, sample, until

FOR_LONG = 60.0


def test_of_two_machines_one_dies_at_work_and_the_other_goes_on() -> None:
    async def play(here: Machines) -> None:
        first = await here.start()
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        ts = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await met(here)
        await here.start()
        after = await here.workspace.say(SATO.id, SATOS_DM, "特にない")  # its turn comes after the first
        await first.kill()
        await here.settled()
        assert answered(here) == [ts, after]
        require_once(here, events=2)

    with_machines(play)


def test_of_three_machines_one_dies_in_the_middle_of_everybodys_work() -> None:
    talks = {person.id: direct_message(person.id) for person in (SATO, SMITH, SUZUKI)}

    async def play(here: Machines) -> None:
        first = await here.start()
        await asyncio.gather(here.start(), here.start())
        here.workspace.faults.on_call("chat.postMessage", Late(0.5), times=4)
        asked: dict[str, list[str]] = {talk: [] for talk in talks.values()}
        for machine in here.running:
            here.workspace.event_url = machine.url
            for person, talk in talks.items():
                asked[talk].append(await here.workspace.say(person, talk, ROW_1))
            # Slack itself promises no order of events that are under way at the same time.
            await until(lambda: not here.workspace.under_way)
        await first.kill()
        await here.settled()
        for talk, sent in asked.items():
            assert [said["thread_ts"] for said in here.said(talk)] == sent
        assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL") == [(0,)]
        assert here.ask("SELECT count(*) FROM events") == [(9,)]

    with_machines(play)


async def stand_still_and_go_on(here: Machines, still: Machine) -> None:
    """It stands still until another machine has done all that was to be done, then is alone, and works on."""
    still.stand_still()
    other = await here.start()
    await here.settled()
    still.go_on()
    assert await other.stop() == 0
    here.workspace.event_url = still.url
    talk = direct_message(SMITH.id)
    await here.workspace.say(SMITH.id, talk, "My signing certificate has expired")
    await here.settled()
    assert len(here.said(talk)) == 1
    assert await still.stop() == 0  # it finishes first what it believes to be its work


@pytest.mark.parametrize("waits_for", ["chat.getPermalink", "chat.postMessage", "a file"])
def test_who_stood_still_in_the_middle_of_its_work_repeats_nothing(waits_for: str) -> None:
    file = sample("expired")
    text, files = ("", [(file.name, file.data)]) if waits_for == "a file" else ("担当者と話す", [])

    async def play(here: Machines) -> None:
        still = await here.start()
        if files:
            here.workspace.faults.on_file(Late(1.0))
        else:
            here.workspace.faults.on_call(waits_for, Late(1.0))
        ts = await here.workspace.say(SATO.id, SATOS_DM, text, files)
        await met(here)
        await stand_still_and_go_on(here, still)
        assert answered(here) == [ts]
        assert len(here.said(HELPDESK_CHANNEL)) == (0 if files else 1)
        require_once(here, events=2)

    with_machines(play)


def test_who_stood_still_while_it_looked_for_a_message_does_not_believe_what_it_saw() -> None:
    async def play(here: Machines) -> None:
        first = await here.start()
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        ts = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await met(here)
        await first.kill()
        here.workspace.faults.on_call("conversations.replies", Late(1.0))
        still = await here.start_again()
        await met(here)
        assert here.said() == []
        await stand_still_and_go_on(here, still)
        assert answered(here) == [ts]
        require_once(here, events=2)

    with_machines(play)


def test_who_stands_still_in_the_middle_of_a_transaction_keeps_nobody_waiting() -> None:
    async def play(here: Machines) -> None:
        still = await here.start()
        await here.say(ROW_1)
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM conversations FOR UPDATE")
            await here.workspace.say(SATO.id, SATOS_DM, "特にない")
            await until(lambda: is_blocked(here))
            still.stand_still()
        await stand_still_and_go_on(here, still)
        assert len(here.said()) == 2
        require_once(here, events=3)

    with_machines(play)
