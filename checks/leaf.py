"""Which of the certificates in a file is the one that the file is about."""

from collections.abc import Sequence
from datetime import datetime

from checks import names
from checks.structure import DIGITAL_SIGNATURE, Parsed


def choose(
    certificates: Sequence[Parsed], *, address: str | None, server: str | None, at: datetime
) -> Parsed:
    """The person's or server's certificate among its issuers: it issued none of the others, is no authority.

    Of several it is the one with the asked address or name, else one that is valid now, that may sign, that
    is valid longest, that comes first.
    """

    if len(certificates) == 1:
        return certificates[0]

    def rank(certificate: Parsed) -> tuple[int, int, int, int, int, float]:
        return (
            _issued_another(certificate, certificates),
            _is_ca(certificate),
            not _named(certificate, address, server),
            not certificate.not_before <= at <= certificate.not_after,
            not _may_sign(certificate),
            -certificate.not_after.timestamp(),
        )

    return min(certificates, key=rank)


def _issued_another(certificate: Parsed, certificates: Sequence[Parsed]) -> bool:
    return any(
        other.issuer_key == certificate.subject_key and other.identity != certificate.identity
        for other in certificates
    )


def _is_ca(certificate: Parsed) -> bool:
    try:
        return certificate.is_ca
    except ValueError:
        return False


def _named(certificate: Parsed, address: str | None, server: str | None) -> bool:
    try:
        if address and names.address_key(address) in map(names.address_key, certificate.addresses):
            return True
        return bool(server) and any(names.covers(name, server or "") for name in certificate.server_names)
    except ValueError:
        return False


def _may_sign(certificate: Parsed) -> bool:
    try:
        return certificate.key_usage is None or DIGITAL_SIGNATURE in certificate.key_usage
    except ValueError:
        return False
