"""Outcomes that are made up one by one, for tests of what is counted."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.outcome import Outcome, Tried
from bot.report_figures import Figures, figures
from bot.report_period import period

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday noon in Tokyo


def outcome(ended: datetime = NOW, **more: Any) -> Outcome:
    given: dict[str, Any] = {
        "conversation": 1,
        "trouble": 1,
        "round": 1,
        "row": "no_certificate",
        "language": "ja",
        "private": True,
        "began": ended - timedelta(minutes=10),
        "ended": ended,
        "how": "remedy",
        "remedy": "choose_certificate",
        "questions": 1,
        "turns": 3,
        "handed": None,
        "taken": None,
        "urgent": False,
        "recognised_by": "text",
        "shown": ("choose_certificate",),
        "tried": (Tried(remedy="choose_certificate", outcome="solved"),),
        "tables": "aaaaaaaaaaaa",
    }
    return Outcome(**(given | more))


def handed(ended: datetime = NOW, **more: Any) -> Outcome:
    given: dict[str, Any] = {"how": "desk", "remedy": None, "tried": (), "handed": ended - timedelta(hours=1)}
    return outcome(ended, **(given | more))


def counted(outcomes: Sequence[Outcome], since: str = "30d", offers: Any = lambda row: ()) -> Figures:
    in_order = sorted(outcomes, key=lambda one: one.ended)
    return figures(in_order, period(since, None, NOW, TOKYO), offers)
