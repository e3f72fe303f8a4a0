"""Where a URL leads, and whether anyone on the internet may ask there: judged before anything is opened."""

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote

import idna

PORTS = {"http": 80, "https": 443}
"""The schemes that are followed, and their ports."""

_URL_AT_MOST = 2048

# ASCII, because without it "ſ" is an "s" in any case.
_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)(?:#.*)?", re.IGNORECASE | re.ASCII)
_AUTHORITY = re.compile(r"(\[[^\[\]@%]*\]|[^\[\]@%:]+)(?::([0-9]{0,5}))?")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)$){_LABEL}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"

# The global addresses of IPv6 (RFC 4291 2.4); and what the registries, or Python 3.11, call global though
# nobody out there answers: special purposes (RFC 6890), Azure's host, 6to4 and its relays, documentation.
_GLOBAL = ip_network("2000::/3")
_NOT_PUBLIC_4 = ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")
_NOT_PUBLIC_6 = ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
_NOT_PUBLIC = tuple(map(ip_network, (*_NOT_PUBLIC_4, *_NOT_PUBLIC_6)))
# IPv4-mapped (RFC 4291 2.5.5.2) and NAT64 (RFC 6052 2.1): the last 32 bits are who really answers.
_CARRIES_IPV4 = (ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96"))


@dataclass(frozen=True)
class Place:
    """Whom a URL asks for what; its host as `host_name` writes it."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def place_of(url: str) -> Place:
    """Where a URL leads (RFC 3986). Raises ValueError where two readers could read two hosts in it."""
    found = None if len(url) > _URL_AT_MOST or _UNSAFE.search(url) else _URL.fullmatch(url)
    authority = found and _AUTHORITY.fullmatch(found[2])
    if not found or not authority:
        raise ValueError
    scheme, target = found[1].lower(), found[3]
    port = int(authority[2]) if authority[2] else PORTS[scheme]
    target = quote(target if target.startswith("/") else f"/{target}", safe=_AS_IT_IS)
    return Place(scheme, host_name(authority[1]), port, target)


def host_name(text: str) -> str:
    """A DNS name in small A-labels without the final dot, or an IP address as `ipaddress` writes it.

    Raises ValueError for what is neither; so for 127.1, 2130706433, 0x7f000001, 0177.0.0.1 and zones.
    """
    if ":" in text or text.startswith("["):
        with suppress(ValueError):
            return str(IPv6Address(text.removeprefix("[").removesuffix("]")))
    name = text.lower() if text.isascii() else idna.encode(text.lower()).decode("ascii")
    name = name.removesuffix(".")
    with suppress(ValueError):
        return str(IPv4Address(name))
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise ValueError("neither a DNS name nor an IP address")
    return name


def is_public(text: str) -> bool:
    """Whether an IP address is one that anyone on the internet may ask (RFC 6890, RFC 4291)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id:
            return False
        if any(address in network for network in _CARRIES_IPV4):
            return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
        if address not in _GLOBAL:
            return False
    odd = address.is_multicast or any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not odd


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
