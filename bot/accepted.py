"""What Slack told us and we keep until it is worked: one shape per kind, as JSON in the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter


def storable(text: str) -> str:
    """The text without what PostgreSQL does not take: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_Words = Annotated[str, BeforeValidator(lambda value: storable(value) if isinstance(value, str) else value)]


class _Accepted(BaseModel):
    """`id` is the same for everything that is the same; `at` is when the person did it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    team: str
    person: str
    channel: str
    at: datetime

    @property
    def lock(self) -> str:
        """One person's events are worked one after the other."""
        return f"{self.team}:{self.person}"


class SharedFile(BaseModel):
    """A file of a message."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: _Words


class Message(_Accepted):
    """A message. `mentioned`: it calls the bot; `private`: it stands in the talk with the bot."""

    kind: Literal["message"] = "message"
    private: bool
    mentioned: bool
    ts: str
    thread_ts: str | None = None
    text: _Words = Field(repr=False)
    files: tuple[SharedFile, ...] = Field(default=(), repr=False)


class Click(_Accepted):
    """A press of a button. `value` names the conversation, `label` is what stood on the button."""

    kind: Literal["click"] = "click"
    private: bool
    thread_ts: str
    message_ts: str
    button: _Words
    value: _Words = ""
    label: _Words = Field(default="", repr=False)


class Opened(_Accepted):
    """The person opened the talk with the bot."""

    kind: Literal["opened"] = "opened"


class Submitted(_Accepted):
    """The dialog was sent: the error's text, and what else was entered. It is answered in the person's own
    talk with the bot; `channel` is empty, for a dialog stands nowhere. `language` is the dialog's."""

    kind: Literal["submitted"] = "submitted"
    channel: str = ""
    language: Literal["ja", "en"]
    text: _Words = Field(default="", repr=False)
    server: _Words = Field(default="", repr=False)
    address: _Words = Field(default="", repr=False)


class Elsewhere(_Accepted):
    """A message that somebody shows the bot and that is answered in a talk with the bot, not where it stands.

    `person` shows it: by the message shortcut (`how`), or by a mention where people of other companies read
    ("shared"). `author` wrote it, None if an app did. `home` are the ids of the
    company's workspace and, where there is one, of its organisation. `message` is the message's own id.
    """

    kind: Literal["elsewhere"] = "elsewhere"
    how: Literal["shortcut", "shared"]
    author: str | None
    home: tuple[str, ...]
    message: str
    message_thread: str | None = None
    channel_name: _Words = ""
    text: _Words = Field(repr=False)
    files: tuple[SharedFile, ...] = Field(default=(), repr=False)

    @property
    def lock(self) -> str:
        """The author's turn: the conversation will be theirs."""
        return f"{self.team}:{self.author or self.person}"


class Stranger(_Accepted):
    """Somebody of another company called the bot; what they wrote is not kept."""

    kind: Literal["stranger"] = "stranger"
    thread_ts: str | None = None


class AtHome(_Accepted):
    """The person looks at the Home tab; `language` is the one that they chose there, if they did."""

    kind: Literal["at_home"] = "at_home"
    channel: str = ""
    language: Literal["ja", "en"] | None = None


class Filled(_Accepted):
    """A dialog that a button had opened was sent. `form` is which, `about` what its button carried,
    `values` what was entered, by the input's name; `channel` is empty, for a dialog stands nowhere."""

    kind: Literal["filled"] = "filled"
    channel: str = ""
    form: str
    about: str
    language: Literal["ja", "en"]
    values: dict[str, _Words] = Field(default={}, repr=False)


class DeskWrote(_Accepted):
    """A message of the helpdesk's channel that is more than the helpdesk's own talk: it is for an employee
    (it `sends`: it begins with `>>`, which is gone from the text here), or has files in a card's thread.

    Of one with files that is not for the employee no text is kept.
    """

    kind: Literal["desk_wrote"] = "desk_wrote"
    sends: bool
    ts: str
    thread_ts: str | None
    text: _Words = Field(repr=False)
    files: tuple[SharedFile, ...] = Field(default=(), repr=False)


class Overdue(_Accepted):
    """What was to be come back to is due (bot.later): `row` and `due` are the row's; of whom it is is in
    `person`. What is due at times that stand elsewhere has neither."""

    kind: Literal["overdue"] = "overdue"
    team: str = ""
    person: str = ""
    channel: str = ""
    row: int = 0
    due: datetime
    conversation: int = 0
    what: str
    name: str
    body: dict[str, Any] = Field(default={}, repr=False)


class Expiring(_Accepted):
    """The reminder of a certificate that runs out is due (bot.watch_ticks): `watch` is its number, `due` when
    it was to be said; `channel` is empty, for it is said in the person's own talk with the bot."""

    kind: Literal["expiring"] = "expiring"
    channel: str = ""
    watch: int
    due: datetime


class InHome(_Accepted):
    """A button of the Home tab was pressed that is about a watched certificate or a notice."""

    kind: Literal["in_home"] = "in_home"
    channel: str = ""
    button: _Words


Kept = (
    Message
    | Click
    | Opened
    | Submitted
    | Elsewhere
    | Stranger
    | AtHome
    | Filled
    | DeskWrote
    | Overdue
    | Expiring
    | InHome
)
Accepted = Annotated[Kept, Field(discriminator="kind")]

_SHAPE: TypeAdapter[Kept] = TypeAdapter(Accepted)


def read(kept: object) -> Kept:
    """What was kept, as it was accepted."""
    return _SHAPE.validate_python(kept)


@dataclass(frozen=True)
class Commanded:
    """The slash command was typed, or [相談を始める] pressed in the Home tab (`by_button`).

    It is not kept: it asks for the dialog, within three seconds.
    """

    team: str
    person: str
    trigger: str = field(repr=False)
    text: str = field(default="", repr=False)
    by_button: bool = False


@dataclass(frozen=True)
class Wanted:
    """A button was pressed that opens a dialog (`open:reply`): `about` is its value.

    It is not kept: it asks for the dialog, within three seconds.
    """

    team: str
    person: str
    channel: str
    trigger: str = field(repr=False)
    form: str
    about: str


Answer = Mapping[str, Any]
"""What Slack is told together with the acknowledgement: a sentence, or what is wrong in a dialog."""
