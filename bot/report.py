"""`python -m bot report`: gathers what the report is made of, and writes it."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH

from bot import kept_outcomes, store, watches
from bot.database import Database
from bot.outcome import troubles_of
from bot.pool import connect_to
from bot.report_figures import figures, offers_of
from bot.report_found import MOST_TEXTS, Found, Incident, OwnWords, Text, Texts
from bot.report_json import as_json
from bot.report_page import page
from bot.report_period import BadReport, Period, period
from bot.report_words import Wording
from bot.running import company_book
from bot.settings import Settings
from bot.tables import conversations, incident_members, incidents
from knowledge.book import Book
from knowledge.redact import redacted
from knowledge.rows import Language
from knowledge.unmatched import grouped, read_unmatched

STANDARD_OUTPUT = "-"
FIRST_ZONE = ZoneInfo("Etc/GMT-14")
"""Where each day begins first: no company's today is later than the one there."""


@dataclass(frozen=True)
class Asked:
    """What was asked for: the words of the command line, read."""

    since: str
    until: str | None
    language: Language
    as_json: bool
    with_texts: bool


def report(connection: Connection, book: Book, asked: Asked, now: datetime, retention_days: int) -> str:
    """The whole report. Raises BadReport."""
    zone = book.company.working_hours.zone
    span = period(asked.since, asked.until, now, zone)
    found = gather(connection, book, span, now, retention_days, with_texts=asked.with_texts)
    if asked.as_json:
        return json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n"
    return page(found, Wording(book, asked.language, zone))


def write(told: str, out: str) -> None:
    """Into this file, or to standard output. Raises BadReport."""
    if out == STANDARD_OUTPUT:
        sys.stdout.buffer.write(told.encode())
        sys.stdout.flush()
        return
    try:
        Path(out).write_text(told, encoding="utf-8")
        print(f"書きました / written: {out}")
    except OSError as error:
        raise BadReport(
            f"{out} に書けません。フォルダーがあるか、書き込めるかを確かめてください。\n"
            f"{out} cannot be written ({error.strerror}). Is the folder there, and may it be written to?"
        ) from None


def require_readable(given: argparse.Namespace) -> None:
    """What was typed can be understood, in whatever zone the days are. Raises BadReport."""
    period(given.since, given.until, datetime.now(UTC), FIRST_ZONE)
    _out(given)


def _out(given: argparse.Namespace) -> str:
    if given.out or given.json:
        return str(given.out or STANDARD_OUTPUT)
    raise BadReport(
        "--out にファイル名を付けてください（例: --out report.html。- は標準出力）。\n"
        "Name a file with --out, for example --out report.html; - is standard output."
    )


def make(settings: Settings, found: Database, given: argparse.Namespace) -> None:
    """Makes what the command line asks for. Raises BadReport."""
    out = _out(given)
    book = company_book(settings)
    asked = Asked(
        since=given.since,
        until=given.until,
        language=given.language or settings.default_language,
        as_json=given.json,
        with_texts=not given.without_texts,
    )
    engine = connect_to(found.address)
    try:
        with engine.connect() as connection:
            write(report(connection, book, asked, datetime.now(UTC), settings.retention_days), out)
    finally:
        engine.dispose()


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--since", required=True, metavar="DAY", help="30d, 12w or a day such as 2026-11-01")
    parser.add_argument("--until", metavar="DAY", help="the last day of it (default: today)")
    parser.add_argument("--out", metavar="FILE", help="the HTML file to write; - is standard output")
    parser.add_argument("--language", choices=("ja", "en"), help="default: DEFAULT_LANGUAGE")
    parser.add_argument("--json", action="store_true", help="the figures as JSON instead of HTML")
    parser.add_argument(
        "--without-texts", action="store_true", help="leave out what people wrote, and names of servers"
    )


def gather(
    connection: Connection, book: Book, span: Period, now: datetime, retention_days: int, *, with_texts: bool
) -> Found:
    """All that is known of a period."""
    return Found(
        figures=figures(
            kept_outcomes.outcomes_since(connection, span.before().begin, span.end), span, offers_of(book)
        ),
        texts=texts_of(connection, book, span, with_texts=with_texts),
        incidents=tuple(_incidents(connection, span, with_texts=with_texts)),
        watched=tuple(watches.everything(connection, None)),
        own_words=tuple(_own_words(connection, span)) if with_texts else (),
        has_texts=with_texts,
        retention_days=retention_days,
        kept_days=kept_outcomes.KEPT_FOR.days,
        tables=book.version,
        made=now,
    )


def texts_of(connection: Connection, book: Book, span: Period, *, with_texts: bool) -> Texts:
    """What fitted no error."""
    every = [
        one
        for one in read_unmatched(store.unmatched_lines(connection))
        if span.holds(datetime.fromisoformat(one.at))
    ]
    groups = grouped(every, book.concepts)
    shown = [
        Text(
            text=group.shown.text,
            count=group.count,
            decision=group.shown.decision,
            last=datetime.fromisoformat(group.shown.at),
            by_now=book.recognise(group.shown.text).row,
        )
        for group in (groups[:MOST_TEXTS] if with_texts else ())
    ]
    return Texts(len(every), len(groups), tuple(shown))


_PEOPLE = func.count(incident_members.c.person.distinct())


def _incidents(connection: Connection, span: Period, *, with_texts: bool) -> Iterator[Incident]:
    part = and_(incident_members.c.incident == incidents.c.id, ~incident_members.c.left)
    asked = (
        select(incidents, _PEOPLE.label("people"))
        .outerjoin(incident_members, part)
        .where(incidents.c.began >= span.begin, incidents.c.began < span.end)
        .group_by(incidents.c.id)
        .order_by(incidents.c.began, incidents.c.id)
    )
    for row in connection.execute(asked):
        yield Incident(
            number=row.id,
            row=row.row,
            server=row.server if with_texts else None,
            began=row.began,
            closed=row.closed,
            people=row.people,
            remedy=row.remedy,
        )


# What the helpdesk wrote in its own words when it closed a case, also an earlier one of the conversation.
_CLOSED_IN_WORDS = '$.** ? (@.how == "desk" && @.words != "")'


def _own_words(connection: Connection, span: Period) -> list[OwnWords]:
    asked = select(conversations.c.state).where(
        conversations.c.touched >= span.begin,
        func.jsonb_path_exists(conversations.c.state, cast(_CLOSED_IN_WORDS, JSONPATH)),
    )
    found = [
        OwnWords(trouble.row, redacted(trouble.ended.words), trouble.ended.at)
        for conversation in store.readable(connection.execute(asked).scalars())
        for trouble in troubles_of(conversation)
        if trouble.ended and trouble.ended.how == "desk" and trouble.ended.words.strip()
    ]
    return sorted((one for one in found if span.holds(one.at)), key=lambda one: (one.at, one.words))
