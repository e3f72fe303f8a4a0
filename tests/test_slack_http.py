"""`serve`: signed requests are written down before they are acknowledged; all else is refused quietly."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.outbox import Outbox
from bot.slack import slack_app
from bot.todo import Undone
from bot.web import BODY_AT_MOST
from bot.work import Road
from bot.workspace.deliver import signature
from bot.workspace.people import BOT_USER, SATO, TEAM
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, SATOS_DM, Json, Stage, on_stage

Send = Callable[..., Awaitable[httpx.Response]]


def event(**more: Any) -> Json:
    inner = {"type": "message", "user": SATO.id, "channel": SATOS_DM, "channel_type": "im", "text": ROW_1}
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": "Ev1",
        "authorizations": [{"user_id": BOT_USER, "is_bot": True}],
        "event": inner | {"ts": f"{time.time():.6f}"} | more,
    }


def sending(here: Stage) -> Send:
    """Sends a body to the bot as Slack does, or nearly so."""

    async def send(
        body: bytes,
        *,
        secret: str | None = None,
        age: float = 0,
        kind: str = "application/json",
        more: Mapping[str, str] = {},
    ) -> httpx.Response:
        at = int(time.time() - age)
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": str(at),
            "X-Slack-Signature": signature(secret or here.workspace.signing_secret, at, body),
            **more,
        }
        async with httpx.AsyncClient() as client:
            return await client.post(str(here.workspace.event_url), content=body, headers=headers)

    return send


def nothing_was_stored(here: Stage) -> bool:
    return here.ask("SELECT count(*) FROM events") == [(0,)] and not here.jobs()


def test_a_forged_signature_is_refused() -> None:
    async def play(here: Stage) -> None:
        answer = await sending(here)(json.dumps(event()).encode(), secret="guessed")
        assert answer.status_code == 401
        assert nothing_was_stored(here)

    on_stage(play)


def test_a_stale_request_is_refused() -> None:
    async def play(here: Stage) -> None:
        answer = await sending(here)(json.dumps(event()).encode(), age=6 * 60)
        assert answer.status_code == 401
        assert nothing_was_stored(here)

    on_stage(play)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"payload=%7B", b"[]", b"null", b'"text"', b"{}"])
def test_a_body_that_is_nothing_of_slacks_is_refused_without_a_fuss(body: bytes) -> None:
    async def play(here: Stage) -> None:
        unsigned = await sending(here)(body, secret="guessed")
        signed = await sending(here)(body)
        assert unsigned.status_code == 401
        assert signed.status_code in (200, 401, 404)
        assert nothing_was_stored(here)

    on_stage(play)


def test_an_endless_body_is_not_read_to_its_end() -> None:
    async def play(here: Stage) -> None:
        answer = await sending(here)(b"x" * (BODY_AT_MOST + 1))
        assert answer.status_code == 413

    on_stage(play)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "team_id": TEAM, "event": {"type": "file_shared", "file_id": "F1"}},
        {"type": "event_callback", "team_id": TEAM, "event": {"type": "an_event_of_tomorrow"}},
        event(subtype="message_changed", message={}),
        event(bot_id="B1"),
        event(user=BOT_USER),
    ],
    ids=lambda body: str(body["event"]["type"]),
)
def test_what_is_nothing_to_us_is_acknowledged_and_not_sent_again(body: Json) -> None:
    async def play(here: Stage) -> None:
        answer = await sending(here)(json.dumps(body).encode())
        assert (answer.status_code, answer.text) == (200, "")
        assert nothing_was_stored(here)

    on_stage(play)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "view_submission", "view": {"callback_id": "x", "type": "modal"}},
        {"type": "view_closed", "view": {"callback_id": "x", "type": "modal"}},
        {"type": "shortcut", "callback_id": "x"},
        {"type": "message_action", "callback_id": "x"},
        {"type": "block_suggestion", "action_id": "x", "value": ""},
        {"type": "block_actions", "actions": [{"action_id": "x", "block_id": "b", "type": "button"}]},
    ],
    ids=lambda payload: str(payload["type"]),
)
def test_interactions_that_nobody_awaits_are_acknowledged(payload: Json) -> None:
    async def play(here: Stage) -> None:
        body = payload | {"user": {"id": SATO.id}, "team": {"id": TEAM}}
        form = urlencode({"payload": json.dumps(body)}).encode()
        answer = await sending(here)(form, kind="application/x-www-form-urlencoded")
        assert answer.status_code == 200
        assert nothing_was_stored(here)

    on_stage(play)


def test_slack_may_verify_the_address() -> None:
    async def play(here: Stage) -> None:
        assert await here.workspace.courier.verify_url()

    on_stage(play)


def test_nothing_is_acknowledged_before_it_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    accept = Road.accept
    faults: list[Any] = []

    async def fails_at_first(self: Road, event: Any) -> None:
        if not faults:
            faults.append(event)
            raise ConnectionError("no database")
        await accept(self, event)

    monkeypatch.setattr(Road, "accept", fails_at_first)

    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        outcomes = [delivery.outcome for delivery in here.workspace.courier.deliveries]
        assert outcomes[:2] == ["http_error", "acknowledged"]
        assert len(here.said()) == 1

    on_stage(play, workspace=Workspace(retry_intervals=(0.0, 0.0, 0.0)))


def test_the_acknowledgement_does_not_wait_for_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(here: Stage) -> None:
        may_answer = asyncio.Event()
        send = Outbox.send

        async def waits(self: Outbox, undone: Undone) -> None:
            await may_answer.wait()
            await send(self, undone)

        monkeypatch.setattr(Outbox, "send", waits)
        answer = await sending(here)(json.dumps(event()).encode())
        assert (answer.status_code, here.said()) == (200, [])
        may_answer.set()
        await here.settled()
        assert len(here.said()) == 1

    on_stage(play)


def test_it_says_whether_it_is_alive_and_whether_it_can_work() -> None:
    async def play(here: Stage) -> None:
        base = str(here.workspace.event_url).removesuffix("/slack/events")
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{base}/healthz")).status_code == 200
            assert (await client.get(f"{base}/readyz")).status_code == 200
            assert (await client.get(f"{base}/slack/events")).status_code == 405
            assert "server" not in (await client.get(f"{base}/healthz")).headers

    on_stage(play)


def test_a_start_with_the_token_in_the_environment_warns_of_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def accept(_: object) -> None: ...

    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    slack_app(accept, bot_token="xoxb-1", signing_secret="secret")
    assert caplog.records == []
    logging.getLogger("slack_bolt").warning("later")
    assert [record.message for record in caplog.records] == ["later"]
