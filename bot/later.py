"""What is come back to when its time has come: kept as rows, so that no restart forgets it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from bot import lock_order
from bot.accepted import Overdue
from bot.tables import conversations, later
from bot.ticks import AT_ONCE, Ticks

DUE = (
    select(later, conversations.c.team, conversations.c.person, conversations.c.channel)
    .join(conversations, conversations.c.number == later.c.conversation)
    .order_by(later.c.due, later.c.id)
    .limit(AT_ONCE)
)

Accept = Callable[[Overdue], Awaitable[object]]


def remember(
    connection: Connection,
    conversation: int,
    what: str,
    name: str,
    due: datetime,
    body: dict[str, Any] | None = None,
) -> None:
    """Comes back to it when it is due; what was to be come back to under the same name is forgotten."""
    row = upsert(later).values(conversation=conversation, what=what, name=name, due=due, body=body)
    changed = {"due": row.excluded.due, "body": row.excluded.body}
    connection.execute(
        row.on_conflict_do_update(index_elements=["conversation", "what", "name"], set_=changed)
    )


@dataclass(frozen=True)
class Other:
    """What is due at times that stand elsewhere: how it is looked for, and that it was given to be worked.

    Its events have no `row`, and belong to no person.
    """

    due: Callable[[Connection, datetime], Sequence[Overdue]]
    given: Callable[[Connection, Overdue], None]


class Later(Ticks[Overdue]):
    """Looks what is due, in the conversations and of the `others`."""

    def __init__(
        self,
        engine: Engine,
        accept: Accept,
        clock: Callable[[], datetime],
        others: Sequence[Other] = (),
    ) -> None:
        super().__init__(engine, accept, clock)
        self._others = others

    def due(self, connection: Connection, now: datetime) -> list[Overdue]:
        """What is due now; of the conversations at most AT_ONCE."""
        rows = connection.execute(DUE.where(later.c.due <= now)).all()
        found = [due for other in self._others for due in other.due(connection, now)]
        return [*(_of_conversation(row, now) for row in rows), *found]

    def given(self, connection: Connection, events: Sequence[Overdue]) -> None:
        """These are in the queue; what was put off meanwhile stays."""
        given = [(event.row, event.due) for event in events if event.row]
        if given:
            lock_order.hold(connection, {event.conversation for event in events if event.row})
            connection.execute(delete(later).where(tuple_(later.c.id, later.c.due).in_(given)))
        for event in events:
            if not event.row:
                for other in self._others:
                    other.given(connection, event)

    def _give(self, events: Sequence[Overdue]) -> None:
        """Each kind in a transaction of its own: none keeps rows of one table while it waits for those of
        another (bot.lock_order)."""
        of_conversations = [event for event in events if event.row]
        for together in (of_conversations, *([event] for event in events if not event.row)):
            if together:
                super()._give(together)


def _of_conversation(row: Row[Any], now: datetime) -> Overdue:
    return Overdue(
        id=f"due:{row.id}:{row.due.timestamp():.6f}",
        team=row.team,
        person=row.person,
        channel=row.channel,
        at=now,
        row=row.id,
        due=row.due,
        conversation=row.conversation,
        what=row.what,
        name=row.name,
        body=row.body or {},
    )
