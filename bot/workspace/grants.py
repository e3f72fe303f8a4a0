"""What an interaction allows the app: to open a dialog (3 seconds), to answer at a URL (30 minutes)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.workspace.refusal import Refused

TRIGGER_SECONDS = 3
RESPONSE_SECONDS = 30 * 60
RESPONSES_AT_MOST = 5


@dataclass
class _Trigger:
    user: str
    until: float
    used: bool = False


@dataclass
class ResponsePlace:
    """Where a response_url leads."""

    user: str
    channel: str
    ts: str | None
    """The message that was clicked; None for a command."""
    until: float
    uses: int = 0


@dataclass
class Grants:
    """The trigger_ids and response_urls that were handed out."""

    clock: Callable[[], float]
    _triggers: dict[str, _Trigger] = field(default_factory=dict)
    _places: dict[str, ResponsePlace] = field(default_factory=dict)

    def trigger(self, user: str) -> str:
        """A new trigger_id."""
        now = self.clock()
        if len(self._triggers) > 1000:
            self._triggers = {name: kept for name, kept in self._triggers.items() if kept.until > now - 3600}
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(user, now + TRIGGER_SECONDS)
        return trigger_id

    def use_trigger(self, trigger_id: object) -> str:
        """The user for whom a dialog may be opened, once."""
        trigger = self._triggers.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() > trigger.until:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def response_place(self, user: str, channel: str, ts: str | None) -> str:
        """The secret part of a new response_url."""
        now = self.clock()
        if len(self._places) > 1000:
            self._places = {name: kept for name, kept in self._places.items() if kept.until > now}
        secret = secrets.token_urlsafe(18)
        self._places[secret] = ResponsePlace(user, channel, ts, now + RESPONSE_SECONDS)
        return secret

    def use_response_place(self, secret: str) -> ResponsePlace:
        """Where to respond; five times within half an hour."""
        place = self._places.get(secret)
        if place is None:
            raise Refused("invalid_url")
        if self.clock() > place.until or place.uses >= RESPONSES_AT_MOST:
            raise Refused("used_url")
        place.uses += 1
        return place
