"""Made-up months of a helpdesk, to look at a report of them: `python -m tests.made_outcomes DATABASE`.

The same seed and moment make the same data.
"""

import argparse
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, insert

from bot import store
from bot.conversation import Conversation, Ended, Handed, Recognised
from bot.outcome import Outcome, Tried
from bot.pool import connect_to
from bot.replies import NoteUnmatched
from bot.store import Stored
from bot.tables import incident_members, incidents, outcomes, watches
from knowledge.book import Book
from knowledge.load import load

# How often each error comes, and how often its first remedy helps.
ROWS: tuple[tuple[str | None, int, float], ...] = (
    ("no_certificate", 30, 0.62),
    ("expired_or_revoked", 26, 0.7),
    ("name_mismatch", 14, 0.4),
    ("untrusted_chain", 12, 0.35),
    ("recipient_certificate", 8, 0.55),
    ("decrypt_failed", 5, 0.2),
    ("revocation_offline", 3, 0.5),
    (None, 4, 0.0),
)
BY: Sequence[Recognised] = ("text", "text", "text", "picture", "button", "file", "example")
NEVER = "import_pfx"
"""It never helps."""

REASONS = ("no_menu", "greyed_out", "no_permission", "not_at_pc", "other")
TEXTS = (
    ("Outlook が起動しません", "none", 7),
    ("共有メールボックスから送ると「代理送信の権限がない」と出ます", "none", 5),
    ("メールが送れません。助けてください", "vague", 4),
    ("Teams の会議に入れない", "none", 3),
    ("The calendar does not synchronise with my phone", "none", 2),
    ("添付ファイルが大きすぎると言われる", "none", 2),
    ("証明書のなにかが変です", "vague", 2),
    ("<script>alert(1)</script> & <b>太字</b> が届いた", "none", 1),
    ("パスワードを何度も聞かれる", "none", 1),
)
CURES = (
    "IC カードのドライバーを入れ直しました",
    "古いプロファイルを消して作り直した",
    "グループポリシーを直しました",
)


