"""What one look may ask beyond the file: revocation lists at hand, and the network where that is allowed."""

import re
from dataclasses import dataclass
from functools import cached_property

from checks.fetch import CERTIFICATE_AT_MOST, Fetcher, Unfetched, Visit
from checks.read import Unreadable, read
from checks.revocation import Kept, Revocation
from checks.structure import Parsed


def host_and_port(text: str) -> tuple[str, int | None]:
    """`host` or `host:port`, taken apart; an IPv6 address stands in brackets. Raises ValueError."""
    found = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?|([^:\s\[\]]+)(?::(\d{1,5}))?", text)
    port = found[2] or found[4] if found else None
    if found is None or (port and not 0 < int(port) < 65536):
        raise ValueError("not a host, or host:port")
    return found[1] or found[3], int(port) if port else None


@dataclass(frozen=True)
class Asking:
    """What an installation allows; without a fetcher nothing leaves the machine."""

    fetcher: Fetcher | None = None
    revocation: bool = False
    """Whether responders and lists are asked for the certificates' status."""
    issuers: bool = False
    """Whether a missing issuer is fetched from where the certificate says that it is."""
    lists: tuple[bytes, ...] = ()
    """Revocation lists at hand: DER or PEM, one in each."""
    kept: Kept | None = None
    """Where statuses are kept until they are out of date."""

    def begin(self) -> "Questions":
        """What may be asked for one file: its few fetches are counted together."""
        return Questions(self, self.fetcher.visit() if self.fetcher else None)


@dataclass(frozen=True)
class Questions:
    """What may still be asked for one file."""

    allowed: Asking
    visit: Visit | None

    @cached_property
    def revocation(self) -> Revocation | None:
        """The way to a certificate's status; None when nobody may be asked and no list is at hand."""
        visit = self.visit if self.allowed.revocation else None
        if visit is None and not self.allowed.lists:
            return None
        return Revocation(lists=self.allowed.lists, visit=visit, kept=self.allowed.kept)

    def issuers(self, url: str) -> tuple[Parsed, ...]:
        """The certificates at an address (RFC 5280 4.2.2.1); none when they may not or cannot be had."""
        if self.visit is None or not self.allowed.issuers:
            return ()
        try:
            return read(self.visit.get(url, at_most=CERTIFICATE_AT_MOST))
        except (Unfetched, Unreadable):
            return ()
