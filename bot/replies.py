"""What the bot does: messages made of parts, and what is to be done beside them.

Texts in parts are ours (`*bold*` is the only mark-up). What people and certificates supply enters a text
only through `quote`; the renderers escape everything once more for where it stands.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk_events import Due
from bot.looked import File
from checks.report import Purpose
from knowledge.rows import Language


def quote(value: str, longest: int = 200) -> str:
    """A value from people or certificates, safe inside our text: control and bidi characters become visible
    codes, it is no link and no emphasis, and it is cut at `longest` characters."""
    cut = value if len(value) <= longest else value[: longest - 1] + "…"
    shown = "".join(_visible(character) for character in cut)
    return shown.replace("://", ":\u2060//").replace("*", "∗").replace("`", "ˋ").replace("@", "@\u2060")


def written(text: str, longest: int) -> str:
    """What a colleague wrote, with its lines: safe inside our text, and links stay links."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    shown = "".join(character if character == "\n" else _visible(character) for character in cut)
    return shown.replace("*", "∗").replace("`", "ˋ").replace("@", "@\u2060")


def _visible(character: str) -> str:
    if character in "\n\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"⟨U+{ord(character):04X}⟩"
    return character


@dataclass(frozen=True)
class Button:
    """`id` as `bot.button_ids.button_id` makes it."""

    id: str
    label: str
    style: Literal["primary", "danger"] | None = None


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """The one line that says what is the matter."""

    text: str


@dataclass(frozen=True)
class NumberedStep:
    """One action and the warning that belongs to it."""

    text: str
    warning: str | None = None


@dataclass(frozen=True)
class Steps:
    """Actions in order, numbered from 1."""

    steps: tuple[NumberedStep, ...]


@dataclass(frozen=True)
class Table:
    """Names and values. The values are shown as they are, never as mark-up.

    `numbers`: there may be several values, they are numbers, and the first row says what each of them is.
    """

    rows: tuple[tuple[str, ...], ...]
    numbers: bool = False


@dataclass(frozen=True)
class Buttons:
    """One row of buttons."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Small:
    """Grey small print."""

    text: str


@dataclass(frozen=True)
class Feedback:
    """Slack's own pair of thumbs. The buttons' ids differ in their end: `feedback:end:good`, `…:bad`."""

    good: Button
    bad: Button


@dataclass(frozen=True)
class Person:
    """Somebody in Slack, by their id: a link to them that notifies only where they are a member."""

    label: str
    user: str
    note: str


Part = Text | Heading | Steps | Table | Buttons | Feedback | Small | Person


@dataclass(frozen=True)
class Message:
    """One message, in one language."""

    parts: tuple[Part, ...]
    language: Language

    def buttons(self) -> Iterable[Button]:
        for part in self.parts:
            if isinstance(part, Buttons):
                yield from part.buttons
            elif isinstance(part, Feedback):
                yield from (part.good, part.bad)


@dataclass(frozen=True)
class Say:
    """Post this in the conversation's thread. With a `slot` a later Say with the same slot replaces it.

    Its buttons belong to the case `about`, if that is not what the conversation is about now.
    """

    message: Message
    slot: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Whisper:
    """Show this to the conversation's owner alone (Slack: ephemeral), in a channel."""

    message: Message


@dataclass(frozen=True)
class CheckFiles:
    """Fetch and inspect these files, then come back with FilesInspected and the same slot.

    `address`, `server` and `purpose` are what they are compared with, as `checks.report.inspect` takes them.
    """

    files: tuple[File, ...]
    address: str | None
    server: str | None
    purpose: Purpose | None
    slot: str


@dataclass(frozen=True)
class OpenCase:
    """Put this card into the helpdesk's channel, once per case (such as "C-1042"): a later one updates it.

    `otherwise` is said to the person if the channel does not take it: a cry for help is never swallowed.
    `only_if_there`: what has no card yet needs none.
    """

    card: Message
    case: str
    otherwise: Message
    only_if_there: bool = False


@dataclass(frozen=True)
class AddToCase:
    """Put this into the thread of the case's card; where there is none, into the channel itself.

    With a `slot` a later AddToCase with the same slot replaces it. `broadcast` shows it in the channel, too:
    a thread alone notifies only who is in it. Where Slack did not take what was `sent` (its slot), `lost` is
    put there instead; so it is where Slack did not delete what was said in one of the slots of `left`, with
    the lines of those behind it.
    """

    message: Message
    case: str
    slot: str | None = None
    broadcast: bool = False
    sent: str | None = None
    lost: Message | None = None
    left: tuple[tuple[str, Message], ...] = ()


@dataclass(frozen=True)
class Unsay:
    """Delete what was said in this slot, or (`is_file`) the file that was passed on in it."""

    slot: str
    is_file: bool = False


@dataclass(frozen=True)
class PassFile:
    """Pass this file on: into the thread of the case's card, or (`to_employee`) into the conversation's.

    Where Slack does not take it, `otherwise` is said in the conversation's thread, and `lost` in that of the
    case's card, in place of what stands there in the slot `line`.
    """

    file: File
    case: str
    to_employee: bool
    slot: str | None = None
    otherwise: Message | None = None
    line: str | None = None
    lost: Message | None = None


@dataclass(frozen=True)
class TellDesk:
    """Show this to one person at the helpdesk alone (a Slack user id), in the helpdesk's channel."""

    message: Message
    person: str


@dataclass(frozen=True)
class Remind:
    """Come back with CameDue(what) when it is `due`; an earlier one of that kind and case is forgotten."""

    what: Due
    case: str
    due: datetime


@dataclass(frozen=True)
class NoteUnmatched:
    """Keep this message, redacted, for IT: the tables had no row for it (`none`) or several (`vague`)."""

    redacted: str
    decision: Literal["none", "vague"]
    language: Language


Reply = (
    Say | Whisper | CheckFiles | OpenCase | AddToCase | PassFile | Unsay | TellDesk | Remind | NoteUnmatched
)
