"""Many at once: one card for all of them, one word to all of them, and nobody is told twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.workspace.people import SATO

TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 10:00 in Tokyo
UNTRUSTED = "このサーバーのセキュリティ証明書は、信頼されていない証明機関から発行されています、と出ます"
NAMED = UNTRUSTED + "。サーバーは {} です"

MANY = tuple(
    replace(SATO, id=f"U0MANY0{n:04}", name=f"many{n}", real_name=f"山田 {n}", email=f"many{n}@example.co.jp")
    for n in range(1, 9)
)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, at: datetime = TUESDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)
