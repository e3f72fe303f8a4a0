"""One name leads from Slack's request to the reply: who asks about an event finds all of it by one search.

That it is the same in the process that takes over is in test_road_kills.
"""

import hashlib
import json

import pytest

from bot import dialogue
from bot.correlation import name_of, repeat_of
from bot.workspace.faults import Ratelimited
from bot.workspace.people import TEAM
from tests.loglines import Line, logged
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample
from tests.test_slack_http import event, sending

PLANTED = "himitsu-no-bunsho"


def of(ts: str) -> str:
    """The name of Sato's message, as anybody can work it out from its link."""
    return hashlib.sha256(f"{TEAM}:{SATOS_DM}:{ts}".encode()).hexdigest()[:12]


def steps(lines: list[Line]) -> list[str]:
    return [line.get("message", "") for line in lines]


def test_a_message_leads_to_its_reply_and_the_case_to_its_event() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1)
        of_case = lines.all("worked", case="C-1001")
        assert [line["event"] for line in of_case] == [of(ts)]
        accepted, worked, delivered = lines.all(event=of(ts))
        assert steps([accepted, worked, delivered]) == ["accepted", "worked", "delivered"]
        assert accepted["kind"] == worked["kind"] == "message"
        assert (worked["row"], worked["phase"], worked["recognised"]) == ("no_certificate", "asking", "row")
        assert delivered["ts"] == here.said()[0]["ts"]
        assert delivered["tries"] == 1
        for line in (accepted, worked, delivered):
            assert line["ms"] >= 0

        await here.press(here.said()[0], "answer:changed:nothing")
        click = lines.all("accepted", kind="click")[0]
        assert click["conversation"] == 1001
        assert steps(lines.all(event=click["event"]))[-2:] == ["worked", "delivered"]

    with logged() as lines:
        on_stage(play)
    assert "user@example.co.jp" not in lines.text


def test_what_comes_of_a_file_belongs_to_the_message_that_brought_it() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say("", sample("expired"))
        found = lines.all(event=of(ts))
        assert [line.get("step") for line in found if line["message"] == "worked"] == ["event", "files"]
        assert steps(found) == ["accepted", "worked", "delivered", "worked", "delivered"]

    with logged() as lines:
        on_stage(play)


def test_whatever_else_is_logged_meanwhile_carries_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> object:
        raise RuntimeError(PLANTED)

    async def play(here: Stage) -> None:
        here.workspace.faults.on_call("chat.postMessage", Ratelimited(0))
        ts = await here.say(f"{PLANTED} user@example.co.jp")
        found = lines.all(event=of(ts))
        (broke,) = (line for line in found if line["level"] == "ERROR")
        assert "broke" in broke["message"]
        (put_off,) = (line for line in found if line.get("message") == "put off")
        assert (put_off["why"], put_off["tries"]) == ("rate_limited", 1)
        assert {line["tries"] for line in found if line.get("message") == "delivered"} == {2}

    with logged("DEBUG") as lines, monkeypatch.context() as patch:
        patch.setattr(dialogue, "step", breaks)
        on_stage(play)
    assert PLANTED not in lines.text
    assert "example.co.jp" not in lines.text


def test_a_request_that_slack_repeats_says_so_and_is_worked_once() -> None:
    async def play(here: Stage) -> None:
        body = json.dumps(event(ts="1700000000.000100")).encode()
        await sending(here)(body)
        await here.settled()
        await sending(here)(body, more={"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"})
        await here.settled()
        found = lines.all(event=of("1700000000.000100"))
        first, second = (line for line in found if line["message"] == "accepted")
        assert "repeat" not in first
        assert (second["repeat"], second["reason"]) == (1, "http_timeout")
        assert [line["step"] for line in found if line["message"] == "worked"] == ["event", "again"]
        assert len([line for line in found if line["message"] == "delivered"]) == 1

    with logged() as lines:
        on_stage(play)


def test_repeats_are_told_by_their_number_and_a_reason_from_slacks_list() -> None:
    assert repeat_of({}) is None
    assert repeat_of({"x-slack-retry-num": ["0"], "x-slack-retry-reason": ["timeout"]}) is None
    told = repeat_of({"x-slack-retry-num": ["2"], "x-slack-retry-reason": [f"{PLANTED}\nx"]})
    assert told
    assert (told.number, told.reason) == (2, "other")
    assert repeat_of({"x-slack-retry-num": ["²"]}) is None


def test_any_id_has_a_name_and_the_name_tells_nothing_of_it() -> None:
    names = {name_of(id_) for id_ in ("", "T1:C1:1.1", "T1:C1:1.2", "\ud800", PLANTED)}
    assert len(names) == 5
    assert {len(name) for name in names} == {12}
