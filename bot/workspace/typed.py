"""What a person typed, as Slack hands it to apps: escaped, linked, mentions as ids; and as rich text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.workspace.wire import Json

CODE = re.compile(r"```.+?```|`[^`\n]+`", re.DOTALL)
ENDINGS = "com|net|org|jp|io|dev|info|biz|edu|gov|us|uk|de|fr|cn|kr|app|cloud"
DOMAIN = rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{ENDINGS})"
PARTS = re.compile(
    rf"(?P<link>https?://[!-;=?-~]+[!-;=?-~](?<![.,;:!?'\")\]]))"
    rf"|(?P<mail>(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]*@{DOMAIN}(?![a-z0-9-]))"
    rf"|(?P<domain>(?<![a-z0-9@/._-]){DOMAIN}(?![a-z0-9@-]|\.[a-z0-9]))"
    r"|(?P<mention>(?<![^\s（(「、。])[@#])",
    re.IGNORECASE | re.ASCII,
)
BROADCASTS = ("channel", "here", "everyone")


@dataclass(frozen=True)
class Names:
    """What may follow an @ or a #, with the id that it becomes."""

    users: Mapping[str, str]
    channels: Mapping[str, str]


@dataclass(frozen=True)
class Typed:
    """A typed message in both of its forms."""

    text: str
    elements: list[Json]
    """The elements of one `rich_text_section`."""


def escaped(text: str) -> str:
    """`&`, `<` and `>` as entities (https://docs.slack.dev/messaging/formatting-message-text#escaping)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_sent(text: str, names: Names) -> Typed:
    """The typed text as an app receives it."""
    encoded: list[str] = []
    elements: list[Json] = []
    for element in _elements(text, names):
        if element["type"] == "text" and elements and elements[-1]["type"] == "text":
            elements[-1]["text"] += element["text"]
        else:
            elements.append(element)
        encoded.append(_encoded(element))
    return Typed("".join(encoded), elements)


def _encoded(element: Json) -> str:
    match element:
        case {"type": "text", "text": text}:
            return escaped(text)
        case {"type": "link", "url": url, "text": text}:
            return f"<{escaped(url)}|{escaped(text)}>"
        case {"type": "link", "url": url}:
            return f"<{escaped(url)}>"
        case {"type": "user", "user_id": user}:
            return f"<@{user}>"
        case {"type": "channel", "channel_id": channel}:
            return f"<#{channel}|>"
        case _:
            return f"<!{element['range']}>"


def _elements(text: str, names: Names) -> Iterator[Json]:
    after = 0
    for code in CODE.finditer(text):
        yield from _linked(text[after : code.start()], names)
        yield {"type": "text", "text": code.group()}  # nothing is linked inside of code
        after = code.end()
    yield from _linked(text[after:], names)


def _linked(text: str, names: Names) -> Iterator[Json]:
    after = 0
    for found in PARTS.finditer(text):
        if found.start() < after:
            continue
        element, end = _element(text, found, names)
        if element is None:
            continue
        if found.start() > after:
            yield {"type": "text", "text": text[after : found.start()]}
        yield element
        after = end
    if after < len(text):
        yield {"type": "text", "text": text[after:]}


def _element(text: str, found: re.Match[str], names: Names) -> tuple[Json | None, int]:
    part = found.group()
    if found["link"]:
        return {"type": "link", "url": part}, found.end()
    if found["mail"]:
        return {"type": "link", "url": f"mailto:{part}", "text": part}, found.end()
    if found["domain"]:
        return {"type": "link", "url": f"http://{part}", "text": part}, found.end()
    after = text[found.end() :]
    if part == "#":
        name = _first(names.channels, after)
        return {"type": "channel", "channel_id": names.channels[name]} if name else None, found.end() + len(
            name
        )
    name = _first({word: word for word in BROADCASTS}, after)
    if name:
        return {"type": "broadcast", "range": name}, found.end() + len(name)
    name = _first(names.users, after)
    return {"type": "user", "user_id": names.users[name]} if name else None, found.end() + len(name)


def _first(names: Mapping[str, str], text: str) -> str:
    """The longest of the names with which the text begins, or nothing."""
    longest = max((name for name in names if text.startswith(name)), key=len, default="")
    continues = re.match(r"[A-Za-z0-9_-]", text[len(longest) :])
    return "" if longest and continues and longest[-1].isascii() else longest
