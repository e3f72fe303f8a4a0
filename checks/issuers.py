"""Whether each issuer in a path may issue what is below it (RFC 5280 6.1): one finding per cause."""

from collections.abc import Callable, Iterator

from checks import guard, structure
from checks.certificate import EMAIL_PROTECTION, SERVER_AUTHENTICATION, Asked, serves
from checks.constraints import forbidden
from checks.finding import Finding, called, finding, moment
from checks.path import Path
from checks.structure import KEY_CERT_SIGN, Parsed

_UNDERSTOOD = frozenset(
    {
        structure.BASIC_CONSTRAINTS,
        structure.KEY_USAGE,
        structure.EXTENDED_KEY_USAGE,
        structure.SUBJECT_ALTERNATIVE_NAME,
        structure.NAME_CONSTRAINTS,
        structure.SUBJECT_KEY_ID,
        structure.AUTHORITY_KEY_ID,
        structure.AUTHORITY_INFORMATION_ACCESS,
        "2.5.29.18",  # issuerAltName
        "2.5.29.31",  # cRLDistributionPoints
        "2.5.29.32",  # certificatePolicies
        "2.5.29.33",  # policyMappings
        "2.5.29.36",  # policyConstraints
        "2.5.29.54",  # inhibitAnyPolicy
        "2.16.840.1.113730.1.1",  # Netscape certificate type
        "1.3.6.1.4.1.311.21.10",  # Microsoft's application policies
    }
)
"""Extensions that Windows understands, and that may therefore be critical."""

Fault = tuple[str, dict[str, str]]
"""A reason, and what else its wording needs."""


def faults(path: Path, asked: Asked) -> Iterator[Finding]:
    """Every reason why an issuer may not issue what is below it; holds is None for what could not be told.

    A trusted root needs only its name, its key and its dates. But where it limits itself to a length of
    path or to names, Windows keeps to that, and so do OpenSSL and `cryptography` (RFC 5937 allows it).
    """
    last = len(path.certificates) - 1
    for index, certificate in enumerate(path.certificates):
        judgements: list[Callable[[Path, int, Asked], Iterator[Fault]]] = []
        if index:
            judgements += [_validity]
        trusted = path.root is not None and index == last
        if not trusted:
            judgements += [_critical_extensions]
            if index:
                judgements += [_authority, _key_usage, _purpose]
        if index:
            judgements += [_path_length, _names]
        for judge in judgements:
            try:
                for reason, detail in judge(path, index, asked):
                    yield _finding(True, index, certificate, reason, **detail)
            except ValueError:
                if not trusted:
                    yield _finding(None, index, certificate, "unreadable")
            except Exception as fault:  # noqa: BLE001 - the other judgements go on
                guard.report(fault, judge.__name__)
                yield guard.untold("issuer_not_allowed", index)


def _finding(holds: bool | None, index: int, certificate: Parsed, reason: str, **detail: str) -> Finding:
    issuer = called(certificate.subject if index else certificate.issuer)
    return finding("issuer_not_allowed", holds, index, reason=reason, issuer=issuer, **detail)


def _validity(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    issuer = path.certificates[index]
    if asked.at > issuer.not_after:
        yield "expired", {"not_after": moment(issuer.not_after)}
    if asked.at < issuer.not_before:
        yield "not_yet_valid", {"not_before": moment(issuer.not_before)}


def _critical_extensions(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    """A critical extension that nobody understands forbids the certificate, the leaf too (RFC 5280 4.2)."""
    for extension in path.certificates[index].extensions:
        if extension.critical and extension.oid not in _UNDERSTOOD:
            yield "unknown_critical_extension", {"extension": extension.oid}


def _authority(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    if not path.certificates[index].is_ca:
        yield "not_a_ca", {}


def _key_usage(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    usage = path.certificates[index].key_usage
    if usage is not None and KEY_CERT_SIGN not in usage:
        yield "key_usage", {}


def _path_length(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    """Self-issued certificates do not count (RFC 5280 4.2.1.9)."""
    limit = path.certificates[index].path_length
    between = sum(not certificate.self_issued for certificate in path.certificates[1:index])
    if limit is not None and between > limit:
        yield "path_length", {"limit": str(limit)}


def _purpose(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    needed = {"email": EMAIL_PROTECTION, "server": SERVER_AUTHENTICATION, None: None}[asked.purpose]
    if needed and not serves(path.certificates[index], needed):
        yield "purpose", {}


def _names(path: Path, index: int, asked: Asked) -> Iterator[Fault]:
    """Self-issued certificates between issuer and leaf are not held to constraints (RFC 5280 6.1.3 b)."""
    for below in range(index):
        certificate = path.certificates[below]
        if below and certificate.self_issued:
            continue
        if name := forbidden(certificate, path.certificates[index]):
            yield "name_constraint", {"name": name}
