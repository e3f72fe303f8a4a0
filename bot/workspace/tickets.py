"""Files that the app has announced and not shared yet."""

import secrets
from dataclasses import dataclass, field

from bot.workspace.refusal import Refused
from bot.workspace.state import file_id

TICKETS_AT_MOST = 100


@dataclass
class Ticket:
    """A file that was announced."""

    id: str
    """What its id will be."""
    name: str
    length: int
    """In bytes."""
    alt_txt: str
    content: bytes | None = None
    """Its bytes, once they were sent."""


@dataclass
class Uploads:
    """What was announced and is not shared yet, by the secret part of its upload URL."""

    _tickets: dict[str, Ticket] = field(default_factory=dict)

    def announce(self, name: str, length: int, alt_txt: str) -> tuple[str, Ticket]:
        """The secret part of a new upload URL, and what was announced for it."""
        while len(self._tickets) >= TICKETS_AT_MOST:
            del self._tickets[next(iter(self._tickets))]
        secret = secrets.token_urlsafe(24)
        self._tickets[secret] = Ticket(file_id(), name, length, alt_txt)
        return secret, self._tickets[secret]

    def at(self, secret: str) -> Ticket | None:
        """What was announced for this upload URL."""
        return self._tickets.get(secret)

    def sent(self, wanted: str) -> Ticket:
        """The announced file with this id, its bytes being there; raises Refused."""
        for ticket in self._tickets.values():
            if ticket.id == wanted and ticket.content is not None:
                return ticket
        raise Refused("file_not_found")

    def finish(self, done: list[Ticket]) -> None:
        """Forgets what is shared now."""
        self._tickets = {secret: kept for secret, kept in self._tickets.items() if kept not in done}
