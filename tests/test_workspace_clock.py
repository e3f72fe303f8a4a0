"""The workspace's clock moves forward, never back, for all that people see; Slack's own times stay real."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.workspace.app import serve_workspace
from bot.workspace.people import PEOPLE, SATO, SMITH, Person, direct_message
from bot.workspace.refusal import Refused
from bot.workspace.workspace import Workspace

DM = direct_message(SATO.id)
START = 1_790_000_000.0
WEEK = timedelta(days=7)
NEW_YORK = Person("U0NEWYORK01", "pat.hill", "Pat Hill", "pat@example.co.jp", "en-US", tz="America/New_York")


def at_start(**more: Any) -> Workspace:
    return Workspace(clock=lambda: START, **more)


def test_everything_that_happens_after_a_move_happens_then() -> None:
    async def scene() -> None:
        workspace = at_start()
        async with serve_workspace(workspace):
            before = await workspace.say(SATO.id, DM, "前")
            workspace.move_clock(workspace.now() + WEEK)
            after = await workspace.say(SATO.id, DM, "後", [("a.cer", b"\x30")])
        assert float(before) == pytest.approx(START)
        assert float(after) == pytest.approx(START + WEEK.total_seconds())
        assert workspace.messages(DM)[1]["files"][0]["created"] == START + WEEK.total_seconds()
        assert workspace.now() == datetime.fromtimestamp(START, UTC) + WEEK

    asyncio.run(scene())


def test_the_app_hears_of_it_at_the_workspaces_time_and_signed_at_the_machines() -> None:
    heard: list[tuple[int, int]] = []

    async def scene() -> None:
        workspace = at_start(retry_intervals=(), acknowledge_within=5)
        workspace.move_clock(workspace.now() + WEEK)

        async def app(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
            body = await reader.readexactly(int(fields["content-length"]))
            event = httpx.Response(200, content=body).json()
            heard.append((event["event_time"], int(fields["x-slack-request-timestamp"])))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(app, "127.0.0.1", 0)
        async with server, serve_workspace(workspace):
            workspace.event_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await workspace.say(SATO.id, DM, "後")
            await workspace.wait_for(lambda: heard and not workspace.under_way)

    asyncio.run(scene())
    assert heard == [(int(START + WEEK.total_seconds()), int(START))]


def test_a_dialog_may_still_be_opened_after_a_move() -> None:
    async def scene() -> None:
        workspace = at_start()
        trigger = workspace.grants.trigger(SATO.id)
        workspace.move_clock(workspace.now() + WEEK)
        assert workspace.grants.use_trigger(trigger) == SATO.id

    asyncio.run(scene())


def test_there_is_no_way_back_and_none_too_far() -> None:
    workspace = at_start()
    workspace.move_clock(workspace.now() + WEEK)
    now = workspace.now()
    for to, error in (
        (now - timedelta(seconds=1), "time_in_past"),
        (now + timedelta(days=3000), "time_too_far"),
    ):
        with pytest.raises(Refused) as refusal:
            workspace.move_clock(to)
        assert refusal.value.error == error
    with pytest.raises(ValueError, match="zone"):
        workspace.move_clock(now.replace(tzinfo=None) + WEEK)
    assert workspace.now() == now


def test_a_restart_keeps_how_far_it_is_ahead(tmp_path: Path) -> None:
    workspace = Workspace(folder=tmp_path)
    workspace.move_clock(workspace.now() + WEEK)
    again = Workspace(folder=tmp_path)
    assert again.state.ahead == workspace.state.ahead
    assert again.now() >= datetime.fromtimestamp(time.time(), UTC) + WEEK - timedelta(minutes=1)


def test_every_page_is_told_and_a_time_without_a_zone_is_in_the_persons() -> None:
    async def scene() -> None:
        workspace = at_start(people=(*PEOPLE, NEW_YORK))
        async with serve_workspace(workspace) as address, httpx.AsyncClient(base_url=address) as http:
            page = workspace.feed.subscribe(SMITH.id)

            async def moved(to: object, user: str = SATO.id) -> dict[str, Any]:
                answer = await http.post("/local/clock", json={"user": user, "to": to})
                return dict(answer.json())

            def told(moment: str) -> dict[str, float]:
                now = datetime.fromisoformat(moment).timestamp()
                return {"now": now, "ahead": now - START}

            assert await moved("2026-12-01T09:00") == {"ok": True, **told("2026-12-01T09:00+09:00")}
            assert page.get_nowait() == {"type": "clock", **told("2026-12-01T09:00+09:00")}
            there = await moved("2026-12-01T09:00", NEW_YORK.id)
            assert there == {"ok": True, **told("2026-12-01T09:00-05:00")}
            assert (await moved("2026-12-02T00:00:00.000Z"))["now"] == told("2026-12-02T00:00Z")["now"]
            state = (await http.get("/local/state", params={"user": SMITH.id})).json()
            assert state["clock"] == told("2026-12-02T00:00Z")
            assert (await moved("2026-12-01T09:00"))["error"] == "time_in_past"
            assert (await moved("someday"))["error"] == "invalid_time"
            assert (await moved(5))["error"] == "invalid_arguments"
            assert (await moved("2026-12-03T09:00", "U0NOBODY"))["error"] == "user_not_found"

    asyncio.run(scene())
