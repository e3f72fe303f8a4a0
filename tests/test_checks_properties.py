"""However a certificate's structure is changed, and whatever chains are made, a report comes back."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.constraints import KINDS, MOST_CONSTRAINTS
from checks.read import (
    LONGEST_KEY,
    LONGEST_NAME,
    MOST_CERTIFICATES,
    MOST_ELEMENTS,
    MOST_EXTENSIONS,
    MOST_NAMES,
)
from checks.report import inspect
from checks.structure import DNS_NAME, RFC822_NAME
from tests.certificates import (
    AT,
    SERVER,
    Issued,
    as_pem,
    authority,
    children,
    issue,
    look,
    p7b,
    pem,
    person,
    server,
    trusting,
    version_1,
    wrap,
)
from tests.fuzz_mutations import changed, places
from tests.fuzz_seeds import look_at, promised, signed_with_pss

BOUNDED = settings(max_examples=150, deadline=None, derandomize=True)

# --- certificates whose structure is changed ---

_root = authority()
_middle = authority(
    "Example Issuing CA", _root, (x509.NameConstraints([x509.RFC822Name("example.co.jp")], None), True)
)
_leaf = person(_middle)
WHOLE = [_leaf.der, _middle.der, server(_middle, SERVER).der, version_1(_leaf, _middle), p7b(_leaf, _middle)]

PIECES = st.one_of(
    st.binary(max_size=12),
    st.sampled_from(
        [
            b"",
            b"\x05\x00",
            b"\x30\x00",
            b"\x30\x80\x00\x00",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x1f\xff\xff\xff\x7f\x00",
            b"\x02\x00",
            b"\x02\x09\x80" + bytes(8),
            b"\x03\x01\x08",
            b"\x17\x0d000000000000Z",
            b"\x18\x1199991231235959-1400",
            b"\x0c\x02\xff\xfe",
            b"\x1e\x02\xd8\x00",
            wrap(0x06, b"\x2a" + b"\xff" * 20_000 + b"\x7f"),
            wrap(0x06, b"\x2a" + b"\x01" * 20_000),
            b"\x30\x80" * 40 + b"\0\0" * 40,
        ]
    ),
)
Change = tuple[str, float, bytes]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "exchange", "put in", "longer", "shorter", "tag", "nest", "turn"]),
        st.floats(0, 1),
        PIECES,
    ),
    min_size=1,
    max_size=4,
)


def _apply(whole: bytes, how: str, place: float, piece: bytes) -> bytes:
    """One change at one place, chosen from all places evenly; the lengths around it are put right."""
    ways = places(whole)
    path = ways[int(place * (len(ways) - 1))]
    change: dict[str, Callable[[bytes], bytes]] = {
        "drop": lambda _: b"",
        "double": lambda element: element * 2,
        "exchange": lambda _: piece,
        "put in": lambda element: wrap(element[0], element[2:], piece),
        "longer": lambda element: element[:1] + bytes([(element[1] + 1) % 256]) + element[2:],
        "shorter": lambda element: element[:1] + bytes([(element[1] - 1) % 256]) + element[2:],
        "tag": lambda element: (piece[:1] or b"\x30") + element[1:],
        "nest": lambda element: wrap(0x30, wrap(0x30, element)),
        "turn": lambda element: wrap(element[0], element[2:][::-1]),
    }
    return changed(whole, path, change[how])


@BOUNDED
@given(st.sampled_from(WHOLE), CHANGES, st.sampled_from([bytes, as_pem]))
def test_a_certificate_with_its_structure_changed_is_answered(
    whole: bytes, changes: list[Change], shape: Callable[[bytes], bytes]
) -> None:
    for how, place, piece in changes:
        try:
            whole = _apply(whole, how, place, piece)
        except IndexError:
            break  # the changes before took it apart too far to find a place
    look_at(shape(whole))


@BOUNDED
@given(st.sampled_from([_leaf.pem, _leaf.der, p7b(_leaf)]), st.binary(max_size=60), st.binary(max_size=60))
def test_a_certificate_with_something_around_it_is_answered(data: bytes, before: bytes, after: bytes) -> None:
    look_at(before + data + after)


# --- chains of any shape ---

_authorities = [authority("Example CA", key_ids=False) for _ in range(3)]
_below = [authority("Example CA", issuer, key_ids=False) for issuer in _authorities]
_leaves = [person(issuer) for issuer in (*_authorities, *_below)]
POOL = [*_authorities, *_below, *_leaves]


@BOUNDED
@given(
    st.lists(st.sampled_from(POOL), min_size=1, max_size=2 * MOST_CERTIFICATES),
    st.lists(st.sampled_from(POOL), max_size=3),
)
def test_any_chain_of_certificates_with_one_name_is_answered(sent: list[Issued], roots: list[Issued]) -> None:
    report = look(pem(*sent), trusting(*roots))
    promised(report)
    assert report.certificate is not None  # each counts once, however often it is there
    assert report.chain[0] == report.certificate
    assert len(report.chain) <= 8


@pytest.mark.parametrize("count", [MOST_CERTIFICATES, MOST_CERTIFICATES + 1])
def test_certificates_are_counted_however_they_are_packed(count: int) -> None:
    issued = [person(key=_leaf.key, common_name=str(number)) for number in range(count)]
    for data in (pem(*issued), b"".join(one.der for one in issued), p7b(*issued)):
        report = inspect(data, at=AT)
        promised(report)
        assert report.headline == ("too_large" if count > MOST_CERTIFICATES else "self_signed")


# --- files that would cost much: each limit holds just where it is said to ---


def _made(*extensions: bytes, subject: bytes = b"", key: bytes = b"") -> bytes:
    """The person's certificate with parts of its own, signed by nobody."""
    signed, algorithm, signature = children(_leaf.der)
    fields = children(signed)
    fields[5:] = subject or fields[5], key or fields[6], wrap(0xA3, wrap(0x30, *extensions))
    return wrap(0x30, wrap(0x30, *fields), algorithm, signature)


