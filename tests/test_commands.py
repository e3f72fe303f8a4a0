"""`python -m bot` with words or settings that cannot be right: told before anything is made or opened."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import commands
from bot.__main__ import NO_RESTART_HELPS, main
from bot.settings import Settings

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
