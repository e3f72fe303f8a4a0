"""What is the case, as it was gathered: no secret, no address, no text that anybody wrote.

Pure: shapes alone. What could not be gathered is Broken, and loses nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from bot.setting_faults import Fault
from knowledge.book import Book
from knowledge.savings import Saving


@dataclass(frozen=True)
class Broken:
    """It could not be gathered: the exception's type and place, without its text."""

    where: str


class NotGathered(Exception):
    """What a check needs is Broken, which is told by itself."""


Gathered = TypeVar("Gathered")


def have(given: Gathered | Broken) -> Gathered:
    """What was gathered. Raises NotGathered."""
    if isinstance(given, Broken):
        raise NotGathered
    return given


@dataclass(frozen=True)
class Configuration:
    """What the settings say, so far as they can be read."""

    faults: tuple[Fault, ...]
    env_is_readable: bool
    """Whether .env, if it is there, may be read and is UTF-8."""
    env_mode: int | None
    """The permissions of .env; None without such a file, or where permissions say nothing."""
    has_slack: bool
    has_bot_token: bool
    has_app_token: bool
    signing_secret: Literal["none", "usual", "unusual"]
    api_is_slacks: bool
    file_hosts: tuple[str, ...]
    channel: str | None
    has_contact: bool
    hours: str | None
    holidays: tuple[date, ...]
    time_zone: str
    knowledge_dir: str | None
    company_has_database: bool
    on_dyno: bool
    asks_revocation: bool
    fetches_issuers: bool
    allowed_hosts: int
    has_proxy_for_fetching: bool
    retention_days: int
    log_level: str


@dataclass(frozen=True)
class Answer:
    """How Slack answered a call: `error` is its word for a refusal, `away` why it did not answer at all."""

    error: str = ""
    away: str = ""
    told: Mapping[str, str | bool] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slack:
    """What Slack says of the app."""

    bot: Answer
    scopes: frozenset[str] | None
    """The bot token's; None if Slack did not tell."""
    needed: frozenset[str]
    """What the manifest asks for."""
    clock_ahead: timedelta | None
    """How far this machine's clock is ahead of Slack's."""
    app: Answer | None
    """None without an app-level token."""
    channel: Answer | None
    """None without a helpdesk channel."""
    file_hosts: Mapping[str, str]
    """Each host, and why it does not answer; nothing if it does."""


@dataclass(frozen=True)
class Jobs:
    """The engine's work."""

    waiting: int
    oldest: timedelta | None
    """How long the oldest job that is due has waited."""
    failed: int
    processes: int
    """How many gave a sign of life in the last seconds."""
    given_up: Mapping[str, int]
    """What could not be sent, by Slack's word."""
    heard: timedelta | None
    """How long ago a process could last hear Slack."""
    paused: timedelta | None
    """For how long automatic help has been paused; None if it is not."""


@dataclass(frozen=True)
class Tables:
    """How far the tables of the database are."""

    ours: str
    ours_newest: str
    engine: str
    engine_newest: str

    @property
    def are_current(self) -> bool:
        return self.ours >= self.ours_newest and self.engine >= self.engine_newest


@dataclass(frozen=True)
class Database:
    """The database, if it answers."""

    is_embedded: bool
    state: Literal["answers", "in_use", "not_made", "not_installed", "away"]
    away: str = ""
    """Why it does not answer: `password`, `no_database`, `unreachable`, `full`, `tls`, `broken`."""
    version: int = 0
    """Of PostgreSQL's server, the major one."""
    encoding: str = ""
    is_standby: bool = False
    is_superuser: bool = False
    may_create: bool = False
    lacking: tuple[str, ...] = ()
    """Tables on which a right is lacking."""
    clock_ahead: timedelta | None = None
    """How far this machine's clock is ahead of the database's."""
    connections: tuple[int, int] = (0, 0)
    """In use, and at most."""
    tables: Tables | None = None
    jobs: Jobs | None = None


@dataclass(frozen=True)
class Knowledge:
    """The tables of the helpdesk."""

    book: Book | None
    """With the company's entries and what the settings say; None if they cannot be used."""
    faults: tuple[str, ...] = ()
    is_example: bool = False
    """The example company's, because no Slack is set up and none of the company's own were named."""
    savings: Mapping[str, tuple[Saving, ...]] = field(default_factory=dict)
    """What each missing entry of the company's file would save, by row."""


@dataclass(frozen=True)
class Root:
    """One of the company's own certificates."""

    fingerprint: str
    ends: datetime


@dataclass(frozen=True)
class Trusted:
    """Whom the company trusts."""

    fault: str = ""
    programme: datetime | None = None
    """The date of Microsoft's list."""
    is_named: bool = False
    """Whether TRUST_PROGRAMME names the list; else it is the one that came with the program."""
    roots: tuple[Root, ...] = ()
    issuers: tuple[Root, ...] = ()


@dataclass(frozen=True)
class Machine:
    """This machine."""

    free: int | None
    """Bytes on the disk of DATA_DIR."""
    is_writable: bool
    file_system: str | None
    """Of DATA_DIR, such as `ext4`; None if that is not known."""
    time_zones: int
    """How many there are."""
    has_picture_reader: bool
    has_authorities: bool
    """Whether SSL_CERT_FILE names any."""
    proxies: Mapping[str, Literal["good", "bad"]]
    """HTTPS_PROXY and HTTP_PROXY, those that are set."""
    proxies_with_password: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that was gathered."""

    at: datetime
    configuration: Configuration | Broken
    slack: Slack | Broken | None
    """None without a bot token."""
    database: Database | Broken
    knowledge: Knowledge | Broken
    trusted: Trusted | Broken
    machine: Machine | Broken
