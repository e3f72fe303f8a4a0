"""Our messages as Slack draws them. Pure: parts go in, Block Kit comes out.

Texts become `rich_text`: there emphasis is a property and not a mark, so that bold holds between Japanese
letters (mrkdwn wants blanks around it), and nothing that a text says can turn into a mention or a link.
Only grey small print has no such block; it is plain text, or escaped mrkdwn where it has emphasis or a link.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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

_BOLD = re.compile(r"\*(?=\S)([^*\n]+)(?<=\S)\*")
_LINK = re.compile(r"(https://[A-Za-z0-9](?:[A-Za-z0-9._~:/?#!$&'()+,;=%-]*[A-Za-z0-9/_=~-])?)")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BROADCAST = re.compile(r"@(?=here|channel|everyone|group)")
_USER = re.compile("[UW][A-Z0-9]{1,30}")
_NOTHING = "–"
_WARNING = "⚠️ "
# At most so many characters make one that is shown: a letter between two marks, and one to spare.
_MARKS = 4

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
    return _escaped(_visible(said[: limits.BYTES_OF_TEXT + 1]), limits.BYTES_OF_TEXT) or "…"


@dataclass(frozen=True)
class _Run:
    """A stretch of text with one appearance."""

    text: str
    bold: bool = False
    link: bool = False


def _runs(text: str, longest: int) -> list[_Run]:
    """The text taken apart at its emphasis and its links, without their marks; cut at `longest` units."""
    text = text[: _MARKS * longest]
    found = []
    for number, stretch in enumerate(_BOLD.split(text)):
        for place, piece in enumerate(_LINK.split(stretch)):
            if piece:
                found.append(_Run(piece, bold=number % 2 == 1, link=place % 2 == 1))
    if len(found) > limits.ELEMENTS // 2:  # more marks than anybody writes
        found = [_Run(text)]
    return list(_cut(found, longest))


def _cut(runs: Iterable[_Run], longest: int) -> Iterator[_Run]:
    left = longest
    for run in runs:
        text = run.text if run.link else _shown(run.text)
        if units(text) <= left:
            left -= units(text)
            yield _Run(text, run.bold, run.link)
        else:  # half an address leads elsewhere: a link goes as a whole
            yield _Run(_short("" if run.link else text + "…", left) or "…", run.bold)
            return


def _short(text: str, longest: int) -> str:
    """The text, or its beginning and “…”, in at most `longest` UTF-16 units."""
    if units(text) <= longest:
        return text
    return text.encode("utf-16-le")[: max(2 * (longest - 1), 0)].decode("utf-16-le", "ignore") + "…"


def _visible(text: str) -> str:
    """Control characters, lone surrogates and what turns the direction of writing, as codes."""
    text = text.replace("\t", " ").replace("\r\n", "\n")
    return _CONTROL.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def _shown(text: str) -> str:
    """The text where Slack looks for no mark-up. Addresses that `quote` broke up can be copied again."""
    return _visible(text).replace("<", "＜").replace("@\u2060", "@")


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
            yield from _paragraph(_runs(text, longest))
        case Heading(text):
            runs = _runs(text, longest)
            whole = not any(run.bold for run in runs)
            yield from _paragraph([_Run(run.text, whole or run.bold, run.link) for run in runs])
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


def _rich_section(runs: Iterable[_Run]) -> Block:
    return {"type": "rich_text_section", "elements": [_leaf(run) for run in runs]}


def _leaf(run: _Run) -> Block:
    leaf: Block = {"type": "link", "url": run.text} if run.link else {"type": "text", "text": run.text}
    return leaf | {"style": {"bold": True}} if run.bold else leaf


def _paragraph(runs: list[_Run]) -> Iterator[Block]:
    if any(run.text.strip() for run in runs):
        yield _rich_text(_rich_section(runs))


def _step(step: NumberedStep, longest: int) -> list[_Run]:
    runs = _runs(step.text, longest) or [_Run(_NOTHING)]
    warning = _runs(step.warning, longest) if step.warning else []
    return [*runs, _Run("\n" + _WARNING), *warning] if warning else runs


def _cell(text: str, longest: int) -> str:
    shown = _short(_shown(text[: _MARKS * longest]), longest)
    return shown if shown.strip() else _NOTHING


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
            _Run("\n" * bool(number) + _cell(name, longest), bold=True),
            _Run(f" {_cell(value, longest)}"),
        ]
    return _rich_text(_rich_section(runs))


def _person(person: Person, longest: int) -> Block:
    label = [_Run(run.text, bold=True) for run in _runs(person.label, longest)]
    leaves = [_leaf(run) for run in [*label, _Run(" ")]]
    if _USER.fullmatch(person.user):
        leaves += [{"type": "user", "user_id": person.user}, _leaf(_Run(" "))]
    return _rich_text(
        {
            "type": "rich_text_section",
            "elements": leaves + [_leaf(run) for run in _runs(person.note, longest)],
        }
    )


def _button(button: Button, conversation: str) -> dict[str, Any]:
    label = _short(_shown(button.label), limits.BUTTON_LABEL)
    drawn: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": label if label.strip() else _NOTHING, "emoji": False},
        "action_id": _short(_visible(button.id), limits.ID) or _NOTHING,
        "value": conversation,
    }
    return drawn | {"style": button.style} if button.style else drawn


def _feedback(good: Button, bad: Button, conversation: str) -> dict[str, Any]:
    """The two have one id, so each value begins with its side.

    https://docs.slack.dev/reference/block-kit/block-elements/feedback-buttons-element
    """

    def side(button: Button) -> dict[str, Any]:
        text = _button(button, conversation)["text"]
        which = _short(_visible(button.id.rpartition(":")[2]), limits.ID)
        return {"text": text, "value": f"{which}:{conversation}", "accessibility_label": text["text"]}

    return {
        "type": "feedback_buttons",
        "action_id": _short(_visible(good.id.rpartition(":")[0]), limits.ID) or _NOTHING,
        "positive_button": side(good),
        "negative_button": side(bad),
    }


def _small(text: str, longest: int) -> Iterator[Block]:
    runs = _runs(text, longest)
    if not any(run.text.strip() for run in runs):
        return
    if any(run.bold or run.link for run in runs):
        marked = "".join(map(_mrkdwn, runs))
        if units(marked) <= limits.CONTEXT:
            element = {"type": "mrkdwn", "text": marked, "verbatim": True}
            yield {"type": "context", "elements": [element]}
            return
    plain = _short("".join(run.text for run in runs), limits.CONTEXT)
    yield {"type": "context", "elements": [{"type": "plain_text", "text": plain, "emoji": False}]}


def _mrkdwn(run: _Run) -> str:
    if run.link:
        return f"<{_escape(run.text)}>"
    # The zero-width spaces are the blanks that mrkdwn wants around its marks.
    return f"\u200b*{_escape(run.text)}*\u200b" if run.bold else _escape(run.text)


def _escape(text: str) -> str:
    """The text where Slack looks for mark-up: no mention, no link, no broadcast."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BROADCAST.sub("@\u2060", escaped)


def _escaped(text: str, most: int) -> str:
    """The text escaped, or as much of its beginning as fits into `most` bytes with “…”."""
    escaped = _escape(text)
    if len(escaped.encode()) <= most:
        return escaped
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if len(_escape(text[:middle] + "…").encode()) <= most:
            low = middle
        else:
            high = middle - 1
    return _escape(text[:low] + "…")


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Text(text) | Heading(text) | Small(text):
            yield _plain(text)
        case Steps(steps):
            for number, step in enumerate(steps, 1):
                yield f"{number}. {_plain(step.text)}"
                if step.warning:
                    yield f"{_WARNING}{_plain(step.warning)}"
        case Table(rows):
            yield from (f"{name}: {' / '.join(values)}" for name, *values in rows)
        case Person(label, _, note):
            yield f"{_plain(label)} {_plain(note)}"
        case Buttons(buttons):
            yield " ".join(f"[{button.label}]" for button in buttons)
        case Feedback(good, bad):
            yield f"[{good.label}] [{bad.label}]"
        case _:
            assert_never(part)


def _plain(text: str) -> str:
    return _BOLD.sub(r"\1", text)
