"""`python -m bot pause`: everything goes to people, until somebody ends it."""

from datetime import datetime

from sqlalchemy import Engine

from bot import audit, pauses
from bot.accepted import storable
from bot.deeds import Deed
from bot.pause import LONGEST_REASON, Pause
from bot.talk import local


class NotPaused(Exception):
    """What was asked for cannot be done; says what to do."""


BOTH_LANGUAGES = (
    "理由は --reason-ja と --reason-en の両方を書くか、どちらも書かないでください。何も変えていません。\n"
    "Give the reason in both languages (--reason-ja and --reason-en), or in none. Nothing was changed."
)
TOO_LONG = (
    "理由は {longest} 文字までにしてください。何も変えていません。\n"
    "A reason may have {longest} characters at most. Nothing was changed."
)
NOT_UTF_8 = (
    "理由の文字を読めません。端末の文字コードを UTF-8 にしてください。何も変えていません。\n"
    "The reason cannot be read. Set the terminal to UTF-8. Nothing was changed."
)
NO_REASON_HERE = (
    "理由は止めるときだけ書けます（--end や --show とは一緒に使えません）。何も変えていません。\n"
    "A reason goes only with pausing, not with --end or --show. Nothing was changed."
)

BEGAN = (
    "自動の案内を止めました。これからの相談は、すべて担当者に引き継ぎます。"
    "戻すには: python -m bot pause --end\n"
    "Automatic help is paused: everything goes to people. To go on: python -m bot pause --end"
)
ALREADY = (
    "自動の案内は {since} から止まっています{reason}。何も変えていません。"
    "戻すには: python -m bot pause --end\n"
    "Automatic help has been paused since {since}{reason_en}. Nothing was changed. "
    "To go on: python -m bot pause --end"
)
STANDS = (
    "自動の案内は {since} から止まっています{reason}。\n"
    "Automatic help has been paused since {since}{reason_en}."
)
ENDED = (
    "自動の案内を再開しました（{since} から止まっていました）。\n"
    "Automatic help is on again (it was paused from {since})."
)
IS_ON = "自動の案内は動いています。\nAutomatic help is on."
NOTHING_TO_END = (
    "自動の案内は止まっていません。何も変えていません。\nAutomatic help is not paused. Nothing was changed."
)


def checked(ja: str | None, en: str | None, *, may_have: bool) -> tuple[str, str]:
    """The reason in both languages, on one line each; empty if there is none. Raises NotPaused."""
    given = [" ".join((text or "").split()) for text in (ja, en)]
    if any(given) and not may_have:
        raise NotPaused(NO_REASON_HERE)
    if any(given) and not all(given):
        raise NotPaused(BOTH_LANGUAGES)
    if any(text != storable(text) for text in given):
        raise NotPaused(NOT_UTF_8)
    if any(len(text) > LONGEST_REASON for text in given):
        raise NotPaused(TOO_LONG.format(longest=LONGEST_REASON))
    return given[0], given[1]


def begin(engine: Engine, at: datetime, reason: tuple[str, str], zone: str) -> str:
    """Pauses, and says so; or that it was before."""
    with engine.begin() as connection:
        before = pauses.begin(connection, at, *reason)
    if before is None:
        audit.note(Deed("paused"))
    return _told(ALREADY, before, zone) if before else BEGAN


def end(engine: Engine, at: datetime, zone: str) -> str:
    """Ends it, and says so; or that there was nothing to end."""
    with engine.begin() as connection:
        before = pauses.end(connection, at)
    if before:
        audit.note(Deed("pause_ended"))
    return _told(ENDED, before, zone) if before else NOTHING_TO_END


def show(engine: Engine, zone: str) -> str:
    """How it stands."""
    with engine.connect() as connection:
        now = pauses.current(connection)
    return _told(STANDS, now, zone) if now else IS_ON


def _told(text: str, pause: Pause, zone: str) -> str:
    since = f"{local(pause.since, zone):%Y-%m-%d %H:%M}"
    ja = f"（{pause.reason_ja}）" if pause.reason_ja else ""
    en = f" ({pause.reason_en})" if pause.reason_en else ""
    return text.format(since=since, reason=ja, reason_en=en)
