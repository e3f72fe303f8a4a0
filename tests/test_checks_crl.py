"""What revocation lists tell of a certificate, and when they tell nothing (RFC 5280 5 and 6.3)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from checks import crl
from checks.status import Status, untold
from checks.structure import Parsed
from tests.certificates import AT, DAY, Issued, authority, children, ec_key, issue, name, rsa_key, usage, wrap
from tests.revocation_authority import (
    CA,
    OTHER,
    REVOKED_AT,
    UNKNOWN_CRITICAL,
    Reason,
    directory,
    entry,
    huge_list,
    of_issuer,
    parsed,
    point,
    points,
    revocation_list,
    scope,
    signed_anew,
    subject,
    url,
)

LIST, ELSEWHERE = "http://example.com/list.crl", "http://example.com/other.crl"
COMPROMISE = (Reason.key_compromise, Reason.ca_compromise)
OTHER_REASONS = (
    *(Reason.affiliation_changed, Reason.superseded, Reason.cessation_of_operation),
    *(Reason.certificate_hold, Reason.privilege_withdrawn, Reason.aa_compromise),
)
GOOD = Status(False, "", None, AT + DAY, "crl")
NOT_COVERED = untold("not_covered", "crl")


def told(
    certificate: Issued,
    *lists: bytes,
    issuer: Issued = CA,
    signers: Sequence[Issued] = (),
    vouched: Sequence[Issued] = (),
    at: datetime = AT,
) -> Status:
    """What these lists tell, if only these signers have a path of their own."""
    trusted = {parsed(one).fingerprint for one in vouched}

    def vouches(signer: Parsed) -> bool:
        return signer.fingerprint in trusted

    read = [one for data in lists for one in crl.read(data)]
    return crl.judge(read, parsed(certificate), parsed(issuer), list(map(parsed, signers)), vouches, at)


def test_a_certificate_that_is_not_listed_is_not_revoked() -> None:
    assert told(subject(), revocation_list(CA, entry(1), entry(4712))) == GOOD


def test_an_empty_list_revokes_nobody() -> None:
    assert told(subject(), revocation_list(CA)) == GOOD


def test_a_listed_certificate_is_revoked_with_its_reason_and_moment() -> None:
    status = told(subject(), revocation_list(CA, entry(1), entry(4711, reason=Reason.key_compromise)))
    assert status == Status(True, "keyCompromise", REVOKED_AT, AT + DAY, "crl")


def test_an_entry_without_a_reason_has_none_specified() -> None:
    assert told(subject(), revocation_list(CA, entry(4711))).reason == "unspecified"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.certificate_hold, "certificateHold"),
        (Reason.ca_compromise, "cACompromise"),
        (Reason.aa_compromise, "aACompromise"),
        (Reason.privilege_withdrawn, "privilegeWithdrawn"),
        (Reason.cessation_of_operation, "cessationOfOperation"),
    ],
)
def test_reasons_are_spelt_as_the_rfc_spells_them_and_a_hold_counts(reason: Reason, words: str) -> None:
    status = told(subject(), revocation_list(CA, entry(4711, reason=reason)))
    assert (status.revoked, status.reason) == (True, words)


def test_a_certificate_that_came_back_from_its_hold_is_not_revoked() -> None:
    assert told(subject(), revocation_list(CA, entry(4711, reason=Reason.remove_from_crl))) == GOOD


@pytest.mark.parametrize("serial", [1, 127, 128, 255, 256, 1 << 158])
def test_serial_numbers_are_numbers_whatever_their_length(serial: int) -> None:
    listed = revocation_list(CA, entry(serial))
    assert told(subject(serial=serial), listed).revoked is True
    assert told(subject(serial=serial + 1), listed).revoked is False


def test_a_negative_serial_number_is_no_positive_one() -> None:
    """A builder refuses them, and authorities have made them: -1 is written as FF, 255 as 00FF."""
    listed = revocation_list(CA, entry(127))
    assert listed.count(b"\x02\x01\x7f") == 1
    negative = signed_anew(
        CA, listed, lambda fields: [field.replace(b"\x02\x01\x7f", b"\x02\x01\xff") for field in fields]
    )
    assert told(subject(serial=255), negative).revoked is False
    assert told(subject(serial=127), negative).revoked is False


def test_a_pem_file_may_hold_several_lists() -> None:
    lists = [revocation_list(OTHER), revocation_list(CA, entry(4711))]
    text = b"".join(x509.load_der_x509_crl(one).public_bytes(Encoding.PEM) for one in lists)
    assert told(subject(), text).revoked is True


def test_the_newest_of_several_lists_counts() -> None:
    held = revocation_list(CA, entry(4711, reason=Reason.certificate_hold), start=AT - 3 * DAY)
    released = revocation_list(CA, start=AT - DAY)
    assert told(subject(), held, released).revoked is False
    assert told(subject(), released, held).revoked is False
    held_again = revocation_list(CA, entry(4711), start=AT - DAY / 2)
    assert told(subject(), held, released, held_again).revoked is True


# -- times


def test_a_list_of_yesterday_is_stale() -> None:
    listed = revocation_list(CA, start=AT - 3 * DAY, end=AT - DAY)
    assert told(subject(), listed) == untold("stale", "crl")


def test_a_list_of_tomorrow_is_not_used() -> None:
    listed = revocation_list(CA, start=AT + DAY, end=AT + 3 * DAY)
    assert told(subject(), listed) == untold("stale", "crl")


def test_a_list_without_an_end_is_stale() -> None:
    endless = signed_anew(CA, revocation_list(CA), lambda fields: [*fields[:4], *fields[5:]])
    assert told(subject(), endless) == untold("stale", "crl")


def test_a_list_counts_at_its_first_and_last_moment() -> None:
    listed = revocation_list(CA, start=AT - DAY, end=AT + DAY)
    assert told(subject(), listed, at=AT - DAY).revoked is False
    assert told(subject(), listed, at=AT + DAY).revoked is False


def test_a_fresh_list_helps_where_an_old_one_does_not() -> None:
    old = revocation_list(CA, entry(4711), start=AT - 9 * DAY, end=AT - DAY)
    assert told(subject(), old, revocation_list(CA)) == GOOD


# -- signatures


def test_a_list_that_a_stranger_signed_tells_nothing() -> None:
    forged = revocation_list(CA, key=ec_key())
    assert told(subject(), forged) == untold("not_signed", "crl")


def test_a_forged_entry_revokes_nobody() -> None:
    forged = revocation_list(CA, entry(4711), key=ec_key())
    assert told(subject(), forged) == untold("not_signed", "crl")
    assert told(subject(), forged, revocation_list(CA)) == GOOD


def test_a_changed_list_tells_nothing() -> None:
    listed = revocation_list(CA, entry(4711))
    changed = listed.replace((4711).to_bytes(2, "big"), (4712).to_bytes(2, "big"), 1)
    assert changed != listed
    assert told(subject(), changed) == untold("not_signed", "crl")


def test_a_list_whose_algorithms_differ_is_forged() -> None:
    """RFC 5280 5.1.1.2: the algorithm outside must be the one that was signed."""
    sha256, sha384 = b"\x04\x03\x02", b"\x04\x03\x03"
    listed = revocation_list(CA)
    differing = signed_anew(
        CA, listed, lambda fields: [fields[0], fields[1].replace(sha256, sha384), *fields[2:]]
    )
    assert (listed.count(sha256), differing.count(sha256)) == (2, 1)
    assert told(subject(), differing) == untold("not_signed", "crl")


def test_a_weakly_signed_list_is_weak_and_not_forged() -> None:
    """Signed with SHA-1, as lists of old authorities are; the builder refuses, so by hand."""
    ca = authority("Old CA", key=rsa_key())
    builder = x509.CertificateRevocationListBuilder().issuer_name(name("Old CA"))
    listed = builder.last_update(AT - DAY).next_update(AT + DAY).sign(rsa_key(), hashes.SHA256())
    signed, algorithm, _ = children(listed.public_bytes(Encoding.DER))
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    signed, algorithm = signed.replace(sha256, sha1), algorithm.replace(sha256, sha1)
    signature = rsa_key().sign(signed, padding.PKCS1v15(), hashes.SHA1())
    weak = wrap(0x30, signed, algorithm, wrap(0x03, b"\0", signature))
    assert told(subject(issuer=ca), weak, issuer=ca) == GOOD


def test_an_issuer_that_may_not_sign_lists_signs_none() -> None:
    ca = authority("Example Revoking CA", bits=("key_cert_sign",))
    assert told(subject(issuer=ca), revocation_list(ca), issuer=ca) == untold("not_signed", "crl")


def test_another_authority_cannot_speak_for_ours() -> None:
    assert told(subject(), revocation_list(OTHER, entry(4711)), signers=[OTHER], vouched=[OTHER]) == (
        NOT_COVERED
    )


def list_signer(*, bits: Sequence[str] = ("crl_sign",), common_name: str = "Example Revoking CA") -> Issued:
    """A certificate of its own for signing lists, in the authority's name."""
    return issue(common_name, CA, (usage(*bits), True), serial=31)


