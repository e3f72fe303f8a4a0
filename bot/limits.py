"""What Slack takes in one message. Pure: blocks and text go in, what is too much comes out.

Sources: docs.slack.dev/reference/block-kit. What is written nowhere was measured by others:
* all blocks together: refused from 13,297 characters of one block on, 125 earlier for a further block
  (slackapi/bolt-js 2509), and once at 11,341 characters of text (slackapi/bolt-js 2867);
* the text beside the blocks: `chat.update` refuses 4,121 bytes and takes 3,971, although the page says
  40,000 characters, and most of our messages are updated at some time.
A length is in UTF-16 units, the larger of the ways to count: what passes here passes there.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Block = dict[str, Any]

BLOCKS = 50
CHARACTERS_IN_ALL = 11_000
CHARACTERS_OF_A_FURTHER_BLOCK = 125
BYTES_OF_TEXT = 4_000
SECTION = 3_000
FIELDS = 10
FIELD = 2_000
CONTEXT_ELEMENTS = 10
CONTEXT = 3_000
HEADER = 150
BUTTONS = 25
CONTEXT_ACTIONS = 5
BUTTON_LABEL = 75
BUTTON_VALUE = 2_000
ID = 255
URL = 3_000
ROWS = 100
COLUMNS = 20
CELLS = 10_000
ELEMENTS = 500


class BeyondLimits(ValueError):
    """A message that Slack would refuse; says which limits it breaks, and nothing of what it says."""


def units(text: str) -> int:
    """The length of a text as Slack may count it at most: in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def require_within(blocks: list[Block], text: str) -> None:
    """The last guard before Slack. Raises BeyondLimits."""
    if found := problems(blocks, text):
        raise BeyondLimits("; ".join(found))


def problems(blocks: list[Block], text: str) -> list[str]:
    """Everything that Slack would refuse in a message of these blocks and this text; empty if it takes it."""
    found = block_problems(blocks)
    if not text.strip():
        found.append("text: empty")
    if (size := len(text.encode("utf-8", "surrogatepass"))) > BYTES_OF_TEXT:
        found.append(f"text: {size} bytes, at most {BYTES_OF_TEXT}")
    return found


def block_problems(blocks: list[Block]) -> list[str]:
    """Everything that Slack would refuse in these blocks."""
    found = list(_count("blocks", len(blocks), BLOCKS, least=0))
    for number, block in enumerate(blocks):
        where = f"blocks[{number}]"
        check = _CHECKS.get(block.get("type", ""))
        found += check(block, where) if check else [f"{where}: no block that we send"]
        found += _text(f"{where}.block_id", block.get("block_id", "-"), ID)
    found += _unique("blocks", [block["block_id"] for block in blocks if "block_id" in block])
    if sum(block.get("type") == "table" for block in blocks) > 1:
        found.append("blocks: more than one table")
    if (size := characters(blocks)) > CHARACTERS_IN_ALL:
        found.append(f"blocks: {size} characters in all, at most {CHARACTERS_IN_ALL}")
    return found


def characters(blocks: list[Block]) -> int:
    """How long the blocks are together: every string but types, and something for each further block."""
    return _characters(blocks) + CHARACTERS_OF_A_FURTHER_BLOCK * max(len(blocks) - 1, 0)


def _characters(value: object) -> int:
    match value:
        case str():
            return units(value)
        case list():
            return sum(map(_characters, value))
        case dict():
            return sum(_characters(item) for name, item in value.items() if name != "type")
        case _:
            return 0


def _count(where: str, number: int, most: int, least: int = 1) -> Iterator[str]:
    if not least <= number <= most:
        yield f"{where}: {number}, must be {least} to {most}"


def _text(where: str, text: str, most: int) -> Iterator[str]:
    yield from _count(f"{where}: characters", units(text), most)


def _unique(where: str, ids: list[str]) -> Iterator[str]:
    if len(set(ids)) < len(ids):
        yield f"{where}: an id twice"


def _rich_text(block: Block, where: str) -> Iterator[str]:
    for element in block["elements"]:
        sections = element["elements"] if element["type"] == "rich_text_list" else [element]
        yield from _count(f"{where}: items", len(sections), ELEMENTS)
        for section in sections:
            yield from _count(f"{where}: elements", len(section["elements"]), ELEMENTS)
            for leaf in section["elements"]:
                yield from _text(f"{where}: url", leaf.get("url", "-"), URL)
                yield from _text(f"{where}: text", leaf.get("text", "-"), CHARACTERS_IN_ALL)
    yield from _count(f"{where}: parts", len(block["elements"]), ELEMENTS)


def _section(block: Block, where: str) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" in block:
        yield from _text(f"{where}.text", block["text"]["text"], SECTION)
    else:
        yield from _count(f"{where}.fields", len(fields), FIELDS)
    for field in fields:
        yield from _text(f"{where}.fields", field["text"], FIELD)


def _header(block: Block, where: str) -> Iterator[str]:
    yield from _text(f"{where}.text", block["text"]["text"], HEADER)


def _context(block: Block, where: str) -> Iterator[str]:
    yield from _count(f"{where}.elements", len(block["elements"]), CONTEXT_ELEMENTS)
    for element in block["elements"]:
        yield from _text(f"{where}.elements", element["text"], CONTEXT)


def _actions(block: Block, where: str) -> Iterator[str]:
    buttons = block["elements"]
    yield from _count(f"{where}.elements", len(buttons), BUTTONS)
    yield from _unique(where, [button["action_id"] for button in buttons])
    for button in buttons:
        yield from _text(f"{where}: label", button["text"]["text"], BUTTON_LABEL)
        yield from _text(f"{where}: action_id", button["action_id"], ID)
        yield from _text(f"{where}: value", button.get("value", "-"), BUTTON_VALUE)


def _context_actions(block: Block, where: str) -> Iterator[str]:
    yield from _count(f"{where}.elements", len(block["elements"]), CONTEXT_ACTIONS)
    for element in block["elements"]:
        yield from _text(f"{where}: action_id", element["action_id"], ID)
        for side in (element["positive_button"], element["negative_button"]):
            yield from _text(f"{where}: label", side["text"]["text"], BUTTON_LABEL)
            yield from _text(f"{where}: accessibility_label", side["accessibility_label"], BUTTON_LABEL)
            yield from _text(f"{where}: value", side["value"], BUTTON_VALUE)


def _table(block: Block, where: str) -> Iterator[str]:
    yield from _count(f"{where}.rows", len(block["rows"]), ROWS)
    for row in block["rows"]:
        yield from _count(f"{where}: cells", len(row), COLUMNS)
        for cell in row:
            yield from _text(f"{where}: cell", cell["text"], CELLS)
    yield from _count(f"{where}: characters", _characters(block["rows"]), CELLS)


_CHECKS: Mapping[str, Callable[[Block, str], Iterator[str]]] = {
    "rich_text": _rich_text,
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "table": _table,
}
