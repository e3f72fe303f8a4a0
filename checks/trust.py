"""Whom we trust: the company's roots, Microsoft's programme, the bundles for servers; and known issuers."""

import os
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import certifi

from checks import programme as programmes
from checks.finding import Purpose
from checks.programme import BadTrust, Limits, Refusal
from checks.read import Unreadable, read_all, refuse_private_key
from checks.structure import Parsed

__all__ = ["BadTrust", "Limits", "Refusal", "Root", "Source", "Trust"]

Source = Literal["company", "microsoft", "certifi", "system"]
"""By which list a root is trusted: the installation's own files, Microsoft's programme, Mozilla's list as
`certifi` has it, or this machine's bundle."""

OLD, TOO_OLD = timedelta(days=120), timedelta(days=400)
"""Microsoft's list is issued about monthly: older than this it is worth a warning, or proves nothing."""

_ORDER: tuple[Source, ...] = ("company", "microsoft", "certifi", "system")
_FOR_SERVERS: tuple[Source, ...] = ("certifi", "system")
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"})
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Red Hat, Fedora
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS, BSD
)


@dataclass(frozen=True)
class Root:
    """A certificate at which trust begins; only its name and key count (RFC 5280 6.1.1 d)."""

    certificate: Parsed
    source: Source
    limits: Limits | None = None
    """What Microsoft restricts it to; the company's own roots have no limits."""

    def refusal(self, *, purpose: Purpose | None, at: datetime, issued: datetime) -> Refusal | None:
        """Why it is not trusted at a moment, for a certificate issued at another; None when it is."""
        if self.source in _FOR_SERVERS and purpose != "server":
            return "purpose"
        return self.limits.refusal(purpose, at, issued) if self.limits else None