def test_a_separate_key_may_sign_if_it_is_vouched_for() -> None:
    signer = list_signer()
    listed = revocation_list(signer, entry(4711))
    assert told(subject(), listed, signers=[signer], vouched=[signer]).revoked is True
    assert told(subject(), listed, signers=[signer]) == untold("not_signed", "crl")
    assert told(subject(), listed) == untold("not_signed", "crl")


def test_a_separate_key_that_may_not_sign_lists_signs_none() -> None:
    signer = list_signer(bits=("digital_signature",))
    listed = revocation_list(signer)
    assert told(subject(), listed, signers=[signer], vouched=[signer]) == untold("not_signed", "crl")


def test_a_hundred_certificates_of_the_signers_name_cost_a_few_verifications() -> None:
    signer = list_signer()
    crowd = [list_signer() for _ in range(100)]
    listed = crl.read(revocation_list(signer))
    status = crl.judge(listed, parsed(subject()), parsed(CA), list(map(parsed, crowd)), lambda _: True, AT)
    assert status == untold("not_signed", "crl")
    assert len(listed[0].verified) <= 8


def test_in_a_crowd_the_signer_is_found_by_its_key_identifier() -> None:
    signer = list_signer()
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    listed = revocation_list(signer, extensions=[(key_id, False)])
    crowd = [*(list_signer() for _ in range(20)), signer]
    assert told(subject(), listed, signers=crowd, vouched=[signer]) == GOOD


