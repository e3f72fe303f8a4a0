"""A second opinion: whether `cryptography`'s own verifier accepts a path that we found good."""

from weakref import WeakKeyDictionary

from cryptography import exceptions, x509
from cryptography.x509 import verification

from checks.certificate import Asked
from checks.path import DEEPEST, Path
from checks.structure import NAME_CONSTRAINTS, Parsed

_UNREADABLE = (
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    exceptions.UnsupportedAlgorithm,
)
"""What the library raises, lazily, for parts that it cannot read; none of them is a ValueError."""

_ANY = verification.ExtensionPolicy.permit_all()
_AUTHORITIES = _ANY.require_present(x509.BasicConstraints, verification.Criticality.AGNOSTIC, None)

_LOADED: WeakKeyDictionary[Parsed, x509.Certificate] = WeakKeyDictionary()
_ACCEPTED: WeakKeyDictionary[Parsed, set[tuple[str, ...]]] = WeakKeyDictionary()
"""Below which issuers, as fingerprints, the verifier has accepted an issuer; what somebody sent is gone from
both with its file."""


def confirmable(path: Path, asked: Asked) -> bool:
    """Whether the verifier could say anything new of a path without weak keys: it refuses what is out of
    date or unusual."""
    leaf = path.certificates[0]
    in_time = leaf.not_before <= asked.at <= leaf.not_after
    usual = all(certificate.serial > 0 for certificate in path.certificates) and _root_is_usual(path)
    links = zip(path.certificates, path.certificates[1:], strict=False)
    return in_time and usual and all(child.issuer == issuer.subject for child, issuer in links)


def _root_is_usual(path: Path) -> bool:
    """Whether the verifier takes the root: it wants more of it than its name and key."""
    try:
        return path.certificates[-1].is_ca or len(path.certificates) == 1
    except ValueError:
        return False


def confirmed(path: Path, asked: Asked) -> bool:
    """Whether the library's verifier accepts a path.

    It judges dates, signatures, authority and names; its purposes are those of the Web, not of e-mail.

    Known issuers come again with every file. Once it has accepted them, with a leaf below, it is asked about
    the next leaf and its issuer alone, unless one further up limits the names; that all are in date, our own
    judgement has found.
    """
    leaf, *issuers = path.certificates
    if len(issuers) < 2:
        return _accepted(leaf, issuers, asked)
    above = tuple(issuer.fingerprint for issuer in issuers[1:])
    before = _ACCEPTED.setdefault(issuers[0], set())
    if above in before:
        return _accepted(leaf, issuers[:1], asked)
    if not _accepted(leaf, issuers, asked):
        return False
    if not any(_limits_names(issuer) for issuer in issuers[1:]):
        before.add(above)
    return True


def _limits_names(issuer: Parsed) -> bool:
    return any(extension.oid == NAME_CONSTRAINTS for extension in issuer.extensions)


def _accepted(leaf: Parsed, issuers: list[Parsed], asked: Asked) -> bool:
    """Whether the verifier accepts a leaf below these issuers, of which it trusts the last."""
    try:
        known = [_loaded(issuer) for issuer in issuers]
        certificate = x509.load_der_x509_certificate(leaf.encoded)
        verifier = (
            verification.PolicyBuilder()
            .time(asked.at)
            .store(verification.Store([known[-1] if known else certificate]))
            .max_chain_depth(DEEPEST)
            .extension_policies(ca_policy=_AUTHORITIES, ee_policy=_ANY)
            .build_client_verifier()
        )
        verifier.verify(certificate, known[:-1])
    except (verification.VerificationError, ValueError, *_UNREADABLE):
        return False
    return True


def _loaded(issuer: Parsed) -> x509.Certificate:
    """An issuer as the library reads it; a known one is read once. Raises what the library does."""
    found = _LOADED.get(issuer)
    if found is None:
        found = _LOADED[issuer] = x509.load_der_x509_certificate(issuer.encoded)
    return found
