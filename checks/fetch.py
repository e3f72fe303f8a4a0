"""Asks what certificates name to be asked, and guards it: the only file of the checks that opens connections.

Where to ask stands in the certificate, so it is a stranger's choice. Whatever it says, only http(s) on ports
80 and 443 of the public internet is asked, or a host that the company allowed. The guard sits where a
connection is opened: a name is resolved once, every address is judged, and what was judged is dialled.
"""

import ssl
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from socket import SOCK_STREAM, getaddrinfo
from threading import BoundedSemaphore, Event, Lock, Thread
from time import monotonic
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import unquote, urljoin, urlsplit

import httpcore

from checks.places import PORTS, Place, host_name, is_address, is_public, place_of

OCSP_AT_MOST, CERTIFICATE_AT_MOST, CRL_AT_MOST = 64 << 10, 128 << 10, 10 << 20
"""How many bytes an answer of each kind may have."""

FETCHES_AT_MOST, LOOKS_AT_MOST, REDIRECTS_AT_MOST = 4, 16, 2
"""How many fetches one upload has, at how many addresses it may look, how often one fetch is sent on."""

Reason = Literal["forbidden", "unreachable", "timeout", "too_large", "refused", "spent"]
"""forbidden: nobody may be asked there. unreachable: no such name, no connection, no trust in its
certificate, or broken off. refused: any status but 200, an encoded body, too many redirects. spent: the
upload has no fetch left."""

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host for a port, in the order to try them. Raises OSError."""

_CONNECTIONS_AT_MOST, _KEPT_AT_MOST, _KEPT_SECONDS = 64, 8, 15.0
_LOOKUPS_AT_ONCE, _ADDRESSES_AT_MOST = 32, 4
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)
_REPEATED = frozenset({301, 302, 303, 307, 308})


class Unfetched(Exception):
    """Nothing was fetched; the reason is all that it tells, never an address."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def _resolve(host: str, port: int) -> Sequence[str]:
    return [str(answer[4][0]) for answer in getaddrinfo(host, port, type=SOCK_STREAM)]


def _left(moment: float | None) -> float:
    """The seconds until a moment of the monotonic clock. Raises Unfetched when there are none."""
    left = (moment or 0.0) - monotonic()
    if left <= 0:
        raise Unfetched("timeout")
    return left


