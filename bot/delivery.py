"""What comes of an event is done in order: said in Slack, or a file looked at, which may give more."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import audit, store, todo, watch_turns
from bot.calls import NotNow
from bot.events import FilesInspected
from bot.inspecting import Inspecting
from bot.looked import Looked
from bot.outbox import Outbox
from bot.todo import Undone
from bot.turns import Turns, lead_of


class Delivery:
    """Does what waits, one after another; each is marked once it is done."""

    def __init__(
        self,
        engine: Engine,
        outbox: Outbox,
        inspecting: Inspecting,
        turns: Turns,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._inspecting = inspecting
        self._turns = turns
        self._clock = clock

    async def deliver(self, waiting: list[Undone]) -> None:
        """Does all of it, in order. Raises NotNow if Slack has to be waited for."""
        while waiting:
            first, *rest = waiting
            try:
                if first.item.kind == "check":
                    waiting = await self._check(first)
                else:
                    await self._outbox.send(first)
                    waiting = rest
            except NotNow as later:
                in_doubt = later.in_doubt or first.in_doubt  # a look that had to wait answers nothing
                unsent = [item.id for item in (rest if in_doubt else waiting)]
                with contextlib.suppress(SQLAlchemyError):  # then they are looked for before they are sent
                    await asyncio.to_thread(self._leave_word, unsent)
                raise

    def _leave_word(self, unsent: list[int]) -> None:
        with self._engine.begin() as connection:
            todo.not_sent(connection, unsent)

    async def _check(self, undone: Undone) -> list[Undone]:
        """Fetches and inspects the files of an item, and goes on with what they tell."""
        told = await self._inspecting.inspect(undone.item.body, self._clock())
        return await asyncio.to_thread(self._inspected, undone, told)

    def _inspected(self, undone: Undone, told: tuple[Looked, ...]) -> list[Undone]:
        item, now = undone.item, self._clock()
        with audit.transaction(self._engine, "files", now.timestamp()) as connection:
            stored = store.load(connection, item.conversation or 0)
            if store.claim(connection, f"{item.event}:inspected:{undone.id}", now) and stored:
                ids = tuple(file["id"] for file in item.body["files"])
                renews = watch_turns.renews(connection, stored, told)
                happened = FilesInspected(told, item.slot or "", now, ids, renews)
                place = todo.place_of(connection, item)
                self._turns.step(connection, stored, happened, item.event, place, lead=lead_of(item))
                number = stored.conversation.number
                watch_turns.checked(self._turns, connection, number, happened, item.event, place)
            todo.done(connection, undone.id, now)
            return todo.undone(connection, item.event, now)