def _extension(oid: bytes, value: bytes) -> bytes:
    return wrap(0x30, wrap(0x06, oid), wrap(0x04, value))


def _unknown(number: int) -> bytes:
    return _extension(bytes([0x2A, number]), b"\x05\x00")


def _alternative_names(*names: bytes) -> bytes:
    return _extension(b"\x55\x1d\x11", wrap(0x30, *names))


def _long_name(size: int) -> bytes:
    """A distinguished name of so many bytes, more than 255 of them."""
    organization = wrap(0x0C, b"x" * (size - 21))
    return wrap(0x30, wrap(0x31, wrap(0x30, b"\x06\x03\x55\x04\x0a", organization)))


LIMITS: dict[str, tuple[str, Callable[[int], bytes], int]] = {
    "extensions": ("extensions", lambda n: _made(*map(_unknown, range(n))), MOST_EXTENSIONS),
    "purposes": (
        "elements",
        lambda n: _made(_extension(b"\x55\x1d\x25", wrap(0x30, b"\x06\x01\x2a" * n))),
        MOST_ELEMENTS,
    ),
    "names": ("names", lambda n: _made(_alternative_names(*[b"\x82\x01a"] * n)), MOST_NAMES),
    "broken names": (
        "names",
        lambda n: _made(_alternative_names(*[b"\x82\x01a"] * n, b"\x82\x05")),
        MOST_NAMES,
    ),
    "an address": ("name", lambda n: _made(_alternative_names(wrap(0x81, b"a" * n))), LONGEST_NAME),
    "a subject": ("name", lambda n: _made(subject=_long_name(n)), LONGEST_NAME),
    "a key": ("key", lambda n: _made(key=wrap(0x30, bytes(n - 4))), LONGEST_KEY),
}


@pytest.mark.parametrize("made", LIMITS)
def test_what_is_counted_is_refused_from_one_beyond_the_limit(made: str) -> None:
    what, make, limit = LIMITS[made]
    assert look_at(make(limit)).verdict != "refused"
    report = look_at(make(limit + 1))
    assert report.headline == "too_large"
    detail = {"what": what, "limit": str(limit), "size": f"{limit + 1} > {limit}"}
    assert report.findings[0].detail == detail


def test_an_object_identifier_without_end_is_not_written_out() -> None:
    endless = wrap(0x06, b"\x2a" + b"\x01" * 20_000)
    report = look_at(_made(_extension(b"\x55\x1d\x25", wrap(0x30, endless))))
    assert (report.verdict == "refused", report.holds("not_for_email")) == (False, None)
    assert len(report.model_dump_json()) < 10_000


