"""A file is fetched from Slack's hosts alone; the token goes nowhere else, and nothing larger is read."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from bot.files import AT_MOST, Downloads, Unfetched, client
from bot.looked import NotFetchedReason
from tests.road import DIRECT

TOKEN = "xoxb-secret"
CONTENT = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Host:
    """A file host on this machine; remembers the tokens that it was shown."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.tokens: list[str | None] = []
        self.port = 0

    async def serve(self, stack: AsyncExitStack) -> None:
        async def heard(request: web.Request) -> web.StreamResponse:
            self.tokens.append(request.headers.get("Authorization"))
            return await self.answer(request)

        app = web.Application()
        app.router.add_get("/{name}", heard)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]

    def at(self, name: str = "user.cer") -> str:
        return f"http://127.0.0.1:{self.port}/{name}"


def answers(body: bytes, status: int = 200, **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(
            body=body, status=status, headers={"Content-Type": "application/x-x509-ca-cert"} | named
        )

    return answer


def fetched(
    answer: Answer, file: dict[str, Any] | None = None, *, foreign: Answer | None = None
) -> tuple[bytes | NotFetchedReason, Host, Host]:
    """What fetching gives from a host that answers so, and from one that is not Slack's."""

    async def run() -> tuple[bytes | NotFetchedReason, Host, Host]:
        async with AsyncExitStack() as stack:
            known, other = Host(answer), Host(foreign or answers(CONTENT))
            await known.serve(stack)
            await other.serve(stack)
            connections = await stack.enter_async_context(client(DIRECT))
            downloads = Downloads(connections, TOKEN, (("127.0.0.1", known.port),))
            shown = {"mode": "hosted", "url_private_download": known.at()} | (file or {})
            places = {"KNOWN": known.at(), "FOREIGN": other.at()}
            shown = {name: places.get(value, value) for name, value in shown.items()}
            known.answer = _redirecting(known.answer, places)
            try:
                return await downloads.fetch(shown), known, other
            except Unfetched as unfetched:
                return unfetched.reason, known, other

    return asyncio.run(run())


def _redirecting(answer: Answer, places: dict[str, str]) -> Answer:
    async def to_real_places(request: web.Request) -> web.StreamResponse:
        response = await answer(request)
        location = response.headers.get("Location", "")
        if location in places and request.path != "/other.cer":
            response.headers["Location"] = places[location].replace("user.cer", "other.cer")
        elif request.path == "/other.cer":
            return await answers(CONTENT)(request)
        return response

    return to_real_places


def test_a_file_is_fetched_with_the_token() -> None:
    told, known, _ = fetched(answers(CONTENT))
    assert told == CONTENT
    assert known.tokens == [f"Bearer {TOKEN}"]


def test_a_snippet_is_a_file_too() -> None:
    assert fetched(answers(CONTENT), {"mode": "snippet"})[0] == CONTENT


def test_a_file_on_another_host_never_gets_the_token() -> None:
    told, known, other = fetched(answers(CONTENT), {"url_private_download": "FOREIGN"})
    assert told == "foreign_host"
    assert (known.tokens, other.tokens) == ([], [])


def test_a_redirect_to_another_host_never_gets_the_token() -> None:
    told, known, other = fetched(answers(b"", 302, Location="FOREIGN"))
    assert told == "foreign_host"
    assert (len(known.tokens), other.tokens) == (1, [])


def test_a_redirect_within_slacks_hosts_is_followed() -> None:
    assert fetched(answers(b"", 302, Location="KNOWN"))[0] == CONTENT


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://files.slack.com.example.com/a.cer", "foreign_host"),
        ("https://files.slack.com@127.0.0.1/a.cer", "foreign_host"),
        ("https://127.0.0.1/a.cer", "foreign_host"),
        ("http://files.slack.com/a.cer", "foreign_host"),
        ("file:///etc/passwd", "foreign_host"),
        ("https://127.0.0.1:notaport/a.cer", "unavailable"),
        ("https://example.slack.com/?redir=%2Ffiles-pri%2FT1-F1%2Fa.cer", "sign_in_page"),
        ("", "unavailable"),
    ],
)
def test_only_the_exact_host_scheme_and_port_will_do(address: str, reason: str) -> None:
    assert fetched(answers(CONTENT), {"url_private_download": address})[0] == reason


@pytest.mark.parametrize("mode", ["external", "tombstone", "hidden_by_limit", "space", None])
def test_what_does_not_lie_in_slack_is_not_asked_for(mode: str | None) -> None:
    told, known, _ = fetched(answers(CONTENT), {"mode": mode})
    assert (told, known.tokens) == ("not_here", [])


def test_an_external_file_is_not_asked_for() -> None:
    assert fetched(answers(CONTENT), {"is_external": True})[0] == "not_here"


def test_a_large_file_is_not_even_asked_for() -> None:
    told, known, _ = fetched(answers(CONTENT), {"size": 5_000_000})
    assert (told, known.tokens) == ("too_large", [])


def test_a_file_that_is_larger_than_it_said_is_read_no_further() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 65536)
            sent += 65536
        return response

    assert fetched(endless, {"size": 10})[0] == "too_large"
    assert sent < 64 * AT_MOST


def test_a_sign_in_page_is_not_a_file() -> None:
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
    assert fetched(answers(page, Content_Type="text/html; charset=utf-8"))[0] == "sign_in_page"
    assert fetched(answers(b"\xef\xbb\xbf\n" + page))[0] == "sign_in_page"
    assert fetched(answers(page, Content_Type="text/html"), {"mimetype": "text/html"})[0] == page


def test_a_packed_answer_is_not_unpacked() -> None:
    packed = answers(b"\x1f\x8b", Content_Encoding="gzip")
    assert fetched(packed)[0] == "unavailable"


@pytest.mark.parametrize(("status", "reason"), [(404, "not_here"), (410, "not_here"), (403, "unavailable")])
def test_a_refusal_is_final(status: int, reason: str) -> None:
    told, known, _ = fetched(answers(b"", status))
    assert (told, len(known.tokens)) == (reason, 1)


def test_a_passing_fault_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.files.PAUSES", (0.0, 0.0))
    faults = [500, 429]

    async def at_last(request: web.Request) -> web.StreamResponse:
        return await answers(b"" if faults else CONTENT, faults.pop() if faults else 200)(request)

    assert fetched(at_last)[0] == CONTENT


def test_a_lasting_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.files.PAUSES", (0.0, 0.0))
    told, known, _ = fetched(answers(b"", 503))
    assert (told, len(known.tokens)) == ("unavailable", 3)
