"""Reads the settings as far as they can be read."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.doctor.facts import Configuration
from bot.environment import BadSettings, read_settings, sound_settings
from bot.setting_faults import Fault
from bot.settings import ENV_FILE, Settings


@dataclass(frozen=True)
class Read:
    """The settings that are sound, and what is wrong with the others."""

    settings: Settings
    faults: tuple[Fault, ...] = ()
    env_is_readable: bool = True


def read() -> Read:
    """The settings, without those that have faults."""
    try:
        return Read(read_settings("local"))
    except BadSettings as bad:
        if bad.faults:
            return Read(sound_settings(bad.faults), bad.faults)
    return Read(_of_the_environment(), env_is_readable=False)


def _of_the_environment() -> Settings:
    try:
        return read_settings("local", env_file=None)
    except BadSettings as bad:
        return sound_settings(bad.faults, env_file=None)


def configuration(given: Read) -> Configuration:
    """What the settings say, without a secret and without an address."""
    settings = given.settings
    secret = settings.slack_signing_secret
    return Configuration(
        faults=given.faults,
        env_is_readable=given.env_is_readable,
        env_mode=_mode(Path(ENV_FILE)),
        has_slack=settings.has_slack,
        has_bot_token=settings.slack_bot_token is not None,
        has_app_token=settings.slack_app_token is not None,
        signing_secret=_shape(secret.get_secret_value()) if secret else "none",
        api_is_slacks=(urlsplit(settings.slack_api_url).hostname or "").endswith("slack.com"),
        file_hosts=tuple(f"{host}:{port}" for host, port in settings.slack_file_hosts),
        channel=settings.helpdesk_channel,
        has_contact=settings.helpdesk_contact is not None,
        hours=settings.helpdesk_hours,
        holidays=tuple(sorted(settings.holidays)),
        time_zone=settings.company_time_zone,
        knowledge_dir=str(settings.knowledge_dir) if settings.knowledge_dir else None,
        company_has_database=settings.database_url is not None,
        on_dyno=bool(os.environ.get("DYNO")),
        asks_revocation=settings.revocation,
        fetches_issuers=settings.fetch_issuers,
        allowed_hosts=len(settings.fetch_allowed_hosts),
        has_proxy_for_fetching=settings.fetch_proxy is not None,
        retention_days=settings.retention_days,
        log_level=settings.log_level,
    )


def _shape(secret: str) -> Literal["usual", "unusual"]:
    return "usual" if re.fullmatch(r"[0-9a-f]{32}", secret) else "unusual"


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else None
    except OSError:
        return None
