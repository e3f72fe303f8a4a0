"""Changes to DER that leave the lengths around them right, so that they are read and not refused at once."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from random import Random

from tests.certificates import as_pem, children, wrap

Change = Callable[[bytes], bytes]

_TAKEN_APART = (0x30, 0x31, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4)
_BITS, _OCTETS = 0x03, 0x04


def places(element: bytes, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """The ways to all elements in an element, those in strings too. Raises IndexError if it is broken."""
    found = [path]
    for number, child in enumerate(_inside(element)):
        found += places(child, (*path, number))
    return found


def changed(element: bytes, path: tuple[int, ...], change: Change) -> bytes:
    """The element with a change at one place, and the lengths of all around it put right."""
    if not path:
        return change(element)
    parts = _inside(element)
    parts[path[0]] = changed(parts[path[0]], path[1:], change)
    return wrap(element[0], *([b"\0"] if element[0] == _BITS else []), *parts)


def _inside(element: bytes) -> list[bytes]:
    if element[:1] and element[0] in _TAKEN_APART:
        return children(element)
    if element[:1] and element[0] in (_BITS, _OCTETS):
        content = _content(element)[1 if element[0] == _BITS else 0 :]
        if content[:1] == b"\x30" and wrap(0x30, _content(content)) == content:
            return [content]
    return []


def _content(element: bytes) -> bytes:
    return element[2 if element[1] < 0x80 else 2 + (element[1] & 0x7F) :]


def mutated(data: bytes, random: Random, mutate: Change) -> bytes:
    """The data with one change: anywhere, or in one element of its structure; PEM is packed again."""
    if random.random() < 0.3:
        return mutate(data)
    begin, _, body = data.partition(b"-----\n") if data.startswith(b"-----BEGIN") else (b"", b"", b"")
    try:
        if begin:
            return as_pem(_one_changed(b64decode(body.partition(b"-----")[0]), random, mutate))
        return _one_changed(data, random, mutate)
    except (IndexError, NotBase64, RecursionError):
        return mutate(data)


def _one_changed(whole: bytes, random: Random, mutate: Change) -> bytes:
    changes: tuple[Change, ...] = (
        mutate,
        lambda element: wrap(element[0], mutate(_content(element))),
        lambda element: wrap(element[0], mutate(_content(element))),
        lambda element: element * 2,
        lambda element: element * 40,
        lambda element: b"",
        lambda element: changed(whole, random.choice(ways), lambda _: element),
    )
    ways = places(whole)
    return changed(whole, random.choice(ways), random.choice(changes))
