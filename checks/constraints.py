"""Name constraints: which names an issuer may write into certificates (RFC 5280 4.2.1.10)."""

from collections.abc import Callable
from typing import NamedTuple

from checks import names
from checks.der import CONSTRUCTED, Element
from checks.structure import (
    DIRECTORY_NAME,
    DNS_NAME,
    IP_NAME,
    NAME_CONSTRAINTS,
    OTHER_NAME,
    RFC822_NAME,
    URI_NAME,
    Parsed,
    smtp_utf8_mailbox,
)

MOST_COMPARISONS = 10_000
"""More than this is made to cost time: 200 names and 50 constraints."""


class Name(NamedTuple):
    """A name of one of GeneralName's kinds, in the form in which it is compared."""

    kind: int
    value: bytes


def forbidden(certificate: Parsed, issuer: Parsed) -> str | None:
    """A name in the certificate that the issuer may not write, as text; None when all are allowed.

    Raises ValueError when a constraint cannot be read, or is of a kind that is not judged here.
    """
    extension = issuer.extension(NAME_CONSTRAINTS)
    if extension is None:
        return None
    permitted, excluded = (
        [_base(subtree) for part in extension.children if part.tag == tag for subtree in part.children]
        for tag in (CONSTRUCTED, CONSTRUCTED + 1)
    )
    names_within = _names(certificate)
    if len(names_within) * (len(permitted) + len(excluded)) > MOST_COMPARISONS:
        raise ValueError("too many names and constraints")
    for name in names_within:
        allowed = [base for base in permitted if base.tag == name.kind]
        if any(_within(name, base) for base in excluded if base.tag == name.kind):
            return _text(name)
        if allowed and not any(_within(name, base) for base in allowed):
            return _text(name)
    return None


def _base(subtree: Element) -> Element:
    base, *_ = subtree.children  # a minimum or maximum must not be there (RFC 5280)
    return base


def _names(certificate: Parsed) -> list[Name]:
    found = [Name(name.tag, name.content) for name in certificate.alternative_names]
    for name in certificate.alternative_names:
        if name.tag == OTHER_NAME and (mailbox := smtp_utf8_mailbox(name)) is not None:
            found.append(Name(RFC822_NAME, mailbox.encode()))  # RFC 9598 6
    if not any(name.kind == RFC822_NAME for name in found):
        found += [
            Name(RFC822_NAME, text.encode())
            for text in names.values(certificate.subject, names.EMAIL_ADDRESS)
        ]
    if names.attributes(certificate.subject):
        found.append(Name(DIRECTORY_NAME, certificate.subject))
    return found


def _within(name: Name, base: Element) -> bool:
    judge = _JUDGES.get(name.kind)
    if judge is None:
        raise ValueError(f"constraints on names of kind {name.kind:#x} are not judged")
    return judge(name.value, base.content)


def _address_within(address: bytes, base: bytes) -> bool:
    constraint, (local, _, domain) = base.decode(), address.decode().rpartition("@")
    if "@" in constraint:
        return names.address_key(address.decode()) == names.address_key(constraint)
    return bool(local) and _host_within(domain, constraint)


def _host_within(host: str, constraint: str) -> bool:
    """A constraint that begins with a dot means all hosts below, else this very host."""
    if constraint.startswith("."):
        return names.domain_key(host).endswith("." + names.domain_key(constraint[1:]))
    return names.domain_key(host) == names.domain_key(constraint)


def _server_within(server: bytes, base: bytes) -> bool:
    host, constraint = server.decode(), base.decode()
    return not constraint or _host_within(host, constraint) or _host_within(host, "." + constraint)


def _uri_within(uri: bytes, base: bytes) -> bool:
    authority = uri.decode().partition("://")[2].partition("/")[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    if not host:
        raise ValueError("a URI without a host cannot be judged")
    return _host_within(host, base.decode())


def _directory_within(name: bytes, base: bytes) -> bool:
    wanted = names.comparable(base)
    return names.comparable(name)[: len(wanted)] == wanted


def _ip_within(packed: bytes, base: bytes) -> bool:
    half = len(base) // 2
    if len(packed) != half:
        return False
    return all(
        byte & mask == network & mask for byte, network, mask in zip(packed, base, base[half:], strict=False)
    )


_JUDGES: dict[int, Callable[[bytes, bytes], bool]] = {
    RFC822_NAME: _address_within,
    DNS_NAME: _server_within,
    DIRECTORY_NAME: _directory_within,
    URI_NAME: _uri_within,
    IP_NAME: _ip_within,
}


def _text(name: Name) -> str:
    if name.kind == DIRECTORY_NAME:
        return names.written(name.value)
    if name.kind == IP_NAME:
        return names.address_text(name.value)
    return name.value.decode("utf-8", "replace")
