"""What a file is that is no certificate, so that people can be told."""

import re
from typing import Literal

from checks import der
from checks.der import (
    BIT_STRING,
    CONSTRUCTED,
    GENERALIZED_TIME,
    INTEGER,
    OID,
    SEQUENCE,
    UTC_TIME,
    Element,
    Malformed,
)

Kind = Literal[
    "certificate",
    "pkcs7",
    "request",
    "crl",
    "public_key",
    "html",
    "picture",
    "document",
    "archive",
    "text",
    "empty",
    "unknown",
]

STRUCTURES: tuple[Kind, ...] = ("certificate", "pkcs7", "request", "crl", "public_key")
"""What is told by its outline, whatever a label says."""

SIGNED_DATA = "1.2.840.113549.1.7.2"

_PICTURE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(?:hei|hev|mif1|msf1|avif)",
    re.DOTALL,
)
_ARCHIVE = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|MSCF")
_DOCUMENT = re.compile(
    rb"%PDF|\xd0\xcf\x11\xe0|\{\\rtf|PK\x03\x04.{1,64}(?:\[Content_Types\]|mimetype|_rels)", re.DOTALL
)
_HTML = re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE)
_BEGINS_LIKE_A_CERTIFICATE = re.compile(
    rb"\x30[\x80-\x84].{0,4}?\x30[\x80-\x84].{0,4}?(?:\xa0\x03|\x02.)", re.DOTALL
)
_SPOILT = re.compile(rb"0\xef\xbf\xbd.{1,8}0\xef\xbf\xbd.{1,16}\x02", re.DOTALL)
"""The first bytes of a certificate that an editor saved as a text: what was no character is lost."""
_BEGINS_LIKE_PKCS7 = re.compile(rb"\x30[\x80-\x84].{0,4}?\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", re.DOTALL)


def of_element(element: Element) -> Kind:
    """What an ASN.1 element is, by its outline (RFC 5280 4.1 and 5.1, RFC 2986 4, RFC 5652 3)."""
    try:
        parts = element.expect(SEQUENCE).children
        tags = [part.tag for part in parts]
        if tags == [OID, CONSTRUCTED]:
            return "pkcs7" if der.oid(parts[0]).startswith(SIGNED_DATA[:-1]) else "unknown"
        if tags == [SEQUENCE, BIT_STRING] and parts[0].children[0].tag == OID:
            return "public_key"
        if tags == [SEQUENCE, SEQUENCE, BIT_STRING]:
            return _of_signed([field.tag for field in parts[0].children])
    except (ValueError, IndexError):
        pass
    return "unknown"


def is_path(element: Element) -> bool:
    """Whether it is a PkiPath (RFC 6066 10.1): certificates in a sequence, from the root's side down."""
    try:
        parts = element.expect(SEQUENCE).children
    except Malformed:
        return False
    return bool(parts) and of_element(parts[0]) == "certificate"


def _of_signed(tags: list[int]) -> Kind:
    if tags[:1] == [CONSTRUCTED]:
        return "certificate"
    after_version = tags[1:] if tags[:1] == [INTEGER] else tags
    if after_version[:2] == [SEQUENCE, SEQUENCE] and after_version[2:3] in ([UTC_TIME], [GENERALIZED_TIME]):
        return "crl"
    if after_version[:5] == [SEQUENCE] * 5:
        return "certificate"  # of version 1
    return "request" if after_version[:2] == [SEQUENCE, SEQUENCE] else "unknown"


def begins_like_a_certificate(data: bytes) -> bool:
    """Whether these are the first bytes of a certificate or of a PKCS#7 file, whatever follows."""
    return bool(
        _BEGINS_LIKE_A_CERTIFICATE.match(data) or _BEGINS_LIKE_PKCS7.match(data) or _SPOILT.match(data)
    )


def has_names(data: bytes) -> bool:
    """Whether attributes of a distinguished name lie in the bytes, as in what is left of a certificate."""
    return b"\x06\x03\x55\x04" in data


def of_file(data: bytes) -> Kind:
    """What a file is that holds no certificate."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return "empty"
    if _PICTURE.match(data):
        return "picture"
    if _DOCUMENT.match(data):
        return "document"
    if _ARCHIVE.match(data):
        return "archive"
    if _HTML.search(data[:2048]):
        return "html"
    return "text" if printable(data) else "unknown"


def printable(data: bytes) -> bool:
    """Whether these bytes are a text: no control characters but blanks and line ends."""
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", data)
