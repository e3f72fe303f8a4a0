"""A certificate taken apart (RFC 5280 4): each extension is read by itself, and only when asked for."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha1, sha256

from checks import der, names
from checks.der import (
    BIT_STRING,
    BOOLEAN,
    CONSTRUCTED,
    CONTEXT,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    Element,
    Malformed,
)

BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
SUBJECT_ALTERNATIVE_NAME, NAME_CONSTRAINTS = "2.5.29.17", "2.5.29.30"
SUBJECT_KEY_ID, AUTHORITY_KEY_ID = "2.5.29.14", "2.5.29.35"
AUTHORITY_INFORMATION_ACCESS, CA_ISSUERS = "1.3.6.1.5.5.7.1.1", "1.3.6.1.5.5.7.48.2"
SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9"

RFC822_NAME, DNS_NAME, DIRECTORY_NAME, URI_NAME, IP_NAME = 0x81, 0x82, 0xA4, 0x86, 0x87
OTHER_NAME = 0xA0
"""GeneralName's tags (RFC 5280 4.2.1.6)."""

DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_AGREEMENT, KEY_CERT_SIGN = 0, 2, 4, 5
"""KeyUsage's bits (RFC 5280 4.2.1.3)."""


@dataclass(frozen=True)
class Extension:
    """One extension as it lies in the certificate, its value not yet read."""

    oid: str
    critical: bool
    value: bytes


@dataclass(frozen=True, eq=False)
class Parsed:
    """The parts of one certificate. What an extension says raises ValueError when the extension is broken.

    All follows from `encoded`: two are equal when that is.
    """

    encoded: bytes
    signed: bytes
    """tbsCertificate, as it was signed."""
    version: int
    serial: int
    issuer: bytes
    """The encoded name."""
    subject: bytes
    not_before: datetime
    not_after: datetime
    key: bytes
    """SubjectPublicKeyInfo."""
    algorithm: bytes
    """AlgorithmIdentifier of the signature."""
    algorithm_within: bytes
    """The same as the signed part has it; a difference is a forgery (RFC 5280 4.1.1.2)."""
    signature: bytes
    extension_field: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parsed) and self.encoded == other.encoded

    def __hash__(self) -> int:
        return hash(self.encoded)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the whole, hexadecimal."""
        return sha256(self.encoded).hexdigest()

    @cached_property
    def subject_key(self) -> Hashable:
        """The subject to compare: case, blanks and the kind of string do not count (RFC 5280 7.1)."""
        return names.name_key(self.subject)

    @cached_property
    def issuer_key(self) -> Hashable:
        """The issuer to compare."""
        return self.subject_key if self.issuer == self.subject else names.name_key(self.issuer)

    @cached_property
    def identity(self) -> tuple[Hashable, bytes]:
        """Name and key: two certificates of one identity stand for each other in a chain."""
        return self.subject_key, self.key

    @property
    def self_issued(self) -> bool:
        """Whether it names itself as its issuer; the signature is another matter."""
        return self.issuer_key == self.subject_key

    @cached_property
    def extensions(self) -> tuple[Extension, ...]:
        """All extensions, unread."""
        if not self.extension_field:
            return ()
        return tuple(_extension(item) for item in der.only(self.extension_field, SEQUENCE).children)

    def extension(self, oid: str) -> Element | None:
        """The content of one extension, None when it is not there. One that is there twice says nothing."""
        found = [extension for extension in self.extensions if extension.oid == oid]
        if not found:
            return None
        if len(found) > 1:
            raise Malformed(f"extension {oid} is there {len(found)} times")
        return der.only(found[0].value)

    @cached_property
    def is_ca(self) -> bool:
        """Whether basicConstraints says that it is a certification authority."""
        return self._basic_constraints[0]

    @cached_property
    def path_length(self) -> int | None:
        """How many certification authorities may stand between it and a leaf."""
        return self._basic_constraints[1]

    @cached_property
    def _basic_constraints(self) -> tuple[bool, int | None]:
        extension = self.extension(BASIC_CONSTRAINTS)
        if extension is None:
            return False, None
        parts = extension.expect(SEQUENCE).children
        is_ca = bool(parts and parts[0].tag == BOOLEAN and any(parts.pop(0).content))
        return is_ca, der.integer(parts[0]) if parts else None

    @cached_property
    def key_usage(self) -> frozenset[int] | None:
        """The numbers of the bits that are set, None when nothing is said."""
        extension = self.extension(KEY_USAGE)
        if extension is None:
            return None
        value = der.bits(extension)
        return frozenset(bit for bit in range(min(8 * len(value), 9)) if value[bit // 8] & 0x80 >> bit % 8)

    @cached_property
    def extended_key_usage(self) -> frozenset[str] | None:
        """The purposes as object identifiers, None when nothing is said."""
        extension = self.extension(EXTENDED_KEY_USAGE)
        return None if extension is None else frozenset(map(der.oid, extension.expect(SEQUENCE).children))

    @cached_property
    def alternative_names(self) -> tuple[Element, ...]:
        """The subject's alternative names, as GeneralName elements."""
        extension = self.extension(SUBJECT_ALTERNATIVE_NAME)
        return () if extension is None else tuple(extension.expect(SEQUENCE).children)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Its e-mail addresses: rfc822Name, SmtpUTF8Mailbox (RFC 9598) and the subject's emailAddress."""
        found = [_ascii(name) for name in self.alternative_names if name.tag == RFC822_NAME]
        for name in self.alternative_names:
            if name.tag == OTHER_NAME and (mailbox := smtp_utf8_mailbox(name)) is not None:
                found.append(mailbox)
        found += names.values(self.subject, names.EMAIL_ADDRESS)
        return tuple(dict.fromkeys(found))

    @cached_property
    def server_names(self) -> tuple[str, ...]:
        """Its dNSNames and IP addresses, as text."""
        found = []
        for name in self.alternative_names:
            if name.tag == DNS_NAME:
                found.append(_ascii(name))
            elif name.tag == IP_NAME:
                found.append(names.address_text(name.content))
        return tuple(dict.fromkeys(found))

    @cached_property
    def subject_key_id(self) -> bytes | None:
        """The identifier that its key was given."""
        extension = self.extension(SUBJECT_KEY_ID)
        return None if extension is None else extension.expect(OCTET_STRING).content

    @cached_property
    def authority_key_id(self) -> bytes | None:
        """The identifier of the key that signed it."""
        return self._authority_part(CONTEXT)

    @cached_property
    def authority_serial(self) -> int | None:
        """The serial number of the certificate whose key signed it (RFC 5280 4.2.1.1)."""
        content = self._authority_part(CONTEXT | 2)
        return None if content is None else int.from_bytes(content, "big", signed=True)

    @property
    def authority_issuer_keys(self) -> tuple[Hashable, ...]:
        """The issuers, to compare, of the certificate whose key signed it (RFC 5280 4.2.1.1)."""
        content = self._authority_part(CONSTRUCTED | 1)
        named = der.elements(content) if content is not None else []
        return tuple(names.name_key(name.content) for name in named if name.tag == DIRECTORY_NAME)

    @property
    def key_hash(self) -> bytes:
        """What authorities usually give its key as its identifier: SHA-1 of the bits (RFC 5280 4.2.1.2)."""
        _, value = _pair(der.only(self.key, SEQUENCE))
        return sha1(der.bits(value)).digest()

    def _authority_part(self, tag: int) -> bytes | None:
        extension = self.extension(AUTHORITY_KEY_ID)
        if extension is None:
            return None
        return next((part.content for part in extension.expect(SEQUENCE).children if part.tag == tag), None)

    @cached_property
    def issuer_url(self) -> str | None:
        """Where its issuer's certificate can be had (caIssuers)."""
        extension = self.extension(AUTHORITY_INFORMATION_ACCESS)
        if extension is None:
            return None
        for description in extension.expect(SEQUENCE).children:
            method, location = description.expect(SEQUENCE).children
            if der.oid(method) == CA_ISSUERS and location.tag == URI_NAME:
                return _ascii(location)
        return None


