"""A process is killed while the helpdesk works on a case: taken, answered, reminded and taken back once.

As in test_road_kills the point is found by what the process has just asked of somebody who does not answer.
"""

import psycopg

from bot.workspace.faults import Held, Late
from bot.workspace.people import HELPDESK_CHANNEL, SUZUKI, TANAKA
from tests.processes import Machines, is_blocked, met, name_of, with_machines
from tests.road import Json, buttons, until, words

FOR_LONG = 60.0


async def handed(here: Machines) -> Json:
    """Sato's case is at the helpdesk; its card."""
    await here.say("担当者と話したい")
    return here.said(HELPDESK_CHANNEL)[0]


async def taken(here: Machines) -> Json:
    """The same, and Suzuki has it."""
    card = await handed(here)
    await here.press(card, "引き受ける", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
    return here.said(HELPDESK_CHANNEL)[0]


def said_of(here: Machines, text: str) -> list[str]:
    """What everybody was told that holds this text, the helpdesk last."""
    return [words(said) for said in (*here.said(), *here.said(HELPDESK_CHANNEL)) if text in words(said)]


def require_done(here: Machines) -> None:
    """Nothing is left to do, nothing was refused, and no message was sent twice."""
    assert here.jobs() == 0
    assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]
    names = [name_of(said) for said in (*here.said(), *here.said(HELPDESK_CHANNEL))]
    assert len(names) == len(set(names))


def test_a_case_is_taken_once_though_its_transaction_was_cut() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        card = await handed(here)
        (take,) = (button for button in buttons(card) if button["text"]["text"] == "引き受ける")
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM conversations FOR UPDATE")
            for person in (SUZUKI, TANAKA):
                assert await here.workspace.click(person.id, HELPDESK_CHANNEL, card["ts"], take["action_id"])
            await until(lambda: is_blocked(here))
            await machine.kill()
        assert "未対応" in words(here.said(HELPDESK_CHANNEL)[0])
        await here.start_again()
        await here.settled()
        now = words(here.said(HELPDESK_CHANNEL)[0])
        assert "対応中" in now
        assert "鈴木 健" in now
        assert len(said_of(here, "さんが引き受けました")) == 2  # the employee, and the card's thread
        assert here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id) == []
        (late,) = here.workspace.ephemerals(HELPDESK_CHANNEL, TANAKA.id)
        assert "先に" in words(late)
        require_done(here)

    with_machines(play)


def test_what_was_relayed_and_not_noted_is_not_relayed_again() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        card = await taken(here)
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        await here.workspace.say(
            SUZUKI.id, HELPDESK_CHANNEL, ">> もう一度お試しください", thread_ts=card["ts"]
        )
        await until(lambda: said_of(here, "もう一度お試しください"))
        await machine.kill()
        await here.start_again()
        await here.settled()
        assert len(said_of(here, "もう一度お試しください")) == 1
        assert len(said_of(here, "利用者に送りました")) == 1
        require_done(here)

    with_machines(play)


def test_a_reminder_that_was_handed_in_and_not_deleted_reminds_once() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        await handed(here)
        with psycopg.connect(here.database) as held:
            held.execute("SELECT FROM later WHERE what = 'unclaimed' FOR NO KEY UPDATE")
            now = here.workspace.now().timestamp() - 1
            held.execute(f"UPDATE later SET due = to_timestamp({now}) WHERE what = 'unclaimed'".encode())
            held.commit()
            held.execute("SELECT FROM later WHERE what = 'unclaimed' FOR NO KEY UPDATE")
            await until(lambda: said_of(here, "引き受けた人"))
            await until(lambda: is_blocked(here))  # its row is being deleted
            await machine.kill()
        assert here.overdue() == 1
        await here.start_again()
        await here.settled()
        assert len(said_of(here, "引き受けた人")) == 1
        assert here.ask("SELECT what FROM later WHERE what <> 'minute_over'") == [("next_day",)]
        require_done(here)

    with_machines(play)


def test_what_was_taken_back_and_not_noted_stays_taken_back() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        card = await taken(here)
        await here.workspace.say(SUZUKI.id, HELPDESK_CHANNEL, ">> 間違えました", thread_ts=card["ts"])
        await here.settled()
        mark = here.said(HELPDESK_CHANNEL)[-1]
        (undo,) = buttons(mark)
        here.workspace.faults.on_call("chat.delete", Late(FOR_LONG))
        assert await here.workspace.click(SUZUKI.id, HELPDESK_CHANNEL, mark["ts"], undo["action_id"])
        await met(here)
        await until(lambda: not said_of(here, "間違えました"))
        await machine.kill()
        await here.start_again()
        await here.settled()
        assert said_of(here, "間違えました") == []
        assert len(said_of(here, "取り消しました")) == 1
        assert said_of(here, "利用者に送りました") == []
        require_done(here)

    with_machines(play)


def test_a_call_that_slack_never_carried_out_is_made_after_the_restart() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        card = await taken(here)
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        await here.workspace.say(SUZUKI.id, HELPDESK_CHANNEL, ">> お待たせしました", thread_ts=card["ts"])
        await met(here)
        await machine.kill()
        assert said_of(here, "お待たせしました") == []
        await here.start_again()
        await here.settled()
        assert len(said_of(here, "お待たせしました")) == 1
        require_done(here)

    with_machines(play)
