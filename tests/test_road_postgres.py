"""The embedded PostgreSQL: one owner, taken over from the dead, closed to everybody else."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.postgres import BadDatabase, embedded


@pytest.fixture
def place() -> Iterator[Path]:
    # Not pytest's own: each run that begins closes those to all other users, and by root PostgreSQL is one.
    with tempfile.TemporaryDirectory(prefix="postgres-test-", ignore_cleanup_errors=True) as made:
        yield Path(made)


def answer(address: str, sql: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


def test_data_outlive_the_server(place: Path) -> None:
    with embedded(place / "data") as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    with embedded(place / "data") as address:
        assert answer(address, "SELECT number FROM kept") == 7
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


def test_a_second_owner_is_refused_in_a_clear_sentence(place: Path) -> None:
    refused = pytest.raises(BadDatabase, match="Another process already works with the data")
    with embedded(place), refused, embedded(place):
        pass
    with embedded(place) as address:
        assert answer(address, "SELECT 1") == 1


def test_the_server_of_a_killed_owner_is_taken_over(place: Path) -> None:
    owner = (
        "import sys, time; from pathlib import Path; from bot.postgres import embedded\n"
        "with embedded(Path(sys.argv[1])) as address: print(address, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", owner, str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    with embedded(place) as address:
        assert address == first
        assert answer(address, "SELECT 1") == 1


def test_a_stop_in_the_middle_of_the_start_leaves_no_server_behind(place: Path) -> None:
    with embedded(place):
        pass
    owner = (
        "import signal, sys; from pathlib import Path; from bot.postgres import embedded\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
        "with embedded(Path(sys.argv[1])): signal.pause()"
    )
    note = place / "postgres" / "postmaster.pid"  # the server's own, which it takes away when it ends
    with subprocess.Popen([sys.executable, "-c", owner, str(place)]) as process:
        while not note.exists():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 143
    assert not note.exists()


def test_nobody_else_on_the_machine_gets_in(place: Path) -> None:
    with embedded(place) as address:
        assert answer(address, "SHOW listen_addresses") == ""
        assert answer(address, "SHOW unix_socket_permissions") == "0700"
        folder = Path(str(answer(address, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((place / "postgres").stat().st_mode) == 0o700


def test_a_path_too_long_for_a_socket_will_do(place: Path) -> None:
    folder = place / ("long" * 30)
    with embedded(folder) as address:
        assert answer(address, "SELECT 1") == 1
        sockets = Path(str(answer(address, "SHOW unix_socket_directories")))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not sockets.exists()


def test_a_half_made_folder_is_made_anew(place: Path) -> None:
    half = place / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with embedded(place) as address:
        assert answer(address, "SELECT 1") == 1


def test_a_note_of_a_server_that_is_no_more_is_not_believed(place: Path) -> None:
    with embedded(place):
        note = (place / "postgres" / "postmaster.pid").read_text()
    lines = note.splitlines()
    (place / "postgres" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with embedded(place) as address:
        assert answer(address, "SELECT 1") == 1


def test_data_of_a_version_that_is_not_installed_are_left_alone(place: Path) -> None:
    data = place / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(BadDatabase, match="PostgreSQL 9"), embedded(place):
        pass
    assert (data / "PG_VERSION").read_text() == "9\n"


def test_where_the_disk_is_emptied_every_day_nothing_is_embedded(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    with pytest.raises(BadDatabase, match="DATABASE_URL"), embedded(place):
        pass
