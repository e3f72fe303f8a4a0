"""Whom we trust: the roots and the known issuers that an installation names in files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from checks.read import Unreadable, read_all, refuse_private_key
from checks.structure import Parsed

_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"})


class BadTrust(Exception):
    """A file of roots or issuers cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Root:
    """A certificate at which trust begins; only its name and key count (RFC 5280 6.1.1 d)."""

    certificate: Parsed
    source: str
    """By which list it is trusted: "company" for the installation's own files."""


@dataclass(frozen=True)
class Trust:
    """The roots that are trusted, and issuers that are known but prove nothing by themselves."""

    roots: tuple[Root, ...] = ()
    issuers: tuple[Parsed, ...] = ()

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
    def load(cls, roots: Iterable[Path] = (), chain: Iterable[Path] = ()) -> "Trust":
        """Trust from files and folders, as TRUST_ROOTS and TRUST_CHAIN name them. Raises BadTrust."""
        return cls(
            tuple(Root(certificate, "company") for path in roots for certificate in _loaded(path)),
            tuple(certificate for path in chain for certificate in _loaded(path)),
        )

    @cached_property
    def issuers_by_name(self) -> Mapping[bytes, list[Parsed]]:
        """The known issuers and the roots' certificates, by their encoded name, roots first."""
        named: defaultdict[bytes, list[Parsed]] = defaultdict(list)
        for certificate in (*(root.certificate for root in self.roots), *self.issuers):
            named[certificate.subject].append(certificate)
        return dict(named)

    @cached_property
    def _roots_by_identity(self) -> Mapping[tuple[bytes, bytes], Root]:
        return {root.certificate.identity: root for root in reversed(self.roots)}

    def root_of(self, certificate: Parsed) -> Root | None:
        """The root with this certificate's name and key; a root that was issued anew stays the same one."""
        return self._roots_by_identity.get(certificate.identity)


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
