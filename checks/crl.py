"""Certificate revocation lists (RFC 5280 5 and 6.3): whether those that are there tell that one is revoked.

Lists of ten megabytes are read where they lie: only the entry that is looked for is taken apart. Delta lists
are not used.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from checks import der, distribution, encode, encodings, keys
from checks.der import CONSTRUCTED, GENERALIZED_TIME, INTEGER, SEQUENCE, UTC_TIME, Element, Malformed
from checks.distribution import ALL_REASONS, Point, Scope
from checks.names import name_key
from checks.status import CRL_REASONS, Status, most_telling, untold
from checks.structure import AUTHORITY_KEY_ID, DIRECTORY_NAME, Extension, Parsed

ISSUING_DISTRIBUTION_POINT, DELTA_INDICATOR = "2.5.29.28", "2.5.29.27"
REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER = "2.5.29.21", "2.5.29.24", "2.5.29.29"
CRL_SIGN = 6
"""KeyUsage's bit (RFC 5280 4.2.1.3)."""

_UNDERSTOOD = frozenset({ISSUING_DISTRIBUTION_POINT, DELTA_INDICATOR, AUTHORITY_KEY_ID, "2.5.29.20"})
_UNDERSTOOD_OF_ENTRIES = frozenset({REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER})
_TRUE = b"\x01\x01\xff"
_CERTIFICATE_ISSUER = b"\x06\x03\x55\x1d\x1d"
_SHORTEST_ENTRY = 16
"""Bytes of a serial number and a time with their headers: bounds how many entries a list can have."""
_MOST_SIGNERS = 8
"""Certificates of one name that are tried as a list's signer."""

Vouches = Callable[[Parsed], bool]
"""Whether a certificate that signs revocation lists has a path of its own that is trusted."""


@dataclass(frozen=True)
class RevocationList:
    """The parts of one list; its entries are not yet read."""

    signed: bytes
    algorithm: bytes
    algorithm_within: bytes
    signature: bytes
    issuer: bytes
    this_update: datetime
    next_update: datetime | None
    entries: bytes
    scope: Scope
    is_delta: bool
    unknown_critical: bool
    """Whether an extension that must be understood is not."""
    key_id: bytes | None
    verified: dict[bytes, bool | None] = field(default_factory=dict, compare=False, repr=False)
    """By public key, whether it made the signature: a list is hashed once for each."""

    def signed_by(self, key: bytes) -> bool | None:
        """Whether a key made the signature; None when this cannot be computed here."""
        if key not in self.verified:
            agrees = self.algorithm == self.algorithm_within
            self.verified[key] = agrees and keys.signature_holds(
                self.algorithm, key, self.signature, self.signed
            )
        return self.verified[key]


def read(data: bytes) -> tuple[RevocationList, ...]:
    """The lists in a file, DER or any number of PEM blocks. Raises Malformed."""
    if data[:1] == b"\x30":
        return (_read(data),)
    blocks = encodings.blocks(encodings.narrow(data).decode("latin-1"))
    found = tuple(_read(block.data) for block in blocks if "CRL" in block.label and block.data)
    if not found:
        raise Malformed("no revocation list")
    return found


def _read(data: bytes) -> RevocationList:
    signed, algorithm, signature = _exactly(3, der.first(data)[0].expect(SEQUENCE).children)
    fields = signed.expect(SEQUENCE).children
    if fields and fields[0].tag == INTEGER:  # the version, which version 1 leaves out
        fields.pop(0)
    if len(fields) < 3:
        raise Malformed("a revocation list has at least three fields")
    algorithm_within, issuer, this_update, *rest = fields
    next_update = der.time(rest.pop(0)) if rest and rest[0].tag in (UTC_TIME, GENERALIZED_TIME) else None
    entries = rest.pop(0).content if rest and rest[0].tag == SEQUENCE else b""
    found = extensions(der.only(rest[0].expect(CONSTRUCTED).content)) if rest else {}
    point = found.get(ISSUING_DISTRIBUTION_POINT)
    key_id = found.get(AUTHORITY_KEY_ID)
    return RevocationList(
        signed=signed.encoded,
        algorithm=algorithm.expect(SEQUENCE).encoded,
        algorithm_within=algorithm_within.encoded,
        signature=der.bits(signature),
        issuer=issuer.expect(SEQUENCE).encoded,
        this_update=der.time(this_update),
        next_update=next_update,
        entries=entries,
        scope=distribution.scope(der.only(point.value), issuer.encoded) if point else Scope(),
        is_delta=DELTA_INDICATOR in found,
        unknown_critical=any(one.critical and one.oid not in _UNDERSTOOD for one in found.values()),
        key_id=_key_id(key_id.value) if key_id else None,
    )


