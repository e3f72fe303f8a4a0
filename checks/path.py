"""The way from a certificate up to a root: found by name and key identifier, every signature verified."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from weakref import WeakKeyDictionary

from checks.certificate import Asked
from checks.keys import verifies
from checks.structure import Parsed
from checks.trust import Root, Trust

DEEPEST, WIDEST = 8, 30
"""Certificates in a path, the leaf counted; issuers of one name that are tried."""

_MOST_VERIFICATIONS, _MOST_PATHS = 120, 16
"""What one search may cost, whatever was uploaded: about a tenth of a second with RSA 4096."""


class End(IntEnum):
    """Where a path ends, the best first."""

    TRUSTED = 0
    UNTRUSTED = 1
    """At a certificate that signed itself and that we do not trust."""
    MISSING = 2
    """At a certificate whose issuer is not there."""
    GIVEN_UP = 3
    """At the limits of the search."""
    FORGED = 4
    """At a certificate whose issuer is there and did not sign it. Another authority of the issuer's name is
    not the issuer: unless the certificate says that it means this key, the right one is missing."""


@dataclass(frozen=True)
class Path:
    """Certificates from the leaf upwards; each was signed by the next one."""

    certificates: tuple[Parsed, ...]
    end: End
    root: Root | None = None
    """The trusted root, which is the last certificate or has its name and key."""
    unverified: tuple[int, ...] = ()
    """Which of the certificates bear a signature that cannot be verified here."""


@dataclass
class _Search:
    """What one search knows, and what it may still spend."""

    named: Mapping[Hashable, list[Parsed]]
    trust: Trust
    asked: Asked
    leaf: Parsed
    verifications: int = _MOST_VERIFICATIONS
    known: dict[tuple[str, bytes], bool | None] = field(default_factory=dict)

    def root(self, certificate: Parsed) -> Root | None:
        """The root that has this certificate's name and key and is trusted for what is asked."""
        asked = self.asked
        return self.trust.root_of(
            certificate, purpose=asked.purpose, at=asked.at, issued=self.leaf.not_before
        )

    def signed(self, child: Parsed, issuer: Parsed) -> bool | None:
        """Whether the issuer's key signed the child, looked at once."""
        pair = (child.fingerprint, issuer.key)
        if pair not in self.known:
            self.verifications -= 1
            self.known[pair] = (_verified if _issues(child) else verifies)(child, issuer)
        return self.known[pair]


_VERIFIED: WeakKeyDictionary[Parsed, dict[bytes, bool | None]] = WeakKeyDictionary()
"""By which keys known issuers were signed; what somebody sent is gone from here with its file."""


def _verified(child: Parsed, issuer: Parsed) -> bool | None:
    """The same for an issuer: those that are known come again with every file."""
    by_key = _VERIFIED.setdefault(child, {})
    if issuer.key not in by_key:
        by_key[issuer.key] = verifies(child, issuer)
    return by_key[issuer.key]


def _issues(certificate: Parsed) -> bool:
    try:
        return certificate.is_ca
    except ValueError:
        return False


def paths(leaf: Parsed, others: Iterable[Parsed], asked: Asked, trust: Trust) -> Iterator[Path]:
    """The paths that the file's certificates, the known issuers and the roots allow, the likeliest first."""
    named: defaultdict[Hashable, list[Parsed]] = defaultdict(list)
    for certificate in others:
        named[certificate.subject_key].append(certificate)
    search = _Search(named, trust, asked, leaf)
    yield from islice(_climb(search, (leaf,), ()), _MOST_PATHS)


def _climb(search: _Search, below: tuple[Parsed, ...], unverified: tuple[int, ...]) -> Iterator[Path]:
    top = below[-1]
    if root := search.root(top):
        yield Path(below, End.TRUSTED, root, unverified)
        return
    by_itself = search.signed(top, top) if top.self_issued else False
    if by_itself:
        yield Path(below, End.UNTRUSTED, unverified=unverified)
        return
    if len(below) == DEEPEST:
        yield Path(below, End.GIVEN_UP, unverified=unverified)
        return
    candidates = _candidates(search, below)
    refused = climbed = False
    for candidate in candidates[:WIDEST]:
        if search.verifications <= 0:
            yield Path(below, End.GIVEN_UP, unverified=unverified)
            return
        signed = search.signed(top, candidate)
        if signed is False:
            refused = refused or _names_as_issuer(top, candidate)
            continue
        climbed = True
        doubt = (*unverified, len(below) - 1) if signed is None else unverified
        yield from _climb(search, (*below, candidate), doubt)
    if climbed:
        return
    if any(_key_ids_agree(top, candidate) is not False for candidate in candidates[WIDEST:]):
        yield Path(below, End.GIVEN_UP, unverified=unverified)
    elif by_itself is None:
        yield Path(below, End.UNTRUSTED, unverified=(*unverified, len(below) - 1))
    elif refused or _claims_itself(top) or (candidates and top.algorithm != top.algorithm_within):
        yield Path(below, End.FORGED, unverified=unverified)
    else:
        yield Path(below, End.MISSING, unverified=unverified)


def _claims_itself(certificate: Parsed) -> bool:
    """Whether it says that it signed itself: by a name that is one, and naming no other key."""
    return (
        certificate.self_issued
        and certificate.subject != b"\x30\x00"
        and _key_ids_agree(certificate, certificate) is not False
        and not _names_another(certificate)
    )


def _names_as_issuer(child: Parsed, issuer: Parsed) -> bool:
    """Whether the child says of this very one, by more than its name, that it issued it: by the identifier
    of its key, or by its issuer and serial number (RFC 5280 4.2.1.1)."""
    agree = _key_ids_agree(child, issuer)
    if agree is not None:
        return agree
    try:
        return child.authority_serial == issuer.serial and issuer.issuer_key in child.authority_issuer_keys
    except ValueError:
        return False


def _names_another(certificate: Parsed) -> bool:
    """Whether it says by a serial number that another certificate of its own name issued it."""
    try:
        return certificate.authority_serial not in (None, certificate.serial)
    except ValueError:
        return False


def _candidates(search: _Search, below: tuple[Parsed, ...]) -> list[Parsed]:
    """Certificates with the issuer's name, none twice: first where the key identifier agrees, then roots."""
    top = below[-1]
    used = {certificate.identity for certificate in below}
    name = top.issuer_key
    named = (*search.trust.issuers_by_name.get(name, ()), *search.named.get(name, ()))
    found = {one.encoded: one for one in named if one.identity not in used}
    return sorted(found.values(), key=lambda issuer: _likelihood(search, top, issuer))


def _likelihood(search: _Search, top: Parsed, issuer: Parsed) -> tuple[int, int]:
    agree = {True: 0, None: 1, False: 2}[_key_ids_agree(top, issuer)]
    return agree, 0 if search.root(issuer) else 1


def _key_ids_agree(child: Parsed, issuer: Parsed) -> bool | None:
    """Whether the child names the issuer's key (RFC 5280 4.2.1.1); None when one of them says nothing."""
    try:
        wanted, given = child.authority_key_id, issuer.subject_key_id
        if wanted is not None and given is None and wanted == issuer.key_hash:
            return True  # an issuer without an identifier has the one that all would give it
    except ValueError:
        return None
    return None if wanted is None or given is None else wanted == given
