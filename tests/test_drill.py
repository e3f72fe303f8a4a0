"""The drill's accounting: it would say so if something were lost, out of order, or said twice."""

import asyncio
import random
import socket
from dataclasses import replace

import aiohttp
from aiohttp import web

from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from knowledge.load import load
from tests.drill_balancer import Balancer, message_key
from tests.drill_faults import Diary
from tests.drill_ledger import Account, Answer, Doing, Standstill, account
from tests.drill_people import EMPLOYEES, EVERYBODY, Told, answers, at_the_helpdesk, pending_texts
from tests.drill_report import lines

PERSON = EMPLOYEES[0].id
DM = "D" + PERSON[1:]


def wrote(at: float, acknowledged: float | None) -> Doing:
    return Doing(PERSON, "message", DM, f"{at:.6f}", frozenset({""}), at, acknowledged)


def pressed(at: float, thread: Doing, label: str) -> Doing:
    return Doing(PERSON, "press", DM, thread.thread, frozenset({f"▸ {label}"}), at, at + 0.1)


def answered(doing: Doing, at: float, body: str = "…", *, is_pending: bool = False) -> Answer:
    (heading,) = doing.headings
    return Answer(doing.channel, doing.thread, heading, at, body, is_pending)


ONE = wrote(1000.0, 1000.1)
TWO = wrote(1001.0, 1001.1)


def test_what_was_answered_once_and_in_order_is_well() -> None:
    press = pressed(1003.0, ONE, "はい")
    told = account(
        [ONE, TWO, press], [answered(ONE, 1000.5), answered(TWO, 1001.5), answered(press, 1004.0)], []
    )
    assert told == Account(3, 3, 3, (), (), (), (), (), 1.0)
    assert told.is_well


def test_what_was_acknowledged_and_never_answered_is_lost() -> None:
    told = account([ONE, TWO], [answered(TWO, 1001.5)], [])
    assert told.lost == (ONE,)
    assert (told.sent, told.acknowledged, told.answered) == (2, 2, 1)
    assert not told.is_well


def test_an_answer_under_another_label_answers_no_press() -> None:
    press, other = pressed(1002.0, ONE, "はい"), pressed(1002.5, ONE, "いいえ")
    told = account([ONE, press, other], [answered(ONE, 1000.5), answered(other, 1003.0)], [])
    assert told.lost == (press,)


def test_a_file_that_is_still_being_checked_is_lost() -> None:
    file = replace(ONE, kind="file")
    assert account([file], [answered(file, 1000.5, is_pending=True)], []).lost == (file,)


def test_what_slack_was_never_told_to_be_accepted_is_not_lost() -> None:
    told = account([wrote(1000.0, None)], [], [])
    assert (told.sent, told.acknowledged, told.lost) == (1, 0, ())
    assert told.is_well


def test_the_later_one_answered_first_is_out_of_order() -> None:
    told = account([TWO, ONE], [answered(ONE, 1002.5), answered(TWO, 1002.0)], [])
    assert told.out_of_order == ((ONE, TWO),)
    assert not told.is_well


def test_two_that_were_under_way_together_have_no_order() -> None:
    slow = wrote(1000.0, 1003.0)
    assert account([slow, TWO], [answered(slow, 1003.5), answered(TWO, 1001.5)], []).is_well


def test_two_people_have_no_order() -> None:
    other = replace(TWO, person=EMPLOYEES[1].id)
    assert account([ONE, other], [answered(ONE, 1002.5), answered(other, 1002.0)], []).is_well


def test_an_answer_that_came_twice_is_repeated_whatever_it_says() -> None:
    told = account([ONE], [answered(ONE, 1000.5), answered(ONE, 1001.0, "other words")], [])
    assert len(told.repeated) == len(told.avoidable) == 1
    assert not told.is_well


