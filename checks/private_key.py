"""Whether a private key is in a file: looked for first, and by its outline only. Nothing of it is read."""

import re
from collections.abc import Iterator

from checks import encodings

SCANNED = 1024 * 1024
"""Bytes of a file that are searched."""

_DEEPEST = 3
"""How often base64 may be wrapped in base64."""

_LENGTH = rb"(?:[\x02-\x80]|\x81.|\x82..|\x83...|\x84....)"
_DATA = rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x01\x02]"
_BEGINS = rb"\A(?:\xef\xbb\xbf)?"
_OUTLINES = {
    "pkcs12": rb"\x30" + _LENGTH + rb"\x02\x01\x03\x30" + _LENGTH + _DATA,  # RFC 7292 4
    "pkcs1": (  # RFC 8017 A.1.2, and a DSA key, which begins like it
        rb"\x30(?:\x81.|\x82..)\x02\x01[\x00\x01]\x02(?:[\x21-\x7f]|\x81.|\x82..)\x00"
    ),
    "sec1": (  # RFC 5915 3: the key, then its curve or its public half
        rb"\x30(?:[\x20-\x7f]|\x81.)\x02\x01\x01\x04"
        rb"(?:\x14.{20}|\x18.{24}|\x1c.{28}|\x20.{32}|\x28.{40}|\x30.{48}|\x40.{64}|\x41.{65}|\x42.{66})[\xa0\xa1]"
    ),
    "openssh": rb"openssh-key-v1\x00",
    "pvk": _BEGINS + rb"\x1e\xf1\xb5\xb0",  # Microsoft's private key file
    "capi_blob": _BEGINS + rb"\x07\x02\x00\x00.{4}(?:RSA2|DSS2)",  # PRIVATEKEYBLOB
    "pgp": (  # a packet with a secret key (RFC 9580 4.2, 5.5.3), of either format
        _BEGINS
        + rb"(?:\x94.|\x95..|\x96....|\xc5(?:[\x00-\xbf]|[\xc0-\xdf].|\xff....))"
        + rb"[\x03-\x06].{4}[\x01-\x03\x10-\x13\x16\x19-\x1c]"
    ),
    "java_keystore": _BEGINS + rb"(?:\xfe\xed\xfe\xed|\xce\xce\xce\xce)\x00\x00\x00",
}  # fmt: skip
_BINARY = {form: re.compile(pattern, re.DOTALL) for form, pattern in _OUTLINES.items()}
_ALGORITHM = rb"\x30(?:([\x03-\x7f])|\x81(.)|\x82(..))\x06"
_PASSWORD_BASED = (  # RFC 8018 A and RFC 7292 C
    rb"(?=\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05[\x01\x03\x04\x06\x0a\x0b\x0d]"
    rb"|\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01)"
)
_BEHIND_ALGORITHM = {  # the key must lie behind its algorithm
    "pkcs8": re.compile(rb"\x30" + _LENGTH + rb"\x02\x01[\x00\x01]" + _ALGORITHM, re.DOTALL),  # RFC 5958 2
    "encrypted_pkcs8": re.compile(rb"\x30" + _LENGTH + _ALGORITHM + _PASSWORD_BASED, re.DOTALL),  # RFC 5958 3
}

_TEXTS = {  # all of the patterns are there; the word, in small letters, is found sooner
    "pem": (
        b"private key",
        [re.compile(rb"[-\x80-\xff]\s?(?:BEGIN|END)[ \w]{0,40}PRIVATE KEY", re.IGNORECASE)],
    ),
    "key_in_words": (b"private-key", [re.compile(rb"Private-Key: \(\d+ bit")]),  # openssl pkey -text
    "putty": (b"putty", [re.compile(rb"PuTTY-User-Key-File-\d")]),
    "json_web_key": (b"kty", [re.compile(rb'"kty"\s*:'), re.compile(rb'"d"\s*:\s*"[\w-]')]),
    "xml_key": (b"rsakeyvalue", [re.compile(rb"<RSAKeyValue>"), re.compile(rb"<D>")]),
}


def find(data: bytes) -> str | None:
    """The form of a private key that lies anywhere in the bytes, however encoded; None when there is none."""
    scanned = data[:SCANNED]
    # as it is, and as it is read as a text: what is read is what was searched
    forms = dict.fromkeys((scanned, encodings.narrow(scanned)))
    return next(filter(None, (_find(form, 0) for form in forms)), None)


def _find(data: bytes, depth: int) -> str | None:
    for form, outline in _BINARY.items():
        if outline.search(data):
            return form
    for form, outline in _BEHIND_ALGORITHM.items():
        if any(_key_follows(data, match) for match in outline.finditer(data)):
            return form
    plain = data.replace(b"\0", b"")  # UTF-16 and UTF-32 of either order
    lower = plain.lower()
    for form, (word, marks) in _TEXTS.items():
        if word in lower and all(mark.search(plain) for mark in marks):
            return form
    if depth < _DEEPEST:
        inside = dict.fromkeys(_decoded(plain))  # a block is a run too: looked at once
        return next(filter(None, (_find(inner, depth + 1) for inner in inside)), None)
    return None


def _key_follows(data: bytes, match: re.Match[bytes]) -> bool:
    """Whether an octet string lies behind the algorithm; in certificates something else does."""
    length = int.from_bytes(next(filter(None, match.groups())), "big")
    end = match.end() - 1 + length
    return data[end : end + 1] in (b"\x04", b"\x24")


def _decoded(plain: bytes) -> Iterator[bytes]:
    text = plain.decode("latin-1")
    for block in encodings.blocks(text):
        if block.data:
            yield block.data
    yield from encodings.runs(text, shortest=40)
    yield from encodings.url_safe_runs(text, shortest=40)