@pytest.mark.parametrize("salt", [b"\xff", b"\x00\x80\0\0\0", b"\x01" + bytes(8), b"\x01" + bytes(90)])
def test_a_salt_of_no_possible_length_is_no_signature_that_can_be_told(salt: bytes) -> None:
    """RFC 4055 3.1: its length is any INTEGER."""
    signed, _, signature = children(signed_with_pss())
    sha256 = wrap(0x30, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00")
    mask = wrap(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08", sha256)
    parameters = wrap(0x30, wrap(0xA0, sha256), wrap(0xA1, mask), wrap(0xA2, wrap(0x02, salt)))
    algorithm = wrap(0x30, b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", parameters)
    fields = children(signed)
    fields[2] = algorithm
    report = look_at(wrap(0x30, wrap(0x30, *fields), algorithm, signature))
    assert (report.verdict == "refused", report.holds("bad_signature")) == (False, None)


# --- constraints: however many, each is looked at once ---


def _reasons(*issued: Issued) -> list[tuple[bool | None, str, str | None]]:
    report = look(pem(*issued), trusting(_root))
    found = [finding for finding in report.findings if finding.code == "issuer_not_allowed"]
    return [(one.holds, one.detail["reason"], one.detail.get("name")) for one in found if one.detail]


def _constrained(*names: x509.GeneralName, excluded: bool = False) -> Issued:
    constraints = x509.NameConstraints(None if excluded else names, names if excluded else None)
    return authority("Example Issuing CA", _root, (constraints, True))


def _mail(count: int) -> list[x509.GeneralName]:
    return [x509.RFC822Name(f"{number}.example.com") for number in range(count)]


def test_all_names_are_held_against_all_constraints_up_to_the_limit() -> None:
    addresses = [f"x@{number}.example.com" for number in range(MOST_NAMES)]
    most = _constrained(*_mail(MOST_ELEMENTS))
    assert _reasons(person(most, addresses=addresses), most) == []
    beyond = person(most, addresses=[*addresses[1:], "x@example.com"])
    assert _reasons(beyond, most) == [(True, "name_constraint", "x@example.com")]


def test_more_constraints_than_anybody_needs_are_not_read() -> None:
    many = _constrained(*_mail(MOST_CONSTRAINTS + 1))
    assert _reasons(person(many, addresses=["x@0.example.com"]), many) == [(None, "unreadable", None)]


def test_a_forbidden_name_is_told_beside_one_that_cannot_be_judged() -> None:
    odd = x509.DNSName("a." * 200 + "example")
    issuer = _constrained(x509.DNSName("example.com"), x509.RFC822Name("example.com"))
    leaf = issue("x", issuer, (x509.SubjectAlternativeName([odd, x509.RFC822Name("x@example.org")]), False))
    assert _reasons(leaf, issuer) == [(True, "name_constraint", "x@example.org")]
    alone = issue("x", issuer, (x509.SubjectAlternativeName([odd]), False))
    assert _reasons(alone, issuer) == [(None, "unreadable", None)]


@pytest.mark.parametrize(
    ("address", "forbidden"), [("10.1.2.3", True), ("10.2.0.1", False), ("::1", True), ("::2", False)]
)
def test_networks_are_excluded_to_the_bit(address: str, forbidden: bool) -> None:
    networks = [x509.IPAddress(ip_network(text)) for text in ("10.0.0.0/15", "::/127")]
    issuer = _constrained(*networks, excluded=True)
    leaf = issue("x", issuer, (x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False))
    assert _reasons(leaf, issuer) == ([(True, "name_constraint", address)] if forbidden else [])


LABELS = st.lists(st.sampled_from(["a", "b", "xn--r8jz45g", "B"]), min_size=1, max_size=4).map(".".join)


@BOUNDED
@given(LABELS, LABELS, st.sampled_from(["", "."]))
def test_a_host_lies_below_a_constraint_as_the_rfc_says(host: str, constraint: str, dot: str) -> None:
    """RFC 5280 4.2.1.10: for addresses a dot means the hosts below, for servers every host at or below."""
    same, below = host.lower() == constraint.lower(), host.lower().endswith("." + constraint.lower())
    text = (dot + constraint).encode()
    mail = KINDS[RFC822_NAME]
    assert (mail.key(text) in mail.keys_of_name(f"x@{host}".encode())) == (below if dot else same)
    served = KINDS[DNS_NAME]
    assert (served.key(text) in served.keys_of_name(host.encode())) == (below or (same and not dot))
