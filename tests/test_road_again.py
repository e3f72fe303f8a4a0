"""A reply that may be out already is looked for before it is sent again, and is sent if it is not there."""

import asyncio
from datetime import timedelta

import pytest

from bot import todo
from bot.outbox import Outbox
from bot.workspace.faults import Dropped, Ratelimited, ServerError
from bot.workspace.people import HELPDESK_CHANNEL
from tests.road import ROW_1, SATOS_DM, Stage, dying, on_stage, words
from tests.test_road_delivery import message, unheard


def looked(here: Stage) -> int:
    calls = here.workspace.calls_to
    return len(calls("conversations.replies")) + len(calls("conversations.history"))


def test_what_is_out_already_is_recognised_by_its_name() -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))
        with dying(todo, "done"):
            await here.bot.road.work(event)
        (answer,) = here.said()
        await here.bot.road.work(event)
        assert here.said() == [answer]
        assert here.ask("SELECT ts FROM outbox") == [(answer["ts"],)]

    on_stage(play)


def test_a_case_is_opened_once() -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here), "担当者と話す")

        with dying(todo, "keep_card"):
            await here.bot.road.work(event)
        (card,) = here.said(HELPDESK_CHANNEL)
        await here.bot.road.work(event)
        assert here.said(HELPDESK_CHANNEL) == [card]
        assert here.ask("SELECT ts FROM cards") == [(card["ts"],)]
        await here.say("まだ直りません")  # and what is added to it stands in its thread
        assert here.said(HELPDESK_CHANNEL)[-1]["thread_ts"] == card["ts"]

    on_stage(play)


def test_what_is_not_out_is_sent() -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))

        with dying(Outbox, "send"):
            await here.bot.road.work(event)
        await here.bot.road.work(event)
        assert len(here.said()) == 1
        assert looked(here) == 1

    on_stage(play)


@pytest.mark.parametrize("fault", [ServerError(), Dropped(done=True), Dropped(done=False)])
def test_where_slack_left_it_open_the_reply_comes_once(fault: ServerError | Dropped) -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", fault)
        await here.say(ROW_1)
        assert len(here.said()) == 1
        assert looked(here) == 1

    on_stage(play)


@pytest.mark.parametrize("method", ["conversations.replies", "chat.getPermalink"])
def test_a_look_that_has_to_wait_leaves_the_doubt(method: str) -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Dropped(done=True), times=1)
        here.workspace.faults.on_call(method, Ratelimited(1))
        await here.say(ROW_1 if method == "conversations.replies" else "担当者と話す")
        assert len(here.said()) == 1
        assert len(here.said(HELPDESK_CHANNEL)) == (method == "chat.getPermalink")

    on_stage(play)


def test_what_slack_said_it_did_not_take_is_not_looked_for() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(1), times=2)
        await here.say(ROW_1)
        assert len(here.said()) == 1
        assert looked(here) == 0

    on_stage(play)


def test_a_message_that_says_the_same_is_not_taken_for_this_one() -> None:
    async def play(here: Stage) -> None:
        first, second = message(unheard(here), "了解です"), message(unheard(here), "了解です")
        await here.bot.road.work(first)
        with dying(todo, "done"):
            await here.bot.road.work(second)
        await here.bot.road.work(second)
        assert len(here.said()) == 2

    on_stage(play)


def test_where_we_may_not_look_it_is_better_twice_than_never() -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))
        with dying(todo, "done"):
            await here.bot.road.work(event)
        here.workspace.state.messages[SATOS_DM].pop(event["ts"])  # the thread's first message was deleted
        await here.bot.road.work(event)
        assert len(here.said()) == 2

    on_stage(play)


def test_who_stood_still_for_long_reads_again_whether_it_was_done_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))
        sent = Outbox.send
        monkeypatch.setattr("bot.outbox.IS_FRESH", timedelta(0))

        async def after_another(outbox: Outbox, undone: todo.Undone) -> None:
            monkeypatch.setattr(Outbox, "send", sent)
            await here.bot.road.work(event)  # another process, that thinks this one dead
            await sent(outbox, undone)

        monkeypatch.setattr(Outbox, "send", after_another)
        await here.bot.road.work(event)
        assert len(here.said()) == 1

    on_stage(play)


def test_an_event_that_cannot_be_worked_at_all_ends_in_a_word_to_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.work.TRIES_OF_OURS", 1)

    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask("UPDATE conversations SET state = jsonb_set(state, '{phase}', '\"unheard of\"')")
        await here.say("特にない")
        assert "こちらの不具合" in words(here.said()[-1])
        (card,) = here.said(HELPDESK_CHANNEL)
        assert "<@" in words(card)
        assert here.jobs() == 0
        await here.say(ROW_1)  # the next message begins anew
        assert "デジタル署名の証明書が見つからない" in words(here.said()[-1])

    on_stage(play)


def test_an_event_of_a_later_version_waits_for_a_process_that_knows_it() -> None:
    async def play(here: Stage) -> None:
        await here.bot.queue.configure_task("later", queue="later", allow_unknown=True).defer_async(event={})
        await here.say(ROW_1)
        await asyncio.sleep(0.3)  # several looks for jobs
        assert here.ask("SELECT status FROM procrastinate_jobs WHERE task_name = 'later'") == [("todo",)]

    on_stage(play)


def test_the_helpdesk_is_called_once_however_often_slack_says_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.work.TRIES_OF_OURS", 0)

    async def play(here: Stage) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("bot.work.Road._take", broken)
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(0), times=1)
        here.workspace.faults.spare("chat.postMessage")
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(0), times=2)
        await here.say(ROW_1)
        assert len(here.said()) == 1
        assert len(here.said(HELPDESK_CHANNEL)) == 1

    on_stage(play)
