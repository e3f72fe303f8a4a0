"""Each check of one certificate: when it holds, when not, when that cannot be told or does not apply."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, x25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from checks.report import inspect
from tests.certificates import (
    ADDRESS,
    AT,
    DAY,
    EMAIL,
    END,
    SERVER,
    SERVING,
    START,
    Issued,
    applies,
    authority,
    issue,
    name,
    person,
    rsa_key,
    server,
    signed_by_hand,
    the,
    told,
    usage,
)

ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH
ROOT = authority()
GARBAGE = b"\x30\x05\x02"


# --- dates ---


@pytest.mark.parametrize(
    ("end", "expired"), [(AT - timedelta(seconds=1), True), (AT, False), (AT + timedelta(seconds=1), False)]
)
def test_a_certificate_expires_after_its_last_second(end: datetime, expired: bool) -> None:
    assert told(person(ROOT, end=end), "expired") is expired


def test_the_date_of_expiry_is_told_in_utc() -> None:
    assert the(inspect(person(ROOT, end=END).der, at=AT), "expired").detail == {
        "not_after": "2027-12-29T00:00:00Z"
    }


@pytest.mark.parametrize(("start", "early"), [(AT + DAY, True), (AT, False), (START, False)])
def test_a_certificate_is_not_valid_before_its_first_second(start: datetime, early: bool) -> None:
    report = inspect(person(ROOT, start=start).der, at=AT)
    assert report.holds("not_yet_valid") is early


@pytest.mark.parametrize(("days", "soon"), [(1, True), (30, True), (31, False)])
def test_thirty_days_before_its_end_a_certificate_expires_soon(days: int, soon: bool) -> None:
    report = inspect(person(ROOT, end=AT + days * DAY).der, at=AT)
    assert report.holds("expires_soon") is soon
    assert the(report, "expires_soon").detail["days"] == str(days)
    assert (report.verdict, report.headline) == ("usable", None)


@pytest.mark.parametrize(
    "issued", [person(ROOT, end=AT - DAY), person(ROOT, start=AT + DAY, end=AT + 2 * DAY)]
)
def test_what_is_not_valid_does_not_expire_soon(issued: Issued) -> None:
    assert not applies(inspect(issued.der, at=AT), "expires_soon")


# --- purpose ---


@pytest.mark.parametrize(
    ("purposes", "names", "purpose"),
    [
        ([EMAIL], [SERVER], "email"),
        ([SERVING], [SERVER], "server"),
        ([SERVING, CLIENT], [SERVER], "server"),
        ([SERVING, EMAIL], [SERVER], "email"),
        ([CLIENT], [], "email"),
        ([ANY], [SERVER], None),
        ([], [], "email"),
        ([], [SERVER], None),
    ],
)
def test_the_purpose_is_told_by_the_certificate(
    purposes: list[x509.ObjectIdentifier], names: list[str], purpose: str | None
) -> None:
    assert inspect(server(ROOT, *names, purposes=purposes).der, at=AT).purpose == purpose


def test_a_name_to_serve_makes_it_a_servers_unless_an_address_is_asked_for_too() -> None:
    issued = person(ROOT)
    assert inspect(issued.der, at=AT, server=SERVER).purpose == "server"
    assert inspect(issued.der, at=AT, server=SERVER, address=ADDRESS).purpose == "email"


@pytest.mark.parametrize(
    ("purposes", "unfit"), [([EMAIL], False), ([ANY], False), ([], False), ([CLIENT], True)]
)
def test_a_certificate_for_other_purposes_is_not_for_email(
    purposes: list[x509.ObjectIdentifier], unfit: bool
) -> None:
    report = inspect(person(ROOT, purposes=purposes).der, at=AT, purpose="email")
    assert report.holds("not_for_email") is unfit
    assert not applies(report, "not_for_server")


@pytest.mark.parametrize(
    ("purposes", "unfit"), [([SERVING], False), ([ANY], False), ([], False), ([EMAIL], True)]
)
def test_a_certificate_for_other_purposes_is_not_for_a_server(
    purposes: list[x509.ObjectIdentifier], unfit: bool
) -> None:
    report = inspect(server(ROOT, SERVER, purposes=purposes).der, at=AT, purpose="server")
    assert report.holds("not_for_server") is unfit
    assert not applies(report, "not_for_email")


def test_where_purposes_cannot_be_read_the_names_tell_whose_it_is() -> None:
    broken = (x509.UnrecognizedExtension(ExtensionOID.EXTENDED_KEY_USAGE, GARBAGE), False)
    issued = person(ROOT, broken, purposes=())
    assert inspect(issued.der, at=AT).purpose == "email"
    assert inspect(issued.der, at=AT).holds("not_for_email") is None


# --- key usage ---

RSA_BOTH, EC_BOTH = ("digital_signature", "key_encipherment"), ("digital_signature", "key_agreement")


@pytest.mark.parametrize(
    ("bits", "key", "sign", "encrypt"),
    [
        (RSA_BOTH, "rsa", True, True),
        (("digital_signature",), "rsa", True, False),
        (("key_encipherment",), "rsa", False, True),
        (("content_commitment",), "rsa", False, False),
        (("digital_signature", "key_agreement"), "rsa", True, False),
        (EC_BOTH, "ec", True, True),
        (("key_agreement",), "ec", False, True),
        (("digital_signature", "key_encipherment"), "ec", True, False),
        ((), "rsa", True, True),
        ((), "ec", True, True),
    ],
)
def test_key_usage_says_whether_a_key_signs_and_encrypts(
    bits: tuple[str, ...], key: str, sign: bool, encrypt: bool
) -> None:
    report = inspect(person(ROOT, bits=bits, key=rsa_key() if key == "rsa" else None).der, at=AT)
    assert (report.can_sign, report.can_encrypt) == (sign, encrypt)
    assert (report.holds("cannot_sign"), report.holds("cannot_encrypt")) == (not sign, not encrypt)
    lacking = [code for code, can in (("cannot_sign", sign), ("cannot_encrypt", encrypt)) if not can]
    assert report.verdict == ("usable", "limited", "unusable")[len(lacking)]
    assert report.headline == next(iter(lacking), None)


def test_a_key_usage_that_cannot_be_read_says_neither() -> None:
    broken = (x509.UnrecognizedExtension(ExtensionOID.KEY_USAGE, b"\x03\x01\x09"), True)
    report = inspect(person(ROOT, broken, bits=()).der, at=AT)
    assert (report.can_sign, report.can_encrypt, report.headline) == (None, None, None)


# --- keys ---


def test_a_short_rsa_key_is_weak_and_a_warning_only() -> None:
    report = inspect(person(ROOT, key=rsa_key(1024)).der, at=AT)
    assert (report.holds("weak_key"), report.verdict) == (True, "usable")
    assert the(report, "weak_key").detail == {"key": "RSA 1024"}
    assert told(person(ROOT, key=rsa_key()), "weak_key") is False


def test_keys_that_outlook_knows_are_supported() -> None:
    assert told(person(ROOT, key=rsa_key()), "unsupported_key") is False
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
        assert told(person(ROOT, key=ec.generate_private_key(curve)), "unsupported_key") is False


def test_a_key_that_outlook_does_not_know_is_an_error() -> None:
    report = inspect(person(ROOT, key=ed25519.Ed25519PrivateKey.generate()).der, at=AT)
    assert report.holds("unsupported_key") is True
    assert the(report, "unsupported_key").detail == {"key": "Ed25519"}
    assert (report.can_sign, report.can_encrypt, report.verdict) == (False, False, "unusable")


def _with_key(public: x25519.X25519PublicKey) -> bytes:
    root = authority()
    builder = x509.CertificateBuilder().subject_name(name("x")).issuer_name(root.certificate.subject)
    builder = builder.not_valid_before(START).not_valid_after(END).serial_number(1).public_key(public)
    return (
        builder.add_extension(usage("key_agreement"), True)
        .sign(root.key, SHA256())
        .public_bytes(Encoding.DER)
    )


def test_an_x25519_key_cannot_sign_and_is_not_supported() -> None:
    report = inspect(_with_key(x25519.X25519PrivateKey.generate().public_key()), at=AT)
    assert (report.holds("cannot_sign"), report.holds("unsupported_key")) == (True, True)


def test_of_a_curve_that_windows_may_know_nothing_is_claimed() -> None:
    report = inspect(person(ROOT, key=ec.generate_private_key(ec.SECP224R1())).der, at=AT)
    assert report.holds("unsupported_key") is None
    assert the(report, "unsupported_key").detail == {"key": "EC P-224"}


def test_a_dsa_key_cannot_encrypt_whatever_it_says() -> None:
    issued = issue(
        "x", None, (usage("digital_signature", "key_encipherment"), True), key=dsa.generate_private_key(1024)
    )
    report = inspect(issued.der, at=AT, purpose="email")
    assert (report.holds("cannot_sign"), report.holds("cannot_encrypt")) == (False, True)


def test_a_key_of_an_unknown_kind_is_named_by_its_identifier() -> None:
    issued = person(ROOT)
    odd = signed_by_hand(
        issued.der, issued.key, b"\x2a\x86\x48\xce\x3d\x02\x01", b"\x2a\x85\x03\x02\x02\x63\x01", SHA256()
    )
    report = inspect(odd, at=AT)
    assert report.certificate is not None
    assert report.certificate.key == "1.2.643.2.2.99.1"
    assert report.holds("unsupported_key") is None


# --- what kind of certificate ---


def test_an_authoritys_certificate_is_nobodys_to_send_with() -> None:
    report = inspect(authority().der, at=AT, address=ADDRESS)
    assert (report.verdict, report.headline) == ("unusable", "is_ca")
    assert told(person(ROOT), "is_ca") is False


def test_an_extension_that_is_there_twice_says_nothing() -> None:
    twin = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.99"), b"\x04\x00"), False)
    issued = person(ROOT, twin)
    data = signed_by_hand(issued.der, ROOT.key, b"\x55\x1d\x63", b"\x55\x1d\x11", SHA256())
    assert inspect(data, at=AT, address=ADDRESS).holds("address_mismatch") is None
