"""Written down is answered: whatever breaks on the way, each reply comes once and in order."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import dialogue, rendering
from bot.accepted import Message
from bot.outbox import Outbox
from bot.workspace.faults import Dropped, Ratelimited, ServerError
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SMITH, TEAM, direct_message
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, SATOS_DM, Stage, dying, on_stage, sample, until, words


def message(ts: str, text: str = ROW_1) -> dict[str, Any]:
    """A message as it waits in the queue."""
    event = Message(
        id=f"{TEAM}:{SATOS_DM}:{ts}",
        team=TEAM,
        person=SATO.id,
        channel=SATOS_DM,
        at=datetime.fromtimestamp(float(ts), UTC),
        private=True,
        mentioned=False,
        ts=ts,
        text=text,
    )
    kept: dict[str, Any] = json.loads(event.model_dump_json())
    return kept


def unheard(here: Stage, text: str = ROW_1) -> str:
    """A message that stands in the talk and of which no event was sent."""
    ts = here.workspace.state.ts()
    said = {"type": "message", "user": SATO.id, "text": text, "ts": ts}
    here.workspace.state.messages.setdefault(SATOS_DM, {})[ts] = said
    return ts


def test_who_dies_between_the_commit_and_the_delivery_delivers_afterwards() -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))

        with dying(Outbox, "send"):
            await here.bot.road.work(event)
        assert here.ask("SELECT count(*) FROM conversations") == [(1,)]
        assert here.said() == []
        for _ in range(3):
            await here.bot.road.work(event)
        assert len(here.said()) == 1
        assert here.ask("SELECT state -> 'turn' FROM conversations") == [(1,)]

    on_stage(play)


def test_who_dies_before_the_commit_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        event = message(unheard(here))
        with monkeypatch.context() as patched:
            patched.setattr("bot.todo.put", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await here.bot.road.work(event)
        assert here.ask("SELECT count(*) FROM conversations") == [(0,)]
        await here.bot.road.work(event)
        assert len(here.said()) == 1

    on_stage(play)


def test_slack_is_waited_for_and_the_order_is_kept() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(1))
        first = await here.workspace.say(SATO.id, SATOS_DM, ROW_1)
        await until(lambda: not here.workspace.under_way)
        second = await here.workspace.say(SATO.id, SATOS_DM, "特にない")
        await here.settled()
        assert [said["thread_ts"] for said in here.said()] == [first, second]
        assert [call.error for call in here.workspace.calls_to("chat.postMessage")] == ["ratelimited", "", ""]

    on_stage(play)


def test_a_server_that_fails_is_tried_again() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", ServerError())
        here.workspace.faults.on_call("chat.postMessage", Dropped(done=False))
        await here.say(ROW_1)
        assert len(here.said()) == 1

    on_stage(play)


def test_an_answer_that_was_lost_is_no_message_that_was_lost() -> None:
    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Dropped(done=True))
        await here.say(ROW_1)
        assert len(here.said()) == 1

    on_stage(play)


def test_what_slack_refuses_for_good_holds_up_nothing() -> None:
    async def play(here: Stage) -> None:
        ts = unheard(here)
        await here.bot.road.work(message(ts) | {"channel": "C0UNKNOWN"})
        assert here.ask("SELECT failure, done IS NOT NULL FROM outbox") == [("channel_not_found", True)]
        await here.say(ROW_1)
        assert len(here.said()) == 1

    on_stage(play)


def test_blocks_that_slack_refuses_become_the_bare_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        unknown = [{"type": "hologram"}]
        monkeypatch.setattr(rendering, "blocks", lambda *_, **__: unknown)
        await here.say(ROW_1)
        (answer,) = here.said()
        assert "デジタル署名の証明書が見つからない" in answer["text"]
        assert not answer.get("blocks")

    on_stage(play)


def test_what_breaks_in_our_own_step_is_an_apology_and_a_case_and_not_tried_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play(here: Stage) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError(ROW_1)

        monkeypatch.setattr(dialogue, "step", broken)
        await here.say(ROW_1)
        (answer,) = here.said()
        assert "Traceback" not in words(answer)
        assert "RuntimeError" not in words(answer)
        assert here.ask("SELECT state ->> 'phase' FROM conversations") == [("handed_over",)]
        assert len(here.said(HELPDESK_CHANNEL)) == 1
        assert here.ask("SELECT status FROM procrastinate_jobs WHERE lock IS NOT NULL") == []

    on_stage(play)


def test_what_breaks_in_the_apology_too_still_gives_words_and_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        def broken(*_: object, **__: object) -> None:
            raise RuntimeError(ROW_1)

        monkeypatch.setattr("bot.handing.card", broken)
        await here.say("担当者と話す")
        assert "こちらの不具合" in words(here.said()[-1])
        (card,) = here.said(HELPDESK_CHANNEL)
        assert "C-1001" in words(card)

    on_stage(play)


class Panic(BaseException):
    """As the library's own, of its compiled part."""


