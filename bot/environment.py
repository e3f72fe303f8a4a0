"""The environment and `.env`, read once and checked: every fault is reported together, and no value shown.

Only shapes are checked. Whether a token works, Slack is asked at the start (bot.admission) and by `doctor`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import ValidationError

from bot import setting_shapes as shape
from bot.setting_faults import Fault, faults_of, told
from bot.settings import ENV_FILE, Settings

Mode = Literal["local", "serve", "socket", "migrate"]


class BadSettings(Exception):
    """Settings that are missing or wrong; the text names them all, in both languages, and shows no value."""

    def __init__(self, told: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(told)
        self.faults = tuple(faults)


class _Connected(Settings):
    """A proxy that cannot be used is no fault of who stays on this machine."""

    https_proxy: shape.WayThroughProxy | None = None
    http_proxy: shape.WayThroughProxy | None = None


class _Serve(_Connected):
    slack_bot_token: shape.BotToken
    slack_signing_secret: shape.SigningSecret


class _Socket(_Connected):
    slack_bot_token: shape.BotToken
    slack_app_token: shape.AppToken


_NEEDS: Mapping[Mode, type[Settings]] = {
    "local": Settings,
    "serve": _Serve,
    "socket": _Socket,
    "migrate": Settings,
}


def read_settings(mode: Mode, env_file: str | None = ENV_FILE) -> Settings:
    """The settings for what is to be started. Raises BadSettings with every fault."""
    try:
        return _NEEDS[mode](_env_file=env_file)
    except UnicodeDecodeError:
        raise BadSettings(".env は UTF-8 で保存してください。\nSave .env as UTF-8.") from None
    except OSError:
        raise BadSettings(
            ".env を読めません。持ち主と権限を確かめてください。\n"
            ".env cannot be read. See to its owner and permissions."
        ) from None
    except ValidationError as error:
        faults = faults_of(error, Settings.model_fields)
        raise BadSettings(told(faults), faults) from None  # pydantic's own text shows the values


def sound_settings(faults: Sequence[Fault], env_file: str | None = ENV_FILE) -> Settings:
    """The settings without those that have these faults: the defaults stand in their place."""
    names = [fault.name.lower() for fault in faults]
    defaults = {name: Settings.model_fields[name].get_default(call_default_factory=True) for name in names}
    if "database_url" not in defaults:
        return Settings(_env_file=env_file, **defaults)
    defaults["database_url"] = "postgresql://nowhere"  # where it has to be there
    elsewhere = Settings(_env_file=env_file, **defaults)
    return elsewhere.model_copy(update={"database_url": None})