def _ascii(name: Element) -> str:
    return name.content.decode("utf-8", "replace")


def smtp_utf8_mailbox(name: Element) -> str | None:
    """The internationalised address in an otherName; None when it names something else. Raises ValueError."""
    kind, value = name.children
    if der.oid(kind) != SMTP_UTF8_MAILBOX:
        return None
    return der.text(der.only(value.expect(CONSTRUCTED).content))


def _extension(item: Element) -> Extension:
    parts = item.expect(SEQUENCE).children
    if len(parts) not in (2, 3):
        raise Malformed("an extension has two or three parts")
    critical = len(parts) == 3 and any(parts[1].expect(BOOLEAN).content)
    return Extension(der.oid(parts[0]), critical, parts[-1].expect(OCTET_STRING).content)


def parse(encoded: bytes) -> Parsed:
    """A certificate from its bytes. Raises Malformed when a part that every certificate has is not there."""
    whole = der.only(encoded, SEQUENCE).children
    if len(whole) != 3:
        raise Malformed("a certificate has three parts")
    signed, algorithm, signature = whole
    fields = signed.expect(SEQUENCE).children
    version = 1
    if fields and fields[0].tag == CONSTRUCTED:
        version = der.integer(der.only(fields.pop(0).content)) + 1
    if len(fields) < 6:
        raise Malformed("a certificate's signed part has at least six fields")
    serial, algorithm_within, issuer, validity, subject, key, *optional = fields
    for field in (algorithm_within, issuer, validity, subject, key):
        field.expect(SEQUENCE)
    not_before, not_after = (der.time(moment) for moment in _pair(validity))
    return Parsed(
        encoded=encoded,
        signed=signed.encoded,
        version=version,
        serial=der.integer(serial.expect(INTEGER)),
        issuer=issuer.encoded,
        subject=subject.encoded,
        not_before=not_before,
        not_after=not_after,
        key=key.encoded,
        algorithm=algorithm.expect(SEQUENCE).encoded,
        algorithm_within=algorithm_within.encoded,
        signature=der.bits(signature.expect(BIT_STRING)),
        extension_field=next((part.content for part in optional if part.tag == CONSTRUCTED + 3), b""),
    )


def _pair(element: Element) -> tuple[Element, Element]:
    children = element.children
    if len(children) != 2:
        raise Malformed("two elements should be there")
    return children[0], children[1]
