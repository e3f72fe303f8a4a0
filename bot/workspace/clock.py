"""The workspace's own date and time: the machine's, which can be moved forward to try what time brings.

Slack has nothing of the kind. What Slack itself measures by, such as the lifetime of a trigger, stays the
machine's time.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.workspace.refusal import Refused

AHEAD_AT_MOST = timedelta(days=5 * 366)
"""There is no way back, and a slip in the year would leave nothing to try."""


def moved(to: datetime, real: float, ahead: float) -> float:
    """By how many seconds the workspace is ahead of the machine once it is `to` there.

    `real` is the machine's time in seconds since 1970, `ahead` the seconds before. Raises
    Refused(time_in_past, time_too_far), and ValueError for a time without a zone.
    """
    if to.tzinfo is None:
        raise ValueError("a time needs its zone")
    after = to.timestamp() - real
    if after < ahead:
        raise Refused("time_in_past")
    if after > AHEAD_AT_MOST.total_seconds():
        raise Refused("time_too_far")
    return after


def read(text: str, zone: str) -> datetime:
    """The moment that an ISO 8601 text names, in this zone where the text has none; raises Refused."""
    try:
        named = datetime.fromisoformat(text)
        return named if named.tzinfo is not None else named.replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Refused("invalid_time") from None