def test_who_signs_lists_needs_nobody_to_vouch_for_it_in_its_own_matter() -> None:
    """It is asked about while somebody vouches for it; to ask back would go round for ever."""
    signer = list_signer()
    assert told(signer, revocation_list(signer), signers=[signer]) == GOOD
    assert told(signer, revocation_list(signer, entry(31)), signers=[signer]).revoked is True


def test_the_issuers_name_may_be_spelt_in_another_way() -> None:
    """RFC 5280 7.1: case and repeated blanks do not count."""
    shouting = Issued(authority("EXAMPLE  Revoking ca", key=CA.key).certificate, CA.key)
    assert told(subject(), revocation_list(shouting, entry(4711))).revoked is True


# -- scope


def test_a_list_for_people_says_nothing_of_authorities() -> None:
    listed = revocation_list(CA, extensions=[scope(only_user=True)])
    assert told(subject(), listed) == GOOD
    assert told(authority("Sub CA", CA), listed) == NOT_COVERED


def test_a_list_for_authorities_says_nothing_of_people() -> None:
    listed = revocation_list(CA, extensions=[scope(only_authorities=True)])
    assert told(subject(), listed) == NOT_COVERED
    assert told(authority("Sub CA", CA), listed) == GOOD


def test_a_list_for_attribute_certificates_says_nothing_of_ours() -> None:
    listed = revocation_list(CA, extensions=[scope(only_attributes=True)])
    assert told(subject(), listed) == NOT_COVERED


def test_a_list_of_one_distribution_point_is_for_certificates_that_name_it() -> None:
    listed = revocation_list(CA, extensions=[scope(url(LIST))])
    assert told(subject(points(point(url(LIST)))), listed) == GOOD
    assert told(subject(points(point(url(ELSEWHERE)), point(url(LIST)))), listed) == GOOD
    assert told(subject(points(point(url(ELSEWHERE)))), listed) == NOT_COVERED
    assert told(subject(), listed) == NOT_COVERED


def test_a_list_without_a_distribution_point_is_for_all_of_its_issuer() -> None:
    assert told(subject(points(point(url(LIST)))), revocation_list(CA)) == GOOD


def test_the_issuers_own_name_is_a_distribution_point() -> None:
    """RFC 5280 6.3.3, end."""
    listed = revocation_list(CA, extensions=[scope(directory("Example Revoking CA"))])
    assert told(subject(), listed) == GOOD


def relative(common_name: str) -> x509.RelativeDistinguishedName:
    return x509.RelativeDistinguishedName(
        [x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, common_name)]
    )


