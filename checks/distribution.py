"""For which certificates a revocation list speaks: distribution points on both sides (RFC 5280 6.3.3)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from checks import der, encode
from checks.der import BIT_STRING, CONSTRUCTED, CONTEXT, SEQUENCE, SET, Element
from checks.names import name_key
from checks.structure import DIRECTORY_NAME, URI_NAME, Parsed

CRL_DISTRIBUTION_POINTS = "2.5.29.31"

ALL_REASONS = frozenset(range(1, 9))
"""ReasonFlags (RFC 5280 4.2.1.13) but for the unused bit 0: a list without these bits covers them all."""

Name = tuple[int, Hashable]
"""A GeneralName to compare: its tag, and its content or a distinguished name's key."""


@dataclass(frozen=True)
class Point:
    """One distribution point of a certificate."""

    names: frozenset[Name] | None
    urls: tuple[str, ...]
    """The http and https addresses among its names."""
    reasons: frozenset[int]
    issuers: frozenset[Name]
    """cRLIssuer: who signs the list, where that is not the certificate's issuer."""


@dataclass(frozen=True)
class Scope:
    """What a list says of itself (issuingDistributionPoint, RFC 5280 5.2.5)."""

    names: frozenset[Name] | None = None
    only_user: bool = False
    only_authorities: bool = False
    only_attributes: bool = False
    reasons: frozenset[int] = ALL_REASONS
    indirect: bool = False


def points(certificate: Parsed) -> tuple[Point, ...]:
    """The distribution points of a certificate, none where it has none. Raises ValueError."""
    extension = certificate.extension(CRL_DISTRIBUTION_POINTS)
    if extension is None:
        return ()
    return tuple(_point(item, certificate.issuer) for item in extension.expect(SEQUENCE).children)


def _point(item: Element, issuer: bytes) -> Point:
    parts = {part.tag: part for part in item.expect(SEQUENCE).children}
    issuers = parts[CONSTRUCTED + 2].children if CONSTRUCTED + 2 in parts else []
    named = [name for name in issuers if name.tag == DIRECTORY_NAME]
    base = named[0].content if named else issuer
    names, urls = _names(parts[CONSTRUCTED], base) if CONSTRUCTED in parts else (None, ())
    return Point(names, urls, _reasons(parts.get(CONTEXT + 1)), frozenset(map(_name, issuers)))


def scope(value: Element, issuer: bytes) -> Scope:
    """A list's scope from its issuingDistributionPoint and its issuer's name. Raises ValueError."""
    parts = {part.tag: part for part in value.expect(SEQUENCE).children}
    flags = [tag in parts and any(parts[tag].content) for tag in (CONTEXT + n for n in (1, 2, 5, 4))]
    only_user, only_authorities, only_attributes, indirect = flags
    return Scope(
        _names(parts[CONSTRUCTED], issuer)[0] if CONSTRUCTED in parts else None,
        only_user,
        only_authorities,
        only_attributes,
        _reasons(parts.get(CONTEXT + 3)),
        indirect,
    )


def _names(field: Element, base: bytes) -> tuple[frozenset[Name], tuple[str, ...]]:
    """DistributionPointName: full names, or the last part of a name that begins with its issuer's."""
    choice = der.only(field.content)
    if choice.tag == CONSTRUCTED + 1:
        relative = encode.element(SET, choice.content)
        whole = encode.element(SEQUENCE, der.only(base, SEQUENCE).content, relative)
        return frozenset({(DIRECTORY_NAME, name_key(whole))}), ()
    full = choice.expect(CONSTRUCTED).children
    urls = [name.content.decode("utf-8", "replace") for name in full if name.tag == URI_NAME]
    http = tuple(url for url in urls if url.lower().startswith(("http://", "https://")))
    return frozenset(map(_name, full)), http


def _name(name: Element) -> Name:
    return name.tag, name_key(name.content) if name.tag == DIRECTORY_NAME else name.content


def _reasons(field: Element | None) -> frozenset[int]:
    if field is None:
        return ALL_REASONS
    value = der.bits(Element(BIT_STRING, field.content, field.encoded))
    return ALL_REASONS & {bit for bit in range(min(8 * len(value), 9)) if value[bit // 8] & 0x80 >> bit % 8}


def directory(name: bytes) -> Name:
    """A distinguished name as a GeneralName to compare."""
    return DIRECTORY_NAME, name_key(name)


def covered(
    certificate: Parsed, is_ca: bool, of: Iterable[Point], signer: bytes, list_scope: Scope
) -> frozenset[int]:
    """For which reasons a list of this signer's name and scope speaks of a certificate; often for none.

    Besides its own distribution points a certificate has one with its issuer's name (RFC 5280 6.3.3, end).
    """
    if list_scope.only_attributes or (list_scope.only_authorities if not is_ca else list_scope.only_user):
        return frozenset()
    own = directory(certificate.issuer)
    everywhere = Point(frozenset({own}), (), ALL_REASONS, frozenset())
    found: frozenset[int] = frozenset()
    for point in (*of, everywhere):
        wanted = point.issuers or {own}
        if directory(signer) not in wanted or (point.issuers and not list_scope.indirect):
            continue
        theirs = point.names if point.names is not None else point.issuers
        if list_scope.names is None or list_scope.names & theirs:
            found |= point.reasons & list_scope.reasons
    return found
