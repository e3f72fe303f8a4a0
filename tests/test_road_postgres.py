"""The embedded PostgreSQL: one owner, taken over from the dead, closed to everybody else."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bot.postgres import BadDatabase, embedded


def answer(address: str, sql: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


def test_data_outlive_the_server(tmp_path: Path) -> None:
    with embedded(tmp_path / "data") as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with embedded(tmp_path / "data") as address:
        assert answer(address, "SELECT number FROM kept") == 7
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


def test_a_second_owner_is_refused_in_a_clear_sentence(tmp_path: Path) -> None:
    refused = pytest.raises(BadDatabase, match="Another process already works with the data")
    with embedded(tmp_path), refused, embedded(tmp_path):
        pass
    with embedded(tmp_path) as address:
        assert answer(address, "SELECT 1") == 1


def test_the_server_of_a_killed_owner_is_taken_over(tmp_path: Path) -> None:
    owner = (
        "import sys, time; from pathlib import Path; from bot.postgres import embedded\n"
        "with embedded(Path(sys.argv[1])) as address: print(address, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", owner, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    with embedded(tmp_path) as address:
        assert address == first
        assert answer(address, "SELECT 1") == 1


def test_nobody_else_on_the_machine_gets_in(tmp_path: Path) -> None:
    with embedded(tmp_path) as address:
        assert answer(address, "SHOW listen_addresses") == ""
        assert answer(address, "SHOW unix_socket_permissions") == "0700"
        folder = Path(str(answer(address, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_will_do(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    with embedded(folder) as address:
        assert answer(address, "SELECT 1") == 1
        sockets = Path(str(answer(address, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not sockets.exists()


def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with embedded(tmp_path) as address:
        assert answer(address, "SELECT 1") == 1


def test_a_note_of_a_server_that_is_no_more_is_not_believed(tmp_path: Path) -> None:
    with embedded(tmp_path):
        note = (tmp_path / "postgres" / "postmaster.pid").read_text()
    lines = note.splitlines()
    (tmp_path / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with embedded(tmp_path) as address:
        assert answer(address, "SELECT 1") == 1


def test_data_of_a_version_that_is_not_installed_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(BadDatabase, match="PostgreSQL 9"), embedded(tmp_path):
        pass
    assert (data / "PG_VERSION").read_text() == "9\n"


def test_where_the_disk_is_emptied_every_day_nothing_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    with pytest.raises(BadDatabase, match="DATABASE_URL"), embedded(tmp_path):
        pass
