"""The texts that certificates travel as: PEM in its many spoilt forms, bare base64, UTF-16."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_BEGIN = re.compile(r"-- ?BEGIN ([^\r\n-]{1,64}?) ?--")
_NEXT = re.compile(r"(?<=--)(?:END|BEGIN)|(?<=-- )(?:END|BEGIN)")
"""A block ends where the next one begins, or the text, when its END line is missing."""

_RUN = re.compile(r"(?:[A-Za-z0-9+/]{40,}[ \t]*(?:\r\n|\r|\n)[ \t>|]*)*[A-Za-z0-9+/]{4,}={0,2}")
_QUOTE = re.compile(r"^[ \t]*(?:(?:[>|]|&gt;)[ \t]*)+", re.MULTILINE)
_HEADER = re.compile(r"^[A-Za-z0-9-]+:.*$", re.MULTILINE)
_FILLING = re.compile(r"\\[rn]|<br ?/?>|&nbsp;|\s+")
_FOREIGN = re.compile(r"[^A-Za-z0-9+/=\s\\<>&;]")
"""What no base64 has in it, however it is broken into lines."""
_NO_QUOTED_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s\\<>&;|]")
"""What it does not have where it is quoted either."""

_URL_SAFE = re.compile(r"(?<![\w-])[A-Za-z0-9_-]{40,}", re.ASCII)

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_DIGITS, _URL_DIGITS = (
    bytes(0x41 if chr(byte) in digits else 0x20 for byte in range(256))
    for digits in (_ALPHABET, _ALPHABET - {"+", "/"} | {"-", "_"})
)
_FORTY = b"A" * 40
"""Forty digits of base64 side by side, once each is an A: without them there is no long run."""


@dataclass(frozen=True)
class Block:
    """One PEM block: what its BEGIN line says, and its bytes, or None where they are no base64."""

    label: str
    data: bytes | None


_LOOKS = (
    dict.fromkeys(map(ord, "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
    | dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000), " ")
    | dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), "")
    | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if wide != 0xFF0D}
)
"""What word processors and input methods make of a dash and a blank, and full-width letters."""

_QUOTED = (b"-BEGIN%20", b"-BEGIN+", b"-END%20", b"-END+", b"%20PRIVATE%20KEY", b"+PRIVATE+KEY")
"""What is in a PEM that is part of a URL or of a form."""


def narrow(data: bytes) -> bytes:
    """A text of any encoding with one byte per character; everything else as it is.

    Only what is ASCII survives, which is all that PEM and base64 need, and what looks like it: dashes of
    word processors, wide and unbreakable blanks, full-width letters; and what a URL makes of it.
    """
    if (text := _wide(data)) is not None:
        plain = text.translate(_LOOKS).encode("ascii", "replace")
    elif data.isascii():
        plain = data
    else:
        try:
            plain = data.decode().translate(_LOOKS).encode()
        except UnicodeDecodeError:
            return data
    return _unquoted(plain) if any(mark in plain for mark in _QUOTED) else plain


def _unquoted(plain: bytes) -> bytes:
    """A text as it was before a URL or a form took it (RFC 3986 2.1); a form's blanks are plus signs."""
    form = any(mark in plain for mark in _QUOTED if b"+" in mark)
    return unquote_to_bytes(plain.replace(b"+", b" ") if form else plain)


def _wide(data: bytes) -> str | None:
    """A text in UTF-16 or UTF-32 of either order, with its mark or without; None for anything else."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    big, little = data[0:4096:2].count(0), data[1:4096:2].count(0)
    fewer, more = sorted((big, little))
    if not (more > 8 and more * 4 > len(data[:4096]) and fewer * 20 < more):
        return None
    return data.decode("utf-16-be" if big > little else "utf-16-le", "replace")


def blocks(text: str) -> Iterator[Block]:
    """The PEM blocks in a text, quoted, on one line or with escaped line ends too."""
    begin = _BEGIN.search(text)
    while begin:
        end = _NEXT.search(text, begin.end())
        body = text[begin.end() : end.start() if end else len(text)].strip("-* `")
        body = _HEADER.sub("", _QUOTE.sub("", body.replace("\r\n", "\n").replace("\r", "\n")))
        yield Block(begin[1].strip(), decode(_FILLING.sub("", body)))
        begin = _BEGIN.search(text, end.start() - 3) if end else None


def decode(text: str) -> bytes | None:
    """The bytes that base64 stands for, padded or not; None for any other text."""
    digits = text.rstrip("=")
    if not _ALPHABET.issuperset(digits):
        return None
    try:
        return b64decode(digits + "=" * (-len(digits) % 4))
    except NotBase64:
        return b64decode(digits[:-1])  # one digit too many: cut off in the middle of a byte


def runs(text: str, shortest: int) -> Iterator[bytes]:
    """What base64 in a text stands for: the whole text if it is nothing else, else every long run.

    `shortest` is in characters, at least 40 of which stand on one line.
    """
    has_long_lines = _FORTY in text.encode("latin-1", "replace").translate(_DIGITS)
    if not has_long_lines and _NO_QUOTED_BASE64.search(text):
        return
    unquoted = _QUOTE.sub("", text)
    if not _FOREIGN.search(unquoted):
        compact = _FILLING.sub("", unquoted)
        whole = decode(compact) if len(compact) >= shortest else None
        if whole is not None:
            yield whole
            return
    if not has_long_lines:
        return
    for match in _RUN.finditer(unquoted):
        if len(match[0]) >= shortest and (found := decode(_FILLING.sub("", match[0]))):
            yield found


def url_safe_runs(text: str, shortest: int) -> Iterator[bytes]:
    """What every long run of base64 for URLs (RFC 4648 5) in a text stands for; none that is plain base64."""
    if _FORTY not in text.encode("latin-1", "replace").translate(_URL_DIGITS):
        return
    for match in _URL_SAFE.finditer(text):
        digits = match[0]
        if len(digits) >= shortest and not digits.isalnum():
            found = decode(digits.replace("-", "+").replace("_", "/"))
            if found:
                yield found
