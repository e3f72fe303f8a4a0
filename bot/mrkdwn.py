"""Undoes what Slack makes of a typed text: links, mentions and entities become again what the person typed.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re

# `<` and `>` stand only where Slack put them; what people typed comes as entities.
_MARKED = re.compile(r"<([^<>]*)>")
_ENTITIES = re.compile(r"&(amp|lt|gt);")
BROADCASTS = ("here", "channel", "everyone")
_TYPED = {"amp": "&", "lt": "<", "gt": ">"}


def as_typed(text: str, bot_user: str | None = None) -> str:
    """The text as the person typed it, without the mentions of the bot."""
    pieces = []
    after = 0
    for marked in _MARKED.finditer(text):
        pieces.append(_entities_undone(text[after : marked.start()]))
        pieces.append(_entities_undone(_undone(marked.group(1), bot_user)))
        after = marked.end()
    pieces.append(_entities_undone(text[after:]))
    return "".join(pieces).strip()


def mentions(text: str, bot_user: str) -> bool:
    """Whether the text calls the bot."""
    return re.search(rf"<@{re.escape(bot_user)}(\|[^<>]*)?>", text) is not None


def _undone(inside: str, bot_user: str | None) -> str:
    """What stood between `<` and `>`: a person, a channel, a group, a date, a link; some have a label."""
    target, bar, label = inside.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot_user else f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        name = target[1:].partition("^")[0]
        return label if bar and name not in BROADCASTS else f"@{name}"
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def _entities_undone(text: str) -> str:
    return _ENTITIES.sub(lambda entity: _TYPED[entity.group(1)], text)
