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
OTHER_TEAM = "T0OTHER0001"
OTHER_DOMAIN = "partner"
APP = "A0HELPBOT01"
BOT = "B0HELPBOT01"
BOT_USER = "U0HELPBOT01"
BOT_NAME = "証明書ヘルプ"
BOT_HANDLE = "certificate_help"
HELPDESK_CHANNEL = "C0HELPDESK1"
GENERAL_CHANNEL = "C0GENERAL01"
SALES_CHANNEL = "C0SALES0001"
"""The bot is not in this one: here an error is pasted in the wrong place."""
SHARED_CHANNEL = "C0SHARED001"
"""Another company's people are in it (Slack Connect)."""
GROUP = "C0GROUPDM01"
"""A group DM; new ones have a C before their id as channels do, and only `channel_type` tells them apart."""


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
    role: Literal["employee", "helpdesk", "external"] = "employee"
    tz: str = "Asia/Tokyo"
    team: str = TEAM
    """The workspace that the person belongs to."""

    @property
    def is_external(self) -> bool:
        """Whether this is somebody of another company."""
        return self.team != TEAM


SATO = Person("U0SATO00001", "sato.hanako", "佐藤 花子", "user@example.co.jp", "ja-JP")
SMITH = Person("U0SMITH0001", "alex.smith", "Alex Smith", "alex@example.co.jp", "en-US")
SUZUKI = Person("U0SUZUKI001", "suzuki.ken", "鈴木 健", "helpdesk@example.co.jp", "ja-JP", "helpdesk")
TANAKA = Person("U0TANAKA001", "tanaka.misaki", "田中 美咲", "tanaka@example.co.jp", "ja-JP", "helpdesk")
TAKAHASHI = Person("U0TAKAHASH1", "takahashi.naoki", "高橋 直樹", "takahashi@example.co.jp", "ja-JP")
ITO = Person("U0ITO000001", "ito.sakura", "伊藤 さくら", "ito@example.co.jp", "ja-JP")
GARCIA = Person("U0GARCIA001", "maria.garcia", "Maria Garcia", "maria@example.co.jp", "en-US")
LEE = Person(
    "U0LEE000001", "robin.lee", "Robin Lee", "robin@partner.example", "en-US", "external", team=OTHER_TEAM
)
PEOPLE = (SATO, SMITH, SUZUKI, TANAKA, TAKAHASHI, ITO, GARCIA, LEE)
"""Five employees, so that a trouble of many can be tried; two at the helpdesk; one of another company."""


@dataclass(frozen=True)
class Channel:
    """A place where messages stand: a person's talk with the bot, a group DM, or a public channel."""

    id: str
    name: str
    kind: Literal["im", "mpim", "channel"]
    """Slack's `channel_type`."""
    members: frozenset[str]
    topic: str = ""
    shared: bool = False
    """Whether another company's people are in it."""
    archived: bool = False
    """Whether it was put away: it can be read, and nobody writes in it."""
    private: bool = False
    """Of a `channel`, whether only its members find and see it. Its messages are sent as a public one's."""

    @property
    def is_public(self) -> bool:
        """Whether anybody in the company may read and join it."""
        return self.kind == "channel" and not self.private

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it, and so hears what is said there."""
        return BOT_USER in self.members


def direct_message(user: str) -> str:
    """The id of the user's talk with the bot."""
    return "D" + user[1:]


def channels_of(people: Sequence[Person]) -> dict[str, Channel]:
    """All channels by id.

    Each colleague has a talk with the bot, the first two employees a group DM with it. People of another
    company are in the shared channel alone; without any of them there is none.
    """
    colleagues = [person for person in people if not person.is_external]
    bot = {BOT_USER}
    staff = frozenset(person.id for person in colleagues)
    helpdesk = frozenset(person.id for person in colleagues if person.role == "helpdesk")
    pair = [person for person in colleagues if person.role == "employee"][:2]
    channels = [
        Channel(direct_message(person.id), BOT_NAME, "im", frozenset({person.id, BOT_USER}))
        for person in colleagues
    ]
    if len(pair) == 2:
        handles = "--".join(sorted(person.name for person in pair))
        members = frozenset(person.id for person in pair) | bot
        channels.append(Channel(GROUP, f"mpdm-{handles}--{BOT_HANDLE}-1", "mpim", members))
    channels += [
        Channel(
            HELPDESK_CHANNEL, "helpdesk", "channel", helpdesk | bot, "引き継がれた相談 / Cases handed over"
        ),
        Channel(GENERAL_CHANNEL, "general", "channel", staff | bot, "みんなの連絡 / For everybody"),
        Channel(SALES_CHANNEL, "sales", "channel", staff, "営業部（ボットは不在）/ Sales, without the bot"),
    ]
    if len(colleagues) < len(people):
        members = frozenset(person.id for person in people) | bot
        topic = "取引先と共有 / Shared with a partner company"
        channels.append(Channel(SHARED_CHANNEL, "partner", "channel", members, topic, shared=True))
    return {channel.id: channel for channel in channels}


def names_of(people: Iterable[Person], channels: Iterable[Channel]) -> Names:
    """What people may write after an @ or a #."""
    users = {name: person.id for person in people for name in (person.name, person.real_name)}
    return Names(
        users=users | {BOT_NAME: BOT_USER, BOT_HANDLE: BOT_USER},
        channels={channel.name: channel.id for channel in channels if channel.kind == "channel"},
    )


def as_user(person: Person, now: float, *, with_locale: bool) -> Json:
    """The person as `users.info` shows one; `now` in seconds since 1970.

    Of another company's people Slack tells less: no address, no locale, no role. Sources:
    https://docs.slack.dev/reference/objects/user-object, https://docs.slack.dev/apis/slack-connect
    """
    offset = datetime.fromtimestamp(now, ZoneInfo(person.tz)).utcoffset()
    user: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": False,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": person.real_name,
            "display_name": person.name,
            "team": person.team,
        },
        "is_bot": False,
        "is_app_user": False,
        "updated": 0,
    }
    if person.is_external:
        return user
    user["profile"]["email"] = person.email
    user |= {"is_admin": False, "is_owner": False, "is_restricted": False}
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
