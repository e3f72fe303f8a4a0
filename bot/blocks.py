"""Our messages as Slack draws them. Pure: parts go in, Block Kit comes out.

Texts become `rich_text`: there emphasis is a property and not a mark, so that bold holds between Japanese
letters (mrkdwn wants blanks around it), and nothing that a text says can turn into a mention or a link.
Only grey small print has no such block; it is plain text, or escaped mrkdwn where it has emphasis or a link.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from bot import limits
from bot.limits import Block, units
from bot.replies import (
    Button,
    Buttons,
    Feedback,
    Heading,
    Message,
    NumberedStep,
    Part,
    Person,
    Small,
    Steps,
    Table,
    Text,
)
from bot.slack_text import (
    MARKS,
    Run,
    as_mrkdwn,
    escaped_within,
    runs_of,
    short,
    shown,
    visible,
    without_marks,
)

_USER = re.compile("[UW][A-Z0-9]{1,30}")
_NOTHING = "–"
_WARNING = "⚠️ "

# How much of each text is shown, step by step less until the whole message fits: the longest lose first.
_LENGTHS = (8000, 4000, 2000, 1000, 500, 200, 100, 50)


def blocks(message: Message, *, conversation: str) -> list[Block]:
    """The message in Block Kit, within every limit of `bot.limits`, whatever it says.

    `conversation` is every button's `value`, the button's id its `action_id`. What does not fit is shortened
    with “…”, the longest text first; of what is too much even then, texts are left out before buttons.
    """
    drawn: list[Block] = []
    for longest in _LENGTHS:
        drawn = _drawn(message, conversation, longest)
        if not limits.block_problems(drawn):
            return drawn
    while limits.block_problems(drawn):
        texts = [number for number, block in enumerate(drawn) if block["type"] != "actions"]
        drawn.pop(texts[-1] if texts else -1)
    return drawn


def fallback_text(message: Message) -> str:
    """The same in words, for notifications and screen readers: escaped, never empty, buttons as [label]."""
    said = "\n".join(line for part in message.parts for line in _lines(part) if line.strip())
    return escaped_within(visible(said[: limits.BYTES_OF_TEXT + 1]), limits.BYTES_OF_TEXT) or "…"


def _drawn(message: Message, conversation: str, longest: int) -> list[Block]:
    drawn: list[Block] = []
    for part in message.parts:
        has_table = any(block["type"] == "table" for block in drawn)
        drawn += _part(part, conversation, longest, has_table)
    for number, block in enumerate(drawn):
        # Slack asks for another id when an update changes the block: the number and what it says.
        said = hashlib.sha256(json.dumps(block).encode()).hexdigest()
        block["block_id"] = f"{number}-{said[:8]}"
    return drawn


def _part(part: Part, conversation: str, longest: int, has_table: bool) -> Iterator[Block]:
    match part:
        case Text(text):
            yield from _paragraph(runs_of(text, longest))
        case Heading(text):
            runs = runs_of(text, longest)
            whole = not any(run.bold for run in runs)
            yield from _paragraph([Run(run.text, whole or run.bold, run.link) for run in runs])
        case Steps(steps):
            if steps:
                items = [_rich_section(_step(step, longest)) for step in steps]
                yield _rich_text({"type": "rich_text_list", "style": "ordered", "elements": items})
        case Table(rows):
            if rows:
                yield _lines_of(rows, longest) if has_table else _table(part, longest)
        case Buttons(buttons):
            elements = list({button.id: _button(button, conversation) for button in buttons}.values())
            for begin in range(0, len(elements), limits.BUTTONS):
                yield {"type": "actions", "elements": elements[begin : begin + limits.BUTTONS]}
        case Feedback(good, bad):
            yield {"type": "context_actions", "elements": [_feedback(good, bad, conversation)]}
        case Small(text):
            yield from _small(text, longest)
        case Person():
            yield _person(part, longest)
        case _:
            assert_never(part)


def _rich_text(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _rich_section(runs: Iterable[Run]) -> Block:
    return {"type": "rich_text_section", "elements": [_leaf(run) for run in runs]}


def _leaf(run: Run) -> Block:
    leaf: Block = {"type": "link", "url": run.text} if run.link else {"type": "text", "text": run.text}
    return leaf | {"style": {"bold": True}} if run.bold else leaf


def _paragraph(runs: list[Run]) -> Iterator[Block]:
    if any(run.text.strip() for run in runs):
        yield _rich_text(_rich_section(runs))


def _step(step: NumberedStep, longest: int) -> list[Run]:
    runs = runs_of(step.text, longest) or [Run(_NOTHING)]
    warning = runs_of(step.warning, longest) if step.warning else []
    return [*runs, Run("\n" + _WARNING), *warning] if warning else runs


def _cell(text: str, longest: int) -> str:
    cell = short(shown(text[: MARKS * longest]), longest)
    return cell if cell.strip() else _NOTHING


def _table(table: Table, longest: int) -> Block:
    rows = table.rows
    width = len(rows[0])
    if len(rows) > limits.ROWS:
        rows = (*rows[: limits.ROWS - 1], ("…",) * width)
    cells = [[{"type": "raw_text", "text": _cell(text, longest)} for text in row] for row in rows]
    value: Block = {"is_wrapped": True} | ({"align": "right"} if table.numbers else {})
    columns = [{"is_wrapped": True}, *(dict(value) for _ in range(width - 1))]
    return {"type": "table", "rows": cells, "column_settings": columns}


def _lines_of(rows: tuple[tuple[str, ...], ...], longest: int) -> Block:
    """A message's second table, for Slack takes one: its rows as lines, the names bold."""
    runs = []
    for number, (name, *values) in enumerate(rows):
        value = " / ".join(values)
        runs += [
            Run("\n" * bool(number) + _cell(name, longest), bold=True),
            Run(f" {_cell(value, longest)}"),
        ]
    return _rich_text(_rich_section(runs))


