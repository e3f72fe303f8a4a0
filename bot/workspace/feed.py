"""Tells the pages that are open, and everybody who waits, what has changed."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.workspace.wire import Json

Found = TypeVar("Found")

EVENTS_AT_MOST = 1000


class Feed:
    """One queue per open page; None in a queue ends it."""

    def __init__(self) -> None:
        self._pages: dict[str, set[asyncio.Queue[Json | None]]] = {}
        self._waiting: set[asyncio.Event] = set()

    def subscribe(self, user: str) -> asyncio.Queue[Json | None]:
        """A queue of all that the user is told from now on."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(EVENTS_AT_MOST)
        self._pages.setdefault(user, set()).add(queue)
        return queue

    def unsubscribe(self, user: str, queue: asyncio.Queue[Json | None]) -> bool:
        """Ends the queue; true if it was the user's last one."""
        pages = self._pages.get(user, set())
        pages.discard(queue)
        return not pages

    def tell(self, users: Iterable[str], event: Json) -> None:
        """Hands the event to every page of these users and wakes whoever waits."""
        for user in users:
            for queue in list(self._pages.get(user, ())):
                if (
                    queue.qsize() >= EVENTS_AT_MOST - 1
                ):  # a page that does not read reloads all when it is back
                    self._pages[user].discard(queue)
                    queue.put_nowait(None)
                else:
                    queue.put_nowait(event)
        self.changed()

    def changed(self) -> None:
        """Wakes whoever waits."""
        for event in self._waiting:
            event.set()

    async def wait_for(self, predicate: Callable[[], Found], timeout: float) -> Found:
        """What the predicate gives once that is true; TimeoutError after `timeout` seconds."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await changed.wait()
                    changed.clear()
                return found
        finally:
            self._waiting.discard(changed)

    def close(self) -> None:
        """Ends every page's queue."""
        for pages in self._pages.values():
            for queue in pages:
                while queue.full():
                    queue.get_nowait()
                queue.put_nowait(None)
        self._pages.clear()
