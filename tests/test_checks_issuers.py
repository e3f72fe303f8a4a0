"""Each reason why an issuer may not issue what is below it, and the cases beside it where it may."""

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from checks.report import Purpose, Report, Trust
from tests.certificates import (
    ADDRESS,
    AT,
    DAY,
    EMAIL,
    SERVING,
    Extension,
    Issued,
    as_pem,
    authority,
    issue,
    look,
    name,
    pem,
    person,
    server,
    the,
    trusting,
    version_1,
    wrap,
)

ROOT = authority()


def reasons(report: Report) -> list[tuple[str, int | None, bool | None]]:
    """Why an issuer may not issue, where, and whether that is sure."""
    return [
        (finding.detail["reason"], finding.certificate, finding.holds)
        for finding in report.findings
        if finding.code == "issuer_not_allowed"
        and finding.detail.get("reason", "unconfirmed") != "unconfirmed"
    ]


def _chain(
    middle: Issued, root: Issued, leaf: Issued | None = None, purpose: Purpose | None = None
) -> Report:
    return look(pem(leaf or person(middle), middle), trusting(root), purpose)


def test_an_issuer_must_be_an_authority() -> None:
    root = authority()
    report = _chain(person(root, common_name="Not a CA"), root)
    assert (report.headline, reasons(report)) == (
        "issuer_not_allowed",
        [("not_a_ca", 1, True), ("key_usage", 1, True)],
    )
    assert [
        finding.detail["issuer"] for finding in report.holding if finding.code == "issuer_not_allowed"
    ] == [
        "Not a CA",
        "Not a CA",
    ]


def test_a_version_1_certificate_is_no_authority() -> None:
    root = authority()
    middle = authority("Old CA", root)
    data = pem(person(middle, key_ids=False)) + as_pem(version_1(middle, root))
    assert reasons(look(data, trusting(root))) == [("not_a_ca", 1, True)]


def test_a_version_1_root_is_a_root() -> None:
    root = authority("Old Root CA")
    data = version_1(root, root)
    report = look(person(root).der, Trust.of([data]))
    assert (report.headline, report.trusted_by) == (None, "company")


def test_an_issuers_key_must_be_for_signing_certificates() -> None:
    root = authority()
    assert reasons(_chain(authority("CA", root, bits=["crl_sign"]), root)) == [("key_usage", 1, True)]


def test_the_path_length_limits_how_many_authorities_follow() -> None:
    root = authority()
    first = authority("First CA", root, path_length=0)
    second = authority("Second CA", first)
    report = look(pem(person(second), second, first), trusting(root))
    assert reasons(report) == [("path_length", 2, True)]
    assert reasons(_chain(first, root)) == []


def test_a_new_key_under_the_same_name_does_not_count_for_the_path_length() -> None:
    root = authority()
    old = authority("Example CA", root, path_length=0)
    new = authority("Example CA", old, path_length=0)
    assert reasons(look(pem(person(new), new, old), trusting(root))) == []


@pytest.mark.parametrize(
    ("purposes", "purpose", "found"),
    [
        ([EMAIL], "email", []),
        ([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE], "email", []),
        ([SERVING], "email", [("purpose", 1, True)]),
        ([SERVING], "server", []),
        ([EMAIL], "server", [("purpose", 1, True)]),
    ],
)
def test_an_issuers_purposes_bind_what_it_issues(
    purposes: list[x509.ObjectIdentifier], purpose: Purpose, found: list[tuple[str, int, bool]]
) -> None:
    root = authority()
    middle = authority("CA", root, (x509.ExtendedKeyUsage(purposes), False))
    leaf = person(middle) if purpose == "email" else server(middle, "mail.example.co.jp")
    assert reasons(_chain(middle, root, leaf, purpose)) == found


def test_an_issuer_must_be_valid_at_the_time() -> None:
    root = authority()
    late, early = authority("CA", root, end=AT - DAY), authority("CA", root, start=AT + DAY)
    report = _chain(late, root)
    assert (report.headline, reasons(report)) == ("issuer_not_allowed", [("expired", 1, True)])
    assert the(report, "issuer_not_allowed").detail["not_after"] == "2026-11-23T00:00:00Z"
    assert reasons(_chain(early, root)) == [("not_yet_valid", 1, True)]


def test_an_expired_root_is_told_too() -> None:
    root = authority(end=AT - DAY)
    assert reasons(look(person(root).der, trusting(root))) == [("expired", 1, True)]


UNKNOWN: Extension = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0"), True)


def test_a_critical_extension_that_nobody_understands_forbids_issuer_and_leaf() -> None:
    root = authority()
    middle = authority("CA", root, UNKNOWN)
    report = _chain(middle, root)
    assert reasons(report) == [("unknown_critical_extension", 1, True)]
    assert the(report, "issuer_not_allowed").detail["extension"] == "1.2.3.4"
    report = look(person(root, UNKNOWN).der, trusting(root))
    assert reasons(report) == [("unknown_critical_extension", 0, True)]
    assert the(report, "issuer_not_allowed").detail["issuer"] == "Example Root CA"


def test_the_same_extension_uncritical_does_no_harm() -> None:
    root = authority()
    assert reasons(_chain(authority("CA", root, (UNKNOWN[0], False)), root)) == []


