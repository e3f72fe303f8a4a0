"""Forged is told from weak, and both from what cannot be verified here."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.hashes import MD5, SHA1

from checks.report import Trust
from tests.certificates import (
    Issued,
    as_pem,
    authority,
    children,
    look,
    name,
    pem,
    person,
    rsa_key,
    signed_by_hand,
    the,
    trusting,
    wrap,
)


def _forged(issued: Issued) -> bytes:
    """The certificate with the first letter of its name exchanged."""
    return issued.der.replace(b"Hanako", b"Manako")


def test_a_signature_that_does_not_verify_is_told_with_its_link() -> None:
    root = authority()
    report = look(_forged(person(root)), trusting(root))
    assert (report.verdict, report.headline) == ("unusable", "bad_signature")
    assert the(report, "bad_signature").detail == {"subject": "Manako Yamada", "issuer": "Example Root CA"}
    assert (the(report, "bad_signature").certificate, report.holds("untrusted_root")) == (0, None)


def test_an_intermediate_with_another_name_is_not_the_issuer() -> None:
    root = authority()
    middle = authority("Hanako CA", root, key_ids=False)
    report = look(pem(person(middle, key_ids=False)) + as_pem(_forged(middle)), trusting(root))
    assert report.headline == "incomplete_chain"  # the issuer's name is no longer there


def test_an_intermediate_that_its_issuer_did_not_sign_is_told_at_its_place() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    data = as_pem(middle.der.replace(b"\x17\x0d2", b"\x17\x0d3")) + person(middle).pem
    report = look(data, trusting(root))
    assert (report.headline, the(report, "bad_signature").certificate) == ("bad_signature", 1)


def test_an_authority_of_the_issuers_name_that_did_not_sign_is_not_the_issuer() -> None:
    namesake, real = authority(key_ids=False), authority(key_ids=False)
    middle = authority("Example Issuing CA", real, key_ids=False)
    for data, index in ((pem(person(middle), middle), 1), (pem(person(real), namesake), 0)):
        report = look(data, trusting(namesake))
        assert (report.headline, the(report, "incomplete_chain").certificate) == ("incomplete_chain", index)
        assert (report.holds("bad_signature"), report.holds("untrusted_root")) == (None, None)
    alone = look(person(real, key_ids=False).der, trusting(namesake))
    assert (alone.verdict, alone.trusted_by, alone.holds("bad_signature")) == ("usable", None, None)


def test_an_issuer_that_is_meant_by_its_key_is_believed_to_have_been_forged() -> None:
    root = authority()
    without = authority(key=root.key, key_ids=False)  # the usual identifier, but it does not stand in it
    for trust in (trusting(root), trusting(without)):
        assert look(_forged(person(root)), trust).headline == "bad_signature"


@pytest.mark.parametrize(
    ("issuer", "serial", "headline"),
    [
        ("Example Root CA", 4711, "bad_signature"),
        ("Example Root CA", 4712, None),
        ("Other CA", 4711, None),
    ],
)
def test_an_issuer_that_is_meant_by_its_number_is_believed_to_have_been_forged(
    issuer: str, serial: int, headline: str | None
) -> None:
    root = authority(key_ids=False)
    meant = x509.AuthorityKeyIdentifier(None, [x509.DirectoryName(name(issuer))], serial)
    report = look(_forged(person(root, (meant, False), key_ids=False)), trusting(root))
    assert (report.headline, report.holds("incomplete_chain")) == (headline, None if headline else True)


def test_a_self_signed_certificate_that_was_changed_is_forged() -> None:
    for key_ids in (True, False):
        own = person(common_name="Hanako", key_ids=key_ids).der.replace(b"Hanako", b"Manako")
        for known in (authority(), authority("Manako", key_ids=key_ids)):
            report = look(own, trusting(known))
            assert (report.headline, report.holds("self_signed")) == ("bad_signature", None)


def test_another_algorithm_outside_than_inside_is_a_forgery_whoever_the_issuer_is() -> None:
    root = authority(key_ids=False)
    tbs, algorithm, signature = children(person(root, key_ids=False).der)
    with_null = wrap(0x30, *children(algorithm), b"\x05\x00")
    assert look(wrap(0x30, tbs, with_null, signature), trusting(root)).headline == "bad_signature"


def test_another_algorithm_outside_than_inside_is_a_forgery() -> None:
    root = authority()
    tbs, algorithm, signature = children(person(root).der)
    with_null = wrap(0x30, *children(algorithm), b"\x05\x00")  # the signature still verifies
    report = look(wrap(0x30, tbs, with_null, signature), trusting(root))
    assert report.headline == "bad_signature"


SHA256_RSA, SHA1_RSA, MD5_RSA = (
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01" + last for last in (b"\x0b", b"\x05", b"\x04")
)


@pytest.mark.parametrize(
    ("oid", "hash_algorithm", "words"),
    [(SHA1_RSA, SHA1(), "SHA-1 with RSA"), (MD5_RSA, MD5(), "MD5 with RSA")],
)
def test_a_weak_signature_is_a_warning_and_no_forgery(
    oid: bytes, hash_algorithm: SHA1 | MD5, words: str
) -> None:
    root = authority(key=rsa_key())
    leaf = signed_by_hand(person(root).der, root.key, SHA256_RSA, oid, hash_algorithm)
    report = look(leaf, trusting(root))
    assert (report.verdict, report.holds("bad_signature"), report.trusted_by) == ("usable", False, "company")
    weak = the(report, "weak_signature")
    assert (weak.holds, weak.severity, weak.detail, weak.certificate) == (
        True,
        "warning",
        {"signature": words},
        0,
    )


def test_a_strong_signature_is_not_called_weak_nor_is_a_root_by_its_own() -> None:
    root = authority(key=rsa_key())
    weak_root = signed_by_hand(root.der, root.key, SHA256_RSA, SHA1_RSA, SHA1())
    report = look(person(root).der + weak_root, Trust.of([weak_root]))
    assert (report.holds("weak_signature"), report.headline) == (False, None)


def test_an_issuers_key_that_outlook_does_not_know_is_told_at_its_place() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root, key=ed25519.Ed25519PrivateKey.generate())
    report = look(pem(person(middle), middle), trusting(root))
    assert (report.headline, the(report, "unsupported_key").certificate) == ("unsupported_key", 1)
    assert report.holds("bad_signature") is False


def test_a_signature_of_an_unknown_kind_is_not_called_bad() -> None:
    root = authority()
    leaf = person(root)
    odd = leaf.der.replace(b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x85\x03\x07\x01\x01\x03\x02")
    report = look(odd, trusting(root))
    assert (report.holds("bad_signature"), report.verdict, report.trusted_by) == (None, "usable", None)
    assert (report.unverified, report.can_sign, report.can_encrypt) == (True, None, None)
    assert report.holds("untrusted_root") is None
