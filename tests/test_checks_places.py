"""Whatever a certificate names to be asked: nobody inside the company is, however the address is written."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.fetch import Fetcher
from tests.internet import PLAIN, PUBLIC, URL, Internet, at, online, reason, says

INSIDE = [
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1", "203.0.113.1"),
    *("224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808", "2002:7f00:1::"),
    *("2001::1", "2001:db8::1"),
    *("fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1"),
]


@pytest.mark.parametrize(
    "address", [*INSIDE, "2606:4700::1%eth0", "::ffff:8.8.8.8%1", "fe80::1%1", "no address"]
)
def test_a_name_that_leads_inside_is_not_asked(address: str) -> None:
    with online(says(), at(address)) as (fetcher, _, internet):
        assert reason(fetcher) == "forbidden"
        assert internet.dialled == []


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_asked(address: str) -> None:
    with online(says()) as (fetcher, _, internet):
        url = f"http://[{address}]/" if ":" in address else f"http://{address}/"
        assert reason(fetcher, url) == "forbidden"
        assert internet.dialled == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_asked_by_name_or_number(address: str) -> None:
    with online(says(), at(address)) as (fetcher, _, internet):
        number = str(ip_address(address))
        for url in (URL, f"http://[{number}]/" if ":" in number else f"http://{number}/"):
            assert fetcher.visit().get(url, at_most=3) == b"yes"
        assert internet.dialled == [address, number]


def test_one_address_inside_among_public_ones_is_enough_to_ask_nobody() -> None:
    with online(says(), at(PUBLIC, "10.0.0.1")) as (fetcher, _, internet):
        assert reason(fetcher) == "forbidden"
        assert internet.dialled == []


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    answer = says(b"yes", "200 OK", "Connection: close")
    with online(answer, lambda *_: next(answers)) as (fetcher, _, internet):
        assert fetcher.visit().get(URL, at_most=3) == b"yes"
        assert internet.dialled == [PUBLIC]
        assert reason(fetcher) == "forbidden"
        assert internet.dialled == [PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        *("", "http", "http:", "http://", "http:///etc/passwd", "//8.8.8.8/", "8.8.8.8", "http:8.8.8.8"),
        *("file:///etc/passwd", "ftp://8.8.8.8/", "data:,x", "ldap://8.8.8.8/cn=x"),
        *("gopher://8.8.8.8/", "ws://8.8.8.8"),
        *("httpſ://8.8.8.8/", " http://8.8.8.8/", "ht\ntp://8.8.8.8/"),
        *("http://8.8.8.8/\r\nX: y", "http://8.8.8.8\t/"),
        *("http://2130706433/", "http://0x7f000001/", "http://0x7f.1/"),
        *("http://127.1/", "http://0177.0.0.1/"),
        *("http://127.0.0.1./", "http://127.0.0.1#@8.8.8.8/"),
        *("http://127.0.0.1?@8.8.8.8/", "http://8.8.8.08/"),
        *("http://１２７.０.０.１/", "http://127。0。0。1/", "http://①②⑦.0.0.1/", "http://%31%32%37.0.0.1/"),
        *("http://8.8.8.8%00.example.com/", "http://ca%2eexample.com/"),
        *("http://ca.example.0x1/", "http://1.2.3.4.5/"),
        *("http://user@8.8.8.8/", "http://user:word@8.8.8.8/"),
        *("http://@8.8.8.8/", "http://8.8.8.8@127.0.0.1/"),
        *("http://8.8.8.8\\@127.0.0.1/", "http:\\\\8.8.8.8/", "http:/\\8.8.8.8/", "http://8.8.8.8/a\\b"),
        *("http://8.8.8.8:22/", "http://8.8.8.8:8080/", "http://8.8.8.8:0/", "http://8.8.8.8:80:80/"),
        *("http://8.8.8.8:-80/", "http://8.8.8.8:٨٠/", "http://8.8.8.8:100080/", "http://8.8.8.8:8 0/"),
        *("http://localhost/", "http://intranet/", "http://./", "http://a..b/", "http://.example.com/"),
        *("http://ca.example.com../", "http://-ca.example.com/", "http://ca example.com/", "http://ca,com/"),
        *("http://[::1%25lo]/", "http://[fe80::1%eth0]/", "http://[127.0.0.1]/"),
        *("http://[::1/", "http://::1/"),
        *("http://[v1.x]/", "http://[]/", "http://[::ffff:8.8.8.8]x/", f"http://{'a.' * 127}com/"),
        *(f"http://{'a' * 64}.com/", f"http://8.8.8.8/{'a' * 2048}"),
        *("http://\ud800.com/", "http://ca.example.com\u2028/"),
    ],
)
def test_a_url_that_could_be_read_in_two_ways_or_leads_elsewhere_is_not_even_looked_up(url: str) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise AssertionError(host)

    with Fetcher(resolve=resolve, network=(internet := Internet(None))) as fetcher:
        assert reason(fetcher, url) == "forbidden"
    assert internet.dialled == []


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("HTTP://CA.Example.COM./a", "ca.example.com", "/a"),
        ("http://認証局.example.com/a", "xn--dgtz38h6ga.example.com", "/a"),
        ("http://ca.example.com:80?a=b", "ca.example.com", "/?a=b"),
        ("http://ca.example.com:/Root CA+(1)/é%20.crl", "ca.example.com", "/Root%20CA+(1)/%C3%A9%20.crl"),
        ("http://ca.example.com:443/", "ca.example.com:443", "/"),
        ("http://[2606:4700:0::1]/", "[2606:4700::1]", "/"),
    ],
)
def test_every_way_to_write_an_honest_url_is_understood(url: str, host: str, target: str) -> None:
    with online(says()) as (fetcher, server, _):
        assert fetcher.visit().get(url, at_most=3) == b"yes"
    assert server.requests[0].startswith(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n".encode())


NASTY = [
    "http://",
    "https://",
    "127.0.0.1",
    "8.8.8.8",
    "@",
    ":",
    "80",
    "/",
    "\\",
    "#",
    "?",
    "[",
    "]",
    "::1",
    "%",
    ".",
]
NASTY += [
    "0x7f",
    "ca.example.com",
    "\t",
    "。",
    "１２７",
    "localhost",
    "::ffff:",
    "169.254.169.254",
    "//",
    "a",
    "2130706433",
]
ANY_URL = st.text() | st.lists(st.sampled_from(NASTY)).map("".join)


@settings(deadline=None)
@given(ANY_URL | ANY_URL.map("http://".__add__))
def test_no_text_is_a_way_inside(url: str) -> None:
    with Fetcher(resolve=at("127.0.0.1"), network=(internet := Internet(None)), ssl_context=PLAIN) as fetcher:
        assert reason(fetcher, url) in ("forbidden", "unreachable")
    assert set(internet.dialled) <= {"8.8.8.8"}