def _person(person: Person, longest: int) -> Block:
    label = [Run(run.text, bold=True) for run in runs_of(person.label, longest)]
    leaves = [_leaf(run) for run in [*label, Run(" ")]]
    if _USER.fullmatch(person.user):
        leaves += [{"type": "user", "user_id": person.user}, _leaf(Run(" "))]
    return _rich_text(
        {
            "type": "rich_text_section",
            "elements": leaves + [_leaf(run) for run in runs_of(person.note, longest)],
        }
    )


def _button(button: Button, conversation: str) -> dict[str, Any]:
    label = short(shown(button.label), limits.BUTTON_LABEL)
    drawn: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": label if label.strip() else _NOTHING, "emoji": False},
        "action_id": short(visible(button.id), limits.ID) or _NOTHING,
        "value": conversation,
    }
    return drawn | {"style": button.style} if button.style else drawn


def _feedback(good: Button, bad: Button, conversation: str) -> dict[str, Any]:
    """The two have one id, so each value begins with its side.

    https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element
    """

    def side(button: Button) -> dict[str, Any]:
        text = _button(button, conversation)["text"]
        which = short(visible(button.id.rpartition(":")[2]), limits.ID)
        return {"text": text, "value": f"{which}:{conversation}", "accessibility_label": text["text"]}

    return {
        "type": "feedback_buttons",
        "action_id": short(visible(good.id.rpartition(":")[0]), limits.ID) or _NOTHING,
        "positive_button": side(good),
        "negative_button": side(bad),
    }


def _small(text: str, longest: int) -> Iterator[Block]:
    runs = runs_of(text, longest)
    if not any(run.text.strip() for run in runs):
        return
    if any(run.bold or run.link for run in runs):
        marked = "".join(map(as_mrkdwn, runs))
        if units(marked) <= limits.CONTEXT:
            element = {"type": "mrkdwn", "text": marked, "verbatim": True}
            yield {"type": "context", "elements": [element]}
            return
    plain = short("".join(run.text for run in runs), limits.CONTEXT)
    yield {"type": "context", "elements": [{"type": "plain_text", "text": plain, "emoji": False}]}


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Text(text) | Heading(text) | Small(text):
            yield without_marks(text)
        case Steps(steps):
            for number, step in enumerate(steps, 1):
                yield f"{number}. {without_marks(step.text)}"
                if step.warning:
                    yield f"{_WARNING}{without_marks(step.warning)}"
        case Table(rows):
            yield from (f"{name}: {' / '.join(values)}" for name, *values in rows)
        case Person(label, _, note):
            yield f"{without_marks(label)} {without_marks(note)}"
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case Feedback(good, bad):
            yield f"[{good.label}] [{bad.label}]"
        case _:
            assert_never(part)
