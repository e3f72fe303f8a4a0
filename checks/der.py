"""ASN.1 elements as they lie in the bytes: DER, and the indefinite lengths of BER that mail programs write.

`cryptography` reads a certificate whole or not at all, and one broken extension hides all the others. Here
each element is read on its own, so that what can be told is told, and signed bytes stay as they are.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, UTC_TIME, GENERALIZED_TIME, BMP_STRING, UNIVERSAL_STRING = 0x0C, 0x17, 0x18, 0x1E, 0x1C
SEQUENCE, SET = 0x30, 0x31
CONTEXT, CONSTRUCTED = 0x80, 0xA0
"""Context tag n is `CONTEXT + n`, or `CONSTRUCTED + n` where elements lie in it."""

_REST_OF_TIME = rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d|)(?:\.\d*)?(|Z|[+-]\d{4})"
_UTC_TIME = re.compile(rb"(\d\d)" + _REST_OF_TIME)
_GENERALIZED_TIME = re.compile(rb"(\d{4})" + _REST_OF_TIME)

_DEEPEST = 32
_LONGEST_OID = 256
"""Bytes; longer ones would fill the memory of what was read before."""

_SINGLE_BYTE_STRINGS = {0x12: "ascii", 0x13: "latin-1", 0x14: "latin-1", 0x16: "latin-1", 0x1A: "latin-1"}


class Malformed(ValueError):
    """These bytes are not the structure that stands at this place; `cut_off` when the file ends too early."""

    def __init__(self, what: str, *, cut_off: bool = False) -> None:
        super().__init__(what)
        self.cut_off = cut_off


class Element(NamedTuple):
    """One element: its tag, what is in it, and the whole as it was written."""

    tag: int
    content: bytes
    encoded: bytes

    @property
    def children(self) -> list["Element"]:
        """The elements in it, in order. Raises Malformed."""
        return elements(self.content)

    def expect(self, *tags: int) -> "Element":
        """This very element, if its tag is one of these. Raises Malformed."""
        if self.tag not in tags:
            raise Malformed(f"tag {self.tag:#x} where {', '.join(f'{tag:#x}' for tag in tags)} should be")
        return self


def first(data: bytes, at: int = 0, depth: int = 0) -> tuple[Element, int]:
    """The element that begins at `at`, and where the next one would begin. Raises Malformed."""
    try:
        tag, length, position = data[at], data[at + 1], at + 2
        if tag & 0x1F == 0x1F:  # a tag number above 30 goes on
            position = at + 1
            while data[position] & 0x80:
                position += 1
            tag, length, position = (
                int.from_bytes(data[at : position + 1], "big"),
                data[position + 1],
                position + 2,
            )
        if length == 0x80:
            return _indefinite(data, at, tag, position, depth)
        if length > 0x80:
            count = length & 0x7F
            if count > 4:
                raise Malformed("a length of more than four bytes")
            if position + count > len(data):
                raise IndexError
            length, position = int.from_bytes(data[position : position + count], "big"), position + count
    except IndexError:
        raise Malformed("the header is cut off", cut_off=True) from None
    end = position + length
    if end > len(data):
        raise Malformed("the content is cut off", cut_off=True)
    return Element(tag, data[position:end], data[at:end]), end


def _indefinite(data: bytes, at: int, tag: int, body: int, depth: int) -> tuple[Element, int]:
    if depth > _DEEPEST:
        raise Malformed("nested too deep")
    position = body
    while data[position : position + 2] != b"\0\0":
        _, position = first(data, position, depth + 1)
    return Element(tag, data[body:position], data[at : position + 2]), position + 2


def elements(data: bytes) -> list[Element]:
    """All elements that lie side by side in these bytes. Raises Malformed."""
    found, position, end = [], 0, len(data)
    while position < end:
        element, position = first(data, position)
        found.append(element)
    return found


def count(data: bytes) -> int:
    """How many elements lie side by side, up to the first broken one."""
    found = position = 0
    try:
        while position < len(data):
            _, position = first(data, position)
            found += 1
    except Malformed:
        pass
    return found


def only(data: bytes, *tags: int) -> Element:
    """The one element that these bytes are, of any tag or one of these. Raises Malformed."""
    element, end = first(data)
    if end != len(data):
        raise Malformed("something follows the element")
    return element.expect(*tags) if tags else element


def dotted(content: bytes) -> str:
    """An object identifier as people write it. Raises Malformed."""
    if len(content) > _LONGEST_OID:
        raise Malformed("an object identifier that is too long")
    return _dotted(content)


@lru_cache(maxsize=1024)
def _dotted(content: bytes) -> str:
    if not content or content[-1] & 0x80:
        raise Malformed("an object identifier without its end")
    numbers, number = [], 0
    for byte in content:
        number = number << 7 | byte & 0x7F
        if number >= 1 << 128:
            raise Malformed("an object identifier with an arc of more than 128 bits")
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    root = min(numbers[0] // 40, 2)
    return ".".join(str(arc) for arc in (root, numbers[0] - 40 * root, *numbers[1:]))


def oid(element: Element) -> str:
    """The object identifier in an element. Raises Malformed."""
    return dotted(element.expect(OID).content)


def integer(element: Element) -> int:
    """The number in an element, negative ones too. Raises Malformed."""
    return int.from_bytes(element.expect(INTEGER).content, "big", signed=True)


def bits(element: Element) -> bytes:
    """The bytes of a bit string, unused bits set to zero. Raises Malformed."""
    content = element.expect(BIT_STRING).content
    if not content or content[0] > 7 or (content[0] and len(content) == 1):
        raise Malformed("a bit string without its count of unused bits")
    if not content[0]:
        return content[1:]
    return content[1:-1] + bytes([content[-1] >> content[0] << content[0]])


def text(element: Element) -> str:
    """What a string says; bytes that do not decode become U+FFFD. Raises Malformed for what is no string."""
    if element.tag == UTF8_STRING:
        return element.content.decode("utf-8", "replace")
    if element.tag == BMP_STRING:
        return element.content.decode("utf-16-be", "replace")
    if element.tag == UNIVERSAL_STRING:
        return element.content.decode("utf-32-be", "replace")
    if encoding := _SINGLE_BYTE_STRINGS.get(element.tag):
        return element.content.decode(encoding, "replace")
    raise Malformed(f"tag {element.tag:#x} is no string")


def time(element: Element) -> datetime:
    """A moment in UTC; it may lack seconds and have a zone, as old issuers wrote it. Raises Malformed."""
    element.expect(UTC_TIME, GENERALIZED_TIME)
    found = (_UTC_TIME if element.tag == UTC_TIME else _GENERALIZED_TIME).fullmatch(element.content)
    if found is None:
        raise Malformed("not a time")
    digits, zone = found.groups()[:-1], found[7]
    year, month, day, hour, minute, second = (int(part or 0) for part in digits)
    if element.tag == UTC_TIME:
        year += 1900 if year >= 50 else 2000  # RFC 5280 4.1.2.5.1
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        return moment if zone in (b"", b"Z") else moment - _offset(zone)
    except (ValueError, OverflowError):
        raise Malformed("not a time") from None


def _offset(zone: bytes) -> timedelta:
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return -offset if zone.startswith(b"-") else offset
