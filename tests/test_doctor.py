"""`doctor` finds each fault that is really there, says its cure, and loses nothing when something breaks."""

import asyncio
import re
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from bot.doctor import examination, gathering, slack_facts
from bot.doctor.check import Check, Found, Said, fault
from bot.doctor.command import secrets, without
from bot.doctor.configuration_facts import Read, configuration, read
from bot.doctor.database_facts import _why, database
from bot.doctor.facts import Configuration, Facts, Machine, Trusted, have
from bot.doctor.knowledge_facts import trusted
from bot.doctor.machine_facts import machine
from bot.doctor.printed import is_well
from bot.postgres import embedded
from bot.workspace.faults import Late, Ratelimited
from bot.workspace.people import BOT_USER, HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from tests import road
from tests.doctor import NOW, examined, found, of_database, of_slack, of_tables, settings, told, well

Change = Callable[[Workspace], None]
README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_where_all_is_well_nothing_is_a_fault_or_a_warning() -> None:
    facts = of_slack()
    assert {id_ for id_, level in found(facts).items() if level in ("fault", "warning")} <= {
        "database.rights"  # the tests' own role is a superuser
    }
    assert found(facts)["slack.bot_token"] == "ok"


def test_each_checks_id_is_there_once() -> None:
    ids = [check.id for _, checks in examination.GROUPS for check in checks]
    assert len(ids) == len(set(ids))


# --- Slack ---


def revoked(word: str) -> Change:
    return lambda slack: slack.refused_tokens.__setitem__(slack.bot_token, word)


def of_channel(**changes: Any) -> Change:
    def change(slack: Workspace) -> None:
        slack.channels[HELPDESK_CHANNEL] = replace(slack.channels[HELPDESK_CHANNEL], **changes)

    return change


def of_scopes(*, less: str = "", more: str = "") -> Change:
    def change(slack: Workspace) -> None:
        scopes = ((slack.app.scopes or frozenset()) - {less}) | ({more} if more else set())
        slack.app = replace(slack.app, scopes=frozenset(scopes))

    return change


def without_the_bot(slack: Workspace) -> None:
    members = slack.channels[HELPDESK_CHANNEL].members - {BOT_USER}
    of_channel(members=members)(slack)


def without_the_bot_in_public(slack: Workspace) -> None:
    of_channel(private=False)(slack)
    without_the_bot(slack)


def app_token_without_scope(slack: Workspace) -> None:
    slack.app_token_scopes = frozenset({"authorizations:read"})


def socket_mode_off(slack: Workspace) -> None:
    slack.is_socket_mode_on = False


def app_token_revoked(slack: Workspace) -> None:
    slack.refused_tokens[slack.app_token] = "token_revoked"


SOCKET: dict[str, Any] = {"slack_app_token": "its own", "slack_signing_secret": None}
IN_SLACK: dict[str, tuple[Change, dict[str, Any], str, str, str]] = {
    "revoked": (revoked("token_revoked"), {}, "slack.bot_token", "fault", "Install App"),
    "removed": (revoked("account_inactive"), {}, "slack.bot_token", "fault", "Install App"),
    "wrong": (revoked("invalid_auth"), {}, "slack.bot_token", "fault", "OAuth & Permissions"),
    "missing scope": (of_scopes(less="im:read"), {}, "slack.scopes", "fault", "im:read"),
    "scope too many": (of_scopes(more="admin"), {}, "slack.scopes", "warning", "admin"),
    "without agent_view": (of_scopes(less="assistant:write"), {}, "slack.scopes", "note", "examples"),
    "a public channel": (
        of_channel(private=False),
        {},
        "slack.channel",
        "warning",
        "Change to a private channel",
    ),
    "not in the channel": (without_the_bot, {}, "slack.channel", "fault", "/invite"),
    "not in a public one": (
        without_the_bot_in_public,
        {},
        "slack.channel",
        "fault",
        "/invite",
    ),
    "archived": (of_channel(archived=True), {}, "slack.channel", "fault", "archived"),
    "shared": (of_channel(shared=True), {}, "slack.channel", "warning", "another company"),
    "no channel": (
        lambda _: None,
        {"helpdesk_channel": "C0NOTTHERE1"},
        "slack.channel",
        "fault",
        "at the bottom",
    ),
    "may not look": (of_scopes(less="groups:read"), {}, "slack.channel", "fault", "Scopes"),
    "app token revoked": (app_token_revoked, SOCKET, "slack.app_token", "fault", "App-Level Tokens"),
    "app token wrong": (
        lambda _: None,
        SOCKET | {"slack_app_token": SecretStr("xapp-1-wrong")},
        "slack.app_token",
        "fault",
        "App-Level Tokens",
    ),
    "app token without scope": (
        app_token_without_scope,
        SOCKET,
        "slack.app_token",
        "fault",
        "connections:write",
    ),
    "Socket Mode off": (socket_mode_off, SOCKET, "slack.socket_mode", "warning", "Enable Socket Mode"),
    "a file host that is away": (
        lambda _: None,
        {"slack_file_hosts": (("127.0.0.1", 9),)},
        "slack.files:127.0.0.1:9",
        "fault",
        "443",
    ),
    "later": (
        lambda slack: slack.faults.on_call("auth.test", Ratelimited(30)),
        {},
        "slack.bot_token",
        "fault",
        "some minutes",
    ),
}


