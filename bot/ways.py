"""The calls of Slack that the ways in need: who somebody is, where they are written to, the dialog, the
status."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from bot.authors import Authors
from bot.desk import Desk
from bot.dialog import Dialogs
from bot.dms import Talks
from bot.status import Status
from knowledge.book import Book
from knowledge.rows import Language


@dataclass(frozen=True)
class Ways:
    """All of them."""

    authors: Authors
    talks: Talks
    dialogs: Dialogs
    status: Status


def ways(
    slack: AsyncWebClient,
    database: Engine,
    book: Book,
    language: Language,
    desk: Desk,
    clock: Callable[[], datetime],
) -> Ways:
    """All of them, over this client; `language` is for whom none is known."""
    dialogs = Dialogs(slack, database, book, language, desk, clock)
    return Ways(Authors(slack), Talks(slack), dialogs, Status(slack))
