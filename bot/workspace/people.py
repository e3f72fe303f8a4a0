"""Who and what is in the workspace: people, bot, channels. Their ids stay the same across restarts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.workspace.typed import Names
from bot.workspace.wire import Json

TEAM = "T0LOCAL0001"
TEAM_DOMAIN = "local"
TEAM_NAME = "Local"
APP = "A0HELPBOT01"
BOT = "B0HELPBOT01"
BOT_USER = "U0HELPBOT01"
BOT_NAME = "証明書ヘルプ"
BOT_HANDLE = "certificate_help"
HELPDESK_CHANNEL = "C0HELPDESK1"
GENERAL_CHANNEL = "C0GENERAL01"


@dataclass(frozen=True)
class Person:
    """Somebody who uses the workspace."""

    id: str
    name: str
    """The handle, without spaces: what follows an @."""
    real_name: str
    email: str
    locale: str
    """As Slack writes it: `ja-JP`, `en-US`."""
    role: Literal["employee", "helpdesk"] = "employee"
    tz: str = "Asia/Tokyo"


SATO = Person("U0SATO00001", "sato.hanako", "佐藤 花子", "user@example.co.jp", "ja-JP")
SMITH = Person("U0SMITH0001", "alex.smith", "Alex Smith", "alex@example.co.jp", "en-US")
SUZUKI = Person("U0SUZUKI001", "suzuki.ken", "鈴木 健", "helpdesk@example.co.jp", "ja-JP", "helpdesk")
PEOPLE = (SATO, SMITH, SUZUKI)


@dataclass(frozen=True)
class Channel:
    """A place where messages stand: a person's talk with the bot (`im`) or a channel."""

    id: str
    name: str
    kind: Literal["im", "channel"]
    members: frozenset[str]
    topic: str = ""


def direct_message(user: str) -> str:
    """The id of the user's talk with the bot."""
    return "D" + user[1:]


def channels_of(people: Sequence[Person]) -> dict[str, Channel]:
    """All channels by id: one talk with the bot per person, #helpdesk and #general; the bot is in each."""
    everyone = frozenset(person.id for person in people) | {BOT_USER}
    helpdesk = frozenset(person.id for person in people if person.role == "helpdesk") | {BOT_USER}
    channels = [
        Channel(direct_message(person.id), BOT_NAME, "im", frozenset({person.id, BOT_USER}))
        for person in people
    ]
    channels += [
        Channel(HELPDESK_CHANNEL, "helpdesk", "channel", helpdesk, "引き継がれた相談 / Cases handed over"),
        Channel(GENERAL_CHANNEL, "general", "channel", everyone, "みんなの連絡 / For everybody"),
    ]
    return {channel.id: channel for channel in channels}


def names_of(people: Iterable[Person], channels: Iterable[Channel]) -> Names:
    """What people may write after an @ or a #."""
    users = {name: person.id for person in people for name in (person.name, person.real_name)}
    return Names(
        users=users | {BOT_NAME: BOT_USER, BOT_HANDLE: BOT_USER},
        channels={channel.name: channel.id for channel in channels if channel.kind == "channel"},
    )


def as_user(person: Person, now: float, *, with_locale: bool) -> Json:
    """The person as `users.info` shows one; `now` in seconds since 1970 (https://docs.slack.dev/reference/objects/user-object)."""
    offset = datetime.fromtimestamp(now, ZoneInfo(person.tz)).utcoffset()
    user: Json = {
        "id": person.id,
        "team_id": TEAM,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "email": person.email,
            "team": TEAM,
        },
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    return user | ({"locale": person.locale} if with_locale else {})


def bot_as_user() -> Json:
    """The bot as `users.info` shows it."""
    return {
        "id": BOT_USER,
        "team_id": TEAM,
        "name": BOT_HANDLE,
        "deleted": False,
        "real_name": BOT_NAME,
        "profile": {
            "real_name": BOT_NAME,
            "display_name": "",
            "bot_id": BOT,
            "api_app_id": APP,
            "team": TEAM,
        },
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
    }