@pytest.mark.parametrize("name", IN_SLACK)
def test_what_is_wrong_in_slack_is_found_with_its_cure(name: str) -> None:
    change, more, id_, level, words = IN_SLACK[name]
    facts = of_slack(change, **more)
    assert found(facts)[id_] == level
    assert words in told(facts, id_)


def test_a_socket_that_is_well_is_so() -> None:
    levels = found(of_slack(**SOCKET))
    assert (levels["slack.app_token"], levels["slack.socket_mode"]) == ("ok", "ok")


def test_slack_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_facts, "ANSWERED_WITHIN", 0.1)
    facts = of_slack(lambda slack: slack.faults.on_call("auth.test", Late(30)))
    assert "does not answer in time" in told(facts, "slack.bot_token")


def test_slack_that_cannot_be_reached_is_told_once() -> None:
    levels = found(of_slack(slack_api_url="http://127.0.0.1:9/api/"))
    assert levels["slack.bot_token"] == "fault"
    assert not {"slack.scopes", "slack.channel", "slack.clock"} & levels.keys()


@pytest.mark.parametrize(("seconds", "level"), [(5, "ok"), (60, "warning"), (-600, "fault")])
def test_a_clock_that_is_wrong_is_found(seconds: int, level: str) -> None:
    facts = of_slack()
    said = have(facts.slack)
    assert said
    facts = replace(facts, slack=replace(said, clock_ahead=timedelta(seconds=seconds)))
    assert found(facts)["slack.clock"] == level


# --- the database ---


@pytest.fixture
def place() -> Iterator[Path]:
    # Not pytest's own: each run that begins closes those to all other users, and by root PostgreSQL is one.
    with tempfile.TemporaryDirectory(prefix="doctor-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def changed(*statements: str, address: str = "") -> str:
    """A database in which this was done."""
    address = address or road.new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        for sql in statements:
            connection.execute(sql.encode())
    return address


def test_a_database_that_was_never_migrated_is_found() -> None:
    facts = of_database(road.empty_database())
    assert found(facts)["database.tables"] == "fault"
    assert "python -m bot migrate" in told(facts, "database.tables")
    assert "engine.failed" not in found(facts)


def test_tables_of_an_older_version_are_found() -> None:
    facts = of_database(changed("UPDATE alembic_version SET version_num = '0003'"))
    assert "0003 → " in told(facts, "database.tables")
    facts = of_database(changed("UPDATE engine_version SET migration = '03.03.00_01_pre_priority.sql'"))
    assert "the engine's" in told(facts, "database.tables")


def test_tables_of_a_newer_version_are_no_fault() -> None:
    assert (
        found(of_database(changed("UPDATE alembic_version SET version_num = '9999'")))["database.tables"]
        == "note"
    )


JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) "
    "VALUES ('default', 'event', "
)


