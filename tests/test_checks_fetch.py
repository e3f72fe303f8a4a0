"""Whatever a certificate names to be asked: it is asked as promised, and costs no more than is said."""

import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from socket import SHUT_RDWR, socket
from threading import Event
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.fetch import CRL_AT_MOST, FETCHES_AT_MOST, LOOKS_AT_MOST, Fetcher, Unfetched
from tests.certificates import DAY, Issued, authority, issue, usage
from tests.internet import (
    HOST,
    PUBLIC,
    PUBLICLY,
    URL,
    Answer,
    Internet,
    Server,
    always,
    at,
    by_path,
    online,
    reason,
    received,
    says,
    serving,
)

# What is asked, and how.


def test_a_question_says_no_more_than_it_must() -> None:
    with online(says(b"list")) as (fetcher, server, _):
        assert fetcher.visit().get(f"{URL}?a=b#c", at_most=4, accept="application/pkix-crl") == b"list"
    line, *headers = server.requests[0].decode().strip().split("\r\n")
    assert line == "GET /it?a=b HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: application/pkix-crl",
        f"Host: {HOST}",
        "User-Agent: certificate-helpdesk",
    ]


def test_a_body_is_posted_with_its_type() -> None:
    with online(says(b"good")) as (fetcher, server, _):
        assert (
            fetcher.visit().post(URL, b"who?", content_type="application/ocsp-request", at_most=9) == b"good"
        )
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /it HTTP/1.1")
    assert b"Content-Type: application/ocsp-request" in head
    assert body == b"who?"


def test_a_connection_is_kept_for_the_next_upload() -> None:
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [PUBLIC]

    with online(says(), resolve) as (fetcher, server, _):
        for _ in range(3):
            assert fetcher.visit().get(URL, at_most=3) == b"yes"
    assert (len(server.connections), len(server.requests), asked) == (1, 3, [HOST])


def test_many_threads_fetch_at_once() -> None:
    with online(says()) as (fetcher, _, _), ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: fetcher.visit().get(URL, at_most=3), range(24))) == {b"yes"}


@pytest.mark.parametrize("fault", ["dead", "silent"])
def test_the_address_that_answers_is_used_where_another_does_not(fault: str) -> None:
    with serving(says()) as server:
        internet = Internet(server.port, **{fault: ["8.8.8.8"]})
        with Fetcher(resolve=at("8.8.8.8", "8.8.4.4"), network=internet, seconds=1) as fetcher:
            assert fetcher.visit().get(URL, at_most=3) == b"yes"
    assert internet.dialled == ["8.8.8.8", "8.8.4.4"]


def test_a_connection_that_comes_too_late_is_closed() -> None:
    class Late(Internet):
        def connect_tcp(self, host: str, port: int, timeout: float | None = None, *_: Any) -> Any:
            stream = super().connect_tcp(host, port, timeout)
            Event().wait(timeout)
            return stream

    ended = Event()
    with serving(says()) as server:
        server.speak = lambda connection: ended.set() if not received(connection) else None
        with Fetcher(resolve=PUBLICLY, network=Late(server.port), seconds=0.2) as fetcher:
            assert reason(fetcher, f"https://{HOST}/") == "timeout"
        assert ended.wait(10)


# Whom the company allows.


def test_an_allowed_host_is_asked_wherever_it_is() -> None:
    with serving(says()) as server:
        for host, url in (
            ("127.0.0.1", "http://127.0.0.1:{}/"),
            ("PKI.", "http://pki:{}/"),
            ("pki.corp.example", "http://PKI.corp.example.:{}/"),
        ):
            with Fetcher(allowed_hosts=[(host, server.port)], resolve=at("127.0.0.1")) as fetcher:
                assert fetcher.visit().get(url.format(server.port), at_most=3) == b"yes"


def test_an_allowed_host_is_allowed_on_its_ports_alone() -> None:
    with online(says(), at("10.0.0.1"), allowed_hosts=[("pki", None), ("crl.corp", 8080)]) as (
        fetcher,
        _,
        internet,
    ):
        for url in ("http://pki/", "http://pki:443/", "http://crl.corp:8080/"):
            assert fetcher.visit().get(url, at_most=3) == b"yes"
        for url in ("http://pki:8080/", "http://crl.corp/", "http://pki.corp/", "http://10.0.0.1/"):
            assert reason(fetcher, url) == "forbidden"
    assert len(internet.dialled) == 3


@pytest.mark.parametrize("host", ["", "a b", "127.1", "http://pki"])
def test_an_allowed_host_that_is_no_host_is_refused_at_once(host: str) -> None:
    with pytest.raises(ValueError, match="neither a DNS name"):
        Fetcher(allowed_hosts=[(host, None)])


