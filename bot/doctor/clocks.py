"""How far two clocks are apart, and what that means.

Pure: facts -> results.
"""

from collections.abc import Iterable
from datetime import timedelta

from bot.doctor.check import Result, Said, fault, ok, warning

SECONDS_TO_WARN = 30
SECONDS_AT_MOST = 240  # Slack's signature counts for five minutes

_CURE = Said(
    "このマシンの時刻合わせ（timedatectl set-ntp true など）を確かめてください",
    "See to this machine's clock (timedatectl set-ntp true)",
)


def clock_results(ahead: timedelta, ja: str, en: str) -> Iterable[Result]:
    """How far this machine is ahead of another; an answer's way counts as nothing."""
    seconds = round(ahead.total_seconds())
    way = ("進んで", "ahead of") if seconds > 0 else ("遅れて", "behind")
    told = (f"{ja} より {abs(seconds)} 秒{way[0]}います", f"{abs(seconds)} s {way[1]} {en}")
    if abs(seconds) >= SECONDS_AT_MOST:
        yield fault(*told, _CURE)
    elif abs(seconds) >= SECONDS_TO_WARN:
        yield warning(*told, _CURE)
    else:
        yield ok("ずれはありません", "they agree")