def test_an_extension_of_an_issuer_that_cannot_be_read_is_could_not_tell() -> None:
    root = authority()
    broken = (x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, b"\x30\x05\x02"), False)
    report = _chain(authority("CA", root, broken), root)
    assert (reasons(report), report.verdict) == ([("unreadable", 1, None)], "usable")


def _directory(*values: str) -> x509.DirectoryName:
    return x509.DirectoryName(
        x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, one) for one in values])
    )


def _mail(value: str) -> x509.RFC822Name:
    return x509.RFC822Name(value)


PERMITTED: list[tuple[x509.GeneralName, bool]] = [
    (_mail("example.co.jp"), True),
    (_mail("EXAMPLE.co.jp"), True),
    (_mail(".co.jp"), True),
    (_mail("co.jp"), False),
    (_mail(ADDRESS), True),
    (_mail("other@example.co.jp"), False),
    (_mail("example.com"), False),
    (_directory("Example"), True),
    (_directory("EXAMPLE  "), True),
    (_directory("Other"), False),
    (x509.DNSName("example.com"), True),  # says nothing about addresses
]


@pytest.mark.parametrize(("constraint", "allowed"), PERMITTED)
def test_an_issuer_may_write_only_the_names_that_it_is_permitted(
    constraint: x509.GeneralName, allowed: bool
) -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints([constraint], None), True))
    found = reasons(_chain(middle, root))
    assert found == ([] if allowed else [("name_constraint", 1, True)])


@pytest.mark.parametrize(
    ("constraint", "excluded"), [(one, hit) for one, hit in PERMITTED if one.value != "example.com"]
)
def test_an_issuer_may_not_write_names_that_are_excluded(
    constraint: x509.GeneralName, excluded: bool
) -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints(None, [constraint]), True))
    found = reasons(_chain(middle, root))
    assert found == ([("name_constraint", 1, True)] if excluded else [])


def test_what_the_librarys_verifier_does_not_confirm_is_not_called_fine() -> None:
    """It knows no constraints on directory names; we judge them, and claim nothing."""
    root = authority()
    report = _chain(authority("CA", root, (x509.NameConstraints([_directory("Example")], None), True)), root)
    assert (report.holds("issuer_not_allowed"), report.verdict) == (None, "usable")
    assert the(report, "issuer_not_allowed").detail == {"reason": "unconfirmed"}


def test_a_new_key_under_the_issuers_own_name_is_not_held_to_its_constraints() -> None:
    root = authority()
    own_name = x509.DirectoryName(name("Example CA"))
    old = authority("Example CA", root, (x509.NameConstraints(None, [own_name]), True))
    new = authority("Example CA", old)
    assert reasons(look(pem(person(new), new, old), trusting(root))) == []
    below = authority("Below", old)
    leaf = issue(name("Example CA"), below)
    assert reasons(look(pem(leaf, below, old), trusting(root))) == [("name_constraint", 2, True)]


def test_a_name_that_breaks_a_constraint_is_told() -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints([_mail("example.com")], None), True))
    assert the(_chain(middle, root), "issuer_not_allowed").detail == {
        "reason": "name_constraint",
        "issuer": "CA",
        "name": ADDRESS,
    }


@pytest.mark.parametrize(
    ("constraint", "allowed"),
    [("example.co.jp", True), ("mail.example.co.jp", True), (".example.co.jp", True), ("ample.co.jp", False)],
)
def test_a_servers_names_are_held_to_constraints_too(constraint: str, allowed: bool) -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints([x509.DNSName(constraint)], None), True))
    found = reasons(_chain(middle, root, server(middle, "mail.example.co.jp")))
    assert found == ([] if allowed else [("name_constraint", 1, True)])


def test_an_address_in_the_subject_beside_another_is_not_held_to_constraints() -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints([_mail("example.co.jp")], None), True))
    subject = x509.Name([*name("x"), x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, "x@example.com")])
    proper = (x509.SubjectAlternativeName([_mail(ADDRESS)]), False)
    assert reasons(_chain(middle, root, issue(subject, middle, proper))) == []


def test_an_address_in_the_subject_is_held_to_constraints_when_it_is_the_only_one() -> None:
    root = authority()
    middle = authority("CA", root, (x509.NameConstraints([_mail("example.com")], None), True))
    subject = x509.Name([*name("x"), x509.NameAttribute(x509.NameOID.EMAIL_ADDRESS, ADDRESS)])
    assert reasons(_chain(middle, root, issue(subject, middle))) == [("name_constraint", 1, True)]


def test_a_trusted_root_that_limits_itself_is_held_to_it() -> None:
    short = authority("Short Root CA", path_length=0)
    middle = authority("Example Issuing CA", short)
    report = look(pem(person(middle), middle), trusting(short))
    assert [one.detail["reason"] for one in report.holding if one.code == "issuer_not_allowed"] == [
        "path_length"
    ]


def test_a_name_that_the_library_cannot_read_does_not_break_the_check() -> None:
    party = wrap(0x30, wrap(0xA5, wrap(0xA1, wrap(0x0C, b"x"))), wrap(0x81, ADDRESS.encode()))
    odd = (x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, party), False)
    report = look(person(ROOT, odd, addresses=()).der, trusting(ROOT))
    assert (report.verdict, report.trusted_by) == ("usable", "company")
