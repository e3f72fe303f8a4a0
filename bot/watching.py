"""Certificates that are watched until they run out: which, and when people are told. PURE."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.conversation import Conversation
from bot.evidence import OWNER
from bot.knowing import value, whose
from bot.talk import local
from checks.report import Certificate, Purpose
from knowledge.book import Book
from knowledge.hours import Hours

DAYS_BEFORE = (30, 7, 1)
"""How many days before the last day of a certificate its owner is reminded."""

LEAST_LEFT = timedelta(days=2)
"""What ends sooner is not worth watching: whoever asks for it knows it already."""

MOST_LEFT = timedelta(days=100 * 365)
"""What ends later has no end at all (99991231235959Z: RFC 5280 4.1.2.5), and no calendar goes beyond it."""

KEPT_AFTER = timedelta(days=7)
"""How long after a certificate's end it is still known that it was watched."""

LAST_CALL = 60
"""Minutes that the helpdesk is still there after a reminder whose own day is no working day."""

State = Literal["watching", "stopped", "ended"]


@dataclass(frozen=True)
class Watch:
    """A certificate that somebody (a Slack user id) wants to be reminded of.

    `fingerprint` is SHA-256, hexadecimal. `due` is when the next reminder is said, None if there is none
    left; `ended`: a newer certificate has taken its place.
    """

    id: int
    team: str
    person: str
    fingerprint: str
    purpose: Purpose
    not_after: datetime
    due: datetime | None
    state: State


def watchable(conversation: Conversation, book: Book, at: datetime) -> Certificate | None:
    """The certificate that was checked last, if it is worth watching: the person's own or a server's, good
    for something, not revoked, and with days to live."""
    report = conversation.report
    certificate = report.certificate if report else None
    if report is None or certificate is None or report.verdict not in ("usable", "limited"):
        return None
    if (
        value(conversation, book, "usable") == "no"
        or value(conversation, book, "server_name_mismatch") == "yes"
    ):
        return None  # held against a name that was told later
    owner = whose(conversation, book) or (OWNER[report.purpose] if report.purpose else None)
    if report.purpose is None or owner != OWNER[report.purpose] or report.holds("revoked"):
        return None
    return certificate if LEAST_LEFT <= certificate.not_after - at <= MOST_LEFT else None


def next_reminder(not_after: datetime, after: datetime, hours: Hours) -> datetime | None:
    """The first of the reminders that is said later than `after`; None if none is left.

    Each is said in working hours, not earlier than its day; where that were too late, in the last hour
    before the end in which the helpdesk is there. The last one comes before the day of the end, also where
    nobody is there on the day between; for who asks for it after that, on the day itself.
    """
    *sooner, last = (_in_hours(not_after - timedelta(days=days), not_after, hours) for days in DAYS_BEFORE)
    if last.astimezone(hours.zone).date() == not_after.astimezone(hours.zone).date():
        ahead = hours.before(not_after - timedelta(days=DAYS_BEFORE[-1]), LAST_CALL)
        last = ahead if after < ahead + timedelta(minutes=LAST_CALL) else last
    return min((moment for moment in (*sooner, last) if moment > after), default=None)


def snoozed(not_after: datetime, now: datetime, days: int, hours: Hours) -> datetime | None:
    """When people are reminded who want to hear of it `days` later; None if that cannot be before the end."""
    moment = _in_hours(now + timedelta(days=days), not_after, hours)
    return moment if now < moment < not_after else None


def days_left(not_after: datetime, now: datetime, time_zone: str) -> int:
    """How many days there still are, by the calendar of this zone: 0 is today, less than 0 is over."""
    if not_after <= now:
        return min((local(not_after, time_zone).date() - local(now, time_zone).date()).days, -1)
    return (local(not_after, time_zone).date() - local(now, time_zone).date()).days


def _in_hours(wanted: datetime, not_after: datetime, hours: Hours) -> datetime:
    moment = hours.after(wanted, 0)
    return moment if moment < not_after else hours.before(not_after, LAST_CALL)