@dataclass(frozen=True)
class Trust:
    """The roots that are trusted, and issuers that are known but prove nothing by themselves."""

    roots: tuple[Root, ...] = ()
    issuers: tuple[Parsed, ...] = ()
    programme: datetime | None = None
    """When Microsoft issued the list that is used; None without one."""

    @classmethod
    def of(cls, roots: Iterable[bytes] = (), chain: Iterable[bytes] = ()) -> "Trust":
        """Trust from the contents of files: PEM, DER or PKCS#7, any number in each. Raises BadTrust."""
        return cls(
            tuple(
                Root(certificate, "company") for data in roots for certificate in _certificates(data, "roots")
            ),
            tuple(certificate for data in chain for certificate in _certificates(data, "issuers")),
        )

    @classmethod
    def load(
        cls,
        roots: Iterable[Path] = (),
        chain: Iterable[Path] = (),
        *,
        programme: Path | Literal["built-in"] | None = None,
        servers: bool = False,
    ) -> "Trust":
        """Trust from files and folders, as TRUST_ROOTS and TRUST_CHAIN name them. Raises BadTrust.

        With Microsoft's programme, the one that is installed or a newer file (TRUST_PROGRAMME); and, for
        servers only, with `certifi`'s list and the bundle of SSL_CERT_FILE, or else of this machine.
        """
        trusted = [Root(certificate, "company") for path in roots for certificate in _loaded(path)]
        listed = None
        if programme:
            listed = programmes.built_in() if programme == "built-in" else programmes.read(programme)
            trusted += [Root(certificate, "microsoft", limits) for certificate, limits in listed.roots]
        if servers:
            trusted += _server_roots()
        return cls(
            tuple(trusted),
            tuple(certificate for path in chain for certificate in _loaded(path)),
            listed.date if listed else None,
        )

    def joined(self, other: "Trust") -> "Trust":
        """What either of the two trusts and knows."""
        roots, issuers = (*self.roots, *other.roots), (*self.issuers, *other.issuers)
        return replace(self, roots=roots, issuers=issuers)

    @cached_property
    def issuers_by_name(self) -> Mapping[Hashable, list[Parsed]]:
        """The known issuers and the roots' certificates, by their `subject_key`, roots first, none twice."""
        named: defaultdict[Hashable, dict[bytes, Parsed]] = defaultdict(dict)
        for certificate in (*(root.certificate for root in self._roots), *self.issuers):
            named[certificate.subject_key].setdefault(certificate.encoded, certificate)
        return {name: list(certificates.values()) for name, certificates in named.items()}

    @cached_property
    def _roots(self) -> list[Root]:
        return sorted(self.roots, key=lambda root: _ORDER.index(root.source))

    @cached_property
    def _roots_by_identity(self) -> Mapping[tuple[Hashable, bytes], list[Root]]:
        known: defaultdict[tuple[Hashable, bytes], list[Root]] = defaultdict(list)
        for root in self._roots:
            known[root.certificate.identity].append(root)
        return dict(known)

    def root_of(
        self, certificate: Parsed, *, purpose: Purpose | None, at: datetime, issued: datetime
    ) -> Root | None:
        """The first root with this certificate's name and key that is trusted for a purpose at a moment, for
        a certificate issued at another; the company's before Microsoft's before those for servers.

        A root that was issued anew stays the same one. Without a purpose any that it has will do.
        """
        return next(
            (
                root
                for root in self._roots_by_identity.get(certificate.identity, ())
                if root.refusal(purpose=purpose, at=at, issued=issued) is None
            ),
            None,
        )

    def refusal_of(
        self, certificate: Parsed, *, purpose: Purpose | None, at: datetime, issued: datetime
    ) -> Refusal | None:
        """Why a certificate whose name and key stand in a list is not trusted, by the first list that has it;
        None when it is trusted, and when no list has it."""
        roots = self._roots_by_identity.get(certificate.identity, ())
        refusals = [root.refusal(purpose=purpose, at=at, issued=issued) for root in roots]
        return None if None in refusals else next(iter(refusals), None)

    def age(self, at: datetime) -> timedelta | None:
        """How old Microsoft's list is at a moment; None without one."""
        return None if self.programme is None else at - self.programme

    def is_old(self, at: datetime) -> bool:
        """Whether Microsoft's list is so old that somebody should be told."""
        age = self.age(at)
        return age is not None and age > OLD

    def is_too_old(self, at: datetime) -> bool:
        """Whether Microsoft's list is so old that a root that is not in it may be a good one."""
        age = self.age(at)
        return age is not None and age > TOO_OLD


def _server_roots() -> Iterator[Root]:
    for certificate in _mozillas():
        yield Root(certificate, "certifi")
    # As OpenSSL does: who names a file means no other one
    named = os.environ.get("SSL_CERT_FILE")
    if file := Path(named) if named else next(filter(Path.is_file, map(Path, SYSTEM_BUNDLES)), None):
        for certificate in programmes.bundle(file):
            yield Root(certificate, "system")


@cache
def _mozillas() -> tuple[Parsed, ...]:
    return programmes.bundle(Path(certifi.where()))


def _loaded(path: Path) -> Iterable[Parsed]:
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)
            if not files:
                raise BadTrust(f"{path}: no file in this folder ends in {', '.join(sorted(_SUFFIXES))}")
        else:
            files = [path]
        for file in files:
            yield from _certificates(file.read_bytes(), str(file))
    except OSError as fault:
        raise BadTrust(f"{path}: {fault.strerror or 'cannot be read'}") from None


def _certificates(data: bytes, where: str) -> tuple[Parsed, ...]:
    try:
        refuse_private_key(data)
        return read_all(data)
    except Unreadable as refusal:
        reasons = {
            "private_key_uploaded": "a private key is in it; only certificates belong there",
            "not_a_certificate": f"no certificate is in it ({refusal.detail.get('kind')})",
        }
        raise BadTrust(f"{where}: {reasons.get(refusal.code, 'a certificate in it is broken')}") from None
