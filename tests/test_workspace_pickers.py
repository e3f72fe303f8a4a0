"""Dates and times that people pick, feedback that they give: what Slack takes in blocks and tells the app."""

import pytest

from bot.workspace.interactions import Chosen, action, chosen_of, find, missing, state_of, with_ids
from bot.workspace.limits import problems
from bot.workspace.wire import Json

MOMENT = 1_790_000_040


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def asked(element: Json) -> list[Json]:
    return [
        {"type": "input", "block_id": "b", "label": plain("いつ"), "element": {"action_id": "a", **element}}
    ]


def pressed(element: Json) -> list[Json]:
    return [{"type": "actions", "block_id": "b", "elements": [{"action_id": "a", **element}]}]


def beside(element: Json) -> list[Json]:
    return [{"type": "section", "text": plain("いつ"), "accessory": element}]


TIME: Json = {"type": "timepicker", "initial_time": "17:00", "placeholder": plain("時刻")}
DATE: Json = {"type": "datepicker", "initial_date": "2026-11-24"}
DATE_TIME: Json = {"type": "datetimepicker", "initial_date_time": MOMENT}
FEEDBACK: Json = {
    "type": "feedback_buttons",
    "action_id": "a",
    "positive_button": {"text": plain("役に立った"), "value": "good", "accessibility_label": "役に立った"},
    "negative_button": {"text": plain("役に立たなかった"), "value": "bad"},
}


def test_pickers_are_taken_where_slack_takes_them() -> None:
    for element in (TIME, DATE, DATE_TIME):
        assert problems(asked(element), "modal") == []
        assert problems(pressed(element), "message") == []
    assert problems(beside(TIME), "message") == problems(beside(DATE), "message") == []
    assert problems(asked(TIME | {"timezone": "Asia/Tokyo"}), "modal") == []
    fault = "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]"
    assert problems(beside(DATE_TIME), "message") == [fault]


@pytest.mark.parametrize(
    "element",
    [
        TIME | {"initial_time": "24:00"},
        TIME | {"initial_time": "7:5"},
        TIME | {"initial_time": "12：30"},
        DATE | {"initial_date": "2026-13-01"},
        DATE | {"initial_date": "24.11.2026"},
        DATE_TIME | {"initial_date_time": "1790000040"},
        DATE_TIME | {"initial_date_time": 1_790_000_040_000},
        DATE_TIME | {"placeholder": plain("いつ")},
    ],
)
def test_a_picker_that_slack_would_refuse_is_refused(element: Json) -> None:
    assert len(problems(asked(element), "modal")) == 1


@pytest.mark.parametrize(
    ("element", "stated", "told"),
    [
        (TIME, {"selected_time": "09:30"}, {"selected_time": "09:30"}),
        (
            TIME | {"timezone": "Asia/Tokyo"},
            {"selected_time": "09:30"},
            {"selected_time": "09:30", "timezone": "Asia/Tokyo"},
        ),
        (TIME, {"selected_time": None}, {"selected_time": None}),
        (DATE, {"selected_date": "2026-12-01"}, {"selected_date": "2026-12-01"}),
        (DATE_TIME, {"selected_date_time": MOMENT + 60}, {"selected_date_time": MOMENT + 60}),
        (DATE_TIME, {"selected_date_time": None}, {"selected_date_time": None}),
    ],
)
def test_what_is_picked_is_stated_as_slack_states_it(element: Json, stated: Json, told: Json) -> None:
    blocks = asked(element)
    state = state_of(blocks, {"b": {"a": stated}})
    assert state["values"] == {"b": {"a": {"type": element["type"], **told}}}
    empty = None in told.values()
    assert missing(blocks, state) == (["b"] if empty else [])


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (TIME, {"selected_time": "17:00"}),
        (DATE, {"selected_date": "2026-11-24"}),
        (DATE_TIME, {"selected_date_time": MOMENT}),
    ],
)
def test_what_nobody_touched_is_what_it_began_with(element: Json, value: Json) -> None:
    assert state_of(asked(element), {})["values"]["b"]["a"] == {"type": element["type"], **value}


def test_an_action_tells_what_was_picked_and_what_was_there_before() -> None:
    block = pressed(TIME)[0]
    told = action(block, block["elements"][0], "09:30", "1.000001")
    assert told == {
        "type": "timepicker",
        "selected_time": "09:30",
        "initial_time": "17:00",
        "placeholder": plain("時刻"),
        "action_id": "a",
        "block_id": "b",
        "action_ts": "1.000001",
    }


@pytest.mark.parametrize(
    ("element", "chosen", "offered"),
    [
        (TIME, "09:30", True),
        (TIME, "25:00", False),
        (DATE, "2026-12-01", True),
        (DATE, "tomorrow", False),
        (DATE_TIME, str(MOMENT), True),
        (DATE_TIME, "soon", False),
        (FEEDBACK, "good", True),
        (FEEDBACK, "fair", False),
    ],
)
def test_a_page_cannot_pick_what_is_not_there(element: Json, chosen: Chosen, offered: bool) -> None:
    blocks = pressed(element) if element is not FEEDBACK else [feedback()]
    assert (find(blocks, "a", "b", chosen) is not None) is offered


def test_the_bare_value_is_read_from_every_form_of_it() -> None:
    assert chosen_of({"selected_time": "09:30"}) == "09:30"
    assert chosen_of({"selected_date": "2026-12-01"}) == "2026-12-01"
    assert chosen_of({"selected_date_time": MOMENT}) == str(MOMENT)
    assert chosen_of({"selected_date_time": None}) is None


def feedback() -> Json:
    return {"type": "context_actions", "block_id": "b", "elements": [FEEDBACK]}


def test_feedback_tells_the_side_that_was_pressed() -> None:
    assert problems([feedback()], "message") == []
    [block] = with_ids([feedback()])
    for side, name in (("good", "役に立った"), ("bad", "役に立たなかった")):
        assert action(block, block["elements"][0], side, "1.000001") == {
            "type": "feedback_buttons",
            "text": plain(name),
            "value": side,
            "action_id": "a",
            "block_id": "b",
            "action_ts": "1.000001",
        }
