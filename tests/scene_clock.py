"""How scenes name times: `~ 30 分`, `~ 3 days`, `~ 金曜 17:50`, `~ next day 9:00`; in Tokyo."""

import itertools
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

_PASSES = re.compile(r"~ (?P<number>\d+) (?P<unit>秒|分|時間|日|s|min|hours?|days?)")
_UNTIL = re.compile(
    r"~ (?P<day>[月火水木金土日]曜|翌日|Mon|Tue|Wed|Thu|Fri|Sat|Sun|next day) (?P<time>\d+:\d\d)"
)
_DAYS = ("月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_UNITS = {"秒": 1, "s": 1, "分": 60, "m": 60, "時": 3600, "h": 3600, "日": 86400, "d": 86400}


def day_and_time(at: datetime, language: str) -> dict[str, str]:
    """The weekday and the time of day."""
    local = at.astimezone(TOKYO)
    return {"day": _DAYS[language == "en"][local.weekday()], "at": f"{local:%H:%M}"}


def moment(line: str, now: datetime) -> datetime:
    """What the clock is set to; a second is added, for people's doings take a moment too."""
    now = now.astimezone(TOKYO)
    if found := _PASSES.fullmatch(line):
        return now + timedelta(seconds=int(found["number"]) * _UNITS[found["unit"][0]] + 1)
    found = _UNTIL.fullmatch(line)
    assert found, f"a time that scenes do not know: {line}"
    hours, minutes = map(int, found["time"].split(":"))
    at = now.replace(hour=hours, minute=minutes, second=1, microsecond=0)
    if found["day"] in ("翌日", "next day"):
        return at + timedelta(days=1)
    names = [*_DAYS[0], *_DAYS[1]]
    weekday = names.index(found["day"].removesuffix("曜")) % 7
    days = (at + timedelta(days=ahead) for ahead in itertools.count())
    return next(day for day in days if day.weekday() == weekday and day > now)
