"""Settings: every fault at once, each with its cure, and no value in any message."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.environment import BadSettings, Mode, read_settings
from bot.settings import Settings

SECRET = "s3cr3t-value-that-nobody-may-see"
BOT, APP, SIGNING = f"xoxb-{SECRET}", f"xapp-{SECRET}", f"abc{SECRET}"
SLACK = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_SIGNING_SECRET": SIGNING}
NAMES = [
    *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL", "SLACK_FILE_HOSTS"),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE"),
    *("HELPDESK_CHANNEL", "HELPDESK_CONTACT", "HELPDESK_HOURS", "COMPANY_TIME_ZONE", "HOLIDAYS"),
    *(
        "HANDOVER_REMIND_MINUTES",
        "INCIDENT_PEOPLE",
        "INCIDENT_MINUTES",
        "WEEKLY_SUMMARY",
        "DATA_DIR",
        "DATABASE_URL",
    ),
    *("HOST", "PORT", "DEFAULT_LANGUAGE"),
    *("KNOWLEDGE_DIR", "TRUST_ROOTS", "TRUST_CHAIN", "TRUST_PROGRAMME", "REVOCATION", "FETCH_ISSUERS"),
    *("FETCH_ALLOWED_HOSTS", "FETCH_PROXY", "RETENTION_DAYS", "LOG_LEVEL", "LOG_FORMAT"),
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*NAMES, "DYNO", "container"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> "Given":
    return Given(monkeypatch)


class Given:
    """Reads the settings from an environment that holds these."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, mode: Mode = "local", /, **environment: str) -> Settings:
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)
        return read_settings(mode)

    def refused(self, mode: Mode = "local", /, **environment: str) -> str:
        with pytest.raises(BadSettings) as refusal:
            self(mode, **environment)
        return str(refusal.value)


def named(told: str) -> list[str]:
    return re.findall(r"^([A-Z_]+): ", told, re.MULTILINE)


def test_the_settings_are_those_of_the_contract() -> None:
    assert [name.upper() for name in Settings.model_fields] == NAMES


def test_nothing_is_needed_to_start_the_local_workspace(given: Given) -> None:
    settings = given()
    assert not settings.has_slack
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.slack_file_hosts == (("files.slack.com", 443), ("files-origin.slack.com", 443))
    assert settings.data_dir == Path("var")
    assert (settings.port, settings.default_language, settings.log_level) == (3000, "ja", "INFO")
    assert (settings.revocation, settings.fetch_issuers, settings.retention_days) == (False, False, 30)
    assert settings.hours is None


