"""Bytes as people send them -> certificates, or a refusal with its reason. A file's name means nothing."""

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from checks import der, encodings, kinds, private_key
from checks.der import CONSTRUCTED, SEQUENCE, Element, Malformed
from checks.encodings import Block
from checks.structure import SUBJECT_ALTERNATIVE_NAME, Parsed, parse

Part = TypeVar("Part")

MOST_BYTES, MOST_CERTIFICATES, MOST_NAMES = 256 * 1024, 30, 200
MOST_EXTENSIONS, MOST_ELEMENTS = 100, 1_000
"""Extensions of a certificate, and elements in one of them."""

SMALL = 2 * 1024
"""Bytes of a certificate in which nothing can be so much that reading it takes long, whatever it is."""

LONGEST_NAME, LONGEST_KEY = 4 * 1024, 32 * 1024
"""Bytes of a name, alternative ones too, and of a key or an algorithm: more is made to cost time."""

_STORE, _STORED_CERTIFICATE = b"\0\0\0\0CERT", 0x20


class Unreadable(Exception):
    """A file that is not looked into: the code of the finding that says why, and what its wording needs."""

    def __init__(self, code: str, **detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def read(data: bytes) -> tuple[Parsed, ...]:
    """The certificates in a file that somebody sent, each once, in the file's order. Raises Unreadable."""
    refuse_private_key(data)
    if len(data) > MOST_BYTES:
        raise _too_large("bytes", len(data), MOST_BYTES, size=f"{len(data) / 1024:,.0f} KB")
    certificates = read_all(data, most=MOST_CERTIFICATES)
    for certificate in certificates:
        for what, counted, limit in _sizes(certificate):
            if counted > limit:
                raise _too_large(what, counted, limit)
    return certificates


def _sizes(certificate: Parsed) -> Iterator[tuple[str, int, int]]:
    """What is counted in a certificate before any of it is read, how much it is, and the limit."""
    small = len(certificate.encoded) <= SMALL
    if not small:
        for name in (certificate.subject, certificate.issuer):
            yield "name", len(name), LONGEST_NAME
        for part in (certificate.key, certificate.algorithm):
            yield "key", len(part), LONGEST_KEY
        yield "extensions", _count(certificate.extension_field), MOST_EXTENSIONS
    try:
        extensions = certificate.extensions
    except ValueError:
        return  # the checks say that they cannot be told
    yield "extensions", len(extensions), MOST_EXTENSIONS
    for extension in extensions:
        if extension.oid == SUBJECT_ALTERNATIVE_NAME:
            yield "names", _count(extension.value), MOST_NAMES
            yield "name", 0 if small else _longest(extension.value), LONGEST_NAME
        if not small:
            yield "elements", _count(extension.value), MOST_ELEMENTS


def _count(encoded: bytes) -> int:
    """How many elements lie in an element, up to the first broken one."""
    try:
        return der.count(der.first(encoded)[0].content)
    except Malformed:
        return 0


def _longest(encoded: bytes) -> int:
    try:
        return max((len(name.content) for name in der.first(encoded)[0].children), default=0)
    except Malformed:
        return 0


def _too_large(what: str, count: int, limit: int, size: str = "") -> Unreadable:
    return Unreadable("too_large", what=what, limit=str(limit), size=size or f"{count} > {limit}")


def refuse_private_key(data: bytes) -> None:
    """Raises Unreadable when a private key is in the bytes, in whatever form."""
    if form := private_key.find(data):
        raise Unreadable("private_key_uploaded", form=form)


def read_all(data: bytes, most: int | None = None) -> tuple[Parsed, ...]:
    """All certificates in a file without a private key, each once. Raises Unreadable."""
    plain = encodings.narrow(data)
    text = plain.decode("latin-1")  # only ASCII matters, and no byte is lost
    if blocks := list(encodings.blocks(text)):
        found = _gather(_in_block, blocks)
    elif kinds.printable(plain):
        try:
            found = _in_text(plain, text)
        except Unreadable:
            if "END CERTIFICATE" not in text:
                raise
            raise Unreadable("malformed", reason="cut_off") from None
    else:
        found = _in_der(plain.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t "))
    certificates = {certificate.encoded: certificate for certificate in found}
    if most is not None and len(certificates) > most:
        raise _too_large("certificates", len(certificates), most)
    return tuple(certificates.values())


def _gather(read_part: Callable[[Part], list[Parsed]], parts: Iterable[Part]) -> list[Parsed]:
    """The certificates of all parts. A broken part counts only where it may be the person's certificate."""
    found: list[Parsed] = []
    refusals: list[Unreadable] = []
    for part in parts:
        try:
            found += read_part(part)
        except Unreadable as refusal:
            refusals.append(refusal)
    broken = [refusal for refusal in refusals if refusal.code == "malformed"]
    if broken and all(map(_issues, found)):
        raise broken[0]
    if refusals and not found:
        raise refusals[0]
    return found


def _issues(certificate: Parsed) -> bool:
    try:
        return certificate.is_ca
    except ValueError:
        return False


def _in_block(block: Block) -> list[Parsed]:
    """The certificates in one PEM block: its content counts, and its label where that cannot be read."""
    kind: kinds.Kind = "text"
    if block.data:
        try:
            return _in_der(block.data)
        except Unreadable as refusal:
            if refusal.detail.get("kind") in (None, *kinds.STRUCTURES):
                raise
    if "REQUEST" in block.label:
        kind = "request"
    elif "CRL" in block.label:
        kind = "crl"
    elif any(word in block.label for word in ("CERTIFICATE", "PKCS", "CMS", "X509")):
        raise Unreadable("malformed", reason="cut_off" if block.data == b"" else "broken")
    raise Unreadable("not_a_certificate", kind=kind)


def _in_text(plain: bytes, text: str) -> list[Parsed]:
    """The certificates that stand in a text as base64 without BEGIN and END, or with them within it."""
    kind = kinds.of_file(plain)
    if kind == "text":
        runs = (*encodings.runs(text, shortest=64), *encodings.url_safe_runs(text, shortest=64))
        within = [block for run in runs for block in encodings.blocks(run.decode("latin-1"))]
        if within:
            return _gather(_in_block, within)
        encoded = [run for run in runs if run.startswith(b"0")]
        try:
            if encoded:
                return _gather(_in_der, encoded)
        except Unreadable as refusal:
            if refusal.detail.get("kind") != "unknown":
                raise
    raise Unreadable("not_a_certificate", kind=kind)


def _in_store(data: bytes) -> list[Parsed]:
    """The certificates in a serialized store, .sst, as Windows exports several (MS-OSHARED 2.3.9.1).

    Elements follow one another: what it is, an encoding, a length (each 4 bytes, little-endian), the value.
    """
    found, place = [], len(_STORE)
    while place + 12 <= len(data):
        what, _, length = struct.unpack_from("<III", data, place)
        value = data[place + 12 : place + 12 + length]
        if what == 0:  # the end; what else stands between are a certificate's properties
            break
        if what == _STORED_CERTIFICATE:
            found.append(value)
        place += 12 + length
    if not found:
        raise _not_a_certificate(data)
    return _gather(_in_der, found)


def _in_der(data: bytes) -> list[Parsed]:
    """The certificates in binary data: one or several, or a PKCS#7 file; what else follows does not count."""
    if data.startswith(_STORE):
        return _in_store(data)
    try:
        element, end = der.first(data)
        if end == len(data) and (one := _certificate(element)):  # most files are, and are read once
            return [one]
        kind = kinds.of_element(element)
    except Malformed as fault:
        if kinds.begins_like_a_certificate(data):
            raise Unreadable("malformed", reason="cut_off" if fault.cut_off else "broken") from None
        raise _not_a_certificate(data) from None
    if kind == "pkcs7":
        return _in_pkcs7(element)
    if kind == "unknown":
        if kinds.is_path(element):
            return _gather(_parsed, element.children)
        if kinds.begins_like_a_certificate(data):
            raise Unreadable("malformed", reason="broken")
        if element.tag != SEQUENCE:
            raise _not_a_certificate(data)
        kind = kinds.of_file(data)
    if kind != "certificate":
        raise Unreadable("not_a_certificate", kind=kind)
    found = [element]
    while end < len(data):
        try:
            element, end = der.first(data, end)
        except Malformed:
            break
        if kinds.of_element(element) != "certificate":
            break
        found.append(element)
    return _gather(_parsed, found)


def _not_a_certificate(data: bytes) -> Unreadable:
    kind = kinds.of_file(data)
    if kind == "unknown" and kinds.has_names(data):
        return Unreadable("malformed", reason="broken")
    return Unreadable("not_a_certificate", kind=kind)


def _in_pkcs7(whole: Element) -> list[Parsed]:
    """The certificates in a SignedData (RFC 5652 5.1), which certificate stores and mail signatures are."""
    content_type, content = whole.children
    if der.oid(content_type) != kinds.SIGNED_DATA:
        raise Unreadable("not_a_certificate", kind="pkcs7")
    try:
        signed_data = der.only(content.content, SEQUENCE).children
        sets = [part for part in signed_data if part.tag == CONSTRUCTED]
        certificates = [item for item in sets[0].children if item.tag == SEQUENCE] if sets else []
    except ValueError:
        raise Unreadable("malformed", reason="broken") from None
    if not certificates:
        raise Unreadable("not_a_certificate", kind="pkcs7")
    return _gather(_parsed, certificates)


def _certificate(element: Element) -> Parsed | None:
    try:
        return parse(element.encoded)
    except ValueError:
        return None


def _parsed(element: Element) -> list[Parsed]:
    if found := _certificate(element):
        return [found]
    raise Unreadable("malformed", reason="broken")
