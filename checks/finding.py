"""What the checks give: findings by code, whose wording lives elsewhere, and the facts of a certificate."""

from datetime import datetime
from functools import lru_cache
from typing import Literal
from weakref import WeakKeyDictionary

from pydantic import BaseModel, ConfigDict

from checks import keys, names
from checks.names import storable
from checks.structure import Parsed

Severity = Literal["refused", "error", "warning", "info"]
Purpose = Literal["email", "server"]

CODES: tuple[tuple[str, Severity], ...] = (
    ("private_key_uploaded", "refused"),
    ("not_a_certificate", "refused"),
    ("malformed", "refused"),
    ("too_large", "refused"),
    ("expired", "error"),
    ("not_yet_valid", "error"),
    ("expires_soon", "warning"),
    ("revoked", "error"),
    ("revocation_unknown", "info"),
    ("address_mismatch", "error"),
    ("no_address", "error"),
    ("server_name_mismatch", "error"),
    ("self_signed", "error"),
    ("untrusted_root", "error"),
    ("incomplete_chain", "error"),  # info for a certificate that came alone
    ("bad_signature", "error"),
    ("issuer_not_allowed", "error"),
    ("not_for_email", "error"),
    ("not_for_server", "error"),
    ("cannot_sign", "error"),
    ("cannot_encrypt", "error"),
    ("is_ca", "error"),
    ("weak_key", "warning"),
    ("weak_signature", "warning"),
    ("unsupported_key", "error"),
)
"""Every code a finding can have, and how much it weighs."""

SEVERITIES: dict[str, Severity] = dict(CODES)


class Finding(BaseModel):
    """What the look at one property gave; a property that does not apply has no finding."""

    model_config = ConfigDict(frozen=True)

    code: str
    holds: bool | None
    """None when it could not be told."""
    severity: Severity
    certificate: int | None = None
    """Which certificate of the report's chain it is about; None for the chain or the file as a whole."""
    detail: dict[str, str] = {}
    """What a wording fills its blanks with; moments are ISO 8601 in UTC."""


class Certificate(BaseModel):
    """The facts of one certificate as it has them, unescaped; what cannot be told is None or empty."""

    model_config = ConfigDict(frozen=True)

    subject: str
    common_name: str | None
    issuer: str
    issuer_common_name: str | None
    addresses: tuple[str, ...]
    server_names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    serial: str
    """Hexadecimal, as Windows shows it."""
    fingerprint: str
    """SHA-256, hexadecimal."""
    key: str
    signature: str
    is_ca: bool | None


def finding(code: str, holds: bool | None, certificate: int | None = 0, **detail: str) -> Finding:
    """A finding of the severity that its code has, by default about the inspected certificate."""
    if not detail:
        return _plain(code, holds, certificate)
    return Finding(
        code=code,
        holds=holds,
        severity=SEVERITIES[code],
        certificate=certificate,
        detail={blank: storable(text) for blank, text in detail.items()},
    )


@lru_cache(maxsize=512)
def _plain(code: str, holds: bool | None, certificate: int | None) -> Finding:
    return Finding(code=code, holds=holds, severity=SEVERITIES[code], certificate=certificate)


def moment(time: datetime) -> str:
    """A moment as details carry it."""
    return time.isoformat().replace("+00:00", "Z")


_FACTS: WeakKeyDictionary[Parsed, Certificate] = WeakKeyDictionary()
"""Those of known issuers are told once; a certificate that somebody sent is gone from here with its file."""


def facts(parsed: Parsed) -> Certificate:
    """The facts of a certificate. Raises nothing, whatever is broken in it."""
    told = _FACTS.get(parsed)
    if told is None:
        told = _FACTS[parsed] = _facts(parsed)
    return told


def _facts(parsed: Parsed) -> Certificate:
    return Certificate(
        subject=storable(names.written(parsed.subject)),
        common_name=_common_name(parsed.subject),
        issuer=storable(names.written(parsed.issuer)),
        issuer_common_name=_common_name(parsed.issuer),
        addresses=_listed(parsed, "addresses"),
        server_names=_listed(parsed, "server_names"),
        not_before=parsed.not_before,
        not_after=parsed.not_after,
        serial=f"{parsed.serial:x}",
        fingerprint=parsed.fingerprint,
        key=_key(parsed),
        signature=_signature(parsed),
        is_ca=_is_ca(parsed),
    )


def called(name: bytes) -> str:
    """What people call the holder of a distinguished name: its common name, else the whole."""
    return _common_name(name) or storable(names.written(name))


def _common_name(name: bytes) -> str | None:
    try:
        return next((storable(text) for text in names.values(name, names.COMMON_NAME)), None)
    except ValueError:
        return None


def _listed(parsed: Parsed, what: Literal["addresses", "server_names"]) -> tuple[str, ...]:
    try:
        return tuple(map(storable, getattr(parsed, what)))
    except ValueError:
        return ()


def _key(parsed: Parsed) -> str:
    try:
        return keys.describe(parsed.key).words
    except ValueError:
        return ""


def _signature(parsed: Parsed) -> str:
    try:
        return keys.signature(parsed.algorithm).words
    except ValueError:
        return ""


def _is_ca(parsed: Parsed) -> bool | None:
    try:
        return parsed.is_ca
    except ValueError:
        return None
