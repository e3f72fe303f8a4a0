"""What may be said of a certificate's revocation, and the words that RFC 5280 has for why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CRL_REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
"""CRLReason (RFC 5280 5.3.1)."""

_TELLING = (
    *("unknown", "not_signed", "stale", "unsupported", "forbidden", "unreachable", "not_covered"),
    *("no_address", "off"),
)
"""Why nothing could be told, what helps a person most first."""


@dataclass(frozen=True)
class Status:
    """Whether a certificate is revoked. What could not be told is never "not revoked"."""

    revoked: bool | None
    """None where it could not be told."""
    reason: str = ""
    """Revoked: CRLReason as RFC 5280 spells it. Could not be told: why, one of

    "off" nobody may be asked, "no_address" it names no place to ask, "unreachable", "forbidden" its address
    is none that we connect to, "stale" the answer is not of now, "not_signed" the signature or the signer is
    not right, "not_covered" nothing that we have is about it, "unknown" the responder does not know it,
    "unsupported" what came cannot be read or has something critical in it that we do not know.
    """
    at: datetime | None = None
    """When it was revoked, where that can be read."""
    until: datetime | None = None
    """nextUpdate: until then the answer may be kept."""
    source: Literal["ocsp", "crl", ""] = ""


def untold(reason: str, source: Literal["ocsp", "crl", ""] = "") -> Status:
    """That it could not be told, and why."""
    return Status(None, reason, source=source)


def most_telling(reasons: Iterable[str]) -> str:
    """Of several reasons why nothing could be told, the one that helps a person most."""
    return min(reasons, key=_TELLING.index)
