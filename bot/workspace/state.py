"""What the workspace holds: messages, files, Home tabs, dialogs; kept in a folder, to outlive a restart."""

import json
import logging
import mimetypes
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.workspace.wire import Json, compact

logger = logging.getLogger(__name__)


class File(BaseModel):
    """A file that somebody shared; its bytes are kept apart."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    mimetype: str
    size: int
    user: str
    channel: str
    """Where it was shared; empty if only the app has it."""
    created: int
    """Seconds since 1970."""
    title: str = ""
    alt_txt: str = ""
    """What a picture shows, for screen readers."""


class Snapshot(BaseModel):
    """What outlives a restart."""

    version: int = 1
    messages: dict[str, list[Json]] = {}
    files: list[File] = []
    homes: dict[str, Json] = {}
    ahead: float = 0.0
    """By how many seconds the workspace's clock is ahead of the machine's."""


@dataclass
class State:
    """Messages by channel and ts, files by id, the Home tab of each person, the dialogs that are open."""

    clock: Callable[[], float]
    """The machine's time in seconds since 1970."""
    folder: Path | None = None
    """Where it is kept; without it, only in memory."""
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    ephemerals: dict[str, dict[str, Json]] = field(default_factory=dict)
    """By channel and ts; `_for` names the one person who sees it. Gone after a restart, as in Slack."""
    files: dict[str, File] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    ahead: float = 0.0
    """By how many seconds the workspace's own time is ahead of the machine's; only ever more."""
    _contents: dict[str, bytes] = field(default_factory=dict)
    _last: float = 0.0

    def load(self) -> None:
        """Reads what was kept; a file that cannot be read is put aside and the workspace begins empty."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.folder / "files").mkdir(exist_ok=True, mode=0o700)
        path = self.folder / "workspace.json"
        if not path.exists():
            return
        try:
            kept = Snapshot.model_validate(json.loads(path.read_bytes()))
        except (ValueError, OSError):
            path.replace(path.with_suffix(".unreadable"))
            logger.warning("%s could not be read and was put aside; the chats begin empty", path)
            return
        self.messages = {
            channel: {message["ts"]: message for message in messages}
            for channel, messages in kept.messages.items()
        }
        self.files = {file.id: file for file in kept.files}
        self.homes = kept.homes
        self.ahead = max(kept.ahead, 0.0)
        self._last = max((float(ts) for messages in self.messages.values() for ts in messages), default=0.0)

    def save(self) -> None:
        """Writes the snapshot; a crash leaves either the old one or the new one."""
        if self.folder is None:
            return
        kept = Snapshot(
            messages={channel: list(messages.values()) for channel, messages in self.messages.items()},
            files=list(self.files.values()),
            homes=self.homes,
            ahead=self.ahead,
        )
        path = self.folder / "workspace.json"
        draft = path.with_suffix(".draft")
        draft.write_text(compact(kept.model_dump()), encoding="ascii")
        draft.replace(path)

    def time(self) -> float:
        """The workspace's own time in seconds since 1970."""
        return self.clock() + self.ahead

    def ts(self) -> str:
        """A time stamp that no other message has, later than every other: seconds and microseconds."""
        self._last = max(self.time(), self._last + 0.000001)
        stamp = f"{self._last:.6f}"
        self._last = float(stamp)
        return stamp

    def find(self, channel: str, ts: str) -> Json | None:
        """The message that stands in the channel, for all in it."""
        return self.messages.get(channel, {}).get(ts)

    def seen(self, channel: str, ts: str, user: str) -> Json | None:
        """The message that this user sees, an ephemeral one too."""
        whispered = self.ephemerals.get(channel, {}).get(ts)
        if whispered is not None and whispered["_for"] == user:
            return whispered
        return self.find(channel, ts)

    def thread(self, channel: str, ts: str) -> list[Json]:
        """The message and the replies to it, in the order of time."""
        return [m for m in self.messages.get(channel, {}).values() if ts in (m["ts"], m.get("thread_ts"))]

    def shown(self, channel: str, user: str) -> Iterator[Json]:
        """All that the user sees in the channel, in the order of time."""
        own = [m for m in self.ephemerals.get(channel, {}).values() if m["_for"] == user]
        for message in sorted([*self.messages.get(channel, {}).values(), *own], key=lambda m: float(m["ts"])):
            yield as_shown(message)

    def add_file(
        self,
        name: str,
        content: bytes,
        mimetype: str,
        user: str,
        channel: str,
        *,
        id: str = "",
        title: str = "",
        alt_txt: str = "",
    ) -> File:
        """Keeps a file; without an `id` it gets a new one."""
        file = File(
            id=id or file_id(),
            name=name,
            mimetype=mimetype,
            size=len(content),
            user=user,
            channel=channel,
            created=int(self.time()),
            title=title,
            alt_txt=alt_txt,
        )
        self.files[file.id] = file
        if self.folder is None:
            self._contents[file.id] = content
        else:
            (self.folder / "files" / file.id).write_bytes(content)
        return file

    def content(self, file: File) -> bytes | None:
        """The file's bytes, or None if they are gone."""
        if self.folder is None:
            return self._contents.get(file.id)
        path = self.folder / "files" / file.id
        return path.read_bytes() if path.exists() else None

    def remove_file(self, file_id: str) -> None:
        """Forgets a file and its bytes."""
        self.files.pop(file_id, None)
        self._contents.pop(file_id, None)
        if self.folder is not None:
            (self.folder / "files" / file_id).unlink(missing_ok=True)


def file_id() -> str:
    """A new file's id."""
    return "F" + secrets.token_hex(5).upper()


def guessed_type(name: str) -> str:
    """The media type that a file's name speaks for."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def is_tombstone(message: Json) -> bool:
    """Whether the message was deleted and only keeps the place of its replies."""
    return message.get("subtype") == "tombstone"


def as_shown(message: Json) -> Json:
    """A message without what only the workspace knows; an ephemeral one says so."""
    shown = {name: value for name, value in message.items() if not name.startswith("_")}
    return shown | ({"ephemeral": True} if "_for" in message else {})