@pytest.mark.parametrize("whole_in_list", [True, False])
@pytest.mark.parametrize("whole_in_certificate", [True, False])
def test_a_relative_name_is_the_same_as_the_whole_one(
    whole_in_list: bool, whole_in_certificate: bool
) -> None:
    rdns = [*name("Example Revoking CA").rdns, relative("list 1")]
    whole = x509.DirectoryName(x509.Name(rdns))
    theirs = scope(whole) if whole_in_list else scope(relative=relative("list 1"))
    ours = point(whole) if whole_in_certificate else point(relative=relative("list 1"))
    listed = revocation_list(CA, extensions=[theirs])
    assert told(subject(points(ours)), listed) == GOOD
    assert told(subject(points(point(relative=relative("list 2")))), listed) == NOT_COVERED


def test_lists_for_some_reasons_tell_only_together() -> None:
    some = revocation_list(CA, extensions=[scope(reasons=COMPROMISE)])
    others = revocation_list(CA, extensions=[scope(reasons=OTHER_REASONS)], end=AT + 2 * DAY)
    assert told(subject(), some) == NOT_COVERED
    assert told(subject(), others) == NOT_COVERED
    assert told(subject(), some, others) == GOOD  # and may be kept until the first of them ends


def test_a_certificate_in_a_list_for_some_reasons_is_revoked() -> None:
    some = revocation_list(
        CA, entry(4711, reason=Reason.key_compromise), extensions=[scope(reasons=COMPROMISE)]
    )
    assert told(subject(), some).revoked is True


def test_reasons_that_the_certificate_names_bound_what_a_list_tells() -> None:
    certificate = subject(points(point(url(LIST), reasons=COMPROMISE)))
    listed = revocation_list(CA, extensions=[scope(url(LIST))])
    assert told(certificate, listed) == NOT_COVERED
    both = subject(points(point(url(LIST), reasons=COMPROMISE), point(url(ELSEWHERE), reasons=OTHER_REASONS)))
    assert told(both, listed, revocation_list(CA, extensions=[scope(url(ELSEWHERE))])) == GOOD


# -- indirect lists


LISTER = authority("Example List Service")


def served(serial: int = 4711) -> Issued:
    """A certificate of our authority whose lists another one signs."""
    return subject(points(point(url(LIST), issuer=directory("Example List Service"))), serial=serial)


def indirect(*entries: x509.RevokedCertificate) -> bytes:
    return revocation_list(LISTER, *entries, extensions=[scope(url(LIST), indirect=True)])


def test_an_indirect_list_speaks_for_those_whose_issuer_it_names() -> None:
    listed = indirect(entry(4711, of_issuer("Example Revoking CA")))
    assert told(served(), listed, signers=[LISTER], vouched=[LISTER]).revoked is True
    assert told(served(4712), listed, signers=[LISTER], vouched=[LISTER]) == GOOD
    assert told(served(), listed, signers=[LISTER]) == untold("not_signed", "crl")


def test_in_an_indirect_list_an_issuer_holds_for_the_entries_after_it() -> None:
    listed = indirect(
        entry(1),
        entry(2, of_issuer("Example Revoking CA")),
        entry(3),
        entry(4, of_issuer("Somebody Else's CA")),
        entry(5),
    )
    revoked = [
        serial
        for serial in range(1, 6)
        if told(served(serial), listed, signers=[LISTER], vouched=[LISTER]).revoked
    ]
    assert revoked == [2, 3]


def test_the_number_of_a_certificate_of_somebody_else_revokes_nobody() -> None:
    listed = indirect(entry(4711), entry(4711, of_issuer("Somebody Else's CA")))
    assert told(served(), listed, signers=[LISTER], vouched=[LISTER]) == GOOD


def test_a_list_that_is_not_indirect_cannot_speak_for_another_authority() -> None:
    direct = revocation_list(LISTER, extensions=[scope(url(LIST))])
    assert told(served(), direct, signers=[LISTER], vouched=[LISTER]) == NOT_COVERED


def test_an_indirect_list_speaks_only_for_those_who_name_its_signer() -> None:
    certificate = subject(points(point(url(LIST))))
    assert told(certificate, indirect(), signers=[LISTER], vouched=[LISTER]) == NOT_COVERED


def test_a_point_without_a_name_has_its_signers_name() -> None:
    """RFC 5280 6.3.3 b 2 i."""
    certificate = subject(points(point(issuer=directory("Example List Service"))))
    for theirs, status in ((directory("Example List Service"), GOOD), (url(LIST), NOT_COVERED)):
        listed = revocation_list(LISTER, extensions=[scope(theirs, indirect=True)])
        assert told(certificate, listed, signers=[LISTER], vouched=[LISTER]) == status