def test_work_that_failed_waits_or_was_refused_is_found() -> None:
    facts = of_database(
        changed(
            f"{JOB} 'failed', now())",
            f"{JOB} 'todo', now() - interval '20 minutes')",
            f"{JOB} 'todo', now() + interval '1 day')",
            "INSERT INTO outbox (event, kind, channel, person, made, failure) "
            "VALUES ('E', 'say', 'C1', 'U1', now(), 'is_archived')",
            "INSERT INTO procrastinate_workers DEFAULT VALUES",
            "INSERT INTO pulse (id, heard) VALUES (1, now() - interval '1 hour')",
            "INSERT INTO pauses (began, reason_ja, reason_en) VALUES (now() - interval '5 hours', '', '')",
        )
    )
    levels = found(facts)
    assert levels["engine.failed"] == "warning"
    assert levels["engine.waiting"] == "fault"
    assert "2 wait, the oldest for 20 minutes" in told(facts, "engine.waiting")
    assert "is_archived 1" in told(facts, "engine.given_up")
    assert "not heard for 60 minutes" in told(facts, "engine.processes")
    assert levels["engine.paused"] == "warning"
    assert "paused for 5 hours" in told(facts, "engine.paused")


def test_rights_that_are_lacking_are_found() -> None:
    address = road.new_database()
    changed("DROP ROLE IF EXISTS doctor_stranger", "CREATE ROLE doctor_stranger LOGIN", address=address)
    facts = of_database(address.replace("postgres@", "doctor_stranger@"))
    assert found(facts)["database.rights"] == "fault"
    assert "conversations" in told(facts, "database.rights")
    changed("DROP ROLE doctor_stranger", address=address)


def test_a_database_that_is_not_there_or_does_not_answer_is_found() -> None:
    there = road.new_database()
    missing = of_database(there.replace("/test_", "/no_such_"))
    assert "createdb" in told(missing, "database.answers")
    away = of_database("postgresql://user:password@127.0.0.1:9/bot")
    assert "does not answer" in told(away, "database.answers")
    assert not [id_ for id_ in found(away) if id_.startswith("engine.")]


def test_a_database_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "DATABASE_WITHIN", 0.1)
    monkeypatch.setattr(gathering, "knowledge", lambda _: well().knowledge)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://bot@127.0.0.1:{silent.getsockname()[1]}/bot"
        facts = asyncio.run(gathering.gather(Read(settings(database_url=SecretStr(address))), NOW))
    assert "does not answer" in told(facts, "database.answers")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('FATAL:  password authentication failed for user "bot"', "password"),
        ('FATAL:  database "bot" does not exist', "no_database"),
        ("FATAL:  sorry, too many clients already", "full"),
        ("server does not support SSL, but SSL was required", "tls"),
        ("Connection refused", "unreachable"),
    ],
)
def test_what_libpq_says_becomes_a_reason_of_ours(said: str, why: str) -> None:
    assert _why(said) == why


def test_an_embedded_database_that_a_bot_works_with_is_left_alone(place: Path) -> None:
    chosen = settings(data_dir=place)
    assert database(chosen).state == "not_made"
    assert list(place.iterdir()) == []  # and nothing is made
    with embedded(place) as address:
        facts = replace(well(), database=database(chosen))
        assert found(facts)["database.answers"] == "note"
        assert "a running bot uses" in told(facts, "database.answers")
        changed("SELECT 1", address=address)
    assert database(chosen).state == "answers"  # at rest it is looked into, and not migrated
    assert found(replace(well(), database=database(chosen)))["database.tables"] == "fault"


# --- settings, tables, roots, machine ---


def with_settings(**changes: Any) -> Facts:
    return replace(well(), configuration=replace(have(well().configuration), has_slack=True, **changes))


@pytest.mark.parametrize(
    ("changes", "id_", "level"),
    [
        (
            {"signing_secret": "usual", "has_app_token": True, "has_bot_token": True},
            "settings.mode",
            "warning",
        ),
        ({"has_bot_token": True}, "settings.mode", "fault"),
        ({"signing_secret": "usual"}, "settings.mode", "fault"),
        ({"signing_secret": "unusual"}, "settings.signing_secret", "warning"),
        ({"channel": "#helpdesk"}, "settings.hand_over", "fault"),
        ({"has_contact": True}, "settings.hand_over", "note"),
        ({"holidays": (date(2020, 1, 1),)}, "settings.holidays", "warning"),
        ({"holidays": (date(2020, 1, 1), date(2999, 1, 1))}, "settings.holidays", "ok"),
        ({"asks_revocation": True}, "settings.asking", "note"),
        ({"asks_revocation": True, "has_proxy_for_fetching": True}, "settings.asking", "warning"),
        ({"allowed_hosts": 2}, "settings.asking", "note"),
        ({"retention_days": 2}, "settings.retention", "warning"),
        ({"retention_days": 900}, "settings.retention", "warning"),
        ({"env_mode": 0o644}, "settings.env_file", "warning"),
        ({"env_is_readable": False}, "settings.env_file", "fault"),
        ({"on_dyno": True}, "machine.data", "fault"),
    ],
)
def test_settings_that_contradict_each_other_are_found(changes: dict[str, Any], id_: str, level: str) -> None:
    assert found(with_settings(**changes))[id_] == level