@pytest.mark.parametrize(
    ("mode", "missing"),
    [
        ("serve", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ("socket", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
    ],
)
def test_all_that_is_missing_is_named_with_where_to_get_it(
    given: Given, mode: Mode, missing: list[str]
) -> None:
    told = given.refused(mode, SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="", SLACK_APP_TOKEN="")
    assert named(told) == missing
    assert told.count("未設定 / missing") == 2
    assert told.count("api.slack.com/apps → アプリ") == 2
    assert told.count("api.slack.com/apps → your app") == 2


@pytest.mark.parametrize("mode", ["serve", "socket", "local", "migrate"])
def test_slacks_settings_are_taken_as_slack_shows_them(given: Given, mode: Mode) -> None:
    settings = given(mode, **SLACK)
    assert settings.has_slack
    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == BOT
    assert given(mode, SLACK_BOT_TOKEN=f"xoxe.xoxb-{SECRET}").has_slack


@pytest.mark.parametrize("name", SLACK)
def test_one_setting_of_slack_is_enough_to_mean_slack(given: Given, name: str) -> None:
    assert given(**{name: SLACK[name]}).has_slack


WRONG: Mapping[str, tuple[str, ...]] = {
    "SLACK_BOT_TOKEN": (APP, f"xoxp-{SECRET}", f" {BOT}", f"{BOT}\n", "xoxb-"),
    "SLACK_SIGNING_SECRET": (f"a {SECRET}", " ", f"{SIGNING}\n"),
    "SLACK_APP_TOKEN": (BOT, f"xapp {SECRET}"),
    "SLACK_API_URL": (f"http://{SECRET}.example/api/", SECRET, f"https://u:{SECRET}@slack.com/", "https://"),
    "SLACK_FILE_HOSTS": (f"https://{SECRET}", f"{SECRET}:0", f"{SECRET}:65536", f"*.{SECRET}", f"{SECRET}/x"),
    "SSL_CERT_FILE": (f"no/{SECRET}", "/dev/null"),
    "HELPDESK_CHANNEL": (f"a {SECRET}",),
    "HELPDESK_HOURS": (SECRET, "mon-fri 9-18"),
    "COMPANY_TIME_ZONE": (f"Mars/{SECRET}",),
    "HOLIDAYS": (f"no/{SECRET}",),
    "HANDOVER_REMIND_MINUTES": ("0", f"1{SECRET}", "525601"),
    "INCIDENT_PEOPLE": ("1", f"5{SECRET}"),
    "INCIDENT_MINUTES": ("0", f"1{SECRET}", "99999999999"),
    "DATABASE_URL": (
        f"mysql://{SECRET}",
        f"postgres {SECRET}",
        f"postgres://bot:{SECRET}%zz@db/helpdesk",
        f"postgres://bot:{SECRET}@[::1/helpdesk",
        f"postgres://bot:x@db/helpdesk?{SECRET}=1",
    ),
    "HOST": (f"{SECRET}:80", f"http://{SECRET}"),
    "PORT": ("65536", "-1", f"x{SECRET}"),
    "DEFAULT_LANGUAGE": (f"fr{SECRET}",),
    "KNOWLEDGE_DIR": (f"no/{SECRET}",),
    "TRUST_ROOTS": (f"no/{SECRET}",),
    "TRUST_CHAIN": (f"no/{SECRET}",),
    "TRUST_PROGRAMME": (f"no/{SECRET}",),
    "REVOCATION": (f"maybe{SECRET}",),
    "FETCH_ISSUERS": (f"maybe{SECRET}",),
    "FETCH_ALLOWED_HOSTS": (f"http://{SECRET}", f"{SECRET}/x"),
    "FETCH_PROXY": (f"socks5://{SECRET}", f"http://proxy/{SECRET}"),
    "RETENTION_DAYS": ("0", f"x{SECRET}", "999999"),  # "for ever" is before the first day there is
    "LOG_LEVEL": (f"loud{SECRET}",),
    "LOG_FORMAT": (f"xml{SECRET}",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_a_wrong_shape_is_refused_and_its_value_never_shown(given: Given, name: str, value: str) -> None:
    told = given.refused(**{name: value})
    assert named(told) == [name]
    assert SECRET not in told


def test_every_fault_is_in_one_message(given: Given) -> None:
    told = given.refused("serve", **{name: values[0] for name, values in WRONG.items()})
    assert named(told) == [name for name in NAMES if name in WRONG]
    assert SECRET not in told


def test_a_fault_says_what_to_do_in_both_languages() -> None:
    for name, field in Settings.model_fields.items():
        japanese, english = (field.description or "").split("\n")
        assert re.search("[ぁ-ん]", japanese), name
        assert not re.search("[ぁ-ん]", english), name


def test_no_secret_is_in_what_is_printed_of_the_settings(given: Given) -> None:
    settings = given(
        "serve",
        **SLACK,
        DATABASE_URL=f"postgres://bot:{SECRET}@db/helpdesk",
        FETCH_PROXY=f"http://u:{SECRET}@proxy:3128",
    )
    assert SECRET not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize("mode", ["serve", "local", "migrate"])
def test_the_embedded_database_is_refused_on_a_dyno(given: Given, mode: Mode) -> None:
    told = given.refused(mode, **SLACK, DYNO="web.1")
    assert named(told) == ["DATABASE_URL"]
    for scheme in ("postgres", "postgresql"):
        assert given(mode, DATABASE_URL=f"{scheme}://db/helpdesk").database_url


@pytest.mark.parametrize("name", ["DYNO", "container"])
def test_in_a_container_it_listens_to_the_outside(given: Given, name: str) -> None:
    assert given(**{name: "x"}, DATABASE_URL="postgres://db/helpdesk").host == "0.0.0.0"
    assert given(HOST="127.0.0.1").host == "127.0.0.1"


def test_elsewhere_it_listens_to_this_machine_alone(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path != Path("/.dockerenv") and there(path))
    assert given().host == "127.0.0.1"


def test_file_hosts_are_matched_with_their_port(given: Given) -> None:
    settings = given(SLACK_FILE_HOSTS="Files.Slack.com, 127.0.0.1:8080,[::1]:9")
    assert settings.slack_file_hosts == (("files.slack.com", 443), ("127.0.0.1", 8080), ("::1", 9))


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/api", "http://localhost/api/", "https://slack.com/api"]
)
def test_the_address_of_the_api_ends_in_a_slash(given: Given, address: str) -> None:
    assert given(SLACK_API_URL=address).slack_api_url == address.removesuffix("/") + "/"


def test_hours_come_with_the_holidays_of_the_file(given: Given, tmp_path: Path) -> None:
    days = tmp_path / "holidays.txt"
    days.write_text("# 祝日\n2026-11-23\n", "utf-8-sig")
    settings = given(HELPDESK_HOURS=" Mon-Fri 09:00-18:00 ", HOLIDAYS=str(days), COMPANY_TIME_ZONE="UTC")
    assert settings.holidays == {date(2026, 11, 23)}
    assert settings.hours
    assert settings.hours.expected(datetime(2026, 11, 23, 10, tzinfo=UTC)).opens.day == 24


def test_a_wrong_holiday_is_named_by_its_line(given: Given, tmp_path: Path) -> None:
    days = tmp_path / "holidays.txt"
    days.write_text("2026-11-23\n23. Nov\n")
    assert "(line 2 is no date" in given.refused(HOLIDAYS=str(days))
    days.write_bytes("2026-11-23 # 祝日\n".encode("shift_jis"))
    assert "UTF-8" in given.refused(HOLIDAYS=str(days))


def test_lists_switches_and_paths_are_read(given: Given, tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch()
    settings = given(
        TRUST_ROOTS="root.pem",
        TRUST_CHAIN=f"root.pem, {tmp_path}",
        KNOWLEDGE_DIR=str(tmp_path),
        REVOCATION="on",
        FETCH_ISSUERS="off",
        FETCH_ALLOWED_HOSTS="ocsp.example.co.jp, 10.0.0.7:8080",
        DEFAULT_LANGUAGE="EN",
        LOG_LEVEL="debug",
        HELPDESK_CONTACT=" 内線 2000 ",
    )
    assert settings.trust_roots == (Path("root.pem"),)
    assert settings.trust_chain == (Path("root.pem"), tmp_path)
    assert settings.knowledge_dir == tmp_path
    assert (settings.revocation, settings.fetch_issuers) == (True, False)
    assert settings.fetch_allowed_hosts == (("ocsp.example.co.jp", None), ("10.0.0.7", 8080))
    assert (settings.default_language, settings.log_level) == ("en", "DEBUG")
    assert settings.helpdesk_contact == "内線 2000"


@pytest.mark.parametrize("mode", ["serve", "socket"])
@pytest.mark.parametrize(
    "value",
    [
        f"socks5://{SECRET}:1080",
        f"http://name:{SECRET}#1@proxy:80",
        f"http://name:{SECRET}@x@proxy",
        f"http://proxy/{SECRET}",
        f"proxy:{SECRET}",
    ],
)
def test_a_proxy_that_cannot_be_used_stops_who_needs_it_and_nobody_else(
    given: Given, mode: Mode, value: str
) -> None:
    told = given.refused(mode, **SLACK, HTTPS_PROXY=value)
    assert named(told) == ["HTTPS_PROXY"]
    assert SECRET not in told
    assert given("migrate").https_proxy


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_a_proxy_is_taken_as_other_programs_take_it(given: Given, name: str) -> None:
    settings = given("serve", **SLACK, **{name: "name:p%40ss@Proxy.example.co.jp:8080"})
    assert settings.https_proxy
    assert settings.https_proxy.get_secret_value() == "http://name:p%40ss@Proxy.example.co.jp:8080"


def test_the_file_counts_where_the_environment_is_silent(given: Given, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nHELPDESK_CONTACT=内線 2000\nUNKNOWN=1\n", "utf-8-sig")
    assert given().port == 4000
    assert given().helpdesk_contact == "内線 2000"
    assert given(PORT="5000").port == 5000


def test_a_file_in_another_encoding_is_refused_kindly(given: Given, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("HELPDESK_CONTACT=内線 2000\n".encode("shift_jis"))
    assert "Save .env as UTF-8" in given.refused()


def test_settings_do_not_change(given: Given) -> None:
    with pytest.raises(ValueError, match="frozen"):
        given().port = 1  # type: ignore[misc]
