"""The revocation status of certificates, kept in the database until it is out of date."""

import logging
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot.tables import statuses
from checks.revocation import Status

logger = logging.getLogger(__name__)


class Statuses:
    """What responders and lists said, for all processes of this installation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, certificate: str, at: datetime) -> Status | None:
        """What was said and still counts at this moment."""
        found = select(statuses).where(statuses.c.certificate == certificate, statuses.c.until > at)
        try:
            with self._engine.connect() as connection:
                row = connection.execute(found).first()
        except SQLAlchemyError as error:  # then it is asked for anew
            logger.warning("a kept status could not be read: %s", error)
            return None
        if row is None:
            return None
        return Status(row.revoked, row.reason, at=row.revoked_at, until=row.until, source=row.source)

    def put(self, certificate: str, status: Status) -> None:
        """Keeps what was said."""
        said = {
            "revoked": status.revoked,
            "reason": status.reason,
            "revoked_at": status.at,
            "until": status.until,
            "source": status.source,
        }
        row = upsert(statuses).values(certificate=certificate, **said)
        try:
            with self._engine.begin() as connection:
                connection.execute(row.on_conflict_do_update(index_elements=["certificate"], set_=said))
        except SQLAlchemyError as error:
            logger.warning("a status could not be kept: %s", error)
