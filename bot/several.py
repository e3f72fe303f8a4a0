"""Several files in one conversation: which certificate it is about, so that one does not undo the other.

Pure: reports go in.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.conversation import Conversation
from bot.evidence import fits
from bot.looked import Inspected, NotFetched
from checks.names import address_key, domain_key
from checks.report import Report
from knowledge.book import Book

_NEVER = datetime.min.replace(tzinfo=UTC)


def foremost(
    conversation: Conversation, book: Book, files: Sequence[Inspected | NotFetched]
) -> Inspected | None:
    """Of the files in one message the one to speak about: readable, of the kind that is asked for, no
    authority's, nobody else's, with the Slack profile's address, and of those the one valid longest."""

    def rank(file: Inspected) -> tuple[bool, bool, bool, bool, bool, datetime]:
        report = file.report
        return (
            report.verdict != "refused",
            fits(conversation, book, report),
            not _is_authoritys(report),
            not _is_anothers(report),
            _is_of(conversation.profile, report),
            report.certificate.not_after if report.certificate else _NEVER,
        )

    return max((file for file in files if isinstance(file, Inspected)), key=rank, default=None)


def stays(before: Report | None, report: Report) -> bool:
    """Whether the certificate seen before stays the one that the conversation is about."""
    if before is None or before.certificate is None or report.certificate is None:
        return False
    if before.certificate.fingerprint == report.certificate.fingerprint:
        return False
    for is_worse in (_is_authoritys, _is_anothers):
        if is_worse(report) != is_worse(before):
            return is_worse(report)
    return _of_one_holder(before, report) and report.certificate.not_after < before.certificate.not_after


def replaced(before: Report | None, report: Report) -> bool:
    """Whether of the two the older has run out and the newer can be used: the new one is there already."""
    if before is None or before.certificate is None or report.certificate is None:
        return False
    older, newer = sorted((before, report), key=_until)
    return (
        _of_one_holder(before, report)
        and bool(older.holds("expired"))
        and newer.verdict in ("usable", "limited")
    )


def _until(report: Report) -> datetime:
    return report.certificate.not_after if report.certificate else _NEVER


def _is_authoritys(report: Report) -> bool:
    return bool(report.holds("is_ca"))


def _is_anothers(report: Report) -> bool:
    return bool(report.holds("address_mismatch") or report.holds("server_name_mismatch"))


def _is_of(profile: str | None, report: Report) -> bool:
    return bool(profile) and address_key(profile or "") in _holders(report)


def _of_one_holder(one: Report, other: Report) -> bool:
    return one.purpose == other.purpose and bool(_holders(one) & _holders(other))


def _holders(report: Report) -> set[str]:
    certificate = report.certificate
    if certificate is None:
        return set()
    if report.purpose == "server":
        return set(map(domain_key, certificate.server_names))
    return set(map(address_key, certificate.addresses))