def test_without_slacks_settings_nothing_is_well_and_where_they_are_is_told() -> None:
    assert found(well())["settings.mode"] == "fault"
    assert not is_well(examined(well()))
    said = told(well(), "settings.mode")
    heading = "Commands beside the running bot"
    assert said.count(heading) == 2
    assert re.search(rf"^### \d+\. {heading}$", README, re.MULTILINE)
    for words in ("helpdesk bot doctor", "docker exec certificate-helpdesk python -m bot doctor", "make run"):
        assert said.count(words) == 2
        assert words in README


def test_a_token_that_cannot_be_read_is_there_and_told_by_its_shape_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "oddly chosen")
    levels = found(replace(well(), configuration=configuration(read())))
    assert levels["settings.shape:SLACK_BOT_TOKEN"] == "fault"
    assert "settings.mode" not in levels


def test_a_hand_over_that_would_reach_nobody_is_a_fault(tmp_path: Path) -> None:
    facts = of_tables(tmp_path, slack_bot_token=SecretStr("xoxb-1"))
    assert found(facts)["settings.hand_over"] == "fault"
    assert found(replace(facts, knowledge=well().knowledge))["settings.hand_over"] == "note"  # company.toml


def test_every_wrong_setting_is_told_and_the_others_still_count(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=many\nRETENTION_DAYS=3\nHOLIDAYS=no.txt\n")
    (tmp_path / ".env").chmod(0o640)
    monkeypatch.setenv("DYNO", "web.1")  # where DATABASE_URL is needed
    facts = replace(well(), configuration=configuration(read()))
    levels = found(facts)
    shapes = {id_ for id_ in levels if id_.startswith("settings.shape")}
    assert shapes == {"settings.shape:PORT", "settings.shape:HOLIDAYS", "settings.shape:DATABASE_URL"}
    assert levels["settings.retention"] == levels["settings.env_file"] == "warning"
    (tmp_path / ".env").write_bytes("HELPDESK_CONTACT=内線\n".encode("shift_jis"))
    assert "Save it as UTF-8" in told(
        replace(facts, configuration=configuration(read())), "settings.env_file"
    )


def test_an_old_review_and_a_fault_of_the_companys_tables_are_found(tmp_path: Path) -> None:
    (tmp_path / "remedies.toml").write_text("[remedy.renew]\nreviewed = 2025-01-31\n")
    facts = of_tables(tmp_path)
    assert found(facts)["knowledge.reviews"] == "warning"
    assert "renew" in told(facts, "knowledge.reviews")
    (tmp_path / "remedies.toml").write_text("[remedy.renew]\nminutes = true\nreveiwed = 2025-01-31\n")
    facts = of_tables(tmp_path)
    assert found(facts)["knowledge.tables"] == "fault"
    assert "reveiwed" in told(facts, "knowledge.tables")


def test_a_label_that_was_seen_is_not_counted_and_the_last_ones_are_named(tmp_path: Path) -> None:
    def seen(ids: Iterable[str]) -> str:
        rows = "".join(f"[label.{id_}]\nconfirmed = 2026-11-01\n" for id_ in ids)
        (tmp_path / "labels.toml").write_text(rows)
        return told(of_tables(tmp_path), "knowledge.labels")

    book = have(well().knowledge).book
    assert book
    assert "69 of 70 not yet; python -m knowledge lists them" in seen(["file"])
    left = sorted(book.labels)[:2]
    assert f"2 of 70 not yet: {', '.join(left)}" in seen(book.labels.keys() - set(left))


def test_each_missing_entry_says_what_it_would_save(tmp_path: Path) -> None:
    facts = of_tables(tmp_path)
    assert "1.0 questions on average (at most 1)" in told(facts, "company.entry:mail_servers")
    assert "saves 0.7 remedies tried in vain" in told(facts, "company.entry:mail_system")
    assert "社内の証明書の申請窓口" in told(facts, "company.entry:renewal")
    assert found(well())["company.entry"] == "ok"


def test_roots_that_cannot_be_read_or_have_run_out_are_found(tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text("no certificate")
    unreadable = trusted(settings(trust_roots=(tmp_path / "root.pem",)))
    assert found(replace(well(), trusted=unreadable))["trust.own"] == "fault"
    (tmp_path / "root.pem").write_bytes(road.samples().root)
    good = trusted(settings(trust_roots=(tmp_path / "root.pem",)))
    facts = replace(well(), trusted=good)
    assert found(facts)["trust.ends"] == "ok"
    assert found(replace(facts, at=NOW + timedelta(days=9000)))["trust.ends"] == "warning"


@pytest.mark.parametrize(("days", "level"), [(30, "ok"), (121, "warning"), (401, "fault")])
def test_a_list_of_roots_that_is_old_is_found(days: int, level: str) -> None:
    facts = replace(well(), trusted=Trusted(programme=NOW - timedelta(days=days)))
    assert found(facts)["trust.programme"] == level


@pytest.mark.parametrize(
    ("changes", "id_", "level"),
    [
        ({"free": 100 * 2**20}, "machine.disk", "fault"),
        ({"free": 500 * 2**20}, "machine.disk", "warning"),
        ({"file_system": "tmpfs"}, "machine.data", "warning"),
        ({"time_zones": 0}, "machine.time_zones", "fault"),
        ({"has_picture_reader": False}, "machine.pictures", "note"),
    ],
)
def test_a_machine_that_lacks_something_is_found(changes: dict[str, Any], id_: str, level: str) -> None:
    assert found(replace(well(), machine=replace(have(well().machine), **changes)))[id_] == level


def test_tls_and_proxies_are_looked_at(tmp_path: Path) -> None:
    levels = found(replace(well(), machine=machine(settings(ssl_cert_file=tmp_path / "root.pem"))))
    assert levels["machine.authorities"] == "ok"
    for value, level in (("socks5://proxy:8080", "fault"), ("http://u:odd-secret@proxy.example:8080", "ok")):
        facts = replace(well(), machine=machine(settings(https_proxy=SecretStr(value))))
        assert found(facts)["machine.proxy:HTTPS_PROXY"] == level
        assert "odd-secret" not in told(facts, "machine.proxy:HTTPS_PROXY")


# --- nothing is lost, nothing hangs ---


def test_a_check_that_breaks_is_told_and_loses_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Facts) -> list[Any]:
        raise ValueError("what somebody wrote")

    before = found(well())
    broken = (Said("壊れる", "Breaks"), (Check("test.breaks", Said("壊れる", "Breaks"), breaks),))
    monkeypatch.setattr(examination, "GROUPS", (broken, *examination.GROUPS))
    assert found(well()) == before | {"test.breaks": "fault"}
    assert "ValueError at tests/test_doctor.py" in told(well(), "test.breaks")
    assert "somebody" not in told(well(), "test.breaks")


def test_what_cannot_be_gathered_is_told_and_loses_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: object) -> Machine:
        raise OSError("a path")

    def hangs(_: object) -> Configuration:
        connection, other = socket.socketpair()
        with connection, other:
            connection.settimeout(20)
            connection.recv(1)
        raise AssertionError

    monkeypatch.setattr(gathering, "machine", breaks)
    monkeypatch.setattr(gathering, "configured", hangs)
    monkeypatch.setattr(gathering, "NETWORK_WITHIN", 0.1)
    monkeypatch.setattr(gathering, "knowledge", lambda _: well().knowledge)
    chosen = settings(database_url=SecretStr(road.new_database()))
    facts = asyncio.run(gathering.gather(Read(chosen), NOW))
    levels = found(facts)
    assert levels["doctor.machine"] == levels["doctor.configuration"] == "fault"
    assert "OSError at " in told(facts, "doctor.machine")
    assert "TimeoutError" in told(facts, "doctor.configuration")
    assert levels["database.tables"] == levels["trust.programme"] == "ok"


def test_what_is_secret_would_be_taken_out_of_what_a_check_says() -> None:
    leak = Found("test.leak", Said("漏れ", "Leak"), fault("x oddly-chosen y", "oddly-chosen", Said("", "")))
    chosen = settings(database_url=SecretStr("postgresql://bot:oddly-chosen@db.example/bot"))
    ((_, (kept,)),) = without(secrets(chosen), [(Said("", ""), [leak])])
    assert kept.result.detail == Said("x … y", "…")