def _exactly(count: int, found: list[Element]) -> list[Element]:
    if len(found) != count:
        raise Malformed(f"{len(found)} elements where {count} should be")
    return found


def _key_id(value: bytes) -> bytes | None:
    parts = der.only(value, SEQUENCE).children
    return next((part.content for part in parts if part.tag == der.CONTEXT), None)


def extensions(sequence: Element) -> dict[str, Extension]:
    """Extensions by their object identifiers. Raises Malformed, also when one is there twice."""
    found: dict[str, Extension] = {}
    for item in sequence.expect(SEQUENCE).children:
        parts = item.expect(SEQUENCE).children
        if len(parts) not in (2, 3):
            raise Malformed("an extension has two or three parts")
        oid = der.oid(parts[0])
        if oid in found:
            raise Malformed(f"extension {oid} is there twice")
        critical = len(parts) == 3 and any(parts[1].expect(der.BOOLEAN).content)
        found[oid] = Extension(oid, critical, parts[-1].expect(der.OCTET_STRING).content)
    return found


def judge(
    lists: Iterable[RevocationList],
    certificate: Parsed,
    issuer: Parsed,
    signers: Sequence[Parsed],
    vouched: Vouches,
    at: datetime,
) -> Status:
    """What these lists tell of a certificate: revoked by one, or not by lists that cover all reasons.

    Where several speak for the same reasons, the newest counts.
    """
    try:
        points = distribution.points(certificate)
        is_ca = certificate.is_ca
    except ValueError:
        return untold("unsupported", "crl")
    covered: frozenset[int] = frozenset()
    untils: list[datetime] = []
    why_not: list[str] = []
    for one in sorted(lists, key=lambda one: one.this_update, reverse=True):
        reasons = _reasons(one, certificate, is_ca, points) - covered
        if not reasons:
            continue
        if one.next_update is None or not one.this_update <= at <= one.next_update:
            why_not.append("stale")
            continue
        fault = _fault_of_signer(one, certificate, issuer, signers, vouched)
        if fault:
            why_not.append(fault)
            continue
        try:
            entry, unknown_critical = _look_up(one, certificate)
        except Malformed:
            why_not.append("unsupported")
            continue
        if entry is not None:
            # Also when something critical in the list is not understood: that can only add to it.
            return Status(True, entry.reason, entry.at, one.next_update, "crl")
        if unknown_critical:
            why_not.append("unsupported")
            continue
        covered |= reasons
        untils.append(one.next_update)
    if covered == ALL_REASONS:
        return Status(False, "", None, min(untils), "crl")
    return untold(most_telling(why_not) if why_not else "not_covered", "crl")


def _reasons(
    one: RevocationList, certificate: Parsed, is_ca: bool, points: Iterable[Point]
) -> frozenset[int]:
    if one.is_delta:
        return frozenset()
    return distribution.covered(certificate, is_ca, points, one.issuer, one.scope)


def _fault_of_signer(
    one: RevocationList, certificate: Parsed, issuer: Parsed, signers: Iterable[Parsed], vouched: Vouches
) -> str | None:
    """Why nobody who may has signed the list, or None where somebody has (RFC 5280 6.3.3 f and g)."""
    name = name_key(one.issuer)
    named = {signer.encoded: signer for signer in (issuer, *signers) if signer.subject_key == name}
    likely = sorted(named.values(), key=lambda signer: not _has_key(signer, one.key_id))
    unsupported = False
    for signer in likely[:_MOST_SIGNERS]:
        made = one.signed_by(signer.key)
        unsupported = unsupported or made is None
        # A list's own signer is vouched for by whoever asks about it; asking back would go round for ever.
        known = signer.identity == issuer.identity or signer.fingerprint == certificate.fingerprint
        if made and _may_sign(signer) and (known or vouched(signer)):
            return None
    return "unsupported" if unsupported else "not_signed"


