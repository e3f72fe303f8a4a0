"""An internet on this machine for the fetcher: real servers, and a note of who was dialled."""

import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from socket import SHUT_RDWR, create_server, socket
from threading import Event, Thread
from typing import Any

import httpcore
import pytest

from checks.fetch import Fetcher, Resolve, Unfetched

HOST, PUBLIC = "ca.example.com", "8.8.8.8"
URL = f"http://{HOST}/it"
Answer = Callable[[bytes], Iterator[bytes]]
"""What a server sends for a request, piece by piece."""


def says(body: bytes = b"yes", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def always(answer: bytes) -> Answer:
    return lambda _: iter([answer])


def by_path(**answers: bytes) -> Answer:
    return lambda request: iter([answers[request.split()[1].decode().rpartition("/")[2]]])


class Server:
    """A server on this machine: it counts connections, keeps requests, and answers each as it is told."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None = None) -> None:
        self.answer, self.tls = answer, tls
        self.speak: Callable[[socket], None] = self._speak
        self.requests: list[bytes] = []
        self.connections: list[socket] = []
        self.closing = Event()
        self._listening = create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self.closing.set()
        for one in (self._listening, *self.connections):
            with suppress(OSError):
                one.shutdown(SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in (self._listening, *self.connections):
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.closing.is_set():
                self.connections.append(self._listening.accept()[0])
                self._threads.append(Thread(target=self._serve, args=[self.connections[-1]]))
                self._threads[-1].start()

    def _serve(self, connection: socket) -> None:
        with suppress(OSError):
            if self.tls:
                with self.tls.wrap_socket(connection.dup(), server_side=True) as opened:
                    self.speak(opened)
            else:
                self.speak(connection)

    def _speak(self, connection: socket) -> None:
        while request := received(connection):
            self.requests.append(request)
            piece = b""
            for piece in self.answer(request):
                connection.sendall(piece)
            if b"Connection: close" in piece:
                connection.shutdown(SHUT_RDWR)
                break


def received(connection: socket) -> bytes:
    """One request, head and body; nothing when the connection ends."""
    request = b""
    while b"\r\n\r\n" not in request:
        if not (piece := connection.recv(4096)):
            return b""
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
    )
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


class Internet(httpcore.NetworkBackend):
    """An internet in which every address is the same server on this machine; it notes who was dialled."""

    def __init__(self, port: int | None, dead: Collection[str] = (), silent: Collection[str] = ()) -> None:
        self.port, self.dead, self.silent = port, dead, silent
        self.dialled: list[str] = []

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_: Any
    ) -> httpcore.NetworkStream:
        self.dialled.append(host)
        if host in self.silent:
            Event().wait(timeout)
            raise httpcore.ConnectTimeout
        if self.port is None or host in self.dead:
            raise httpcore.ConnectError
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)


@contextmanager
def serving(answer: Answer | bytes, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server(always(answer) if isinstance(answer, bytes) else answer, tls)
    try:
        yield server
    finally:
        server.close()


def at(*addresses: str) -> Resolve:
    return lambda host, port: addresses


PUBLICLY = at(PUBLIC)
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and loads no list of roots for each test


@contextmanager
def online(
    answer: Answer | bytes, resolve: Resolve = PUBLICLY, tls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[tuple[Fetcher, Server, Internet]]:
    """A fetcher in an internet that answers so."""
    with serving(answer, tls) as server:
        internet = Internet(server.port)
        with Fetcher(resolve=resolve, network=internet, **{"ssl_context": PLAIN} | options) as fetcher:
            yield fetcher, server, internet


def reason(fetcher: Fetcher, url: str = URL, at_most: int = 1000) -> str:
    """Why nothing is fetched."""
    with pytest.raises(Unfetched) as refusal:
        fetcher.visit().get(url, at_most=at_most)
    return refusal.value.reason
