"""Addresses and server names: when they are the same, and when a certificate has none."""

import ipaddress

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from checks.report import inspect
from tests.certificates import (
    ADDRESS,
    AT,
    SERVER,
    SERVING,
    applies,
    authority,
    issue,
    name,
    person,
    server,
    the,
    told,
    wrap,
)

ROOT = authority()
GARBAGE = b"\x30\x05\x02"


@pytest.mark.parametrize(
    ("written", "asked", "matches"),
    [
        (ADDRESS, ADDRESS, True),
        (ADDRESS, "User@Example.CO.JP", True),
        ("USER@example.co.jp", ADDRESS, True),
        (ADDRESS, " user@example.co.jp ", True),
        (ADDRESS, "ｕｓｅｒ@example.co.jp", True),
        (ADDRESS, "user@example.co.jp.", True),
        (ADDRESS, "users@example.co.jp", False),
        (ADDRESS, "user@example.jp", False),
        (ADDRESS, "user@sub.example.co.jp", False),
        (ADDRESS, "example.co.jp", False),
        ("user@xn--wgv71a119e.jp", "user@日本語.jp", True),
        ("user@xn--wgv71a119e.jp", "user@日本.jp", False),
        ("user@xn--.jp", "user@xn--.jp", True),
    ],
)
def test_addresses_are_the_same_without_case_and_with_domains_in_unicode(
    written: str, asked: str, matches: bool
) -> None:
    report = inspect(person(ROOT, addresses=[written]).der, at=AT, address=asked)
    assert report.holds("address_mismatch") is not matches
    assert the(report, "address_mismatch").detail == {"address": asked.strip(), "addresses": written}


@pytest.mark.parametrize(
    "asked", [f"山田 花子 <{ADDRESS}>", f"mailto:{ADDRESS}", f"<{ADDRESS}>", f" {ADDRESS}\n"]
)
def test_the_address_is_found_in_what_people_write_around_it(asked: str) -> None:
    report = inspect(person(ROOT).der, at=AT, address=asked)
    assert (report.address, report.holds("address_mismatch")) == (ADDRESS, False)


@pytest.mark.parametrize(
    "asked", [f"{SERVER}:993", f"https://{SERVER}/owa", f"smtp://{SERVER}:587", f" {SERVER} "]
)
def test_the_server_is_found_in_what_people_write_around_it(asked: str) -> None:
    report = inspect(server(ROOT, SERVER).der, at=AT, server=asked)
    assert (report.server, report.holds("server_name_mismatch")) == (SERVER, False)


def test_a_certificate_of_unclear_purpose_is_a_persons_where_an_address_is_asked_for() -> None:
    unclear = server(ROOT, SERVER, purposes=[]).der
    assert inspect(unclear, at=AT).purpose is None
    report = inspect(unclear, at=AT, address=ADDRESS)
    assert (report.purpose, report.headline) == ("email", "no_address")


def test_any_of_several_addresses_may_match() -> None:
    issued = person(ROOT, addresses=["info@example.co.jp", ADDRESS])
    assert told(issued, "address_mismatch", address=ADDRESS) is False
    assert told(issued, "address_mismatch", address="taro@example.co.jp") is True


def _subject_with(address: str) -> x509.Name:
    return x509.Name([*name("x"), x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, address)])


def test_an_address_in_the_subject_counts() -> None:
    issued = issue(_subject_with(ADDRESS), ROOT)
    assert told(issued, "no_address") is False
    assert told(issued, "address_mismatch", address=ADDRESS) is False


def test_an_internationalised_address_counts() -> None:
    mailbox = x509.OtherName(
        x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9"), wrap(0x0C, "山田@example.jp".encode())
    )
    issued = issue("x", ROOT, (x509.SubjectAlternativeName([mailbox]), False))
    assert told(issued, "address_mismatch", address="山田@example.jp") is False


def test_a_windows_account_is_no_address() -> None:
    account = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x03a@b")
    issued = issue("x", ROOT, (x509.SubjectAlternativeName([account]), False))
    assert told(issued, "no_address") is True


def test_without_any_address_only_that_is_told() -> None:
    report = inspect(person(ROOT, addresses=()).der, at=AT, address=ADDRESS)
    assert (report.headline, report.holds("no_address")) == ("no_address", True)
    assert not applies(report, "address_mismatch")


def test_an_address_is_held_against_nothing_when_none_was_asked_for() -> None:
    assert not applies(inspect(person(ROOT).der, at=AT), "address_mismatch")


def test_names_that_cannot_be_read_are_not_called_missing() -> None:
    broken = (x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, GARBAGE), False)
    report = inspect(person(ROOT, broken, addresses=()).der, at=AT, address=ADDRESS)
    assert report.holds("no_address") is None
    assert report.holds("address_mismatch") is None
    assert (report.holds("expired"), report.can_sign, report.headline) == (False, True, None)


@pytest.mark.parametrize(
    ("pattern", "asked", "covered"),
    [
        (SERVER, SERVER, True),
        (SERVER, "MAIL.example.co.jp", True),
        (SERVER, "mail.example.co.jp.", True),
        (SERVER, "smtp.example.co.jp", False),
        ("*.example.co.jp", SERVER, True),
        ("*.example.co.jp", "example.co.jp", False),
        ("*.example.co.jp", "a.mail.example.co.jp", False),
        ("*.co.jp", "example.co.jp", False),
        ("*.jp", "example.jp", False),
        ("*.chiyoda.tokyo.jp", "example.chiyoda.tokyo.jp", False),
        ("*.example.chiyoda.tokyo.jp", "mail.example.chiyoda.tokyo.jp", True),
        ("*.github.io", "example.github.io", True),  # its owner's, not a registry's
        ("*", "localhost", False),
        ("m*.example.co.jp", SERVER, False),
        ("mail.*.co.jp", SERVER, False),
        ("*.example.com", "mail.example.com", True),
        ("xn--wgv71a119e.jp", "日本語.jp", True),
        (SERVER, "mail。example。co。jp", True),
        ("strasse.example.com", "straße.example.com", False),
        ("xn--mail-.example.co.jp", SERVER, False),
    ],
)
def test_a_server_name_is_covered_as_rfc_9525_says(pattern: str, asked: str, covered: bool) -> None:
    report = inspect(server(ROOT, pattern).der, at=AT, server=asked)
    assert report.holds("server_name_mismatch") is not covered
    assert the(report, "server_name_mismatch").detail == {"server": asked, "names": pattern}


def test_a_servers_common_name_does_not_count() -> None:
    report = inspect(server(ROOT).der, at=AT, server=SERVER)
    assert report.certificate is not None
    assert report.certificate.common_name == SERVER
    assert (report.verdict, report.headline) == ("unusable", "server_name_mismatch")


def test_an_address_on_the_network_is_compared_as_one() -> None:
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("192.0.2.1")), x509.DNSName("192.0.2.2")]
    )
    issued = issue("x", ROOT, (names, False), (x509.ExtendedKeyUsage([SERVING]), False))
    assert inspect(issued.der, at=AT, server="192.0.2.1").holds("server_name_mismatch") is False
    assert inspect(issued.der, at=AT, server="192.0.2.2").holds("server_name_mismatch") is True
