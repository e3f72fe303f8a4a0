"""Slack is reached through a company's proxy and past its TLS inspection; if not, the log says what to do."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import certifi
import httpx
import pytest
from pydantic import SecretStr

from bot import files
from bot.calls import NotNow, understood, web_client
from bot.local import MANIFEST
from bot.settings import Settings
from bot.way_out import WayOut, way_out
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.workspace import Workspace
from tests.certificates import Issued, authority
from tests.company_network import API, DAY, FILES, Network, company_network, inspection, shown_by
from tests.road import DIRECT, ROW_1, Stage, sample, settings, stage, words
from tests.test_road_logs import logged

PASSWORD = "p%40ss-wort"  # p@ss-wort
SLACK = "https://slack.com/api/"


def told(network: Network, **more: Any) -> Settings:
    """Settings as an operator behind this network makes them."""
    given = {"https_proxy": SecretStr(network.proxy.address), "ssl_cert_file": network.root}
    return settings("", **(given | more))


async def behind(play: Callable[[Stage, Network], Awaitable[None]], over: Literal["http", "sockets"]) -> None:
    """Plays it with the bot and the workspace on two sides of a company's network."""
    workspace = Workspace(app=read_manifest(MANIFEST))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serve_workspace(workspace))
        network = await stack.enter_async_context(company_network(workspace, login=f"helpdesk:{PASSWORD}"))
        given = told(network)
        here = await stack.enter_async_context(
            stage(
                over=over,
                workspace=workspace,
                slack_api_url=SLACK,
                slack_file_hosts=given.slack_file_hosts,
                https_proxy=given.https_proxy,
                ssl_cert_file=given.ssl_cert_file,
            )
        )
        await play(here, network)


def test_the_helpdesk_works_through_a_proxy_with_a_password_and_past_tls_inspection() -> None:
    async def play(here: Stage, network: Network) -> None:
        await here.say(ROW_1)
        await here.say("", sample("expired"))
        assert "期限" in words(here.said()[-1])
        assert set(network.proxy.asked) == {f"{API}:443", f"{FILES}:443"}
        assert not network.proxy.refused

    asyncio.run(behind(play, "http"))


def test_socket_mode_works_through_it_too() -> None:
    async def play(here: Stage, network: Network) -> None:
        await here.say(ROW_1)
        assert len(here.said()) == 1
        here.workspace.sockets.drop()
        await here.say("特にない")
        assert len(here.said()) == 2
        assert network.proxy.asked.count(f"{FILES}:443") >= 2  # each socket anew
        assert not network.proxy.refused

    asyncio.run(behind(play, "sockets"))


def test_the_proxy_itself_may_be_reached_by_tls() -> None:
    async def run() -> None:
        workspace = Workspace(app=read_manifest(MANIFEST))
        async with (
            serve_workspace(workspace),
            company_network(workspace, login=f"helpdesk:{PASSWORD}", over_tls=True) as network,
        ):
            way = way_out(told(network))
            async with web_client(SLACK, workspace.bot_token, way) as slack:
                assert (await slack.auth_test())["ok"]
            await asked(way, "files")
            assert network.proxy.asked == [f"{API}:443", f"{FILES}:443"]

    asyncio.run(run())


async def asked(way: WayOut, what: Literal["api", "files"]) -> None:
    """Asks Slack for something small, that way. Raises NotNow or httpx.TransportError."""
    if what == "api":
        async with web_client(SLACK, "xoxb-1", way) as slack:
            with understood():
                await slack.auth_test()
    else:
        async with files.client(way) as client:
            await client.get(f"https://{FILES}/a.cer")


def heard(
    what: Literal["api", "files"],
    *,
    login: str = "",
    root: Issued | None = None,
    shown: Issued | None = None,
    **more: Any,
) -> str:
    """What is logged when the way is closed."""

    async def run() -> None:
        async with company_network(login=login, root=root, shown=shown) as network:
            with pytest.raises((NotNow, httpx.TransportError)):
                await asked(way_out(told(network, **more)), what)

    with logged() as captured:
        asyncio.run(run())
    everything = "\n".join(captured.seen)
    assert "wort" not in everything
    return everything


@pytest.mark.parametrize("what", ["api", "files"])
def test_without_the_companys_root_the_log_says_where_to_set_it(what: Literal["api", "files"]) -> None:
    log = heard(what, login=f"helpdesk:{PASSWORD}", ssl_cert_file=None)
    assert f"{what}: the certificate that answers is not trusted" in log
    assert "set SSL_CERT_FILE" in log


