"""What people see in the local workspace, as lines: `[…]` a button, `‹…›` small print, `*…*` bold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, Person, direct_message
from bot.workspace.workspace import Workspace
from tests.road import Json

Kind = Literal["message", "only", "dialog"]

_LINK = re.compile(r"<[^|<>]+\|(?P<label>[^<>]+)>")
_CODES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "\u200b": ""}
CHANNELS = {"#helpdesk": HELPDESK_CHANNEL, "#general": GENERAL_CHANNEL}


@dataclass(frozen=True)
class Place:
    """Where something is seen."""

    kind: Kind
    channel: str
    in_thread: bool = False
    whose: str = ""
    """The one person who sees it; nobody: all who are there."""


@dataclass(frozen=True)
class Shown:
    """A message of the bot's, or a dialog."""

    place: Place
    ts: str
    lines: tuple[str, ...]


def shown(workspace: Workspace) -> dict[str, Shown]:
    """All that the bot shows to anybody now, in a stable order: talks, channels, what one person sees."""
    found: dict[str, Shown] = {}
    channels = [direct_message(person.id) for person in workspace.people.values()]
    for channel in (*channels, *CHANNELS.values()):
        for message in workspace.messages(channel):
            if message.get("bot_id"):
                threaded = (
                    channel not in channels and message.get("thread_ts", message["ts"]) != message["ts"]
                )
                place = Place("message", channel, threaded)
                found[f"{channel} {message['ts']}"] = Shown(place, message["ts"], lines_of(message))
    for person in workspace.people.values():
        for channel in CHANNELS.values():
            for message in workspace.ephemerals(channel, person.id):
                place = Place("only", channel, "thread_ts" in message, person.id)
                found[f"{channel} {message['ts']}"] = Shown(place, message["ts"], lines_of(message))
        for view in workspace.views_of(person.id):
            place = Place("dialog", "", whose=person.id)
            found[view["id"]] = Shown(place, "", tuple(_dialog(view)))
    return found


def lines_of(message: Json) -> tuple[str, ...]:
    """What a message says, line by line; none is empty."""
    lines = [line for block in message.get("blocks", ()) for line in _block(block)]
    lines = lines or str(message.get("text", "")).split("\n")
    files = [f"（{file['name']}）" for file in message.get("files", ()) if "name" in file]
    return tuple(line.rstrip() for line in (*lines, *files) if line.strip())


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            for element in block["elements"]:
                yield from _rich(element)
        case "context":
            for element in block["elements"]:
                yield f"‹{_marked(element['text'])}›"
        case "actions":
            yield " ".join(f"[{element['text']['text']}]" for element in block["elements"])
        case "table":
            for row in block["rows"]:
                yield "".join(f"| {cell['text']} " for cell in row) + "|"
        case "section" | "header":
            yield from block["text"]["text"].split("\n")
        case "input":
            yield _field(block)
        case "context_actions":
            pair = block["elements"][0]
            sides = (pair["positive_button"], pair["negative_button"])
            yield " ".join(f"[{side['text']['text']}]" for side in sides)
        case other:
            raise AssertionError(f"a block that scenes do not know: {other}")


def _rich(element: Json) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        for number, item in enumerate(element["elements"], 1):
            first, *rest = _runs(item).split("\n")
            yield f"{number}. {first}"
            yield from (f"   {line}" for line in rest)
        return
    yield from _runs(element).split("\n")


def _runs(section: Json) -> str:
    return "".join(_run(run) for run in section["elements"])


def _run(run: Json) -> str:
    if run["type"] == "user":
        return f"@{run['user_id']}"
    text = str(run.get("text") or run.get("url"))
    return f"*{text}*" if (run.get("style") or {}).get("bold") else text


def _marked(text: str) -> str:
    text = _LINK.sub(lambda found: found["label"], text)
    for code, meant in _CODES.items():
        text = text.replace(code, meant)
    return text


def _dialog(view: Json) -> Iterator[str]:
    yield f"*{view['title']['text']}*"
    for block in view["blocks"]:
        yield from _block(block)
    labels = [view[name]["text"] for name in ("submit", "close") if view.get(name)]
    yield " ".join(f"[{label}]" for label in labels)


def _field(block: Json) -> str:
    element = block["element"]
    if element["type"] == "plain_text_input":
        value = element.get("initial_value", "")
    else:
        chosen = element.get("initial_date") or element.get("initial_time") or ""
        value = (element.get("initial_option") or {"text": {"text": chosen}})["text"]["text"]
    hint = f" ‹{block['hint']['text']}›" if block.get("hint") else ""
    return f"{block['label']['text']}: 【{value}】{hint}"


def family_name(person: Person) -> str:
    """How scenes call a person: the first name of theirs in Japanese order, the last in English."""
    names = person.real_name.split()
    return names[0] if person.locale.startswith("ja") else names[-1]
