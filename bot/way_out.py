"""How this machine reaches Slack: through which proxy, and whose certificates it believes.

The libraries do not agree: slack_sdk sends everything through HTTPS_PROXY whatever NO_PROXY says, httpx does
not know this machine's own roots, aiohttp does not know certifi's. So both are decided here for all of them:
Slack's Web API, Socket Mode and the files.
"""

import logging
import ssl
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp
import certifi
import httpx
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.setting_shapes import certificates
from bot.settings import Settings

logger = logging.getLogger(__name__)

LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}

# What OpenSSL says of a certificate (openssl-verify(1), X509_V_ERR_…).
OUT_OF_DATE = (9, 10)
UNKNOWN_ISSUER = (2, 18, 19, 20, 21)
OTHER_NAME = (62, 64)


@dataclass(frozen=True)
class WayOut:
    """The way to Slack. `no_proxy` is as NO_PROXY has it: names, with commas, each with all below it."""

    tls: ssl.SSLContext
    proxy: str | None = field(default=None, repr=False)
    no_proxy: str = ""

    def proxy_for(self, address: str) -> str | None:
        """The proxy to this address; None for this machine itself and for what NO_PROXY names."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        if self.proxy is None or host in LOOPBACK:
            return None
        places = (f".{host}", f".{host}:{parts.port or PORTS.get(parts.scheme, 0)}")
        names = [name.strip().lower() for name in self.no_proxy.split(",")]
        ends = tuple(f".{name.lstrip('*.')}" for name in names if name.strip("*."))
        is_named = "*" in names or any(place.endswith(ends) for place in places)
        return None if is_named else self.proxy

    def session(self, what: str, timeout: aiohttp.ClientTimeout | None = None) -> aiohttp.ClientSession:
        """A session of aiohttp that logs what to do when the way is closed; `what` is asked for, one word."""
        failures = aiohttp.TraceConfig()

        async def failed(
            _: aiohttp.ClientSession, __: SimpleNamespace, failure: aiohttp.TraceRequestExceptionParams
        ) -> None:
            explain(what, failure.exception)

        failures.on_request_exception.append(failed)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self.tls, keepalive_timeout=30),
            timeout=timeout or aiohttp.ClientTimeout(sock_connect=30),
            trace_configs=[failures],
        )

    def lead(self, client: SocketModeClient) -> None:
        """Has Socket Mode go this way, and its call that asks Slack for the socket's address."""
        api, find_place = client.web_client, client.issue_new_wss_url
        api.ssl, api.proxy = (
            self.tls,
            self.proxy_for(api.base_url),
        )  # it took HTTPS_PROXY, whatever NO_PROXY says

        async def find_place_and_way() -> str:
            try:
                address = await find_place()
            except aiohttp.ClientError as error:
                explain("socket", error)
                raise
            client.proxy = self.proxy_for(address)
            return address

        client.issue_new_wss_url = find_place_and_way  # type: ignore[method-assign]
        client.aiohttp_client_session.detach()  # it was never used
        client.aiohttp_client_session = self.session("socket")

    def transport(self, what: str) -> httpx.AsyncBaseTransport:
        """The same for httpx."""
        return _Transport(what, self)


class _Transport(httpx.AsyncBaseTransport):
    def __init__(self, what: str, way: WayOut) -> None:
        self._what = what
        self._way = way
        self._direct = httpx.AsyncHTTPTransport(verify=way.tls)
        self._proxied = self._direct
        if way.proxy:
            tls_to_it = way.tls if way.proxy.startswith("https:") else None
            proxy = httpx.Proxy(way.proxy, ssl_context=tls_to_it)
            self._proxied = httpx.AsyncHTTPTransport(verify=way.tls, proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        chosen = self._proxied if self._way.proxy_for(str(request.url)) else self._direct
        try:
            return await chosen.handle_async_request(request)
        except httpx.TransportError as error:
            explain(self._what, error)
            raise

    async def aclose(self) -> None:
        await self._direct.aclose()
        await self._proxied.aclose()


def way_out(settings: Settings) -> WayOut:
    """The way that the settings tell."""
    proxy = settings.https_proxy or settings.http_proxy
    return WayOut(
        tls=_tls(settings.ssl_cert_file),
        proxy=proxy.get_secret_value() if proxy else None,
        no_proxy=settings.no_proxy or "",
    )


@cache
def _tls(own: Path | None) -> ssl.SSLContext:
    """Believes this machine's roots, Mozilla's (certifi) and the company's own: each of them, not in place
    of the others, for often only a part of the traffic is inspected.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if own:
        context.load_verify_locations(cadata=certificates(own))
        # Python 3.13 asks more of a root than most inspection products write into theirs; 3.12 did not.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an intermediate of theirs will do
    return context


def explain(what: str, error: BaseException) -> None:
    """Logs what somebody can do about a way that is closed; says nothing of other failures."""
    causes = _causes(error)
    # aiohttp's own error is one of ssl's, too, but without the code
    untrusted = (getattr(cause, "verify_code", 0) for cause in causes if isinstance(cause, ssl.SSLError))
    if code := next(filter(None, untrusted), 0):
        _explain_certificate(what, code)
    elif any(isinstance(cause, aiohttp.ClientProxyConnectionError) for cause in causes):
        logger.warning("%s: the proxy (HTTPS_PROXY) cannot be reached", what)
    elif status := next((status for cause in causes if (status := _refusal(cause))), 0):
        if status == 407:
            logger.warning(
                "%s: the proxy wants a name and a password: HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT", what
            )
        else:
            logger.warning("%s: the proxy (HTTPS_PROXY) refuses, status %d", what, status)


def _explain_certificate(what: str, code: int) -> None:
    if code in UNKNOWN_ISSUER:
        logger.warning(
            "%s: the certificate that answers is not trusted. If the company inspects TLS, set SSL_CERT_FILE "
            "to a file with its root certificate",
            what,
        )
    elif code in OUT_OF_DATE:
        logger.warning(
            "%s: the certificate that answers is out of date. Is this machine's clock right?", what
        )
    elif code in OTHER_NAME:
        logger.warning("%s: the certificate that answers is another host's, not Slack's", what)
    else:
        logger.warning("%s: the certificate that answers is refused, OpenSSL's code %d", what, code)


def _refusal(error: BaseException) -> int:
    """The status with which a proxy refused; 0 if it is nothing of that kind."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return error.status
    if isinstance(error, httpx.ProxyError):
        status = str(error)[:3]  # "407 Proxy Authentication Required"
        return int(status) if status.isdecimal() else 0
    return 0


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found
