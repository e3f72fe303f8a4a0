"""Fetches the files of a message and has them inspected. The bytes live no longer than that."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import Refused, understood
from bot.events import Inspected, NotFetched
from bot.files import Downloads, Unfetched
from checks.report import Trust, inspect

logger = logging.getLogger(__name__)

GONE = ("file_not_found", "file_deleted")


class Inspecting:
    """Knows the way to the files and whom we trust."""

    def __init__(self, slack: AsyncWebClient, downloads: Downloads, trust: Trust) -> None:
        self._slack = slack
        self._downloads = downloads
        self._trust = trust

    async def inspect(self, wanted: Mapping[str, Any], at: datetime) -> tuple[Inspected | NotFetched, ...]:
        """What each of the files tells; `wanted` is the body of a `check` item. Raises NotNow."""
        each = (self._one(file["id"], file["name"], wanted, at) for file in wanted["files"])
        return tuple(await asyncio.gather(*each))

    async def _one(
        self, id_: str, name: str, wanted: Mapping[str, Any], at: datetime
    ) -> Inspected | NotFetched:
        try:
            data = await self._downloads.fetch(await self._file(id_))
        except Unfetched as unfetched:
            logger.info("a file was not fetched: %s", unfetched.reason)
            return NotFetched(name, unfetched.reason)
        asked = {key: wanted[key] for key in ("address", "server", "purpose")}
        try:
            report = await asyncio.to_thread(inspect, data, at=at, trust=self._trust, **asked)
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
