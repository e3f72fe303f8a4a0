"""A chain is followed from the leaf to the root, and how it ends is told by its own code, once."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID

from checks.report import Report, Trust, inspect
from tests.certificates import (
    ADDRESS,
    AT,
    DAY,
    Issued,
    authority,
    issue,
    look,
    p7b,
    pem,
    person,
    signed_by_hand,
    the,
    trusting,
)

CHAIN_CODES = ("bad_signature", "incomplete_chain", "self_signed", "untrusted_root", "issuer_not_allowed")


def told(report: Report) -> dict[str, bool | None]:
    """What is said of the chain, by code; a code that does not apply is not there."""
    codes = {finding.code for finding in report.findings}
    return {code: report.holds(code) for code in CHAIN_CODES if code in codes}


# --- good chains ---


def test_a_trusted_chain_is_told_as_whole_and_by_whom_it_is_trusted() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    leaf = person(middle)
    report = look(pem(leaf, middle), trusting(root))
    assert (report.verdict, report.headline, report.trusted_by) == ("usable", None, "company")
    assert [certificate.common_name for certificate in report.chain] == [
        "Hanako Yamada",
        "Example Issuing CA",
        "Example Root CA",
    ]
    assert told(report) == dict.fromkeys(CHAIN_CODES, False)


def test_the_leaf_is_found_in_any_order() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    leaf = person(middle)
    for data in (pem(root, middle, leaf), pem(middle, leaf, root), p7b(root, middle, leaf)):
        report = look(data, trusting(root))
        assert report.certificate == report.chain[0]
        assert (report.chain[0].common_name, report.headline) == ("Hanako Yamada", None)


def test_a_known_issuer_completes_a_lone_certificate() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    report = look(person(middle).der, trusting(root, issuers=[middle]))
    assert (report.headline, len(report.chain)) == (None, 3)


def test_a_chain_works_without_key_identifiers() -> None:
    root = authority(key_ids=False)
    middle = authority("Example Issuing CA", root, key_ids=False)
    report = look(pem(person(middle, key_ids=False), middle), trusting(root))
    assert (report.headline, report.trusted_by) == (None, "company")


def test_of_two_issuers_with_one_name_the_one_that_signed_is_taken() -> None:
    root = authority()
    old, new = (authority("Example Issuing CA", root, key_ids=False) for _ in range(2))
    for leaf in (person(old, key_ids=False), person(new, key_ids=False)):
        report = look(pem(leaf, old, new), trusting(root))
        assert (report.headline, report.holds("bad_signature")) == (None, False)


def test_a_root_that_was_issued_anew_is_still_the_trusted_one() -> None:
    root = authority(end=AT + DAY)
    renewed = authority(key=root.key)
    report = look(pem(person(root), root), trusting(renewed))
    assert (report.headline, report.trusted_by) == (None, "company")


def test_a_cross_certificate_leads_to_the_trusted_root() -> None:
    trusted, other = authority("Trusted Root CA"), authority("Other Root CA")
    cross = authority("Other Root CA", trusted, key=other.key)
    report = look(pem(person(other), other, cross), trusting(trusted))
    assert (report.headline, report.trusted_by) == (None, "company")


def test_of_two_paths_the_one_without_a_fault_is_taken() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root, end=AT - DAY)
    renewed = authority("Example Issuing CA", root, key=middle.key)
    report = look(pem(person(middle), middle, renewed), trusting(root))
    assert (report.headline, report.chain[1].fingerprint) == (None, _fingerprint(renewed))


def _fingerprint(issued: Issued) -> str:
    return issued.certificate.fingerprint(SHA256()).hex()


def test_an_intermediate_may_be_trusted_directly() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    report = look(person(middle).der, trusting(middle))
    assert (report.headline, report.trusted_by, len(report.chain)) == (None, "company", 2)


@pytest.mark.parametrize("serial", [b"\x80\x01", b"\x00\x00"])
def test_an_odd_serial_number_breaks_nothing(serial: bytes) -> None:
    root = authority()
    leaf = person(root).der
    odd = signed_by_hand(leaf, root.key, b"\x02\x02\x12\x67", b"\x02\x02" + serial, SHA256())
    report = look(odd, trusting(root))
    assert (report.headline, report.trusted_by) == (None, "company")


# --- self-signed, untrusted ---


def test_a_certificate_that_signed_itself_is_told_once() -> None:
    report = look(person().der, trusting(authority()))
    assert (report.verdict, report.headline) == ("unusable", "self_signed")
    assert told(report) == {"bad_signature": False, "incomplete_chain": False, "self_signed": True}


def test_a_self_signed_certificate_is_told_without_any_root() -> None:
    assert look(person().der, Trust()).headline == "self_signed"


def test_a_self_signed_certificate_that_the_company_trusts_is_fine() -> None:
    leaf = person()
    report = look(leaf.der, trusting(leaf))
    assert (report.headline, report.trusted_by, report.holds("self_signed")) == (None, "company", False)


def test_an_expired_self_signed_test_certificate_has_one_cause() -> None:
    leaf = person(addresses=["test@example.com"], end=AT - DAY, purposes=())
    report = inspect(leaf.der, at=AT, address=ADDRESS, trust=trusting(authority()))
    assert report.headline == "self_signed"
    assert {finding.code for finding in report.holding} >= {"self_signed", "expired", "address_mismatch"}


def test_a_root_that_nobody_trusts_is_named() -> None:
    root = authority("Unknown Root CA")
    report = look(pem(person(root), root), trusting(authority()))
    assert (report.verdict, report.headline) == ("unusable", "untrusted_root")
    assert (the(report, "untrusted_root").detail, the(report, "untrusted_root").certificate) == (
        {"root": "Unknown Root CA", "reason": "root_unlisted"},
        1,
    )


def test_without_any_root_nothing_is_claimed_about_trust_and_the_file_stays_usable() -> None:
    root = authority()
    report = look(pem(person(root), root), Trust())
    assert (report.verdict, report.headline, report.trusted_by) == ("usable", None, None)
    assert report.holds("untrusted_root") is None


def test_a_root_of_the_same_name_with_another_key_is_not_the_trusted_one() -> None:
    real, impostor = authority(), authority()
    report = look(pem(person(impostor), impostor), trusting(real))
    assert report.headline == "untrusted_root"


# --- incomplete ---


def _with_url(issuer: Issued, url: str = "http://ca.example.co.jp/issuing.cer") -> Issued:
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
    )
    return person(issuer, (x509.AuthorityInformationAccess([access]), False))


def test_a_lone_certificate_without_its_issuer_is_not_blamed_for_it() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    report = look(_with_url(middle).der, trusting(root))
    assert (report.verdict, report.headline) == ("usable", None)
    missing = the(report, "incomplete_chain")
    assert (missing.holds, missing.severity, missing.certificate) == (True, "info", 0)
    assert missing.detail == {"issuer": "Example Issuing CA", "url": "http://ca.example.co.jp/issuing.cer"}
    assert (report.holds("untrusted_root"), report.holds("bad_signature")) == (None, None)


def test_a_bundle_without_its_intermediate_is_incomplete() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    report = look(p7b(person(middle), root), trusting(root))
    assert (report.verdict, report.headline) == ("unusable", "incomplete_chain")
    assert (the(report, "incomplete_chain").severity, the(report, "incomplete_chain").detail["url"]) == (
        "error",
        "",
    )


def test_a_bundle_is_not_blamed_for_a_root_when_no_root_is_known_at_all() -> None:
    middle = authority("Example Issuing CA", authority())
    report = look(pem(person(middle), middle), Trust())
    assert (report.verdict, the(report, "incomplete_chain").severity) == ("usable", "info")
    assert the(report, "incomplete_chain").certificate == 1


def test_an_issuer_of_the_same_name_with_another_key_identifier_is_not_the_missing_one() -> None:
    root = authority()
    middle, other = (authority("Example Issuing CA", root) for _ in range(2))
    report = look(pem(person(middle), other), trusting(root))
    assert (report.headline, report.holds("bad_signature")) == ("incomplete_chain", None)


def test_a_certificate_with_empty_names_did_not_sign_itself() -> None:
    empty = x509.Name([])
    root = issue(empty, None, (x509.BasicConstraints(True, None), True), key_ids=False)
    report = look(issue(empty, root, key_ids=False).der, trusting(authority()))
    assert (report.holds("self_signed"), report.holds("bad_signature")) == (False, None)


# --- which certificate ---


def test_of_several_certificates_the_one_with_the_asked_address_is_meant() -> None:
    root = authority()
    first, second = person(root, addresses=["info@example.co.jp"]), person(root)
    report = inspect(pem(first, second, root), at=AT, address=ADDRESS, trust=trusting(root))
    assert (report.certificate and report.certificate.addresses, report.headline) == ((ADDRESS,), None)


def test_an_authority_that_has_nothing_to_do_with_it_is_not_meant() -> None:
    stranger = authority("Stranger CA", bits=["key_cert_sign", "digital_signature"])
    leaf = person(authority())
    for data in (pem(stranger, leaf), pem(leaf, stranger)):
        assert look(data, Trust()).chain[0].common_name == "Hanako Yamada"


def test_of_an_old_and_a_new_certificate_the_valid_one_is_meant() -> None:
    root = authority()
    old, new = person(root, end=AT - DAY), person(root)
    for data in (pem(old, new), pem(new, old)):
        assert look(data, trusting(root)).headline is None


def test_of_authorities_alone_the_lowest_is_meant() -> None:
    root = authority()
    middle = authority("Example Issuing CA", root)
    report = look(pem(root, middle), trusting(root))
    assert (report.headline, report.chain[0].common_name) == ("is_ca", "Example Issuing CA")
