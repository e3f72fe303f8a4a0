"""What is come back to when its time has come: kept as rows, so that no restart forgets it.

Nothing waits in the engine's queue until then: a job that waits would hold up every later one with its lock.
When a row is due, an event takes its turn in its person's order, like everything else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate.exceptions import ConnectorException
from sqlalchemy import Connection, Engine, Row, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot import lock_order
from bot.accepted import Overdue
from bot.tables import conversations, later

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds
AT_ONCE = 200

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


async def keep_looking(tick: Callable[[], Awaitable[int]], stop: asyncio.Event, every: float) -> None:
    """Until `stop`, looks what is due every so many seconds; at once, where there was more than one look
    takes."""
    while not stop.is_set():
        try:
            more = await tick() == AT_ONCE
        except (SQLAlchemyError, ConnectorException, TimeoutError) as error:
            more = False
            logger.warning("what is due could not be looked for: %s", error)
        if more:
            continue
        try:
            async with asyncio.timeout(every):
                await stop.wait()
        except TimeoutError:
            pass


@dataclass(frozen=True)
class Other:
    """What is due at times that stand elsewhere: how it is looked for, and that it was given to be worked.

    Its events have no `row`, and belong to no person.
    """

    due: Callable[[Connection, datetime], Sequence[Overdue]]
    given: Callable[[Connection, Overdue], None]


class Later:
    """Looks what is due, and gives it to `accept`. What was given twice, after a crash, has the same id."""

    def __init__(
        self,
        engine: Engine,
        accept: Accept,
        clock: Callable[[], datetime],
        others: Sequence["Other"] = (),
    ) -> None:
        self._engine = engine
        self._others = [other.due for other in others]
        self._forget = [other.given for other in others]
        self._accept = accept
        self._clock = clock

    async def tick(self) -> int:
        """Once; gives how many were due."""
        now = self._clock()
        due = await asyncio.to_thread(self._due, now)
        for event in due:
            await self._accept(event)
        if due:
            await asyncio.to_thread(self._given, due)
        return len(due)

    async def keep(self, stop: asyncio.Event, every: float = LOOK_EVERY) -> None:
        """Until `stop`, every so many seconds."""
        await keep_looking(self.tick, stop, every)

    def _due(self, now: datetime) -> list[Overdue]:
        with self._engine.connect() as connection:
            rows = connection.execute(DUE.where(later.c.due <= now)).all()
            found = [due for look in self._others for due in look(connection, now)]
        return [*(_of_conversation(row, now) for row in rows), *found]

    def _given(self, events: Sequence[Overdue]) -> None:
        """What was put off meanwhile stays. Each kind has a transaction of its own: none keeps rows of one
        table while it waits for those of another (bot.lock_order)."""
        given = [(event.row, event.due) for event in events if event.row]
        if given:
            with self._engine.begin() as connection:
                lock_order.hold(connection, {event.conversation for event in events if event.row})
                connection.execute(delete(later).where(tuple_(later.c.id, later.c.due).in_(given)))
        for event in events:
            if not event.row:
                for forget in self._forget:
                    with self._engine.begin() as connection:
                        forget(connection, event)


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