# Being sent on.


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1/", "http://169.254.169.254/latest/"),
        *("http://inside.example.com/", "file:///etc/passwd"),
        *("//127.0.0.1/", "http://[::1]/", "http://8.8.8.8:22/", "ldap://8.8.8.8/"),
        *("http://a@8.8.8.8/", "http://["),
        *("\\\\127.0.0.1\\", "/\t/127.0.0.1/", "http://0x7f000001/"),
        *("javascript:1", "http://127.0.0.1:80#.com"),
    ],
)
def test_nobody_sends_us_inside(location: str) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1" if host.startswith("inside") else PUBLIC]

    with online(says(b"", "302 Found", f"Location: {location}"), resolve) as (fetcher, server, internet):
        assert reason(fetcher) == "forbidden"
        assert (internet.dialled, len(server.requests)) == ([PUBLIC], 1)


@pytest.mark.parametrize(
    "location", ["/there", "there", "http://other.example.com/there", "//ca.example.com/there#x"]
)
def test_a_redirect_to_somebody_who_may_be_asked_is_followed(location: str) -> None:
    answer = by_path(it=says(b"moved", "301 Moved", f"Location: {location}"), there=says(b"here"))
    with online(answer) as (fetcher, server, _):
        visit = fetcher.visit()
        for _ in range(FETCHES_AT_MOST):
            assert visit.get(URL, at_most=4) == b"here"
    assert len(server.requests) == 2 * FETCHES_AT_MOST


def test_redirects_that_go_round_end_soon() -> None:
    with online(says(b"", "302 Found", "Location: /it")) as (fetcher, server, _):
        assert reason(fetcher) == "refused"
    assert len(server.requests) == 3


@pytest.mark.parametrize(("status", "asked"), [("307 Temporary", 2), ("302 Found", 2), ("303 See Other", 1)])
def test_a_posted_question_is_sent_on_whole_or_not_at_all(status: str, asked: int) -> None:
    answer = by_path(it=says(b"", status, "Location: /there"), there=says(b"here"))
    with online(answer) as (fetcher, server, _), suppress(Unfetched):
        fetcher.visit().post(URL, b"who?", content_type="a/b", at_most=4)
    assert [request.endswith(b"\r\n\r\nwho?") for request in server.requests] == [True] * asked


# What an answer may cost.


def endless(head: bytes, piece: bytes) -> Answer:
    def answer(_: bytes) -> Iterator[bytes]:
        yield head
        yield from repeat(piece)

    return answer


