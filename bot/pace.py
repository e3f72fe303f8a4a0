"""How fast Slack lets us speak: about one message a second in a channel, a few at once.

https://docs.slack.dev/apis/web-api/rate-limits: "short bursts" of unknown length are allowed; where ours was
too long, Slack says when the next one may come, and nobody in this process asks before.
"""

import time
from collections.abc import Callable

PER_SECOND = 1.0
AT_ONCE = 5
KEPT_AT_MOST = 10_000


class Pace:
    """When the next message of each channel may go. Times are in seconds, on the clock that was given."""

    def __init__(
        self,
        *,
        per_second: float = PER_SECOND,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = 1 / per_second
        self._ahead = (at_once - 1) / per_second
        self._clock = clock
        self._due: dict[str, float] = {}
        """When a channel would be at the even pace again, after all that it got."""
        self._closed: dict[str, float] = {}

    def take(self, channel: str, patience: float) -> float:
        """Seconds until the next message may go; if they are no more than `patience`, it counts as going."""
        now = self._clock()
        due = max(self._due.get(channel, now), now)
        wait = max(due - self._ahead - now, self._closed.get(channel, now) - now, 0.0)
        if wait <= patience:
            self._due[channel] = max(due, now + wait) + self._interval
            self._tidy(now)
        return wait

    def close(self, channel: str, seconds: float) -> None:
        """Slack said that it takes nothing in this channel for so long."""
        self._closed[channel] = self._clock() + seconds

    def _tidy(self, now: float) -> None:
        for kept in (self._due, self._closed):
            if len(kept) > KEPT_AT_MOST:
                for channel in [channel for channel, until in kept.items() if until <= now]:
                    del kept[channel]
