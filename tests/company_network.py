"""A company's network for tests, on loopback: a proxy that lets nobody out otherwise, and TLS inspection.

    the bot -- CONNECT slack.com:443 --> proxy --> TLS with the inspection's certificate --> workspace

The bot's own addresses are Slack's real ones; the proxy leads each of them to the local workspace.
"""

import asyncio
import base64
import re
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.workspace.workspace import Workspace
from tests.certificates import Issued, authority, pem, server
from tests.relay import join, listening

API, FILES = "slack.com", "files.slack.com"
DAY = timedelta(days=1)


@dataclass
class Proxy:
    """What lets connections out, with CONNECT alone; `login` is `name:password`, as the address has it."""

    leads_to: int
    login: str = ""
    place: str = "http://127.0.0.1"
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """What it was asked for: `slack.com:443`, or the whole request if it was no CONNECT."""
    refused: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        scheme, _, host = self.place.partition("://")
        return f"{scheme}://{self.login}{'@' if self.login else ''}{host}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split(" ", 2)
        self.asked.append(target if method == "CONNECT" else head)
        shown = re.search(r"^proxy-authorization: basic (\S+)\r$", head, re.MULTILINE | re.IGNORECASE)
        login = base64.b64decode(shown[1]).decode() if shown else ""
        if login != unquote(self.login):
            self.refused.append(target)
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await join(reader, writer, self.leads_to)


@dataclass(frozen=True)
class Network:
    """The proxy, and the file with the root that inspects TLS."""

    proxy: Proxy
    root: Path


def inspection(*, key_ids: bool = True) -> Issued:
    """The root of an inspection product; few have key identifiers."""
    now = datetime.now(UTC)
    return authority("Example TLS Inspection CA", start=now - DAY, end=now + 30 * DAY, key_ids=key_ids)


def shown_by(issuer: Issued, *names: str, ends: timedelta = 10 * DAY) -> Issued:
    """The certificate that the inspection shows in place of Slack's."""
    return server(issuer, *(names or (API, FILES)), end=datetime.now(UTC) + ends)


@asynccontextmanager
async def company_network(
    workspace: Workspace | None = None,
    *,
    login: str = "",
    root: Issued | None = None,
    shown: Issued | None = None,
    over_tls: bool = False,
) -> AsyncIterator[Network]:
    """The network around a workspace that is served; without one whatever gets through hears nothing.

    `over_tls`: the proxy itself is reached by TLS, too.
    """
    root = root or inspection()
    shown = shown or shown_by(root, API, FILES, "localhost")
    with tempfile.TemporaryDirectory(prefix="network-") as folder:
        file = Path(folder) / "root.pem"
        file.write_bytes(pem(root))
        tls = _server_side(shown, Path(folder))
        port = urlsplit(workspace.address).port if workspace else 0

        def for_the_workspace(piece: bytes) -> bytes:
            return re.sub(
                rb"(\r\nHost: )[a-z.]*slack\.com\r\n", rb"\g<1>127.0.0.1:%d\r\n" % (port or 0), piece
            )

        async def inspect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if port:
                await join(reader, writer, port, for_the_workspace)

        if workspace:
            workspace.address = f"https://{FILES}"
        async with listening(inspect, tls) as inspected:
            proxy = Proxy(inspected, login, "https://localhost" if over_tls else "http://127.0.0.1")
            async with listening(proxy.serve, tls if over_tls else None) as proxy.port:
                yield Network(proxy, file)


def _server_side(shown: Issued, folder: Path) -> ssl.SSLContext:
    key = shown.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both = folder / "server.pem"
    both.write_bytes(shown.pem + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
