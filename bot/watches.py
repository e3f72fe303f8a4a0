"""What is remembered of certificates that are watched: fingerprint, owner and date, no name and no address.

Of the addresses (of a server: the names) in a certificate only hashes are kept, so that a newer certificate
for the same one is known: HMAC-SHA-256 (RFC 2104), keyed with the certificate's fingerprint. The key makes
the same address another hash with every certificate: rows cannot be compared with each other or with a list
of hashes made beforehand. It is no secret from who reads the row: they can still try out an address that
they think of, and nothing more.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.tables import watches
from bot.watching import Watch
from checks.names import address_key, domain_key
from checks.report import Certificate, Purpose

MOST = 50
"""How many certificates one person can have watched."""


def names(certificate: Certificate, purpose: Purpose) -> list[str]:
    """The certificate's addresses, or a server's names, as they are compared."""
    if purpose == "email":
        return sorted({address_key(address) for address in certificate.addresses})
    return sorted({domain_key(name) for name in certificate.server_names})


def hashed(names: Sequence[str], fingerprint: str) -> list[str]:
    """What is kept of these names, beside this certificate's fingerprint."""
    key = bytes.fromhex(fingerprint.replace(":", ""))
    return sorted(hmac.digest(key, name.encode(), "sha256").hex() for name in names)


def watch(
    connection: Connection,
    team: str,
    person: str,
    certificate: Certificate,
    purpose: Purpose,
    due: datetime | None,
) -> Watch | None:
    """Watches the certificate from now on; None if it was watched or stopped before, or they are too many."""
    if len(of_person(connection, team, person)) >= MOST:
        return None
    row = upsert(watches).values(
        team=team,
        person=person,
        fingerprint=certificate.fingerprint,
        purpose=purpose,
        not_after=certificate.not_after,
        names=hashed(names(certificate, purpose), certificate.fingerprint),
        state="watching",
        due=due,
    )
    made = connection.execute(row.on_conflict_do_nothing().returning(watches)).first()
    return _watch(made) if made else None


def of_certificate(connection: Connection, team: str, person: str, fingerprint: str) -> Watch | None:
    """The person's watch of this certificate, locked."""
    found = select(watches).where(*_of(team, person), watches.c.fingerprint == fingerprint)
    row = connection.execute(found.with_for_update()).first()
    return _watch(row) if row else None


def load(connection: Connection, number: int, team: str, person: str) -> Watch | None:
    """The watch with this number, locked; None if it is not this person's."""
    found = select(watches).where(watches.c.id == number, *_of(team, person)).with_for_update()
    row = connection.execute(found).first()
    return _watch(row) if row else None


def of_person(connection: Connection, team: str, person: str) -> tuple[Watch, ...]:
    """The certificates that a person has watched, or had, but those with a newer one: the next end first."""
    found = select(watches).where(*_of(team, person), watches.c.state != "ended")
    return tuple(map(_watch, connection.execute(found.order_by(watches.c.not_after, watches.c.id))))


def replaced(
    connection: Connection, team: str, person: str, certificate: Certificate, purpose: Purpose
) -> tuple[Watch, ...]:
    """The person's watches of older certificates for one of the same addresses, locked."""
    older = (watches.c.state == "watching", watches.c.not_after < certificate.not_after)
    found = select(watches).where(*_of(team, person), *older, watches.c.purpose == purpose)
    told = names(certificate, purpose)
    rows = connection.execute(found.order_by(watches.c.id).with_for_update())
    return tuple(_watch(row) for row in rows if not set(hashed(told, row.fingerprint)).isdisjoint(row.names))


def change(connection: Connection, number: int, **values: object) -> None:
    """Changes what is known of a watch: its `state`, when it is `due`."""
    connection.execute(update(watches).where(watches.c.id == number).values(**values))


def erase(connection: Connection, number: int) -> None:
    """Nothing more is known of it."""
    connection.execute(delete(watches).where(watches.c.id == number))


def erase_ended(connection: Connection, before: datetime) -> int:
    """Erases what ran out before this moment; gives how many they were."""
    return connection.execute(delete(watches).where(watches.c.not_after < before)).rowcount


def due(connection: Connection, now: datetime, most: int) -> list[Watch]:
    """The reminders that are due and were given to nobody yet."""
    waits = (
        watches.c.state == "watching",
        watches.c.due <= now,
        watches.c.given.is_distinct_from(watches.c.due),
    )
    found = select(watches).where(*waits).order_by(watches.c.due, watches.c.id).limit(most)
    return list(map(_watch, connection.execute(found)))


def given(connection: Connection, reminders: Sequence[tuple[int, datetime]]) -> None:
    """These reminders (number and moment) are in the queue; what was put off meanwhile stays to be given."""
    same = tuple_(watches.c.id, watches.c.due).in_(reminders)
    connection.execute(update(watches).where(same).values(given=watches.c.due))


def everything(connection: Connection, before: datetime | None) -> list[Watch]:
    """All watches of everybody, the next end first; with `before`, those that end earlier."""
    found = select(watches).order_by(watches.c.not_after, watches.c.id)
    return list(
        map(
            _watch, connection.execute(found if before is None else found.where(watches.c.not_after < before))
        )
    )


def _of(team: str, person: str) -> tuple[Any, Any]:
    return watches.c.team == team, watches.c.person == person


def _watch(row: Row[Any]) -> Watch:
    return Watch(
        id=row.id,
        team=row.team,
        person=row.person,
        fingerprint=row.fingerprint,
        purpose=row.purpose,
        not_after=row.not_after,
        due=row.due,
        state=row.state,
    )
