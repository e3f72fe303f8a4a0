"""Distinguished names, addresses and server names: what they say and when two of them are the same."""

import re
import unicodedata
from collections.abc import Hashable
from functools import cache, lru_cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from checks import der
from checks.der import Element, Malformed

COMMON_NAME, EMAIL_ADDRESS = "2.5.4.3", "1.2.840.113549.1.9.1"

_SHORT = {  # RFC 4514 section 3, and what certificates of people carry besides
    COMMON_NAME: "CN",
    EMAIL_ADDRESS: "E",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.42": "givenName",
    "2.5.4.65": "pseudonym",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
}

Attributes = tuple[tuple[tuple[str, str], ...], ...]
"""A distinguished name: its relative names from the root down, each with (object identifier, text)."""


@lru_cache(maxsize=256)
def attributes(name: bytes) -> Attributes:
    """What a distinguished name consists of; a value that is no string in hexadecimal. Raises ValueError."""
    return tuple(
        tuple(map(_attribute, relative.expect(der.SET).children))
        for relative in der.only(name, der.SEQUENCE).children
    )


def _attribute(pair: Element) -> tuple[str, str]:
    kind, value = pair.expect(der.SEQUENCE).children
    return der.oid(kind), _value(value)


def _value(value: Element) -> str:
    try:
        return der.text(value)
    except Malformed:
        return "#" + value.encoded.hex()


def values(name: bytes, kind: str) -> list[str]:
    """The texts of one attribute in a name, the most specific first. Raises ValueError."""
    found = [text for relative in attributes(name) for oid, text in relative if oid == kind]
    return found[::-1]


def written(name: bytes) -> str:
    """A distinguished name as RFC 4514 writes it; one that cannot be read is given in hexadecimal."""
    try:
        relative_names = attributes(name)
    except ValueError:
        return "#" + name[:64].hex()
    return ", ".join(
        " + ".join(f"{_SHORT.get(kind, kind)}={_escaped(text)}" for kind, text in relative)
        for relative in reversed(relative_names)
        if relative
    )


def _escaped(text: str) -> str:
    return "".join("\\" + character if character in '\\,+"<>;' else character for character in text)


def storable(text: str) -> str:
    """The text as it is, but with a sign for NUL, which no database column can hold."""
    return text.replace("\0", "␀")


def comparable(name: bytes) -> list[tuple[tuple[str, str], ...]]:
    """A name to compare: case, width and repeated blanks do not count (RFC 5280 7.1). Raises ValueError."""
    return [
        tuple(
            sorted(
                (kind, " ".join(unicodedata.normalize("NFKC", text).casefold().split()))
                for kind, text in relative
            )
        )
        for relative in attributes(name)
    ]


@lru_cache(maxsize=1024)
def name_key(name: bytes) -> Hashable:
    """Two distinguished names are the same when their keys are (RFC 5280 7.1); one that cannot be read is
    the same only byte for byte."""
    try:
        return tuple(comparable(name))
    except ValueError:
        return name


_LONGEST_LABEL = 63
"""Characters (RFC 1035 2.3.4). What decodes longer ones takes the square of their length."""


def bare_address(written: str) -> str:
    """The mail address alone in what people write: `Hanako <hanako@example.co.jp>`, `mailto:…`."""
    within = re.search(r"<([^<>]*@[^<>]*)>", written)
    return re.sub(r"^mailto:", "", (within[1] if within else written).strip(), flags=re.IGNORECASE)


def bare_server(written: str) -> str:
    """The name or IP address alone in what people write: with a port, or as a URL."""
    text = written.strip()
    found = None if address_bytes(text) else re.match(r"(?:\w+://)?(?:[^/@]*@)?(\[[^\]]*\]|[^:/]+)", text)
    return found[1] if found else text


def address_key(address: str) -> str:
    """Two addresses are the same when their keys are: without case, with `xn--` domains in Unicode."""
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    return f"{local}@{domain_key(domain)}"


@lru_cache(maxsize=1024)
def domain_key(domain: str) -> str:
    """A domain in Unicode, in lower case and without the final dot."""
    labels = unicodedata.normalize("NFKC", domain.strip()).lower().replace("。", ".").rstrip(".").split(".")
    return ".".join(_unicode_label(label) for label in labels)


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        told = unicodedata.normalize("NFKC", label[4:].encode("ascii").decode("punycode")).lower()
    except ValueError:
        return label
    return label if told.isascii() else told  # no right A-label stands for ASCII (RFC 5890 2.3.2.1)


def address_text(packed: bytes) -> str:
    """An IP address as people write it; hexadecimal when it has no right length."""
    try:
        return str(ip_address(packed))
    except ValueError:
        return packed.hex()


def address_bytes(name: str) -> bytes | None:
    """The bytes of an IP address, or None for a name."""
    try:
        return ip_address(name.strip().strip("[]")).packed
    except ValueError:
        return None


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def covers(pattern: str, server: str) -> bool:
    """Whether a dNSName covers a server's name: `*` is one whole leftmost label (RFC 9525 6.3).

    A wildcard right under a public suffix, such as `co.jp` or `tokyo.jp`, covers nothing.
    """
    expected, labels = domain_key(pattern).split("."), domain_key(server).split(".")
    if expected == labels:
        return "*" not in pattern
    if expected[0] != "*" or len(expected) != len(labels) or expected[1:] != labels[1:]:
        return False
    base = ".".join(expected[1:])
    return len(expected) > 2 and labels[0] != "" and _public_suffixes().publicsuffix(base) != base
