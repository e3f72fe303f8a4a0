"""Fetches the files of a message and has them inspected, or read. The bytes live no longer than that."""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import metrics
from bot.calls import NotNow, Refused, understood
from bot.files import Downloads, Unfetched
from bot.looked import Inspected, Looked, NotFetched, PictureNotRead, PictureNotReadReason, PictureRead
from bot.picture_reader import BYTES_AT_MOST
from bot.pictures import NotRead, Pictures, Reason, is_picture
from checks.report import Asking, Trust, inspect

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Messages whose files are inspected at a time."""

GONE = ("file_not_found", "file_deleted")

# Slack's own renditions of a picture, the largest first: JPEG or PNG, whatever the original was.
RENDITIONS = ("thumb_1024", "thumb_960", "thumb_800", "thumb_720")

_TOLD: Mapping[Reason, PictureNotReadReason] = {
    "absent": "absent",
    "too_large": "too_large",
    "broken": "broken",
    "not_a_picture": "broken",
    "animated": "animated",
    "nothing": "nothing",
    "timeout": "timeout",
    "crashed": "broken",
}


class Inspecting:
    """Knows the way to the files, whom we trust, whom we may ask, and how a picture is read."""

    def __init__(
        self, slack: AsyncWebClient, downloads: Downloads, trust: Trust, asking: Asking, pictures: Pictures
    ) -> None:
        self._slack = slack
        self._downloads = downloads
        self._trust = trust
        self._asking = asking
        self._pictures = pictures
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inspect")

    def close(self) -> None:
        """Waits for nothing: what is being inspected is asked for again."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def inspect(self, wanted: Mapping[str, Any], at: datetime) -> tuple[Looked, ...]:
        """What each of the files tells; `wanted` is the body of a `check` item. Raises NotNow."""
        files = wanted["files"]
        # one after the other: pictures are read so, and when one has to wait, nothing is left running
        fetched = [await self._fetch(file["id"], file["name"]) for file in files]
        names = [file["name"] for file in files]
        # not among the threads that the database is asked in: an issuer's server may let us wait
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        told: tuple[Looked, ...] = await loop.run_in_executor(
            self._threads, context.run, self._inspect, names, fetched, wanted, at
        )
        for one in told:
            _count(one)
        return told

    async def _fetch(self, id_: str, name: str) -> bytes | NotFetched | PictureRead | PictureNotRead:
        """A file's bytes; a picture's text."""
        try:
            file = await self._file(id_)
            if str(file.get("mimetype", "")).startswith("image/"):
                return await self._picture(file, name)
            data = await self._downloads.fetch(file)
        except Unfetched as unfetched:
            logger.info("a file was not fetched: %s", unfetched.reason)
            return NotFetched(name, unfetched.reason)
        return await self._text(data, name) if is_picture(data) else data

    async def _picture(self, file: Mapping[str, Any], name: str) -> bytes | PictureRead | PictureNotRead:
        """The text of the picture itself, or of Slack's rendition where it is not read. Raises Unfetched."""
        told: PictureRead | PictureNotRead
        is_too_large = False
        try:
            data = await self._downloads.fetch(file, BYTES_AT_MOST)
        except Unfetched as unfetched:
            if unfetched.reason != "too_large":
                raise
            told, is_too_large = PictureNotRead(name, "too_large"), True
        else:
            if not is_picture(data):
                return data
            told = await self._text(data, name)
        if isinstance(told, PictureNotRead) and told.reason in ("too_large", "broken", "timeout"):
            for rendition in _renditions(file):
                with contextlib.suppress(Unfetched):  # then what is said of the picture itself stays
                    read = await self._text(await self._downloads.fetch(rendition, BYTES_AT_MOST), name)
                    return replace(read, is_too_large=is_too_large)
        return told

    async def _text(self, data: bytes, name: str) -> PictureRead | PictureNotRead:
        try:
            return PictureRead(name, (await self._pictures.read(data)).lines)
        except NotRead as not_read:
            logger.info("a picture was not read: %s", not_read.reason)
            if not_read.reason == "busy":
                raise NotNow("pictures are waiting", 5.0) from None
            return PictureNotRead(name, _TOLD[not_read.reason])

    def _inspect(
        self,
        names: Sequence[str],
        fetched: Sequence[bytes | NotFetched | PictureRead | PictureNotRead],
        wanted: Mapping[str, Any],
        at: datetime,
    ) -> tuple[Looked, ...]:
        """All files of a message: the few fetches that a message has are counted together."""
        questions = self._asking.begin()
        sent = [data for data in fetched if isinstance(data, bytes)]

        def look(name: str, data: bytes) -> Looked:
            try:
                report = inspect(
                    data,
                    at=at,
                    address=wanted["address"],
                    server=wanted["server"],
                    purpose=wanted["purpose"],
                    trust=self._trust,
                    questions=questions,
                    beside=[one for one in sent if one is not data],
                )
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # noqa: BLE001 - a panic of the library, too, may hold up nothing
                logger.error("a file could not be checked: %s", error)
                return NotFetched(name, "not_checked")
            return Inspected(name, report)

        told = zip(names, fetched, strict=True)
        return tuple(look(name, data) if isinstance(data, bytes) else data for name, data in told)

    async def _file(self, id_: str) -> Mapping[str, Any]:
        """Slack's file object; asked for anew, for what the event tells may be short or out of date."""
        try:
            with understood():
                answer = await self._slack.files_info(file=id_)
        except Refused as refused:
            raise Unfetched("not_here" if refused.reason in GONE else "unavailable") from None
        file: Mapping[str, Any] = answer.get("file") or {}
        return file


def _count(looked: Looked) -> None:
    match looked:
        case Inspected():
            metrics.CHECKED.labels(looked.report.verdict).inc()
        case NotFetched():
            metrics.CHECKED.labels("not_fetched").inc()
        case PictureRead():
            metrics.PICTURES.labels("read").inc()
        case PictureNotRead():
            metrics.PICTURES.labels(looked.reason).inc()


def _renditions(file: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The file object as if each rendition were the file."""
    for name in RENDITIONS:
        if address := file.get(name):
            yield {**file, "url_private_download": address, "size": 0}