def _has_key(signer: Parsed, key_id: bytes | None) -> bool:
    try:
        return key_id is not None and signer.subject_key_id == key_id
    except ValueError:
        return False


def _may_sign(signer: Parsed) -> bool:
    try:
        return signer.key_usage is None or CRL_SIGN in signer.key_usage
    except ValueError:
        return False


@dataclass(frozen=True)
class _Entry:
    """A certificate's entry: why it was revoked, and when."""

    reason: str
    at: datetime | None


def _look_up(one: RevocationList, certificate: Parsed) -> tuple[_Entry | None, bool]:
    """The certificate's entry, and whether the list has anything critical that is not understood.

    Raises Malformed.
    """
    # However a number is written, it ends in its fewest bytes: where they are not, it is not.
    digits = encode.integer(certificate.serial)[2:] if certificate.serial.bit_length() < 1000 else b""
    any_critical = not one.unknown_critical and _TRUE in one.entries
    if digits not in one.entries and not any_critical:
        return None, one.unknown_critical
    unknown_critical = one.unknown_critical
    any_issuer = _CERTIFICATE_ISSUER in one.entries
    naming: list[bytes] = []
    for content in _entries(one.entries):
        if any_issuer and _CERTIFICATE_ISSUER in content:
            naming.append(content)
        if _serial(content) == certificate.serial and _owner(one, naming) == certificate.issuer_key:
            entry = _entry(content)
            if entry.reason != "removeFromCRL":  # RFC 5280 6.3.3 l
                return entry, unknown_critical
        if any_critical and _TRUE in content.replace(_CERTIFICATE_ISSUER + _TRUE, b""):
            unknown_critical = unknown_critical or _has_unknown_critical(content)
    return None, unknown_critical


def _has_unknown_critical(content: bytes) -> bool:
    found = _entry_extensions(content).values()
    return any(one.critical and one.oid not in _UNDERSTOOD_OF_ENTRIES for one in found)


def _entries(entries: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(entries):
        entry, position = der.first(entries, position)
        if entry.tag != SEQUENCE or len(entry.encoded) < _SHORTEST_ENTRY:
            raise Malformed("no entry of a revocation list")
        yield entry.content


def _serial(content: bytes) -> int:
    """An entry's serial number, read without taking the entry apart: there may be half a million."""
    if content[0] != INTEGER or content[1] >= 0x80:
        return der.integer(der.first(content)[0])
    return int.from_bytes(content[2 : 2 + content[1]], "big", signed=True)


def _owner(one: RevocationList, naming: Sequence[bytes]) -> object:
    """Whose certificate an entry is: the issuer named in it or last before it (RFC 5280 5.3.3)."""
    for content in reversed(naming):
        if (extension := _entry_extensions(content).get(CERTIFICATE_ISSUER)) is not None:
            names = der.only(extension.value, SEQUENCE).children
            return next((name_key(name.content) for name in names if name.tag == DIRECTORY_NAME), None)
    return name_key(one.issuer)


def _entry_extensions(content: bytes) -> dict[str, Extension]:
    _, _, *rest = _at_least_two(content)
    return extensions(rest[0]) if rest else {}


def _at_least_two(content: bytes) -> list[Element]:
    parts = der.elements(content)
    if len(parts) < 2:
        raise Malformed("an entry has a serial number and a time")
    return parts


def _entry(content: bytes) -> _Entry:
    """An entry taken apart; what is listed is revoked, whatever can or cannot be read of when and why."""
    number, when = 0, None
    with suppress(Malformed):
        when = der.time(_at_least_two(content)[1])
        if (code := _entry_extensions(content).get(REASON_CODE)) is not None:
            number = int.from_bytes(der.only(code.value, 0x0A).content, "big")
    return _Entry(CRL_REASONS.get(number, "unspecified"), when)
