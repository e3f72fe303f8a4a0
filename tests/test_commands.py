"""`python -m bot` with words or settings that cannot be right: told before anything is made or opened."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot import commands
from bot.__main__ import NO_RESTART_HELPS, main
from bot.pool import connect_to
from bot.replies import NoteUnmatched
from bot.settings import Settings
from bot.store import note_unmatched
from tests.road import empty_database, new_database

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command where no setting is given: its exit code, and all that it prints."""
    for name in [one for one in os.environ if one.lower() in Settings.model_fields]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(commands, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    on_stop = signal.getsignal(signal.SIGTERM)

    def ran(*words: str) -> tuple[int, str]:
        try:
            code = main(list(words))
        except SystemExit as left:
            code = int(left.code or 0)
        return code, "".join(capsys.readouterr())

    yield ran
    signal.signal(signal.SIGTERM, on_stop)


@pytest.mark.parametrize("words", ["pause", "pause --show", "forget U012AB3CD"])
def test_without_the_bots_settings_nothing_is_paused_and_nobody_forgotten(
    run: Run, tmp_path: Path, words: str
) -> None:
    code, told = run(*words.split())
    assert code == 1
    assert "ここにはデータベースがありません" in told
    assert "There is no database here" in told
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_a_database_that_was_not_there_says_that_it_is_empty_for_that_reason(
    run: Run, tmp_path: Path
) -> None:
    code, told = run("report", "--since", "30d", "--out", "r.html")
    assert code == 0
    assert "ここにはデータベースがなかった" in told
    assert "There was no database here" in told
    assert (tmp_path / "r.html").exists()
    assert "There was no database" not in run("report", "--since", "30d", "--out", "r.html")[1]


@pytest.mark.parametrize("words", ["--since yesterday --out r.html", "--since 30d", "--since 0d --json"])
def test_wrong_words_for_a_report_are_told_before_a_database_is_looked_for(run: Run, words: str) -> None:
    code, told = run("report", *words.split())
    assert code == 1
    assert "--since" in told or "--out" in told
    assert "database" not in told


@pytest.mark.parametrize("days", ["-3", "many", "99999999999"])
def test_a_number_of_days_that_cannot_be_is_refused(run: Run, days: str) -> None:
    code, told = run("watch", f"--days={days}")
    assert code == 2
    assert "--days" in told


@pytest.mark.parametrize("words", ["serve", "socket", "migrate", "pause --show"])
def test_what_no_restart_mends_has_an_exit_code_of_its_own(
    run: Run, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORT", "many")
    code, told = run(*words.split())
    assert code == NO_RESTART_HELPS == os.EX_CONFIG
    assert "PORT: " in told
    assert list(tmp_path.iterdir()) == []


def test_tables_with_a_fault_are_told_with_that_exit_code_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "errors.toml").write_text("[error.no_certificate]\ntitel.ja = 'x'\n")
    monkeypatch.setenv("KNOWLEDGE_DIR", ".")
    code, told = run("serve")
    assert code == NO_RESTART_HELPS
    assert "titel" in told


@pytest.mark.parametrize("words", ["watch", "forget U012AB3CD", "report --since 3d --json", "pause"])
def test_a_role_that_may_not_read_the_tables_is_told_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    address, role = new_database(), f"nobody_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {role}".encode())
        connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    monkeypatch.setenv("DATABASE_URL", address.replace("postgres@", f"{role}@"))
    code, told = run(*words.split())
    assert (code, told.count("GRANT")) == (1, 2)


@pytest.mark.parametrize("words", ["migrate", "pause", "forget U012AB3CD"])
def test_a_database_that_only_reads_is_told_in_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    address = empty_database() if words == "migrate" else new_database()
    name = address.partition("@/")[2].partition("?")[0]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    monkeypatch.setenv("DATABASE_URL", address)
    code, told = run(*words.split())
    assert code == 1
    assert "読み取り専用" in told
    assert "can only be read" in told


def test_a_reason_in_another_encoding_is_refused_in_a_sentence(run: Run) -> None:
    typed = "確認中".encode("cp932").decode("utf-8", "surrogateescape")  # as Python takes it
    code, told = run("pause", "--reason-ja", typed, "--reason-en", "checking")
    assert code == 1
    assert "UTF-8" in told


def test_who_reads_only_the_first_lines_is_no_fault_and_no_terminal_lacks_a_letter() -> None:
    address = new_database()
    engine = connect_to(address)
    with engine.begin() as connection:
        notes = [NoteUnmatched("送れません" * 50, "none", "ja")] * 500
        note_unmatched(connection, notes, datetime(2026, 11, 24, tzinfo=UTC))
    engine.dispose()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {"DATABASE_URL": address, "PYTHONIOENCODING": "latin-1"}

    def run(*words: str) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-m", "bot", *words)
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    with run("unmatched") as one, run("watch") as other:
        assert one.stdout
        assert one.stdout.readline()
        one.stdout.close()
        assert one.stderr
        assert (one.stderr.read(), one.wait()) == (b"", 0)
        told, faults = other.communicate()
        assert (b"No certificates are watched." in told, faults) == (True, b"")


def test_days_are_those_of_the_companys_zone_also_where_its_own_tables_name_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO watches (team, person, fingerprint, purpose, not_after, names, state, due) VALUES "
            "('T1', 'U012AB3CD', 'ab', 'email', '2031-01-01 02:00+00', '[]', 'watching', "
            "'2030-12-03 01:00+00')"
        )
        connection.execute(
            "INSERT INTO pauses (began, reason_ja, reason_en) VALUES ('2026-11-25 02:00+00', '', '')"
        )
    (tmp_path / "company.toml").write_text('time_zone = "America/New_York"\n', encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", address)
    assert "\n2031-01-01\t" in run("watch")[1]
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path))
    told = run("watch")[1]
    assert "\n2030-12-31\t" in told
    assert "\t2030-12-02\n" in told
    assert "2026-11-24 21:00" in run("pause", "--show")[1]
    (tmp_path / "company.toml").write_text("time_zone = ", encoding="utf-8")
    assert run("pause", "--show")[0] == 0
