"""Fetches the files of a message and has them inspected. The bytes live no longer than that."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import Refused, understood
from bot.events import Inspected, NotFetched
from bot.files import Downloads, Unfetched
from checks.report import Asking, Trust, inspect

logger = logging.getLogger(__name__)

GONE = ("file_not_found", "file_deleted")


class Inspecting:
    """Knows the way to the files and whom we trust."""

    def __init__(self, slack: AsyncWebClient, downloads: Downloads, trust: Trust, asking: Asking) -> None:
        self._slack = slack
        self._downloads = downloads
        self._trust = trust
        self._asking = asking

    async def inspect(self, wanted: Mapping[str, Any], at: datetime) -> tuple[Inspected | NotFetched, ...]:
        """What each of the files tells; `wanted` is the body of a `check` item. Raises NotNow."""
        files = wanted["files"]
        fetched = await asyncio.gather(*(self._fetch(file["id"], file["name"]) for file in files))
        each = (self._one(number, files, fetched, wanted, at) for number in range(len(files)))
        return tuple(await asyncio.gather(*each))

    async def _fetch(self, id_: str, name: str) -> bytes | NotFetched:
        try:
            return await self._downloads.fetch(await self._file(id_))
        except Unfetched as unfetched:
            logger.info("a file was not fetched: %s", unfetched.reason)
            return NotFetched(name, unfetched.reason)

    async def _one(
        self,
        number: int,
        files: Sequence[Mapping[str, Any]],
        fetched: Sequence[bytes | NotFetched],
        wanted: Mapping[str, Any],
        at: datetime,
    ) -> Inspected | NotFetched:
        """One of the files, with the issuers that may lie in those beside it."""
        name, data = files[number]["name"], fetched[number]
        if isinstance(data, NotFetched):
            return data
        beside = tuple(one for one in fetched if isinstance(one, bytes) and one is not data)
        try:
            report = await asyncio.to_thread(
                inspect,
                data,
                at=at,
                address=wanted["address"],
                server=wanted["server"],
                purpose=wanted["purpose"],
                trust=self._trust,
                asking=self._asking,
                beside=beside,
            )
        except Exception as error:  # noqa: BLE001 - no file may hold up the person's other messages
            logger.error("a file could not be checked: %s", error)
            return NotFetched(name, "unavailable")
        return Inspected(name, report)

    async def _file(self, id_: str) -> Mapping[str, Any]:
        """Slack's file object; asked for anew, for what the event tells may be short or out of date."""
        try:
            with understood():
                answer = await self._slack.files_info(file=id_)
        except Refused as refused:
            raise Unfetched("not_here" if refused.reason in GONE else "unavailable") from None
        file: Mapping[str, Any] = answer.get("file") or {}
        return file