def dripping(head: bytes, body: bytes) -> Callable[[Server], Answer]:
    """Sends the body byte by byte, so that no single wait is long; whoever is patient gets all of it."""

    def slowly(server: Server) -> Answer:
        def answer(_: bytes) -> Iterator[bytes]:
            yield head
            for byte in body:
                server.closing.wait(0.05)
                yield bytes([byte])

        return answer

    return slowly


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (always(says(b"x" * 1001)), "too_large"),
        (always(says(b"", length=10**15)), "too_large"),
        (endless(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"), "too_large"),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 999), "too_large"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n"), "unreachable"),
        (endless(b"HTTP/1.1 200 ", b"O" * 999), "unreachable"),
        (always(says(b"\x1f\x8b", "200 OK", "Content-Encoding: gzip")), "refused"),
        (always(says(b"\x1f\x8b", "200 OK", "content-encoding: deflate, br")), "refused"),
        (always(says(b"", "204 No Content")), "refused"),
        (always(says(b"yes", "206 Partial Content")), "refused"),
        (always(says(b"no", "404 Not Found")), "refused"),
        (always(says(b"no", "302 Found")), "refused"),
        (always(says(b"no", "407 Proxy Authentication Required")), "refused"),
        (always(says(b"cut", "200 OK", "Connection: close", length=9)), "unreachable"),
        (always(b"220 mail.example.com ESMTP\r\nConnection: close\r\n"), "unreachable"),
        (always(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nyes"), "unreachable"),
        (always(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), "unreachable"),
        (always(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nyes"), "unreachable"),
    ],
)
def test_what_is_no_plain_answer_of_the_right_size_is_not_taken(answer: Answer, expected: str) -> None:
    with online(answer) as (fetcher, _, _):
        assert reason(fetcher) == expected


def test_an_answer_may_be_just_as_large_as_is_said() -> None:
    body = bytes(CRL_AT_MOST)
    with online(says(body)) as (fetcher, _, _):
        assert fetcher.visit().get(URL, at_most=CRL_AT_MOST) == body
        assert reason(fetcher, at_most=CRL_AT_MOST - 1) == "too_large"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (says(b"", length=100), b"x" * 100),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x" * 100 + b"\r\nContent-Length: 0\r\n\r\n"),
        (CHUNKED, b"1\r\nx\r\n" * 20 + b"0\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 10 + says()),
    ],
)
def test_an_answer_that_drips_ends_at_the_deadline(head: bytes, body: bytes) -> None:
    with online(says(), seconds=0.3) as (fetcher, server, _):
        server.answer = dripping(head, body)(server)
        assert reason(fetcher) == "timeout"


def test_redirects_share_one_deadline() -> None:
    with online(says(), seconds=0.4) as (fetcher, server, _):

        def answer(request: bytes) -> Iterator[bytes]:
            server.closing.wait(0.25)
            yield says(b"", "302 Found", "Location: /there") if b"/it" in request else says()

        server.answer = answer
        assert reason(fetcher) == "timeout"


def test_a_name_that_nobody_answers_for_ends_at_the_deadline_and_keeps_no_process_from_ending() -> None:
    program = (
        "from threading import Event; from checks.fetch import *\n"
        "fetcher = Fetcher(seconds=0.1, resolve=lambda *_: Event().wait())\n"
        "try: fetcher.visit().get('http://ca.example.com/', at_most=1)\n"
        "except Unfetched as fault: print(fault.reason)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert (run.stdout, run.stderr) == ("timeout\n", "")


def test_who_cannot_be_reached_is_told_apart_from_who_may_not() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(host)

    with serving(says()) as server:
        gone = server.port
    for resolve in (unknown, at()):
        with Fetcher(resolve=resolve, network=Internet(gone)) as fetcher:
            assert reason(fetcher) == "unreachable"
    with Fetcher(allowed_hosts=[("127.0.0.1", gone)]) as fetcher:
        assert reason(fetcher, f"http://127.0.0.1:{gone}/") == "unreachable"


def test_no_answer_does_more_than_be_refused() -> None:
    reasons = set()
    with online(says()) as (fetcher, server, _):

        @settings(deadline=None)
        @given(
            st.binary() | st.binary().map(b"HTTP/1.1 200 OK\r\n".__add__) | st.binary().map(CHUNKED.__add__)
        )
        def holds(answer: bytes) -> None:
            server.answer = always(answer + b"Connection: close")
            try:
                assert len(fetcher.visit().get(URL, at_most=50)) <= 50
            except Unfetched as refusal:
                reasons.add(refusal.reason)

        holds()
    assert reasons <= {"refused", "too_large", "unreachable"}


def test_an_upload_has_four_fetches_and_what_is_forbidden_costs_none() -> None:
    with online(says()) as (fetcher, server, _):
        visit = fetcher.visit()
        for _ in range(FETCHES_AT_MOST):
            with pytest.raises(Unfetched, match="forbidden"):
                visit.get("http://127.0.0.1/", at_most=3)
            visit.get(URL, at_most=3)
        with pytest.raises(Unfetched, match="spent"):
            visit.get(URL, at_most=3)
        assert fetcher.visit().get(URL, at_most=3) == b"yes"
    assert len(server.requests) == FETCHES_AT_MOST + 1


def test_an_upload_with_a_thousand_forbidden_urls_is_not_read_to_its_end() -> None:
    with online(says()) as (fetcher, server, _):
        visit = fetcher.visit()
        for _ in range(LOOKS_AT_MOST):
            with pytest.raises(Unfetched, match="forbidden"):
                visit.get("ldap://ca.example.com/", at_most=3)
        with pytest.raises(Unfetched, match="spent"):
            visit.get(URL, at_most=3)
    assert server.requests == []


def test_a_refusal_names_nobody() -> None:
    with online(says(), at("10.0.0.1")) as (fetcher, _, _), pytest.raises(Unfetched) as refusal:
        fetcher.visit().get("http://secret.example.com/", at_most=3)
    assert str(refusal.value) == "forbidden"
    assert refusal.value.__cause__ is None


# Proxies.


def test_the_environments_proxy_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(b"proxy")) as proxy, online(says()) as (_, server, internet):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        with Fetcher(resolve=at(PUBLIC), network=internet) as fetcher:
            assert fetcher.visit().get(URL, at_most=3) == b"yes"
    assert (len(proxy.requests), len(server.requests)) == (0, 1)


def test_a_proxy_is_asked_for_allowed_hosts_alone() -> None:
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(says()) as proxy:
        address = f"http://some%40one:word@proxy.corp:{proxy.port}"
        allowed = [(HOST, None), ("2606:4700::1", None)]
        with Fetcher(allowed_hosts=allowed, proxy=address, resolve=resolve) as fetcher:
            assert fetcher.visit().get(URL, at_most=3) == b"yes"
            for url in (
                "http://other.example.com/",
                "http://8.8.8.8/",
                "http://127.0.0.1/",
                f"http://{HOST}:8080/",
                "http://[2606:4700::1]/",
            ):
                assert reason(fetcher, url) == "forbidden"
    assert asked == ["proxy.corp"]
    assert len(proxy.requests) == 1
    assert proxy.requests[0].startswith(f"GET http://{HOST}:80/it HTTP/1.1\r\n".encode())
    assert b"Proxy-Authorization: Basic " + b64encode(b"some@one:word") in proxy.requests[0]


def test_a_proxy_cannot_send_us_to_a_host_that_is_not_allowed() -> None:
    with (
        serving(says(b"", "302 Found", "Location: http://other.example.com/")) as proxy,
        Fetcher(allowed_hosts=[(HOST, None)], proxy=f"http://127.0.0.1:{proxy.port}") as fetcher,
    ):
        assert reason(fetcher) == "forbidden"
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("proxy", ["", "proxy:3128", "socks5://proxy:1080", "http://", "http://127.1:80"])
def test_a_proxy_that_is_none_is_refused_at_once(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"a proxy is|neither a DNS name"):
        Fetcher(proxy=proxy)


# TLS: the certificate is held against the name, the connection goes to the address.


@pytest.fixture(scope="module")
def root() -> Issued:
    now = datetime.now(UTC)
    return authority("Test Root", start=now - DAY, end=now + DAY)


def trusting_in(root: Issued) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=root.pem.decode())