def made(now: datetime, weeks: int = 10, seed: int = 8, book: Book | None = None) -> list[Outcome]:
    """The cases of so many weeks until now, in order."""
    chance = random.Random(seed)
    book = book or load()
    found = []
    for week in range(weeks):
        monday = now - timedelta(days=now.weekday(), weeks=weeks - 1 - week)
        tables = "5d0c81b2a9e4" if week < weeks // 2 else book.version
        for _ in range(chance.randint(7, 16) + week // 2):
            began = monday.replace(hour=0, minute=0) + timedelta(
                days=chance.randint(0, 4), minutes=chance.randint(0, 540)
            )
            if began < now - timedelta(hours=2):
                found.append(_one(chance, book, began, tables, now))
    return sorted((one for one in found if one.ended <= now), key=lambda one: one.ended)


def _one(chance: random.Random, book: Book, began: datetime, tables: str, now: datetime) -> Outcome:
    row, _, helps = chance.choices(ROWS, [weight for _, weight, _ in ROWS])[0]
    offers = list(dict.fromkeys(case.do for case in book.errors[row].case)) if row else []
    offers = [one for one in offers if book.remedies[one].who == "user"] or offers
    shown = (
        tuple(dict.fromkeys(chance.choices(offers[:4], [8, 4, 2, 1][: len(offers[:4])], k=2)))
        if offers
        else ()
    )
    tried, remedy, how, handed, taken = [], None, "alone", None, None
    minutes = chance.lognormvariate(2.6, 0.7)
    for number, one in enumerate(shown):
        luck = chance.random()
        if luck < helps and one != NEVER:
            remedy, how = one, "remedy"
            tried.append(Tried(remedy=one, outcome="solved"))
            shown = shown[: number + 1]
            break
        if luck < helps + 0.15:
            tried.append(Tried(remedy=one, outcome="could_not", reason=chance.choice(REASONS)))
        elif luck < helps + 0.3 and (own := book.remedies[one].outcome):
            tried.append(Tried(remedy=one, outcome=next(iter(own))))
        elif luck < 0.95:
            tried.append(Tried(remedy=one, outcome="not_solved"))
    if how == "alone":
        luck = chance.random()
        if luck < 0.62:
            handed = began + timedelta(minutes=minutes)
            taken = handed + timedelta(minutes=chance.lognormvariate(3, 0.9))
            minutes += (taken - handed) / timedelta(minutes=1) + chance.lognormvariate(4, 0.8)
            how = "alone" if luck < 0.08 else "desk"
            if how == "desk":
                remedy = chance.choice([*(one for one in offers[:5] if one != NEVER), None, "restore_key"])
        elif luck < 0.72 and row in ("untrusted_chain", "name_mismatch"):
            handed, how, minutes = began + timedelta(minutes=minutes), "incident", 210.0
        elif luck < 0.9:
            how, minutes = "unknown", 48 * 60.0
    rated = chance.random()
    ended = began + timedelta(minutes=minutes)
    return Outcome(
        conversation=None,
        trouble=1,
        round=1,
        row=row,
        language="en" if chance.random() < 0.2 else "ja",
        private=chance.random() < 0.8,
        began=began,
        ended=ended,
        how=how,
        remedy=remedy,
        questions=chance.choices([0, 1, 2, 3], [2, 5, 3, 1])[0],
        turns=chance.randint(2, 9),
        handed=handed,
        taken=taken,
        urgent=chance.random() < 0.3,
        recognised_by=chance.choice(BY) if row else None,
        shown=shown,
        tried=tuple(tried),
        tables=tables,
        feedback=("good" if how in ("remedy", "desk") or rated < 0.1 else "bad") if rated < 0.45 else None,
        file_feedback="good" if rated > 0.9 else None,
    )


def put(connection: Connection, now: datetime, book: Book, weeks: int = 10) -> None:
    """Into the database, with texts, incidents, certificates and cures in words."""
    for number, one in enumerate(made(now, weeks, book=book)):
        row = one.model_dump() | one.model_dump(include={"shown", "tried"}, mode="json")
        connection.execute(insert(outcomes), row | {"trouble": number + 1})
    for text, decision, count in TEXTS:
        for again in range(count):
            note = NoteUnmatched(redacted=text, language="ja", decision=decision)  # type: ignore[arg-type]
            store.note_unmatched(connection, [note], now - timedelta(days=1 + 2 * again, hours=again))
    for number, words in enumerate(CURES, 9001):
        store.save(
            connection, Stored(_closed(number, words, now - timedelta(days=number - 9000)), "T0", "D0")
        )
    _incidents(connection, now)
    for number, days in enumerate((5, 12, 28, 33, 47, 61, 75, 200)):
        values = {
            "team": "T0",
            "person": f"U0MADE{number % 5:04}",
            "fingerprint": f"{number:064x}",
            "purpose": "email",
            "not_after": now + timedelta(days=days, hours=1),
            "names": [],
            "state": "watching",
        }
        connection.execute(insert(watches), values)


def _closed(number: int, words: str, at: datetime) -> Conversation:
    return Conversation(
        number=number,
        person="U0MADE0001",
        language="ja",
        phase="solved",
        row="no_certificate",
        began=at,
        touched=at,
        handed=Handed(since=at),
        ended=Ended(how="desk", at=at, words=words, by="U0DESK0001"),
    )


def _incidents(connection: Connection, now: datetime) -> None:
    for days, server, row, hours in (
        (3, "mail.example.co.jp", "untrusted_chain", 3.4),
        (17, None, "name_mismatch", None),
    ):
        began = now - timedelta(days=days)
        values = {
            "team": "T0",
            "row": row,
            "server": server,
            "began": began,
            "touched": began,
            "closed": began + timedelta(hours=hours) if hours else None,
        }
        number = connection.execute(insert(incidents).values(values).returning(incidents.c.id)).scalar_one()
        for person in range(9001, 9004):
            part = {"incident": number, "conversation": person, "trouble": 1, "person": f"U{person}"}
            connection.execute(insert(incident_members), part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", help="the address of a database with our tables")
    parser.add_argument("--weeks", type=int, default=10)
    given = parser.parse_args()
    engine = connect_to(given.database)
    with engine.begin() as connection:
        put(connection, datetime.now(UTC), load(), given.weeks)
    engine.dispose()


if __name__ == "__main__":
    main()
