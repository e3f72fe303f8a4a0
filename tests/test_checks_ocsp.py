"""What a responder's answer is worth: who may sign it, about whom it is, and for how long (RFC 6960)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as library
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from checks import ocsp
from checks.status import Status, untold
from tests.certificates import AT, DAY, EMAIL, SERVING, Issued, authority, children, issue, rsa_key, wrap
from tests.revocation_authority import (
    CA,
    OTHER,
    REVOKED_AT,
    UNKNOWN_CRITICAL,
    Reason,
    answer,
    basic,
    delegate,
    parsed,
    refusal,
    responders,
    signed_anew,
    subject,
    with_basic,
)

ANY_PURPOSE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
SUBJECT = subject()
GOOD = Status(False, "", None, AT + DAY, "ocsp")
NOT_SIGNED = untold("not_signed", "ocsp")
STALE = untold("stale", "ocsp")
MINUTE = timedelta(minutes=1)


def told(given: bytes, certificate: Issued = SUBJECT, issuer: Issued = CA) -> Status:
    return ocsp.judge(given, parsed(certificate), parsed(issuer), AT)


# -- the question


def test_the_question_is_about_the_one_certificate_and_carries_nothing_else() -> None:
    asked = library.load_der_ocsp_request(ocsp.question(parsed(SUBJECT), parsed(CA)))
    builder = library.OCSPRequestBuilder().add_certificate(SUBJECT.certificate, CA.certificate, hashes.SHA1())
    expected = builder.build()
    assert asked.serial_number == 4711
    assert asked.issuer_name_hash == expected.issuer_name_hash
    assert asked.issuer_key_hash == expected.issuer_key_hash
    assert list(asked.extensions) == []


@pytest.mark.parametrize("serial", [1, 127, 128, 1 << 63, (1 << 159) - 1])
def test_the_question_is_what_the_library_would_ask(serial: int) -> None:
    certificate = subject(serial=serial)
    builder = library.OCSPRequestBuilder().add_certificate(
        certificate.certificate, CA.certificate, hashes.SHA1()
    )
    encoding = library.load_der_ocsp_request(ocsp.question(parsed(certificate), parsed(CA)))
    assert encoding.serial_number == builder.build().serial_number == serial


def test_only_addresses_of_the_web_are_asked() -> None:
    certificate = subject(responders("ldap://example.com", "http://a.example", "HTTPS://b.example"))
    assert ocsp.addresses(parsed(certificate)) == ("http://a.example", "HTTPS://b.example")
    assert ocsp.addresses(parsed(SUBJECT)) == ()


# -- what it tells


@pytest.mark.parametrize("hash_algorithm", [hashes.SHA1(), hashes.SHA256()])
@pytest.mark.parametrize("by_name", [False, True])
def test_a_good_certificate_is_not_revoked(hash_algorithm: hashes.HashAlgorithm, by_name: bool) -> None:
    assert told(answer(SUBJECT, CA, hash_algorithm=hash_algorithm, by_name=by_name)) == GOOD


def test_a_revoked_certificate_is_so_with_its_reason_and_moment() -> None:
    status = told(answer(SUBJECT, CA, revoked=True, reason=Reason.key_compromise))
    assert status == Status(True, "keyCompromise", REVOKED_AT, AT + DAY, "ocsp")


def test_a_revocation_without_a_reason_has_none_specified() -> None:
    assert told(answer(SUBJECT, CA, revoked=True)).reason == "unspecified"


def test_an_answer_without_end_counts() -> None:
    for_ever = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert told(answer(SUBJECT, CA, end=for_ever)) == Status(False, "", None, for_ever, "ocsp")


def test_a_certificate_on_hold_is_revoked() -> None:
    status = told(answer(SUBJECT, CA, revoked=True, reason=Reason.certificate_hold))
    assert (status.revoked, status.reason) == (True, "certificateHold")


def test_a_certificate_that_the_responder_does_not_know_is_not_called_fine() -> None:
    assert told(answer(SUBJECT, CA, revoked=None)) == untold("unknown", "ocsp")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (library.OCSPResponseStatus.UNAUTHORIZED, "unknown"),
        (library.OCSPResponseStatus.TRY_LATER, "unreachable"),
        (library.OCSPResponseStatus.INTERNAL_ERROR, "unreachable"),
        (library.OCSPResponseStatus.MALFORMED_REQUEST, "unsupported"),
        (library.OCSPResponseStatus.SIG_REQUIRED, "unsupported"),
    ],
)
def test_a_refusal_to_answer_tells_nothing(status: library.OCSPResponseStatus, reason: str) -> None:
    assert told(refusal(status)) == untold(reason, "ocsp")


# -- about whom


def test_an_answer_about_another_certificate_does_not_count() -> None:
    assert told(answer(subject(serial=4712), CA)) == untold("not_covered", "ocsp")


def test_an_answer_about_the_same_number_of_another_authority_does_not_count() -> None:
    replayed = answer(subject(issuer=OTHER), OTHER)
    assert told(replayed) == untold("not_covered", "ocsp")


def test_an_answer_about_the_same_number_of_a_namesake_does_not_count() -> None:
    namesake = authority("Example Revoking CA")
    assert told(answer(subject(issuer=namesake), namesake)) == untold("not_covered", "ocsp")


def test_an_answer_about_the_same_number_by_our_key_under_another_name_does_not_count() -> None:
    renamed = authority("Example Renamed CA", key=CA.key)
    assert told(answer(subject(issuer=renamed), renamed)) == untold("not_covered", "ocsp")


def test_of_several_answers_in_one_the_right_one_counts() -> None:
    others = [answer(subject(serial=serial), CA) for serial in (4710, 4712)]
    mine = answer(SUBJECT, CA, revoked=True)
    singles = b"".join(_singles(whole) for whole in (others[0], mine, others[1]))
    joined = signed_anew(CA, basic(mine), lambda fields: [*fields[:-1], wrap(0x30, singles)])
    assert told(with_basic(mine, joined)).revoked is True
    assert told(with_basic(mine, joined), subject(serial=4712)) == GOOD
    assert told(with_basic(mine, joined), subject(serial=4713)) == untold("not_covered", "ocsp")


def test_of_two_answers_about_one_certificate_the_worse_counts() -> None:
    fine, revoked = answer(SUBJECT, CA), answer(SUBJECT, CA, revoked=True)
    singles = _singles(fine) + _singles(revoked)
    joined = signed_anew(CA, basic(fine), lambda fields: [*fields[:-1], wrap(0x30, singles)])
    assert told(with_basic(fine, joined)).revoked is True


def _singles(whole: bytes) -> bytes:
    [*_, responses] = children(children(basic(whole))[0])
    return b"".join(children(responses))


# -- of when


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (AT - 3 * DAY, AT - 10 * MINUTE),
        (AT + 10 * MINUTE, AT + DAY),
        (AT - DAY - MINUTE, None),
    ],
    ids=["yesterday's", "tomorrow's", "old, without an end"],
)
@pytest.mark.parametrize("revoked", [True, False])
def test_an_answer_that_is_not_of_now_is_refused(
    start: datetime, end: datetime | None, revoked: bool
) -> None:
    assert told(answer(SUBJECT, CA, revoked=revoked, start=start, end=end)) == STALE


def test_clocks_may_differ_by_a_few_minutes() -> None:
    assert told(answer(SUBJECT, CA, start=AT + 4 * MINUTE)).revoked is False
    assert told(answer(SUBJECT, CA, end=AT - 4 * MINUTE)).revoked is False


def test_an_answer_without_an_end_counts_for_a_day_and_is_not_kept() -> None:
    assert told(answer(SUBJECT, CA, end=None)) == Status(False, "", None, None, "ocsp")


# -- by whom


def test_a_stranger_cannot_answer() -> None:
    assert told(answer(SUBJECT, CA, OTHER, carried=[])) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, OTHER)) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, OTHER, named=CA, carried=[])) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, OTHER, named=CA, carried=[CA])) == NOT_SIGNED


def test_a_changed_answer_is_refused() -> None:
    sound = answer(SUBJECT, CA, revoked=True)
    identifier, _, *rest = children(_singles(sound))
    cleared = wrap(0x30, identifier, b"\x80\x00", *rest)
    assert told(sound).revoked is True
    signed, *others = children(basic(sound))
    fields = children(signed)
    changed = wrap(0x30, wrap(0x30, *fields[:-1], wrap(0x30, cleared)), *others)
    assert told(with_basic(sound, changed)) == NOT_SIGNED


@pytest.mark.parametrize("by_name", [False, True])
def test_a_delegate_of_the_issuer_may_answer(by_name: bool) -> None:
    assert told(answer(SUBJECT, CA, delegate(CA), by_name=by_name)) == GOOD


@pytest.mark.parametrize("purposes", [(), (EMAIL,), (SERVING,), (ANY_PURPOSE,)])
def test_a_delegate_must_be_one_by_name(purposes: Sequence[x509.ObjectIdentifier]) -> None:
    """RFC 6960 4.2.2.2: nobody may answer whose certificate does not say id-kp-OCSPSigning itself."""
    assert told(answer(SUBJECT, CA, delegate(CA, purposes=purposes))) == NOT_SIGNED


def test_a_delegate_whose_time_is_over_or_has_not_come_may_not_answer() -> None:
    assert told(answer(SUBJECT, CA, delegate(CA, end=AT - MINUTE))) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, delegate(CA, start=AT + MINUTE))) == NOT_SIGNED


def test_a_delegate_of_somebody_else_may_not_answer() -> None:
    assert told(answer(SUBJECT, CA, delegate(OTHER))) == NOT_SIGNED


def test_a_delegate_of_a_namesake_may_not_answer() -> None:
    namesake = authority("Example Revoking CA")
    assert told(answer(SUBJECT, CA, delegate(namesake))) == NOT_SIGNED


def test_a_delegate_that_our_key_named_under_another_name_may_not_answer() -> None:
    renamed = authority("Example Renamed CA", key=CA.key)
    assert told(answer(SUBJECT, CA, delegate(renamed))) == NOT_SIGNED


def test_a_delegate_of_a_delegate_may_not_answer() -> None:
    first = delegate(CA)
    assert told(answer(SUBJECT, CA, delegate(first), carried=[delegate(first), first])) == NOT_SIGNED


def test_a_delegate_with_something_critical_that_is_unknown_may_not_answer() -> None:
    signer = delegate(CA, "Example Responder", UNKNOWN_CRITICAL)
    assert told(answer(SUBJECT, CA, signer)) == NOT_SIGNED


def test_a_delegate_that_need_not_be_checked_may_answer() -> None:
    signer = delegate(CA, "Example Responder", (x509.OCSPNoCheck(), False))
    assert told(answer(SUBJECT, CA, signer)) == GOOD


def test_the_responder_that_is_named_must_be_the_one_that_signed() -> None:
    signer = delegate(CA)
    assert told(answer(SUBJECT, CA, signer, named=CA)) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, signer, named=OTHER)) == NOT_SIGNED
    assert told(answer(SUBJECT, CA, CA, named=OTHER, carried=[])) == NOT_SIGNED


def test_a_delegate_that_the_answer_does_not_carry_cannot_be_checked() -> None:
    assert told(answer(SUBJECT, CA, delegate(CA), carried=[])) == NOT_SIGNED


def test_a_weakly_signed_answer_is_weak_and_not_forged() -> None:
    ca = authority("Old CA", key=rsa_key())
    certificate = issue("Hanako Yamada", ca)
    builder = library.OCSPResponseBuilder().add_response(
        certificate.certificate,
        ca.certificate,
        hashes.SHA1(),
        library.OCSPCertStatus.GOOD,
        AT - DAY,
        AT + DAY,
        None,
        None,
    )
    whole = (
        builder.responder_id(library.OCSPResponderEncoding.HASH, ca.certificate)
        .sign(rsa_key(), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
    signed, algorithm, _ = children(basic(whole))
    algorithm = algorithm.replace(bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105"))
    signature = rsa_key().sign(signed, padding.PKCS1v15(), hashes.SHA1())
    weak = with_basic(whole, wrap(0x30, signed, algorithm, wrap(0x03, b"\0", signature)))
    assert told(weak, certificate, ca) == GOOD


# -- what is not understood


def test_an_answer_with_something_critical_that_is_unknown_tells_nothing() -> None:
    extension, _ = UNKNOWN_CRITICAL
    assert told(answer(SUBJECT, CA, extensions=[(extension, True)])) == untold("unsupported", "ocsp")
    assert told(answer(SUBJECT, CA, extensions=[(extension, False)])) == GOOD


@pytest.mark.parametrize("critical", [True, False])
def test_so_does_one_where_it_stands_beside_the_certificate(critical: bool) -> None:
    whole = answer(SUBJECT, CA)
    oid, null = b"\x06\x03\x2a\x03\x04", b"\x04\x02\x05\x00"
    extension = wrap(0x30, oid, b"\x01\x01\xff" if critical else b"", null)
    single = wrap(0x30, *children(_singles(whole)), wrap(0xA1, wrap(0x30, extension)))
    changed = signed_anew(CA, basic(whole), lambda fields: [*fields[:-1], wrap(0x30, single)])
    expected = untold("unsupported", "ocsp") if critical else GOOD
    assert told(with_basic(whole, changed)) == expected


# -- anything


def test_an_answer_that_is_cut_off_tells_nothing() -> None:
    whole = answer(SUBJECT, CA, delegate(CA))
    assert {told(whole[:length]).revoked for length in range(len(whole))} == {None}


@given(st.binary(max_size=200))
def test_any_bytes_give_a_status(data: bytes) -> None:
    assert told(data).revoked is None


WHOLE = answer(SUBJECT, CA, delegate(CA), revoked=True)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_spoilt_answer_clears_nobody_and_never_raises(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for position, value in changes:
        data[position] = value
    assert told(bytes(data)).revoked is not False