def test_a_relative_name_goes_on_from_the_signers_name_where_that_is_another() -> None:
    """RFC 5280 4.2.1.13: nameRelativeToCRLIssuer."""
    ours = point(relative=relative("list 1"), issuer=directory("Example List Service"))
    listed = revocation_list(LISTER, extensions=[scope(relative=relative("list 1"), indirect=True)])
    assert told(subject(points(ours)), listed, signers=[LISTER], vouched=[LISTER]) == GOOD


# -- what is not understood


def test_a_list_with_something_critical_that_is_unknown_clears_nobody() -> None:
    listed = revocation_list(CA, entry(4711), extensions=[UNKNOWN_CRITICAL])
    assert told(subject(serial=5), listed) == untold("unsupported", "crl")
    assert told(subject(), listed).revoked is True


def test_an_entry_with_something_critical_that_is_unknown_spoils_the_list_for_all() -> None:
    """RFC 5280 5.3: such a list tells no certificate's status; only what it lists is never called fine."""
    listed = revocation_list(CA, entry(4711, UNKNOWN_CRITICAL))
    assert told(subject(serial=5), listed) == untold("unsupported", "crl")
    assert told(subject(), listed).revoked is True


def test_something_unknown_that_is_not_critical_does_not_matter() -> None:
    extension, _ = UNKNOWN_CRITICAL
    listed = revocation_list(CA, entry(1, (extension, False)), extensions=[(extension, False)])
    assert told(subject(), listed) == GOOD


def test_a_list_of_changes_is_not_taken_for_a_whole_one() -> None:
    delta = revocation_list(CA, extensions=[(x509.DeltaCRLIndicator(7), True)])
    assert told(subject(), delta) == NOT_COVERED


def test_an_entry_whose_moment_cannot_be_read_revokes_all_the_same() -> None:
    when = b"\x17\x0d" + REVOKED_AT.strftime("%y%m%d%H%M%SZ").encode()
    broken = signed_anew(
        CA,
        revocation_list(CA, entry(4711)),
        lambda fields: [field.replace(when, b"\x17\x0dnot a moment!") for field in fields],
    )
    assert told(subject(), broken) == Status(True, "unspecified", None, AT + DAY, "crl")


def test_a_certificate_with_broken_distribution_points_is_not_called_fine() -> None:
    broken = subject((x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.31"), b"\x30\x05"), False))
    assert told(broken, revocation_list(CA)) == untold("unsupported", "crl")


def test_broken_entries_tell_nothing_of_a_number_among_them() -> None:
    spoilt = signed_anew(
        CA,
        revocation_list(CA, entry(1)),
        lambda fields: [*fields[:5], wrap(0x30, wrap(0x04, b"\x02\x01\x01" * 5)), *fields[6:]],
    )
    assert told(subject(serial=1), spoilt) == untold("unsupported", "crl")


# -- size


@pytest.mark.parametrize("is_indirect", [False, True])
def test_a_list_of_ten_megabytes_is_read_to_its_end(is_indirect: bool) -> None:
    listed, last = huge_list(CA, indirect=is_indirect)
    assert len(listed) > 9 << 20
    read = crl.read(listed)
    for serial, revoked in ((last, True), (last + 1, False)):
        certificate = parsed(subject(serial=serial))
        assert crl.judge(read, certificate, parsed(CA), [], lambda _: False, AT).revoked is revoked


# -- anything


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_are_refused(data: bytes) -> None:
    with suppress(ValueError):
        assert crl.read(data)


PATTERN = revocation_list(
    CA,
    entry(1, of_issuer("Example Revoking CA"), reason=Reason.superseded),
    entry(2),
    extensions=[scope(url(LIST), indirect=True)],
)

[SOUND] = crl.read(PATTERN)


@given(
    st.lists(st.tuples(st.integers(0, len(PATTERN) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(PATTERN)),
)
def test_a_spoilt_list_never_clears_and_never_raises(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(PATTERN)
    for position, value in changes:
        data[position] = value
    for spoilt in (bytes(data), PATTERN[:length]):
        try:
            lists = crl.read(spoilt)
        except ValueError:
            continue
        certificate = parsed(subject(points(point(url(LIST)))))
        status = crl.judge(lists, certificate, parsed(CA), [], lambda _: True, AT)
        assert status.revoked is None or lists[0].signed == SOUND.signed
