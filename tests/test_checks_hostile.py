"""No file makes the checks fail, hang or claim what they do not know."""

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.report import Report, inspect
from tests.certificates import (
    ADDRESS,
    AT,
    SERVER,
    authority,
    ec_key,
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


def test_a_hundred_issuers_of_one_name_are_searched_without_end() -> None:
    root = authority()
    key = ec_key()
    issuers = [authority("Example CA", root, key_ids=False) for _ in range(99)]
    right = authority("Example CA", root, key=key)
    report = look(person(right).der, trusting(root, issuers=[*issuers, right]))
    assert (report.headline, report.trusted_by) == (None, "company")


def test_when_too_many_issuers_of_one_name_do_not_fit_nothing_is_claimed() -> None:
    root = authority()
    issuers = [authority("Example CA", root, key_ids=False) for _ in range(99)]
    elsewhere = authority("Example CA", key_ids=False)
    report = look(person(elsewhere, key_ids=False).der, trusting(root, issuers=issuers))
    assert (report.verdict, report.holds("bad_signature"), report.holds("incomplete_chain")) == (
        "usable",
        None,
        None,
    )


def test_a_web_of_cross_certificates_ends() -> None:
    """Six authorities that all certify each other: every path is open, none leads to a trusted root."""
    keys = {f"CA {number}": ec_key() for number in range(6)}
    selves = {common_name: authority(common_name, key=key) for common_name, key in keys.items()}
    web = [
        authority(below, selves[above], key=keys[below]) for below in keys for above in keys if below != above
    ]
    report = look(person(selves["CA 0"]).der, trusting(authority(), issuers=web))
    assert report.verdict in ("usable", "unusable")
    assert len(report.chain) <= 8


def test_a_chain_of_more_than_eight_is_given_up() -> None:
    issuers = [authority("CA 0")]
    for number in range(1, 8):
        issuers.append(authority(f"CA {number}", issuers[-1]))
    eight = look(pem(person(issuers[6]), *issuers[:7]), trusting(issuers[0]))
    assert (eight.headline, len(eight.chain), eight.trusted_by) == (None, 8, "company")
    nine = look(pem(person(issuers[7]), *issuers), trusting(issuers[0]))
    assert (nine.holds("incomplete_chain"), nine.verdict, nine.trusted_by) == (None, "usable", None)


# --- any bytes ---

BOUNDED = settings(max_examples=300, deadline=None, derandomize=True)

_root = authority()
_middle = authority(
    "Example Issuing CA", _root, (x509.NameConstraints([x509.RFC822Name("example.co.jp")], None), True)
)
_leaf = person(_middle)
_trust = trusting(_root)
SEEDS = [
    _leaf.der,
    _leaf.pem,
    p7b(_leaf, _middle, _root),
    version_1(_leaf, _middle),
    server(_middle, "*.example.co.jp").der,
]


def _inspect(data: bytes) -> Report:
    return inspect(data, at=AT, address=ADDRESS, server=SERVER, trust=_trust)


def _whole(report: Report) -> None:
    """What holds of every report, and that it can be stored."""
    assert Report.model_validate_json(report.model_dump_json()) == report
    assert (report.verdict == "refused") == (report.certificate is None)
    assert (report.headline is None) == (report.verdict == "usable")
    assert not any("\0" in text for finding in report.findings for text in finding.detail.values())


@BOUNDED
@given(st.binary(max_size=2000))
def test_any_bytes_are_answered(data: bytes) -> None:
    _whole(_inspect(data))


@BOUNDED
@given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "cp932"]))
def test_any_text_is_answered(text: str, encoding: str) -> None:
    _whole(_inspect(text.encode(encoding, "ignore")))


@BOUNDED
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6)
)
def test_a_certificate_with_some_bytes_changed_is_answered(
    seed: bytes, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(seed)
    for place, byte in changes:
        data[int(place * (len(data) - 1))] = byte
    _whole(_inspect(bytes(data)))


@BOUNDED
@given(st.sampled_from(SEEDS), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=8))
def test_a_certificate_with_a_part_exchanged_is_answered(
    seed: bytes, start: float, end: float, filling: bytes
) -> None:
    first, last = sorted((int(start * len(seed)), int(end * len(seed))))
    _whole(_inspect(seed[:first] + filling + seed[last:]))


OIDS = [
    "2.5.29.14",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.35",
    "2.5.29.37",
    "1.3.6.1.5.5.7.1.1",
]


@BOUNDED
@given(
    st.dictionaries(st.sampled_from(OIDS), st.tuples(st.binary(max_size=40), st.booleans())), st.booleans()
)
def test_extensions_of_any_content_are_answered(contents: dict[str, tuple[bytes, bool]], leaf: bool) -> None:
    """In the leaf or in its issuer: what cannot be read is could not tell, and the rest is still told."""
    extensions = [
        (x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), value), critical)
        for oid, (value, critical) in contents.items()
    ]
    if leaf:
        data = issue("x", _root, *extensions, key_ids=False).der
    else:
        middle = issue("CA", _root, *extensions, key_ids=False)
        data = pem(person(middle, key_ids=False), middle)
    report = _inspect(data)
    _whole(report)
    assert report.holds("expired") is False


# --- costly files ---


COSTLY: dict[str, bytes] = {
    "dashes": b"-" * 260_000,
    "beginnings": b"-----BEGIN " * 23_000,
    "empty blocks": b"-----BEGIN CERTIFICATE-----\n" * 9_000,
    "one run": b"A" * 262_144,
    "lines": (b"A" * 64 + b"\n") * 4_000,
    "base64": b"MIIB" * 65_000,
    "quotes": b"> " * 130_000,
    "blanks": b" " * 262_143 + b"x",
    "without lengths": b"\x30\x80" * 131_000,
    "with long lengths": b"\x30\x84" * 131_000,
    "beginnings of keys": b"\x30\x82\xff\xff\x02\x01\x00\x30" * 32_000,
    "beginnings of keys without lengths": b"\x30\x10\x02\x01\x00\x30\x80" * 37_000,
    "beginnings of JSON keys": b'"kty": ' * 37_000,
    "control characters": b"\x1f" * 262_144,
    "many elements": wrap(0x30, *[wrap(0x30, b"\x06\x01\x2a") for _ in range(40_000)]),
}


@pytest.mark.parametrize("what", COSTLY)
def test_files_that_are_made_to_cost_much_are_refused(what: str) -> None:
    assert _inspect(COSTLY[what]).verdict == "refused"


def test_deep_nesting_is_refused_and_not_followed() -> None:
    data = b""
    for _ in range(3_000):
        data = wrap(0x30, data)
    assert _inspect(data).headline in ("malformed", "not_a_certificate")
    assert _inspect(b"\x30\x80" * 500 + b"\0\0" * 500).headline in ("malformed", "not_a_certificate")