def test_a_process_that_came_to_itself_may_have_said_it_again() -> None:
    twice = [answered(ONE, 1006.0), answered(ONE, 1009.2)]
    told = account([ONE], twice, [Standstill(1000.3, 1009.0)])
    assert (len(told.repeated), told.avoidable) == (1, ())
    assert told.is_well
    earlier = account([ONE], twice, [Standstill(1000.0, 1001.0)])
    assert len(earlier.avoidable) == 1


def test_a_case_with_two_cards_is_repeated() -> None:
    card = Answer(HELPDESK_CHANNEL, None, "C-1001", 1002.0, "…")
    other = replace(card, heading="C-1002")
    assert account([], [], [], [card, other]).repeated == ()
    assert len(account([], [], [], [card, other, replace(card, at=1003.0)]).repeated) == 1


def test_a_message_that_nobody_asked_for_is_told() -> None:
    stray = Answer(DM, None, "", 1000.0, "…")
    assert account([ONE], [answered(ONE, 1000.5), stray], []).unasked == (stray,)


def test_the_report_names_what_was_lost_and_no_words_of_anybody() -> None:
    told = account([ONE, TWO], [answered(TWO, 1001.5, "ひみつ")], [])
    report = "\n".join(lines(told, ["1 jobs left"], Diary()))
    assert f"message of {PERSON}" in report
    assert "1 jobs left" in report
    assert "ひみつ" not in report


def test_what_stands_in_the_workspace_is_read_as_people_see_it() -> None:
    async def play() -> None:
        workspace = Workspace(people=EVERYBODY, retry_intervals=())
        told = Told(workspace, {})
        ts = await workspace.say(PERSON, DM, "?")
        (checking,) = (text for text in pending_texts(load()) if text.startswith("Checking"))
        place = workspace.channel(DM)
        workspace.add(place, workspace.by_bot({"text": checking, "thread_ts": ts}))
        workspace.add(place, workspace.by_bot({"text": "▸ A &amp; B\nyes", "thread_ts": ts}))
        workspace.add(workspace.channel(HELPDESK_CHANNEL), workspace.by_bot({"text": "● C-1001  …"}))
        told.add(Doing(PERSON, "press", DM, ts, frozenset({"▸ A & B"}), float(ts), float(ts)))
        found = answers(workspace, pending_texts(load()))
        assert [(one.thread, one.heading, one.is_pending) for one in found] == [
            (ts, "", True),
            (ts, "▸ A & B", False),
        ]
        assert [card.heading for card in at_the_helpdesk(workspace)] == ["C-1001"]
        assert account(told.doings(), found[1:], []).is_well
        await workspace.close()

    asyncio.run(play())


def test_the_balancer_keeps_what_the_app_acknowledged_and_leaves_out_who_is_dead() -> None:
    async def play() -> None:
        heard: list[str] = []

        async def take(request: web.Request) -> web.Response:
            heard.append(request.headers["X-Slack-Signature"])
            return web.Response(status=200 if len(heard) > 1 else 500)

        app = web.Application()
        app.add_routes([web.post("/slack/events", take)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        living = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        with socket.create_server(("127.0.0.1", 0)) as closed:
            dead = f"http://127.0.0.1:{closed.getsockname()[1]}/slack/events"
        balancer = Balancer(lambda: [dead, living], random.Random(0))
        event = {"event": {"type": "message", "channel": DM, "ts": "1000.000001"}}
        signed = {"X-Slack-Signature": "v0=1"}
        statuses = []
        async with balancer.serving() as address, aiohttp.ClientSession() as session:
            for _ in range(12):
                before = dict(balancer.acknowledged)
                async with session.post(address, json=event, headers=signed) as answer:
                    statuses.append(answer.status)
                if answer.status != 200:
                    assert balancer.acknowledged == before
        await runner.cleanup()
        assert statuses.count(500) == 1
        assert statuses.count(502) >= 1
        assert statuses.count(200) == len(heard) - 1
        assert set(heard) == {"v0=1"}
        assert list(balancer.acknowledged) == [message_key(DM, "1000.000001")]

    asyncio.run(play())