@pytest.mark.parametrize("what", ["api", "files"])
def test_a_proxy_that_wants_a_password_is_understood_and_the_password_never_logged(
    what: Literal["api", "files"],
) -> None:
    wrong = SecretStr("http://helpdesk:other-wort@127.0.0.1:{port}")

    async def run() -> None:
        async with company_network(login=f"helpdesk:{PASSWORD}") as network:
            address = wrong.get_secret_value().format(port=network.proxy.port)
            with pytest.raises((NotNow, httpx.TransportError)):
                await asked(way_out(told(network, https_proxy=SecretStr(address))), what)
            assert network.proxy.refused

    with logged() as captured:
        asyncio.run(run())
    log = "\n".join(captured.seen)
    assert f"{what}: the proxy wants a name and a password" in log
    assert "other-wort" not in log


def test_a_proxy_that_is_not_there_is_named_as_what_is_missing() -> None:
    log = heard("api", https_proxy=SecretStr(f"http://helpdesk:{PASSWORD}@127.0.0.1:9"))
    assert "api: the proxy (HTTPS_PROXY) cannot be reached" in log


def test_other_faults_of_the_certificate_are_told_apart() -> None:
    root = inspection()
    assert "out of date" in heard("api", root=root, shown=shown_by(root, ends=timedelta(hours=-1)))
    assert "another host's" in heard("files", root=root, shown=shown_by(root, "proxy.example.co.jp"))


def trusts(root: Issued, shown: Issued, *, file: bytes | None = None) -> bool:
    """Whether Slack's API is believed when this certificate answers; `file` is what IT hands out."""

    async def run() -> bool:
        async with company_network(root=root, shown=shown) as network:
            handed_out = network.root.with_name("company.cer")
            handed_out.write_bytes(file or network.root.read_bytes())
            try:
                await asked(way_out(told(network, ssl_cert_file=handed_out)), "api")
            except NotNow as closed:
                return "Certificate" not in closed.reason  # else it got through, and there was nobody
            return True

    return asyncio.run(run())


def test_the_companys_root_may_be_pem_or_der_and_less_perfect_than_a_public_one() -> None:
    plain = inspection(key_ids=False)
    assert trusts(plain, shown_by(plain))
    assert trusts(plain, shown_by(plain), file=plain.der)
    assert not trusts(plain, shown_by(inspection()))


def test_the_issuing_authority_of_the_inspection_will_do() -> None:
    root = inspection()
    now = root.certificate.not_valid_before_utc
    issuing = authority("Example TLS Issuing CA", root, start=now, end=now + 20 * DAY)
    assert trusts(root, shown_by(issuing), file=issuing.pem)


def test_the_companys_root_counts_beside_the_usual_ones(tmp_path: Path) -> None:
    usual = ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)
    own = inspection()
    file = tmp_path / "root.pem"
    file.write_bytes(own.pem)
    trusted = set(way_out(settings("", ssl_cert_file=file)).tls.get_ca_certs(binary_form=True))
    assert trusted >= {*usual, own.der}
    assert set(usual) <= set(DIRECT.tls.get_ca_certs(binary_form=True))


def test_this_machine_is_never_reached_through_the_proxy() -> None:
    async def run() -> None:
        workspace = Workspace(app=read_manifest(MANIFEST))
        async with serve_workspace(workspace) as address, company_network() as network:
            way = way_out(told(network))
            async with web_client(f"{address}/api/", workspace.bot_token, way) as slack:
                assert (await slack.auth_test())["ok"]
            async with files.client(way) as client:
                await client.get(f"{address}/files-pri/T1-F1/a.cer")
            assert network.proxy.asked == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("no_proxy", "direct"),
    [
        ("", ()),
        ("slack.com", ("api", "files", "socket")),
        (".slack.com", ("api", "files", "socket")),
        ("localhost, *.Slack.com", ("api", "files", "socket")),
        ("files.slack.com", ("files",)),
        ("slack.com:443", ("api", "files", "socket")),
        ("slack.com:80,ack.com,com.example", ()),
        ("*", ("api", "files", "socket")),
    ],
)
def test_what_no_proxy_names_is_reached_directly(no_proxy: str, direct: tuple[str, ...]) -> None:
    way = WayOut(DIRECT.tls, "http://proxy.example.co.jp:8080", no_proxy)
    places = {
        "api": SLACK,
        "files": f"https://{FILES}/x",
        "socket": "wss://wss-primary.slack.com/link/?ticket=1",
    }
    assert tuple(name for name, address in places.items() if way.proxy_for(address) is None) == direct


def test_the_proxy_of_plain_http_is_used_where_there_is_no_other() -> None:
    both = {"https_proxy": SecretStr("http://one:1"), "http_proxy": SecretStr("http://two:2")}
    assert way_out(settings("", **both)).proxy == "http://one:1"
    assert way_out(settings("", http_proxy=both["http_proxy"])).proxy == "http://two:2"
    assert "one" not in repr(way_out(settings("", **both)))
