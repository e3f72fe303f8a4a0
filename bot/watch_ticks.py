"""Looks which reminders of watched certificates are due, and gives each to its person's order."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot import watches
from bot.accepted import Expiring
from bot.ticks import AT_ONCE, Ticks


class WatchTicks(Ticks[Expiring]):
    """Looks what is due of the watches."""

    def due(self, connection: Connection, now: datetime) -> list[Expiring]:
        """The reminders that are due and were given to nobody yet."""
        return [
            Expiring(
                id=f"watch:{watch.id}:{watch.due.timestamp():.6f}",
                team=watch.team,
                person=watch.person,
                at=now,
                watch=watch.id,
                due=watch.due,
            )
            for watch in watches.due(connection, now, AT_ONCE)
            if watch.due
        ]

    def given(self, connection: Connection, events: Sequence[Expiring]) -> None:
        """These are in the queue; what was put off meanwhile stays to be given."""
        watches.given(connection, [(event.watch, event.due) for event in events])