def secured(root: Issued, name: str, folder: Path) -> ssl.SSLContext:
    """What a server of this name shows."""
    now, names = datetime.now(UTC), x509.SubjectAlternativeName([x509.DNSName(name)])
    leaf = issue(
        name, root, (names, False), (usage("digital_signature"), True), start=now - DAY, end=now + DAY
    )
    key = leaf.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.pem").write_bytes(leaf.pem + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


def test_a_server_with_a_trusted_certificate_for_its_name_is_asked(root: Issued, tmp_path: Path) -> None:
    tls = secured(root, HOST, tmp_path)
    with online(says(), tls=tls, ssl_context=trusting_in(root)) as (fetcher, server, internet):
        for _ in range(2):
            assert fetcher.visit().get(f"https://{HOST}/it", at_most=3) == b"yes"
    assert (internet.dialled, len(server.connections)) == ([PUBLIC], 1)
    assert f"Host: {HOST}\r\n".encode() in server.requests[0]


@pytest.mark.parametrize(("name", "trusted"), [(HOST, False), ("other.example.com", True)])
def test_a_server_without_one_is_not(name: str, trusted: bool, root: Issued, tmp_path: Path) -> None:
    context = trusting_in(root) if trusted else None
    with online(says(), tls=secured(root, name, tmp_path), ssl_context=context) as (fetcher, server, _):
        assert reason(fetcher, f"https://{HOST}/it") == "unreachable"
    assert server.requests == []


def test_a_handshake_that_drips_ends_at_the_deadline() -> None:
    with online(says(), seconds=0.3) as (fetcher, server, _):

        def serve(connection: socket) -> None:
            with suppress(OSError):
                for byte in b"\x16\x03\x03\x3f\xff\x02" + bytes(34):
                    server.closing.wait(0.05)
                    connection.sendall(bytes([byte]))
                connection.shutdown(SHUT_RDWR)

        server.speak = serve
        assert reason(fetcher, f"https://{HOST}/it") == "timeout"


def test_a_proxy_carries_tls_to_an_allowed_host_unopened(root: Issued, tmp_path: Path) -> None:
    tls = secured(root, HOST, tmp_path)
    inside: list[bytes] = []

    def serve(connection: socket) -> None:
        with suppress(OSError):
            inside.append(received(connection))
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with tls.wrap_socket(connection.dup(), server_side=True) as opened:
                inside.append(received(opened))
                opened.sendall(says())

    with serving(says()) as proxy:
        proxy.speak = serve
        address = f"http://127.0.0.1:{proxy.port}"
        with Fetcher(allowed_hosts=[(HOST, None)], proxy=address, ssl_context=trusting_in(root)) as fetcher:
            assert fetcher.visit().get(f"https://{HOST}/it", at_most=3) == b"yes"
    assert inside[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n".encode())
    assert inside[1].startswith(f"GET /it HTTP/1.1\r\nHost: {HOST}\r\n".encode())
