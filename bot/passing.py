"""Passes a file on to where the other one reads: from the employee to the helpdesk, or back.

A file of a talk with the bot can be opened by nobody else, so it is uploaded once more. In between its bytes
are in memory alone. Sources: https://docs.slack.dev/messaging/working-with-files and
https://docs.slack.dev/reference/methods/files.completeUploadExternal and
https://docs.slack.dev/reference/methods/files.delete (both `files:write`)
"""

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import NotNow, Refused, understood
from bot.files import Downloads, Unfetched
from bot.picture_reader import BYTES_AT_MOST
from bot.store import Thread
from checks import private_key

logger = logging.getLogger(__name__)

GONE = frozenset({"file_not_found", "file_deleted"})


class Passing:
    """The way from one talk to another."""

    def __init__(self, slack: AsyncWebClient, downloads: Downloads) -> None:
        self._slack = slack
        self._downloads = downloads

    async def upload(self, file: str, name: str) -> str:
        """Uploads the file once more, to be shared; gives the upload's own id. Raises NotNow and Refused."""
        try:
            data = await self._downloads.fetch(await self._info(file), BYTES_AT_MOST)
        except Unfetched as unfetched:
            raise Refused(unfetched.reason) from None
        if (
            private_key.find(data) is not None
        ):  # it was looked for before; what is passed on is what was looked at
            raise Refused("private_key")
        with understood():
            answer = await self._slack.files_getUploadURLExternal(filename=name, length=len(data))
        try:
            await self._downloads.send(str(answer["upload_url"]), data)
        except Unfetched as unfetched:
            if unfetched.reason == "unavailable":
                raise NotNow("a file could not be uploaded") from None
            raise Refused(unfetched.reason) from None
        return str(answer["file_id"])

    async def share(self, upload: str, name: str, place: Thread) -> None:
        """Shows what was uploaded in this place. Raises NotNow and Refused."""
        with understood():
            await self._slack.files_completeUploadExternal(
                files=[{"id": upload, "title": name}], channel_id=place.channel, thread_ts=place.ts
            )

    async def delete(self, upload: str) -> None:
        """Deletes what was uploaded, wherever it is shown; who finds it gone is content. Raises NotNow and
        Refused."""
        try:
            with understood():
                await self._slack.files_delete(file=upload)
        except Refused as refused:
            if refused.reason not in GONE:
                raise

    async def is_shared(self, upload: str, place: Thread) -> bool:
        """Whether it is shown there already. Raises NotNow."""
        try:
            shares = (await self._info(upload)).get("shares") or {}
        except Refused:
            return False
        return any(place.channel in where for where in shares.values())

    async def _info(self, file: str) -> dict[str, Any]:
        with understood():
            answer = await self._slack.files_info(file=file)
        return answer.get("file") or {}
