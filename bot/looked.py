"""What came of the files of a message: inspected, read, or why not."""

from dataclasses import dataclass
from typing import Literal

from checks.report import Report


@dataclass(frozen=True)
class File:
    """A file that lies in Slack, not yet fetched: its id and the name it was given."""

    id: str
    name: str


@dataclass(frozen=True)
class Inspected:
    """A file that was fetched and checked. The bytes are gone."""

    name: str
    report: Report


# Why a file could not be fetched: it is external or was deleted, lies on a host that is not Slack's,
# is larger than any certificate, came as a sign-in page, or Slack did not give it.
# Or it came, and our check of it broke.
NotFetchedReason = Literal[
    "not_here", "foreign_host", "too_large", "sign_in_page", "unavailable", "not_checked"
]


@dataclass(frozen=True)
class NotFetched:
    """A file that could not be fetched, and why."""

    name: str
    reason: NotFetchedReason


@dataclass(frozen=True)
class PictureRead:
    """A picture whose text was read: its lines, top to bottom. The picture is gone.

    `is_too_large`: what was read is Slack's rendition; the picture itself is not fetched.
    """

    name: str
    lines: tuple[str, ...]
    is_too_large: bool = False


# Why a picture was not read: the extra `ocr` is not installed, more bytes or pixels than are read, cut off or
# wrong, a film, no text in it, or it took too long.
PictureNotReadReason = Literal["absent", "too_large", "broken", "animated", "nothing", "timeout"]


@dataclass(frozen=True)
class PictureNotRead:
    """A picture that tells nothing, and why."""

    name: str
    reason: PictureNotReadReason
    is_too_large: bool = False


Looked = Inspected | NotFetched | PictureRead | PictureNotRead
