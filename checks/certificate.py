"""Checks of one certificate by itself: each is one function that says what it looks at and by which rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks import guard, keys, names
from checks.finding import Finding, Purpose, finding, moment
from checks.structure import DIGITAL_SIGNATURE, DNS_NAME, IP_NAME, KEY_AGREEMENT, KEY_ENCIPHERMENT, Parsed

EMAIL_PROTECTION, SERVER_AUTHENTICATION, ANY_PURPOSE = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """What the certificate is held against."""

    at: datetime
    address: str | None
    server: str | None
    purpose: Purpose | None


Told = tuple[bool | None, dict[str, str]]
"""Whether it holds (None: could not tell), and the details."""

Check = Callable[[Parsed, Asked], Told | None]
"""A check; it gives None when it does not apply, and raises ValueError when what it needs is broken."""

_CHECKS: dict[str, Check] = {}


def _check(function: Check) -> Check:
    _CHECKS[function.__name__] = function
    return function


def findings(leaf: Parsed, asked: Asked) -> Iterator[Finding]:
    """What all checks of one certificate give; one that meets a broken part gives "could not tell"."""
    for code, check in _CHECKS.items():
        try:
            told = check(leaf, asked)
        except ValueError:
            told = None, {"reason": "unreadable"}
        except Exception as fault:  # noqa: BLE001 - the other checks go on
            guard.report(fault, code)
            told = None, {"reason": "failed"}
        if told is not None:
            holds, detail = told
            yield finding(code, holds, 0, **detail)


@_check
def expired(leaf: Parsed, asked: Asked) -> Told:
    """Its last moment has passed (RFC 5280 4.1.2.5)."""
    return asked.at > leaf.not_after, {"not_after": moment(leaf.not_after)}


@_check
def not_yet_valid(leaf: Parsed, asked: Asked) -> Told:
    """Its first moment has not come (RFC 5280 4.1.2.5)."""
    return asked.at < leaf.not_before, {"not_before": moment(leaf.not_before)}


@_check
def expires_soon(leaf: Parsed, asked: Asked) -> Told | None:
    """It is valid, and will not be within thirty days."""
    if not leaf.not_before <= asked.at <= leaf.not_after:
        return None
    left = leaf.not_after - asked.at
    return left <= SOON, {"not_after": moment(leaf.not_after), "days": str(left.days)}


@_check
def is_ca(leaf: Parsed, asked: Asked) -> Told:
    """It is a certification authority's, and nobody's to send with (RFC 5280 4.2.1.9)."""
    return leaf.is_ca, {}


@_check
def not_for_email(leaf: Parsed, asked: Asked) -> Told | None:
    """Its purposes are limited, and e-mail is not among them (RFC 8550 4.4.4)."""
    if asked.purpose != "email":
        return None
    return not serves(leaf, EMAIL_PROTECTION), {}


@_check
def not_for_server(leaf: Parsed, asked: Asked) -> Told | None:
    """Its purposes are limited, and serving is not among them (RFC 5280 4.2.1.12)."""
    if asked.purpose != "server":
        return None
    return not serves(leaf, SERVER_AUTHENTICATION), {}


def serves(certificate: Parsed, purpose: str) -> bool:
    """Whether its extended key usage allows a purpose, by name, by "any" or by saying nothing."""
    purposes = certificate.extended_key_usage
    return purposes is None or purpose in purposes or ANY_PURPOSE in purposes


@_check
def no_address(leaf: Parsed, asked: Asked) -> Told | None:
    """It is meant for e-mail and has no address."""
    if asked.purpose != "email":
        return None
    return not leaf.addresses, {}


@_check
def address_mismatch(leaf: Parsed, asked: Asked) -> Told | None:
    """None of its addresses is the one asked for; case does not count (RFC 8550 3)."""
    if asked.address is None or asked.purpose != "email" or not leaf.addresses:
        return None
    wanted = names.address_key(asked.address)
    matches = any(names.address_key(address) == wanted for address in leaf.addresses)
    return not matches, {"address": asked.address, "addresses": ", ".join(leaf.addresses)}


@_check
def server_name_mismatch(leaf: Parsed, asked: Asked) -> Told | None:
    """None of its server names covers the one asked for; the common name does not count (RFC 9525 6)."""
    if asked.server is None or asked.purpose != "server":
        return None
    packed = names.address_bytes(asked.server)
    matches = any(
        name.content == packed
        if packed
        else names.covers(name.content.decode("utf-8", "replace"), asked.server)
        for name in leaf.alternative_names
        if name.tag == (IP_NAME if packed else DNS_NAME)
    )
    # an address that stands there as a dNSName covers nothing (RFC 9525 6.4): shown as Windows shows it
    shown = [
        f"DNS Name={name}" if packed and not matches and names.address_bytes(name) == packed else name
        for name in leaf.server_names
    ]
    return not matches, {"server": asked.server, "names": ", ".join(shown)}


@_check
def cannot_sign(leaf: Parsed, asked: Asked) -> Told | None:
    """Its key may not make signatures, or cannot (RFC 5280 4.2.1.3)."""
    if asked.purpose != "email":
        return None
    if keys.describe(leaf.key).kind in ("montgomery", "lattice cipher"):
        return True, {"reason": "key"}
    usage = leaf.key_usage
    return usage is not None and DIGITAL_SIGNATURE not in usage, {"reason": "key_usage"}


@_check
def cannot_encrypt(leaf: Parsed, asked: Asked) -> Told | None:
    """Others may not encrypt to its key, or cannot (RFC 5280 4.2.1.3; by agreement with EC, RFC 5753)."""
    if asked.purpose != "email":
        return None
    kind = keys.describe(leaf.key).kind
    if kind in ("DSA", "edwards", "lattice signature"):
        return True, {"reason": "key"}
    usage = leaf.key_usage
    if kind == "other" and usage is not None and usage & {KEY_ENCIPHERMENT, KEY_AGREEMENT}:
        return None, {"reason": "key"}
    needed = KEY_AGREEMENT if kind in ("EC", "montgomery") else KEY_ENCIPHERMENT
    return usage is not None and needed not in usage, {"reason": "key_usage"}