@pytest.mark.parametrize("fault", [RuntimeError, Panic])
def test_a_check_that_breaks_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    async def play(here: Stage) -> None:
        def broken(*_: object, **__: object) -> None:
            raise fault

        monkeypatch.setattr("bot.inspecting.inspect", broken)
        await here.say("", sample(None))
        assert "こちらの不具合で確かめられませんでした" in words(here.said()[-1])
        await here.say(ROW_1)
        assert "デジタル署名の証明書が見つからない" in words(here.said()[-1])

    on_stage(play)


def test_an_answer_that_is_too_late_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        monkeypatch.setattr("bot.outbox.TOO_LATE", timedelta(seconds=-1))
        await here.say(ROW_1)
        assert here.ask("SELECT failure FROM outbox") == [("too_late",)]
        assert here.said() == []

    on_stage(play)


def test_a_database_that_was_restarted_is_found_again() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await here.say("特にない")
        assert len(here.said()) == 2

    on_stage(play, workspace=Workspace(retry_intervals=(0.0, 0.5, 2.0)))


def test_what_was_said_is_not_kept_once_it_is_said() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert here.ask("SELECT body, ts = %s FROM outbox".replace("%s", f"'{here.said()[0]['ts']}'")) == [
            (None, True)
        ]

    on_stage(play)


def test_the_jobs_of_a_dead_worker_are_worked_by_another() -> None:
    async def play(here: Stage) -> None:
        event = json.dumps({"event": message(unheard(here))}).replace("'", "''")
        silent = here.ask(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') "
            "RETURNING id"
        )
        here.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id) "
            f"VALUES ('default', 'event', 'l', '{event}', 'doing', {silent[0][0]})"
        )
        await here.settled()
        assert len(here.said()) == 1

    on_stage(play)


def test_a_thread_that_is_gone_is_answered_in_the_talk_itself() -> None:
    async def play(here: Stage) -> None:
        ts = f"{datetime.now(UTC).timestamp():.6f}"
        await here.bot.road.work(message(ts))
        (answer,) = here.said()
        assert "thread_ts" not in answer

    on_stage(play)


def test_many_people_at_once_are_each_answered_in_the_order_in_which_they_wrote() -> None:
    async def play(here: Stage) -> None:
        talks = {SATO.id: SATOS_DM, SMITH.id: direct_message(SMITH.id)}
        asked: dict[str, list[str]] = {talk: [] for talk in talks.values()}
        for _ in range(5):
            for person, talk in talks.items():
                asked[talk].append(await here.workspace.say(person, talk, ROW_1))
            # Slack itself promises no order of events that are under way at the same time.
            await until(lambda: not here.workspace.under_way)
        await here.settled()
        for talk, sent in asked.items():
            assert [said["thread_ts"] for said in here.said(talk)] == sent

    on_stage(play)
