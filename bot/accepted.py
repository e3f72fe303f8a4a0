"""What Slack told us and we keep until it is worked: one shape per kind, as JSON in the queue."""

from datetime import datetime
from typing import Annotated, Literal

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


Accepted = Annotated[Message | Click | Opened, Field(discriminator="kind")]

_SHAPE: TypeAdapter[Message | Click | Opened] = TypeAdapter(Accepted)


def read(kept: object) -> Message | Click | Opened:
    """What was kept, as it was accepted."""
    return _SHAPE.validate_python(kept)
