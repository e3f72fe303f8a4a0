"""Whether the certificates of a path were revoked: what responders and lists say, as findings."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from checks.certificate import Asked
from checks.finding import Finding, called, finding, moment
from checks.guard import guarded
from checks.path import End, Path
from checks.revocation import Revocation, Status, Vouches
from checks.structure import Parsed


def findings(
    path: Path, asked: Asked, revocation: Revocation | None, signers: Sequence[Parsed], vouched: Vouches
) -> Iterator[Finding]:
    """A finding for the certificate itself, and one for each issuer of which there is something to say.

    Only a path that is trusted is asked for: an address in a certificate that anybody may have made is no
    place to go to. A root is asked for by nobody (RFC 5280 6.1: an anchor is trusted as it is).
    """
    if revocation is None:
        yield finding("revocation_unknown", True, reason="off")
        return
    if path.end is not End.TRUSTED or path.unverified:
        reason = "issuer_missing" if path.end is End.MISSING else "untrusted"
        yield finding("revocation_unknown", True, reason=reason)
        return
    for index in range(len(path.certificates) - 1):
        looks = _link(path, index, revocation, signers, vouched, asked.at)
        codes = ("revocation_unknown",) if index else ("revocation_unknown", "revoked")
        yield from guarded(looks, *codes, certificate=index)


def _link(
    path: Path,
    index: int,
    revocation: Revocation,
    signers: Sequence[Parsed],
    vouched: Vouches,
    at: datetime,
) -> Iterator[Finding]:
    """What is told of one certificate of the path, by its issuer's word."""
    certificate, issuer = path.certificates[index : index + 2]
    yield from _told(revocation.status(certificate, issuer, signers, vouched, at), index, certificate)


def _told(status: Status, index: int, certificate: Parsed) -> Iterator[Finding]:
    if status.revoked is None and index and status.reason == "no_address":
        return  # an issuer that names no place to ask is usual; its own issuer's word is its certificate
    if status.revoked is None:
        yield finding("revocation_unknown", True, index, reason=status.reason)
        return
    if not index:
        yield finding("revocation_unknown", False)
    if not status.revoked:
        if not index:
            yield finding("revoked", False)
        return
    when = {"revoked_at": moment(status.at)} if status.at else {}
    if index:
        issuer = called(certificate.subject)
        yield finding("issuer_not_allowed", True, index, reason="revoked", issuer=issuer, **when)
    else:
        yield finding("revoked", True, 0, reason=status.reason, **when)
