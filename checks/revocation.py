"""Whether a certificate is revoked: by what is kept, by given lists, by its responder, by its lists.

Nothing is asked unless a visit is given, and whatever comes back is held against the issuer's key before a
word of it is believed. What could not be told is told to be so, with the reason.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import Protocol

from checks import crl, distribution, ocsp
from checks.crl import RevocationList, Vouches
from checks.fetch import CRL_AT_MOST, OCSP_AT_MOST, Unfetched
from checks.status import Status, most_telling, untold
from checks.structure import Parsed

__all__ = ["Kept", "Revocation", "Status", "Visit", "Vouches", "kept_as"]


GOOD_AT_MOST = timedelta(hours=24)
"""How long it is kept that a certificate is not revoked: it may be revoked long before nextUpdate."""


class Visit(Protocol):
    """The fetches that one look has; each raises Unfetched."""

    def get(self, url: str, *, at_most: int, accept: str = ...) -> bytes: ...

    def post(self, url: str, body: bytes, *, content_type: str, at_most: int) -> bytes: ...


class Kept(Protocol):
    """Answers that were kept, each until its nextUpdate, good ones at most for `GOOD_AT_MOST`."""

    def get(self, certificate: str, at: datetime) -> Status | None:
        """What is kept of a certificate, by `kept_as`, that still counts at this moment."""

    def put(self, certificate: str, status: Status) -> None:
        """Keeps an answer; it says revoked or not, and until when it counts."""


def kept_as(certificate: Parsed, issuer: Parsed) -> str:
    """Under what an answer is kept: it is about one certificate and by one issuer's key."""
    return f"{certificate.fingerprint}:{sha256(issuer.key).hexdigest()}"


@dataclass(frozen=True)
class _Look:
    """A certificate that is asked about, and by whom its lists may be signed."""

    certificate: Parsed
    issuer: Parsed
    signers: Sequence[Parsed]
    vouched: Vouches
    at: datetime

    def judge(self, lists: Iterable[RevocationList]) -> Status:
        return crl.judge(lists, self.certificate, self.issuer, self.signers, self.vouched, self.at)


class Revocation:
    """What one look into revocation may use, and what it has learnt: nothing is asked twice.

    `lists` are revocation lists that are given as files, DER or PEM; without a visit nobody is asked.
    """

    def __init__(
        self, *, lists: Sequence[bytes] = (), visit: Visit | None = None, kept: Kept | None = None
    ) -> None:
        self._given = lists
        self._visit = visit
        self._kept = kept
        self._read: tuple[list[RevocationList], bool] | None = None
        self._fetched: dict[str, tuple[RevocationList, ...] | str] = {}
        self._told: dict[tuple[str, datetime], Status | None] = {}

    def status(
        self,
        certificate: Parsed,
        issuer: Parsed,
        signers: Sequence[Parsed],
        vouched: Vouches,
        at: datetime,
    ) -> Status:
        """Whether a certificate is revoked, by the issuer that signed it; never raises for what it meets.

        `signers` are all certificates that may have signed a list, `vouched` says which of them is trusted.
        It may call back: lists whose signers vouch for each other in a circle prove nothing.
        """
        key = kept_as(certificate, issuer)
        if (key, at) not in self._told:
            self._told[key, at] = None
            self._told[key, at] = self._status(key, _Look(certificate, issuer, signers, vouched, at))
        return self._told[key, at] or untold("not_signed", "crl")

    def _status(self, key: str, look: _Look) -> Status:
        kept = self._kept.get(key, look.at) if self._kept is not None else None
        if kept and _counts(kept, look.at):
            return kept
        given = self._by_given_lists(look)
        if self._visit is None or (given and given.revoked is not None):
            return given or untold("off")
        told = list(self._asked(self._visit, look))
        if told and told[-1].revoked is not None:
            if self._kept is not None and _counts(told[-1], look.at):
                self._kept.put(key, _for_a_while(told[-1], look.at))
            return told[-1]
        if told:
            reason = most_telling(status.reason for status in told)
            return next(status for status in told if status.reason == reason)
        return given or untold("no_address")

    def _by_given_lists(self, look: _Look) -> Status | None:
        """What the lists given as files tell; None where there are none."""
        if not self._given:
            return None
        if self._read is None:
            self._read = _readable(self._given)
        lists, all_read = self._read
        status = look.judge(lists)
        return status if all_read or status.reason != "not_covered" else untold("unsupported", "crl")

    def _asked(self, visit: Visit, look: _Look) -> Iterator[Status]:
        """What its responders and then its lists tell, up to the first that tells whether it is revoked."""
        for status in chain(self._by_responders(visit, look), self._by_fetched_lists(visit, look)):
            yield status
            if status.revoked is not None:
                return

    def _by_responders(self, visit: Visit, look: _Look) -> Iterator[Status]:
        try:
            addresses = ocsp.addresses(look.certificate)
            question = ocsp.question(look.certificate, look.issuer) if addresses else b""
        except ValueError:
            return
        for url in addresses:
            try:
                answer = visit.post(url, question, content_type=ocsp.REQUEST_TYPE, at_most=OCSP_AT_MOST)
            except Unfetched as fault:
                yield untold(_unfetched(fault), "ocsp")
                continue
            yield ocsp.judge(answer, look.certificate, look.issuer, look.at)

    def _by_fetched_lists(self, visit: Visit, look: _Look) -> Iterator[Status]:
        """What the lists at its distribution points tell, judged after each with those that are there."""
        try:
            points = [point for point in distribution.points(look.certificate) if point.urls]
        except ValueError:
            return
        lists = list(self._read[0]) if self._read else []
        for point in points:
            for url in point.urls:
                fetched = self._list_at(visit, url)
                if isinstance(fetched, str):
                    yield untold(fetched, "crl")
                    continue
                lists += fetched
                yield look.judge(lists)
                break

    def _list_at(self, visit: Visit, url: str) -> tuple[RevocationList, ...] | str:
        """The lists at an address, fetched once; or why there are none."""
        if url not in self._fetched:
            try:
                self._fetched[url] = crl.read(visit.get(url, at_most=CRL_AT_MOST))
            except Unfetched as fault:
                self._fetched[url] = _unfetched(fault)
            except ValueError:
                self._fetched[url] = "unsupported"
        return self._fetched[url]


def _counts(status: Status, at: datetime) -> bool:
    return status.revoked is not None and status.until is not None and at <= status.until


def _for_a_while(status: Status, at: datetime) -> Status:
    """An answer as it is kept: that it is not revoked no longer than a day, whatever nextUpdate says."""
    if status.revoked or status.until is None or status.until - at <= GOOD_AT_MOST:
        return status
    return replace(status, until=at + GOOD_AT_MOST)


def _readable(files: Iterable[bytes]) -> tuple[list[RevocationList], bool]:
    """The lists in files, and whether every file could be read."""
    found: list[RevocationList] = []
    all_read = True
    for data in files:
        try:
            found += crl.read(data)
        except ValueError:
            all_read = False
    return found, all_read


def _unfetched(fault: Unfetched) -> str:
    return "forbidden" if fault.reason == "forbidden" else "unreachable"
