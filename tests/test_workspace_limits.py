"""The local workspace refuses in blocks what Slack refuses; what is at a limit passes, one more does not."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.workspace.limits import Surface, problems, tables, too_long, view_problems

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("はい"), "action_id": "yes", **more}


def option(text: str = "一", value: str = "1") -> Json:
    return {"text": plain(text), "value": value}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def select(**more: Any) -> list[Json]:
    return actions({"type": "static_select", "action_id": "menu", "options": [option()], **more})


def buttons(count: int) -> list[Json]:
    return actions(*[button(action_id=str(number)) for number in range(count)])


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int, columns: int, text: str = "x") -> list[Json]:
    return [{"type": "table", "rows": [[cell(text)] * columns] * rows}]


def text_input(**more: Any) -> list[Json]:
    element = {"type": "plain_text_input", "action_id": "text", **more}
    return [{"type": "input", "label": plain("名"), "element": element}]


def labelled(**more: Any) -> list[Json]:
    return [text_input()[0] | more]


def confirming(**more: Any) -> list[Json]:
    words = {"title": plain("x"), "text": plain("x"), "confirm": plain("はい"), "deny": plain("いいえ")}
    return actions(button(confirm=words | more))


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("題"), "blocks": [{"type": "divider"}], **more}


MESSAGE_LIMITS: list[tuple[str, int, Callable[[int], list[Json]], str]] = [
    (
        "blocks",
        50,
        lambda n: [{"type": "divider"}] * n,
        "no more than 50 items allowed [json-pointer:/blocks]",
    ),
    (
        "section text",
        3000,
        lambda n: [{"type": "section", "text": mrkdwn("あ" * n)}],
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "header",
        150,
        lambda n: [{"type": "header", "text": plain("あ" * n)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        "fields",
        10,
        lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        "field",
        2000,
        lambda n: [{"type": "section", "fields": [mrkdwn("x" * n)]}],
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        "button text",
        75,
        lambda n: actions(button(text=plain("あ" * n))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        "button value",
        2000,
        lambda n: actions(button(value="x" * n)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        "button url",
        3000,
        lambda n: actions(button(url="https://" + "x" * (n - 8))),
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        "action_id",
        255,
        lambda n: actions(button(action_id="x" * n)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        "block_id",
        255,
        lambda n: [{"type": "divider", "block_id": "x" * n}],
        "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
    ),
    ("actions", 25, buttons, "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    (
        "context",
        10,
        lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "table rows",
        100,
        lambda n: table(n, 2),
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        "table columns",
        20,
        lambda n: table(2, n),
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    (
        "table cells together",
        10_000,
        lambda n: [{"type": "table", "rows": [[cell("x" * 5000)], [cell("x" * (n - 5000))]]}],
        "all cells must be less than 10001 characters [json-pointer:/blocks/0/rows]",
    ),
    (
        "markdown together",
        12_000,
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        "all markdown must be less than 12001 characters [json-pointer:/blocks]",
    ),
    (
        "options",
        100,
        lambda n: select(options=[option(value=str(number)) for number in range(n)]),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "option text",
        75,
        lambda n: select(options=[option("あ" * n)]),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        "option value",
        150,
        lambda n: select(options=[option(value="x" * n)]),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/options/0/value]",
    ),
    (
        "placeholder",
        150,
        lambda n: select(placeholder=plain("x" * n)),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    (
        "overflow options",
        5,
        lambda n: actions({"type": "overflow", "action_id": "more", "options": [option()] * n}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "radio buttons",
        10,
        lambda n: actions({"type": "radio_buttons", "action_id": "one", "options": [option()] * n}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "feedback buttons",
        5,
        lambda n: [
            {
                "type": "context_actions",
                "elements": [
                    {
                        "type": "feedback_buttons",
                        "action_id": str(number),
                        "positive_button": {"text": plain("良い"), "value": "1"},
                        "negative_button": {"text": plain("悪い"), "value": "0"},
                    }
                    for number in range(n)
                ],
            }
        ],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "confirm title",
        100,
        lambda n: confirming(title=plain("x" * n)),
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    (
        "confirm text",
        300,
        lambda n: confirming(text=plain("x" * n)),
        "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ),
    (
        "confirm button",
        30,
        lambda n: confirming(confirm=plain("x" * n)),
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/confirm/text]",
    ),
    (
        "deny button",
        30,
        lambda n: confirming(deny=plain("x" * n)),
        "must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]",
    ),
    (
        "accessibility label",
        75,
        lambda n: actions(button(accessibility_label="x" * n)),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/accessibility_label]",
    ),
    (
        "accessory text",
        75,
        lambda n: [{"type": "section", "text": mrkdwn("x"), "accessory": button(text=plain("x" * n))}],
        "must be less than 76 characters [json-pointer:/blocks/0/accessory/text/text]",
    ),
    (
        "context text",
        3000,
        lambda n: [{"type": "context", "elements": [mrkdwn("x" * n)]}],
        "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/text]",
    ),
    (
        "check boxes",
        10,
        lambda n: actions({"type": "checkboxes", "action_id": "some", "options": [option()] * n}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "option description",
        75,
        lambda n: select(options=[option() | {"description": plain("x" * n)}]),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]",
    ),
    (
        "input label",
        2000,
        lambda n: labelled(label=plain("x" * n)),
        "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
    ),
    (
        "input hint",
        2000,
        lambda n: labelled(hint=plain("x" * n)),
        "must be less than 2001 characters [json-pointer:/blocks/0/hint/text]",
    ),
    (
        "input placeholder",
        150,
        lambda n: text_input(placeholder=plain("x" * n)),
        "must be less than 151 characters [json-pointer:/blocks/0/element/placeholder/text]",
    ),
    (
        "input initial value",
        3000,
        lambda n: text_input(initial_value="あ" * n),
        "must be less than 3001 characters [json-pointer:/blocks/0/element/initial_value]",
    ),
    (
        "input least length",
        3000,
        lambda n: text_input(min_length=n),
        "must be between 0 and 3000 [json-pointer:/blocks/0/element/min_length]",
    ),
    (
        "input most length",
        3000,
        lambda n: text_input(max_length=n),
        "must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]",
    ),
    (
        "image title",
        2000,
        lambda n: [
            {"type": "image", "image_url": "https://e.com/a", "alt_text": "x", "title": plain("x" * n)}
        ],
        "must be less than 2001 characters [json-pointer:/blocks/0/title/text]",
    ),
    (
        "image url",
        3000,
        lambda n: [{"type": "image", "image_url": "https://" + "x" * (n - 8), "alt_text": "x"}],
        "must be less than 3001 characters [json-pointer:/blocks/0/image_url]",
    ),
    (
        "plan's tasks",
        50,
        lambda n: [
            {
                "type": "plan",
                "title": "予定",
                "tasks": [{"type": "task_card", "task_id": "1", "title": "次", "status": "pending"}] * n,
            }
        ],
        "no more than 50 items allowed [json-pointer:/blocks/0/tasks]",
    ),
    (
        "image alt_text",
        2000,
        lambda n: [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x" * n}],
        "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
    ),
]


@pytest.mark.parametrize(
    ("most", "build", "fault"),
    [limit[1:] for limit in MESSAGE_LIMITS],
    ids=[limit[0] for limit in MESSAGE_LIMITS],
)
def test_what_is_at_the_limit_passes_and_one_more_is_refused(
    most: int, build: Callable[[int], list[Json]], fault: str
) -> None:
    assert problems(build(most), "message") == []
    assert fault in problems(build(most + 1), "message")


@pytest.mark.parametrize("surface", ["modal", "home"])
def test_a_dialog_and_the_home_tab_hold_a_hundred_blocks(surface: Surface) -> None:
    assert problems([{"type": "divider"}] * 100, surface) == []
    assert problems([{"type": "divider"}] * 101, surface) == [
        "no more than 100 items allowed [json-pointer:/blocks]"
    ]


MALFORMED: list[tuple[str, object, str]] = [
    ("an unknown block", [{"type": "video"}], "unsupported type: video [json-pointer:/blocks/0/type]"),
    (
        "a block without a type",
        [{"text": plain("x")}],
        "missing required field: type [json-pointer:/blocks/0]",
    ),
    ("no list", {"type": "divider"}, "must be an array [json-pointer:/blocks]"),
    ("no object", ["divider"], "must be an object [json-pointer:/blocks/0]"),
    (
        "an unknown field",
        [{"type": "divider", "color": "red"}],
        "invalid additional property: color [json-pointer:/blocks/0]",
    ),
    ("an empty section", [{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    (
        "an empty text",
        [{"type": "section", "text": plain("")}],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    ("a bare text", [{"type": "section", "text": "x"}], "must be an object [json-pointer:/blocks/0/text]"),
    (
        "a header in mrkdwn",
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        "a button in mrkdwn",
        actions(button(text=mrkdwn("x"))),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    (
        "an unknown style",
        actions(button(style="red")),
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "a script for a link",
        actions(button(url="javascript:alert(1)")),
        "must be a valid URL [json-pointer:/blocks/0/elements/0/url]",
    ),
    (
        "no elements",
        [{"type": "actions", "elements": []}],
        "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "an unknown element",
        actions({"type": "slider"}),
        "unsupported type: slider [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a text field among buttons",
        actions({"type": "plain_text_input"}),
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a button in a context",
        [{"type": "context", "elements": [button()]}],
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a menu without options",
        actions({"type": "static_select", "action_id": "m"}),
        "missing required field: options [json-pointer:/blocks/0/elements/0]",
    ),
    (
        "an initial option of no menu",
        select(initial_option=option(value="9")),
        "initial option must be one of the options [json-pointer:/blocks/0/elements/0]",
    ),
    (
        "an empty cell",
        table(1, 1, ""),
        "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
    ),
    (
        "an unknown cell",
        [{"type": "table", "rows": [[{"type": "mrkdwn", "text": "x"}]]}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    (
        "a picture without words",
        [{"type": "image", "image_url": "https://example.com/a.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    (
        "an unknown level",
        [{"type": "alert", "text": plain("x"), "level": "loud"}],
        "must be a valid enum value [json-pointer:/blocks/0/level]",
    ),
    (
        "an unknown state",
        [{"type": "task_card", "task_id": "1", "title": "x", "status": "late"}],
        "must be a valid enum value [json-pointer:/blocks/0/status]",
    ),
    (
        "feedback with one button",
        [
            {
                "type": "context_actions",
                "elements": [
                    {"type": "feedback_buttons", "positive_button": {"text": plain("x"), "value": "1"}}
                ],
            }
        ],
        "missing required field: negative_button [json-pointer:/blocks/0/elements/0]",
    ),
    (
        "an action_id twice",
        actions(button(), button()),
        "action_id `yes` already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        "a block_id twice",
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        "block_id `a` already exists [json-pointer:/blocks/1/block_id]",
    ),
    (
        "an unknown run",
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "image"}]}]}],
        "unsupported type: image [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
]


@pytest.mark.parametrize(
    ("blocks", "fault"), [case[1:] for case in MALFORMED], ids=[case[0] for case in MALFORMED]
)
def test_malformed_blocks_are_refused_with_the_place_of_the_fault(blocks: object, fault: str) -> None:
    assert problems(blocks, "message") == [fault]


def test_the_same_action_id_in_two_blocks_is_allowed() -> None:
    assert problems([*actions(button()), *actions(button())], "message") == []


@pytest.mark.parametrize("kind", ["table", "markdown", "task_card", "plan", "context_actions"])
def test_what_belongs_in_messages_is_refused_elsewhere(kind: str) -> None:
    fault = [f"unsupported type: {kind} [json-pointer:/blocks/0/type]"]
    assert problems([{"type": kind}], "modal") == fault
    assert problems([{"type": kind}], "home") == fault


EVERY_BLOCK: list[Json] = [
    {"type": "header", "text": plain("見出し")},
    {"type": "section", "text": mrkdwn("*太字*"), "accessory": button(value="1", style="primary")},
    {"type": "section", "fields": [mrkdwn("a"), plain("b")], "expand": True},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [mrkdwn("小"), {"type": "image", "image_url": "https://e.com/a", "alt_text": "x"}],
    },
    *actions(button(), {"type": "overflow", "action_id": "o", "options": [option()]}),
    *select(initial_option=option(), placeholder=plain("選ぶ")),
    *actions({"type": "checkboxes", "action_id": "c", "options": [{"text": mrkdwn("*x*"), "value": "1"}]}),
    *actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"}),
    {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x", "title": plain("図")},
    {
        "type": "input",
        "label": plain("名"),
        "element": {"type": "plain_text_input", "action_id": "t", "multiline": True},
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "link", "url": "https://e.com"}]}
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
            {"type": "rich_text_preformatted", "elements": []},
        ],
    },
    {"type": "alert", "text": mrkdwn("注意"), "level": "warning"},
    {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "a"}, {"type": "rich_text", "elements": []}]],
        "column_settings": [{"align": "left", "is_wrapped": True}, None],
    },
    {"type": "markdown", "text": "**x**"},
    {
        "type": "task_card",
        "task_id": "1",
        "title": "確認",
        "status": "complete",
        "sources": [{"type": "url", "url": "https://e.com", "text": "e"}],
    },
    {
        "type": "plan",
        "title": "予定",
        "tasks": [{"type": "task_card", "task_id": "2", "title": "次", "status": "pending"}],
    },
    {
        "type": "context_actions",
        "elements": [
            {"type": "icon_button", "icon": "trash", "text": plain("消す"), "action_id": "del", "value": "1"}
        ],
    },
]


def test_every_block_that_the_page_draws_is_accepted() -> None:
    assert problems(EVERY_BLOCK, "message") == []


def test_two_tables_are_counted() -> None:
    assert tables([*table(1, 1), *table(1, 1)]) == 2


def test_blocks_together_are_measured_with_what_each_block_costs() -> None:
    def sections(characters: int) -> list[Json]:
        return [{"type": "section", "text": mrkdwn("あ" * size)} for size in (3000, 3000, 3000, characters)]

    assert not too_long(sections(13_200 - 9000 - 3 * 125))
    assert too_long(sections(13_200 - 9000 - 3 * 125 + 1))


VIEW_LIMITS: list[tuple[str, Json, list[str]]] = [
    ("a fair dialog", modal(submit=plain("送信")), []),
    ("title", modal(title=plain("あ" * 24)), []),
    (
        "a longer title",
        modal(title=plain("あ" * 25)),
        ["must be less than 25 characters [json-pointer:/view/title/text]"],
    ),
    (
        "a longer submit",
        modal(submit=plain("x" * 25)),
        ["must be less than 25 characters [json-pointer:/view/submit/text]"],
    ),
    ("no title", {"type": "modal", "blocks": []}, ["missing required field: title [json-pointer:/view]"]),
    ("an unknown field", modal(size="large"), ["invalid additional property: size [json-pointer:/view]"]),
    (
        "a longer close",
        modal(close=plain("x" * 25)),
        ["must be less than 25 characters [json-pointer:/view/close/text]"],
    ),
    ("all that fits", modal(close=plain("x" * 24), submit=plain("x" * 24), private_metadata="x" * 3000), []),
    (
        "a long external_id",
        modal(external_id="x" * 256),
        ["must be less than 256 characters [json-pointer:/view/external_id]"],
    ),
    ("a hundred blocks in a dialog", modal(blocks=[{"type": "divider"}] * 100), []),
    (
        "a hundred and one blocks in a dialog",
        modal(blocks=[{"type": "divider"}] * 101),
        ["no more than 100 items allowed [json-pointer:/view/blocks]"],
    ),
    (
        "a block_id twice in a dialog",
        modal(blocks=[{"type": "divider", "block_id": "a"}] * 2),
        ["block_id `a` already exists [json-pointer:/view/blocks/1/block_id]"],
    ),
    (
        "an action_id twice on the Home tab",
        {"type": "home", "blocks": actions(button(), button())},
        ["action_id `yes` already exists [json-pointer:/view/blocks/0/elements/1/action_id]"],
    ),
    (
        "long metadata",
        modal(private_metadata="x" * 3001),
        ["must be less than 3001 characters [json-pointer:/view/private_metadata]"],
    ),
    (
        "a long callback_id",
        modal(callback_id="x" * 256),
        ["must be less than 256 characters [json-pointer:/view/callback_id]"],
    ),
    (
        "a form without a submit",
        modal(blocks=[{"type": "input", "label": plain("x"), "element": {"type": "plain_text_input"}}]),
        ["missing required field: submit [json-pointer:/view]"],
    ),
    (
        "a title on the Home tab",
        {"type": "home", "title": plain("x"), "blocks": []},
        ["invalid additional property: title [json-pointer:/view]"],
    ),
    (
        "a hundred and one blocks",
        {"type": "home", "blocks": [{"type": "divider"}] * 101},
        ["no more than 100 items allowed [json-pointer:/view/blocks]"],
    ),
    ("no view", {"type": "page", "blocks": []}, ["unsupported type: page [json-pointer:/view/type]"]),
]


@pytest.mark.parametrize(
    ("view", "faults"), [case[1:] for case in VIEW_LIMITS], ids=[case[0] for case in VIEW_LIMITS]
)
def test_dialogs_and_home_tabs_keep_to_their_limits(view: Json, faults: list[str]) -> None:
    assert view_problems(view) == faults
