"""Name constraints: which names an issuer may write into certificates (RFC 5280 4.2.1.10).

A constraint is a key, and a name has the keys of all constraints that it lies within: however many of both
an issuer and a certificate bring, each is looked at once.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from checks import der, names
from checks.der import CONSTRUCTED, Element
from checks.names import EMAIL_ADDRESS
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

MOST_CONSTRAINTS = 2_000
"""Public authorities have at most some hundred; more is made to cost time."""

LONGEST_HOST = 255
"""Characters of a host's name (RFC 1035 2.3.4)."""

Keys = Mapping[int, frozenset[object]]
"""The keys of constraints, by the kind of name that they are for."""


def forbidden(certificate: Parsed, issuer: Parsed) -> str | None:
    """A name in the certificate that the issuer may not write, as text; None when all are allowed.

    Raises ValueError when a constraint or a name under one cannot be read, or is of a kind that is not
    judged here, and no other name is forbidden.
    """
    extension = issuer.extension(NAME_CONSTRAINTS)
    if extension is None:
        return None
    permitted, excluded = _constraints(extension.content)
    doubtful = False
    for kind in permitted.keys() | excluded.keys():
        allowed, denied = permitted.get(kind), excluded.get(kind, frozenset())
        for name, keys in _names(certificate, kind):
            if keys is None:
                doubtful = True
            elif keys & denied or (allowed is not None and not keys & allowed):
                return _text(kind, name)
    if doubtful:
        raise ValueError("a name or the constraints on its kind cannot be judged")
    return None


@lru_cache(maxsize=32)
def _constraints(content: bytes) -> tuple[Keys, Keys]:
    """What is permitted and what is excluded. Raises ValueError."""
    parts = der.elements(content)
    if sum(der.count(part.content) for part in parts) > MOST_CONSTRAINTS:
        raise ValueError("too many constraints")
    permitted, excluded = (
        _keys(_base(subtree) for part in parts if part.tag == tag for subtree in part.children)
        for tag in (CONSTRUCTED, CONSTRUCTED + 1)
    )
    return permitted, excluded


def _base(subtree: Element) -> Element:
    base, *_ = subtree.children  # a minimum or maximum must not be there (RFC 5280)
    return base


def _keys(bases: Iterable[Element]) -> Keys:
    found: dict[int, set[object]] = {}
    for base in bases:
        keys = found.setdefault(base.tag, set())
        if base.tag in KINDS:
            keys.add(KINDS[base.tag].key(base.content))
    return {kind: frozenset(keys) for kind, keys in found.items()}


@lru_cache(maxsize=16)
def _names(certificate: Parsed, kind: int) -> tuple[tuple[bytes, frozenset[object] | None], ...]:
    """The names of one kind, each with its keys, or None where it cannot be judged.

    Remembered for a path's certificates: each of them is held against the constraints of all above it.
    """
    try:
        found = [name.content for name in certificate.alternative_names if name.tag == kind]
        if kind == RFC822_NAME:
            found += _mailboxes(certificate) or (
                [] if found else [text.encode() for text in names.values(certificate.subject, EMAIL_ADDRESS)]
            )
        if kind == DIRECTORY_NAME and names.attributes(certificate.subject):
            found.append(certificate.subject)
    except ValueError:
        return ((b"", None),)
    return tuple((name, _keys_of_name(kind, name)) for name in found)


def _mailboxes(certificate: Parsed) -> list[bytes]:
    """The internationalised addresses, on which constraints on addresses are binding too (RFC 9598 6)."""
    others = [name for name in certificate.alternative_names if name.tag == OTHER_NAME]
    return [mailbox.encode() for mailbox in map(smtp_utf8_mailbox, others) if mailbox is not None]


def _keys_of_name(kind: int, name: bytes) -> frozenset[object] | None:
    try:
        return frozenset(KINDS[kind].keys_of_name(name))
    except (KeyError, ValueError):
        return None


def _address_key(constraint: bytes) -> object:
    """One address, all addresses of one host, or of all hosts below one."""
    text = constraint.decode()
    return names.address_key(text) if "@" in text else _host_key(text)


def _address_keys(address: bytes) -> Iterable[object]:
    text = address.decode()
    yield names.address_key(text)
    local, _, domain = text.rpartition("@")
    if local:
        yield from _host_keys(domain)


def _host_key(constraint: str) -> str:
    """A constraint that begins with a dot means all hosts below, else this very host."""
    below = constraint.startswith(".")
    return "." * below + names.domain_key(constraint[below:])


def _host_keys(host: str) -> Iterable[str]:
    if len(host) > LONGEST_HOST:
        raise ValueError("no host has so long a name")
    host = names.domain_key(host)
    yield host
    for place, character in enumerate(host):
        if character == ".":
            yield host[place:]


def _host_constraint(constraint: bytes) -> object:
    return _host_key(constraint.decode())


def _server_keys(server: bytes) -> Iterable[object]:
    """For servers a constraint means the host and all below it, and an empty one every host."""
    yield ""
    for key in _host_keys(server.decode()):
        yield from (key, key.removeprefix("."))


def _uri_keys(uri: bytes) -> Iterable[object]:
    authority = uri.decode().partition("://")[2].partition("/")[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    if not host:
        raise ValueError("a URI without a host cannot be judged")
    return _host_keys(host)


def _directory_key(name: bytes) -> object:
    return tuple(names.comparable(name))


def _directory_keys(name: bytes) -> Iterable[object]:
    """Every name from the root down to this one."""
    relative_names = tuple(names.comparable(name))
    return (relative_names[:length] for length in range(len(relative_names) + 1))


def _network_key(constraint: bytes) -> object:
    """A network as its family's bytes, its prefix's bits and its address; a mask with holes is not judged."""
    size = len(constraint) // 2
    if len(constraint) not in (8, 32):
        raise ValueError("an address and its mask have 8 or 32 bytes")
    address, mask = (int.from_bytes(half, "big") for half in (constraint[:size], constraint[size:]))
    host_bits = (~mask & (1 << 8 * size) - 1).bit_length()
    if mask != (1 << 8 * size) - (1 << host_bits):
        raise ValueError("a mask with holes")
    return size, host_bits, address >> host_bits


def _network_keys(packed: bytes) -> Iterable[object]:
    address, size = int.from_bytes(packed, "big"), len(packed)
    if size not in (4, 16):
        raise ValueError("an address has 4 or 16 bytes")
    return ((size, host_bits, address >> host_bits) for host_bits in range(8 * size + 1))


class _Kind(NamedTuple):
    """How the constraints on one kind of name are judged."""

    key: Callable[[bytes], object]
    keys_of_name: Callable[[bytes], Iterable[object]]


KINDS: dict[int, _Kind] = {
    RFC822_NAME: _Kind(_address_key, _address_keys),
    DNS_NAME: _Kind(_host_constraint, _server_keys),
    DIRECTORY_NAME: _Kind(_directory_key, _directory_keys),
    URI_NAME: _Kind(_host_constraint, _uri_keys),
    IP_NAME: _Kind(_network_key, _network_keys),
}


def _text(kind: int, name: bytes) -> str:
    if kind == DIRECTORY_NAME:
        return names.written(name)
    if kind == IP_NAME:
        return names.address_text(name)
    return name.decode("utf-8", "replace")