class _Stream(httpcore.NetworkStream):
    """A connection whose `timeout` is the moment at which the whole fetch ends: httpcore hands each timeout
    on as it got it, and would grant a duration anew to every byte that drips in."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))
        except BaseException:
            self.close()  # nobody else knows this connection yet
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Guard(httpcore.NetworkBackend):
    """Opens connections to public addresses and to the allowed hosts; a `timeout` is a moment, as above."""

    def __init__(
        self, network: httpcore.NetworkBackend, allowed: Collection[tuple[str, int]], resolve: Resolve
    ) -> None:
        self._network, self._allowed, self._resolve = network, allowed, resolve
        self._lookups = BoundedSemaphore(_LOOKUPS_AT_ONCE)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = [host] if is_address(host) else self._looked_up(host, port, timeout)
        if (host, port) not in self._allowed and not all(map(is_public, addresses)):
            raise Unfetched("forbidden")
        tried = addresses[:_ADDRESSES_AT_MOST]
        for count, address in enumerate(tried):
            share = _left(timeout) / (len(tried) - count)  # one that is silent leaves time for the others
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return _Stream(self._network.connect_tcp(address, port, share, local_address, socket_options))
        _left(timeout)
        raise Unfetched("unreachable")

    def _looked_up(self, host: str, port: int, moment: float | None) -> list[str]:
        """A host's addresses. The system's lookup knows no deadline, so it is left behind when that comes,
        in a thread that keeps no process from ending."""
        if not self._lookups.acquire(timeout=_left(moment)):
            raise Unfetched("timeout")
        found: list[str] = []
        done = Event()

        def look_up() -> None:
            try:
                with suppress(OSError, ValueError):
                    found.extend(self._resolve(host, port))
            finally:
                self._lookups.release()
                done.set()

        Thread(target=look_up, name="name lookup", daemon=True).start()
        if not done.wait(_left(moment)):
            raise Unfetched("timeout")
        return found


@dataclass(frozen=True)
class _Question:
    """What is sent and how many bytes may come back; without a body it is a GET."""

    at_most: int
    accept: str
    body: bytes | None = None
    content_type: str = ""

    def headers(self, place: Place) -> list[tuple[str, str]]:
        headers = [
            ("Host", place.authority),
            ("User-Agent", "certificate-helpdesk"),
            ("Accept", self.accept),
            ("Accept-Encoding", "identity"),
        ]
        return headers if self.body is None else [*headers, ("Content-Type", self.content_type)]


class Fetcher:
    """The way out, with its connections, which stay open; many threads may use it at once.

    `allowed_hosts` are asked whatever their addresses: without a port on 80 and 443, else on that one alone.
    Through a `proxy` nobody else is asked at all, for then it is the proxy that resolves. `seconds` is what
    one fetch takes at most, from the lookup of the name to the last byte, redirects included. Variables such
    as HTTP_PROXY do not count. Raises ValueError when a host or the proxy is no host.
    """

    def __init__(
        self,
        *,
        allowed_hosts: Collection[tuple[str, int | None]] = (),
        proxy: str | None = None,
        seconds: float = 5.0,
        resolve: Resolve = _resolve,
        ssl_context: ssl.SSLContext | None = None,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._seconds = seconds
        self._allowed = frozenset(
            (host_name(host), port)
            for host, only in allowed_hosts
            for port in (PORTS.values() if only is None else (only,))
        )
        tls = ssl_context or httpcore.default_ssl_context()
        self._proxy = None if proxy is None else _proxy(proxy, tls)
        origin = self._proxy and self._proxy.url.origin
        near = {(origin.host.decode("ascii"), origin.port)} if origin else self._allowed
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            proxy=self._proxy,
            max_connections=_CONNECTIONS_AT_MOST,
            max_keepalive_connections=_KEPT_AT_MOST,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_Guard(network or httpcore.SyncBackend(), near, resolve),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections; a fetch that is under way ends as unreachable."""
        self._pool.close()

    def visit(self) -> "Visit":
        """The fetches of one upload."""
        return Visit(self)

    def _permitted(self, url: str) -> Place:
        """Where a URL leads, if it may be asked as far as it tells by itself. Raises Unfetched."""
        try:
            place = place_of(url)
        except ValueError:
            raise Unfetched("forbidden") from None
        if self._proxy is not None and ":" in place.host:
            raise Unfetched("forbidden")  # httpcore would write it without brackets
        if (place.host, place.port) in self._allowed:
            return place
        known = is_public(place.host) if is_address(place.host) else "." in place.host
        if self._proxy is not None or place.port not in PORTS.values() or not known:
            raise Unfetched("forbidden")
        return place

    def _fetch(self, url: str, place: Place, question: _Question) -> bytes:
        moment = monotonic() + self._seconds
        for _ in range(REDIRECTS_AT_MOST + 1):
            try:
                answer = self._ask(place, question, moment)
            except httpcore.TimeoutException:
                raise Unfetched("timeout") from None
            except (*_BROKEN, OSError):
                raise Unfetched("unreachable") from None
            if isinstance(answer, bytes):
                return answer
            url = _joined(url, answer)
            place = self._permitted(url)
        raise Unfetched("refused")

    def _ask(self, place: Place, question: _Question, moment: float) -> bytes | str:
        """The body of an answer, or where it sends us on."""
        times = {"connect": moment, "read": moment, "write": moment, "pool": _left(moment)}
        with self._pool.stream(
            "GET" if question.body is None else "POST",
            httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target),
            headers=question.headers(place),
            content=question.body,
            extensions={"timeout": times},
        ) as response:
            headers = {name.lower(): value.decode("utf-8", "replace") for name, value in response.headers}
            # 303 would make a GET of a question that only a POST can ask (RFC 9110 15.4.4).
            repeated = response.status in _REPEATED and (question.body is None or response.status != 303)
            if repeated and (location := headers.get(b"location")):
                return location
            if response.status != 200 or headers.get(b"content-encoding", "identity").lower() != "identity":
                raise Unfetched("refused")
            if int(headers.get(b"content-length", "0")) > question.at_most:
                raise Unfetched("too_large")
            body = bytearray()
            for part in response.iter_stream():
                body += part
                if len(body) > question.at_most:
                    raise Unfetched("too_large")
            return bytes(body)


class Visit:
    """The fetches of one upload: four, redirects not counted; what is forbidden by its URL alone costs none,
    but a visit looks at sixteen URLs at most."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._looks, self._fetches = LOOKS_AT_MOST, FETCHES_AT_MOST
        self._lock = Lock()

    def get(self, url: str, *, at_most: int, accept: str = "*/*") -> bytes:
        """The body of what a URL gives, of so many bytes at most. Raises Unfetched."""
        return self._fetch(url, _Question(at_most, accept))

    def post(self, url: str, body: bytes, *, content_type: str, at_most: int) -> bytes:
        """The body of what a URL answers to this one, of so many bytes at most. Raises Unfetched."""
        return self._fetch(url, _Question(at_most, "*/*", body, content_type))

    def _fetch(self, url: str, question: _Question) -> bytes:
        with self._lock:
            if not self._looks or not self._fetches:
                raise Unfetched("spent")
            self._looks -= 1
            place = self._fetcher._permitted(url)
            self._fetches -= 1
        return self._fetcher._fetch(url, place, question)


def _joined(url: str, location: str) -> str:
    """Where a redirect leads (RFC 9110 10.2.2), not yet judged. Raises Unfetched."""
    try:
        return urljoin(url, location)
    except ValueError:
        raise Unfetched("forbidden") from None


def _proxy(address: str, tls: ssl.SSLContext) -> httpcore.Proxy:
    """A proxy's address, as FETCH_PROXY gives it, with a name and password if it wants them."""
    parts = urlsplit(address)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("a proxy is http(s)://host:port")
    user, password = (unquote(part or "").encode() for part in (parts.username, parts.password))
    url = httpcore.URL(scheme=parts.scheme, host=host_name(parts.hostname), port=parts.port, target="/")
    context = tls if parts.scheme == "https" else None
    return httpcore.Proxy(url, auth=(user, password) if user else None, ssl_context=context)
