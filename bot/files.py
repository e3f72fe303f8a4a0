"""Fetches a person's file from Slack: from Slack's hosts alone, and only what may be a certificate.

Source: https://docs.slack.dev/reference/objects/file-object. Whoever may not see a file gets Slack's
sign-in page, with status 200, or is sent to it. The bytes are nowhere kept.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from bot.looked import NotFetchedReason
from bot.way_out import LOOPBACK, WayOut

AT_MOST = 256 * 1024
"""Bytes of a file, unless it is a picture."""
REDIRECTS_AT_MOST = 3
SECONDS_IN_ALL = 30.0
PAUSES = (0.5, 2.0)
MODES = ("hosted", "snippet")


class Unfetched(Exception):
    """The file could not be fetched."""

    def __init__(self, reason: NotFetchedReason) -> None:
        super().__init__(reason)
        self.reason = reason


class _Passing(Exception):
    """It did not work this time."""


@dataclass(frozen=True)
class Downloads:
    """The way to the files. `hosts` are hosts and ports; the token is shown to them and to nobody else."""

    client: httpx.AsyncClient
    token: str = field(repr=False)
    hosts: Collection[tuple[str, int]]

    async def fetch(self, file: Mapping[str, Any], at_most: int = AT_MOST) -> bytes:
        """The file's bytes, at most so many; `file` is Slack's file object. Raises Unfetched."""
        address = _address(file, at_most)
        try:
            async with asyncio.timeout(SECONDS_IN_ALL):
                for pause in PAUSES:
                    try:
                        return await self._get(address, file, at_most)
                    except (_Passing, httpx.TransportError):
                        await asyncio.sleep(pause)
                return await self._get(address, file, at_most)
        except (TimeoutError, _Passing, httpx.HTTPError, httpx.InvalidURL):
            raise Unfetched("unavailable") from None

    async def send(self, address: str, data: bytes) -> None:
        """Puts the bytes where Slack wants an upload; the address itself is the permission. Raises
        Unfetched."""
        self._require_known(address)
        try:
            answer = await self.client.post(address, content=data, timeout=SECONDS_IN_ALL)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unfetched("unavailable") from None
        if answer.status_code != 200:
            raise Unfetched("unavailable")

    async def _get(self, address: str, file: Mapping[str, Any], at_most: int) -> bytes:
        for _ in range(1 + REDIRECTS_AT_MOST):
            self._require_known(address)
            headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
            async with self.client.stream("GET", address, headers=headers, follow_redirects=False) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    continue
                return await _body(answer, file, at_most)
        raise Unfetched("unavailable")

    def _require_known(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        except ValueError:
            raise Unfetched("unavailable") from None
        host = (parts.hostname or "").lower()
        secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
        if secure and (host, port) in self.hosts and "@" not in parts.netloc:
            return
        # Slack sends whoever may not see the file to the workspace's own page to sign in.
        to_slack = parts.scheme == "https" and host.endswith(".slack.com") and "redir=" in parts.query
        raise Unfetched("sign_in_page" if to_slack else "foreign_host")


def client(way: WayOut) -> httpx.AsyncClient:
    """Connections to the files' hosts."""
    return httpx.AsyncClient(timeout=10.0, transport=way.transport("files"), trust_env=False)


def _address(file: Mapping[str, Any], at_most: int) -> str:
    if file.get("mode") not in MODES or file.get("is_external"):
        raise Unfetched("not_here")
    if int(file.get("size") or 0) > at_most:
        raise Unfetched("too_large")
    address = file.get("url_private_download") or file.get("url_private")
    if not isinstance(address, str) or not address:
        raise Unfetched("unavailable")
    return address


async def _body(answer: httpx.Response, file: Mapping[str, Any], at_most: int) -> bytes:
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _Passing
    if answer.status_code in (404, 410):
        raise Unfetched("not_here")
    if answer.status_code != 200 or answer.headers.get("content-encoding", "identity") != "identity":
        raise Unfetched("unavailable")
    if int(answer.headers.get("content-length") or 0) > at_most:
        raise Unfetched("too_large")
    body = bytearray()
    async for piece in answer.aiter_raw(64 * 1024):
        body += piece
        if len(body) > at_most:
            raise Unfetched("too_large")
    declared = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not _is_html(file) and (declared == "text/html" or _looks_like_html(bytes(body))):
        raise Unfetched("sign_in_page")
    return bytes(body)


def _is_html(file: Mapping[str, Any]) -> bool:
    """Whether the person uploaded a web page: that is then what the file is."""
    return file.get("mimetype") == "text/html" or file.get("filetype") in ("html", "htm")


def _looks_like_html(body: bytes) -> bool:
    begin = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return begin.startswith((b"<!doctype html", b"<html"))
