"""What Slack refuses in blocks and views. Pure: a value goes in, the faults come out.

Sources: docs.slack.dev/reference/block-kit and …/views, the models of slack_sdk, and, for what is written
nowhere, the answers that Slack gave to others (slackapi/bolt-js issues 2509, 2867). Where Slack's measure is
not known exactly, this one is the stricter: what passes here passes there.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from bot.workspace.elements import (
    FEEDBACK,
    FILLED_IN,
    ID,
    IMAGE,
    IN_ACTIONS,
    PLAIN,
    PRESSED,
    RICH_TEXT,
    URL,
    Fields,
    fields,
)
from bot.workspace.shapes import Choice, Flag, Many, OrNull, Record, Rule, String, Text, at
from bot.workspace.wire import Json

Surface = Literal["message", "modal", "home"]

BLOCKS_AT_MOST: Mapping[Surface, int] = {"message": 50, "modal": 100, "home": 100}
TEXT_AT_MOST = 40_000
BLOCKS_TOGETHER_AT_MOST = 13_200
FURTHER_BLOCK = 125
MARKDOWN_AT_MOST = 12_000
CELLS_AT_MOST = 10_000


def _text_or_fields(value: Json, pointer: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield at("missing required field: text", pointer)


def _unique_action_ids(value: Json, pointer: str) -> Iterator[str]:
    seen: set[str] = set()
    for index, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id in seen:
            yield at(f"action_id `{action_id}` already exists", f"{pointer}/elements/{index}/action_id")
        elif action_id is not None:
            seen.add(action_id)


def _block(required: Fields, optional: Fields | None = None, *rules: Rule) -> Record:
    return Record(required, fields(block_id=ID) | (optional or {}), rules)


CONTEXT = Choice(fields(image=IMAGE, plain_text=Text(3000, PLAIN), mrkdwn=Text(3000, ("mrkdwn",))))
EVERYWHERE = fields(
    section=_block(
        {},
        fields(
            text=Text(3000),
            fields=Many(Text(2000), 10),
            accessory=Choice(PRESSED | fields(image=IMAGE)),
            expand=Flag(),
        ),
        _text_or_fields,
    ),
    header=_block(fields(text=Text(150, PLAIN))),
    divider=_block({}),
    context=_block(fields(elements=Many(CONTEXT, 10))),
    actions=_block(fields(elements=Many(Choice(IN_ACTIONS), 25)), {}, _unique_action_ids),
    image=_block(fields(alt_text=String(2000), image_url=URL), fields(title=Text(2000, PLAIN))),
    input=_block(
        fields(label=Text(2000, PLAIN), element=Choice(FILLED_IN)),
        fields(hint=Text(2000, PLAIN), optional=Flag(), dispatch_action=Flag()),
    ),
    rich_text=RICH_TEXT,
    alert=_block(
        fields(text=Text(3000)),
        fields(level=String(10, among=("default", "info", "warning", "error", "success"))),
    ),
)

CELL = Choice(fields(raw_text=Record(fields(text=String(CELLS_AT_MOST))), rich_text=RICH_TEXT))
COLUMN = Record(
    optional=fields(align=String(10, among=("left", "center", "right")), is_wrapped=Flag()),
)
SOURCE = Choice(fields(url=Record(fields(url=URL, text=String(3000)))))
TASK = _block(
    fields(
        task_id=ID,
        title=String(3000),
        status=String(20, among=("pending", "in_progress", "complete", "error")),
    ),
    fields(
        details=Choice(fields(rich_text=RICH_TEXT)),
        output=Choice(fields(rich_text=RICH_TEXT)),
        sources=Many(SOURCE, 100, 0),
    ),
)
IN_MESSAGES = EVERYWHERE | fields(
    table=_block(fields(rows=Many(Many(CELL, 20), 100)), fields(column_settings=Many(OrNull(COLUMN), 20))),
    markdown=_block(fields(text=String(MARKDOWN_AT_MOST))),
    task_card=TASK,
    plan=_block(fields(title=String(3000)), fields(tasks=Many(Choice(fields(task_card=TASK)), 50, 0))),
    context_actions=_block(fields(elements=Many(Choice(FEEDBACK), 5)), {}, _unique_action_ids),
)
ON: Mapping[Surface, Many] = {
    surface: Many(Choice(IN_MESSAGES if surface == "message" else EVERYWHERE), most, 0)
    for surface, most in BLOCKS_AT_MOST.items()
}
OF_VIEWS = fields(
    callback_id=String(255, 0),
    external_id=String(255, 0),
    private_metadata=String(3000, 0),
    clear_on_close=Flag(),
    notify_on_close=Flag(),
)
VIEWS = fields(
    modal=Record(
        fields(title=Text(24, PLAIN), blocks=ON["modal"]),
        OF_VIEWS | fields(submit=Text(24, PLAIN), close=Text(24, PLAIN)),
    ),
    home=Record(fields(blocks=ON["home"]), OF_VIEWS),
)


def problems(blocks: object, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """What Slack would refuse in these blocks, each fault with its JSON pointer; empty if it takes them."""
    found = list(ON[surface].faults(blocks, pointer))
    if found or not isinstance(blocks, list):
        return found
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            found.append(at(f"block_id `{block_id}` already exists", f"{pointer}/{index}/block_id"))
        elif block_id is not None:
            seen.add(block_id)
        if block["type"] == "table" and _characters(block["rows"]) > CELLS_AT_MOST:
            found.append(
                at(f"all cells must be less than {CELLS_AT_MOST + 1} characters", f"{pointer}/{index}/rows")
            )
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_AT_MOST:
        found.append(at(f"all markdown must be less than {MARKDOWN_AT_MOST + 1} characters", pointer))
    return found


def view_problems(view: object) -> list[str]:
    """What Slack would refuse in this dialog or Home tab."""
    found = list(Choice(VIEWS).faults(view, "/view"))
    if found or not isinstance(view, dict):
        return found
    asks = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and asks and "submit" not in view:
        found.append(at("missing required field: submit", "/view"))
    return found + problems(view["blocks"], view["type"], "/view/blocks")


def tables(blocks: list[Json]) -> int:
    """How many tables the blocks hold; Slack allows one per message (`only_one_table_allowed`)."""
    return sum(block["type"] == "table" for block in blocks)


def too_long(blocks: list[Json]) -> bool:
    """Whether the blocks are too long together (`msg_blocks_too_long`).

    Nowhere documented. Measured by others: 13,297 characters of text in one block, 125 fewer for a further
    one. Here every string counts, types apart, so that this is the stricter.
    """
    return _characters(blocks) + FURTHER_BLOCK * max(len(blocks) - 1, 0) > BLOCKS_TOGETHER_AT_MOST


def _characters(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(map(_characters, value))
    if isinstance(value, dict):
        return sum(_characters(item) for name, item in value.items() if name != "type")
    return 0
