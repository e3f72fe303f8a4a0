"""What operators are told to run is run here: roles, backup, restore, the unit; and Slack's first request."""

import asyncio
import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from bot import forget
from bot.__main__ import NO_RESTART_HELPS
from bot.local import MANIFEST
from bot.migrate import migrate
from bot.pool import connect_to
from bot.postgres import NEWEST, BadDatabase, _wheel
from bot.retention import erase_before
from bot.workspace.app import serve_workspace
from bot.workspace.installed import read_manifest
from bot.workspace.people import SATO
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, Stage, empty_database, on_stage, sample, stage
from tests.test_slack_http import sending

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "operations"
UNIT = HERE / "certificate-helpdesk.service"
INSTALLED = "/opt/certificate-helpdesk"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL on which somebody may do everything, as the operator of the company's has it."""

    host: str
    port: str

    def address(self, database: str, role: str) -> str:
        return f"postgresql://{role}@/{database}?host={self.host}&port={self.port}"

    def run(self, folder: Path, *command: str, **environment: str) -> None:
        """Runs a program of PostgreSQL's, or a file of them. Raises CalledProcessError."""
        given = {
            "PATH": f"{_wheel().POSTGRES_VERSIONS[NEWEST]}:{os.environ['PATH']}",
            **{"PGHOST": self.host, "PGPORT": self.port, "PGUSER": "postgres", "PGDATABASE": "postgres"},
        }
        subprocess.run(command, cwd=folder, env=given | environment, check=True)

    def ask(self, database: str, sql: str, role: str = "postgres") -> list[tuple[object, ...]]:
        with psycopg.connect(self.address(database, role), autocommit=True) as connection:
            answer = connection.execute(sql.encode())
            return answer.fetchall() if answer.description else []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with the role and the database that database.sql makes, and the role of second_role.sql."""
    found = parse_qs(urlsplit(empty_database()).query)
    made = Server(found["host"][0], found["port"][0])
    psql = ("psql", "--quiet", "--set=ON_ERROR_STOP=1")
    for file in ("database.sql", "second_role.sql"):
        made.run(tmp_path, *psql, f"--file={HERE / file}")
    yield made
    made.ask("postgres", "DROP DATABASE IF EXISTS helpdesk_again")
    made.run(tmp_path, *psql, f"--file={HERE / 'removal.sql'}")
    left = "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles"
    assert not [name for (name,) in made.ask("postgres", left) if str(name).startswith("helpdesk")]


def test_the_owner_migrates_and_a_lesser_role_does_all_that_the_bot_does(server: Server) -> None:
    lesser = server.address("helpdesk", "helpdesk_bot")
    with pytest.raises(BadDatabase, match="the tables' owner"):
        migrate(lesser)
    assert migrate(server.address("helpdesk", "helpdesk"))
    assert not migrate(lesser)  # nothing to do, and nothing was tried
    ((head,),) = server.ask("helpdesk", "SELECT version_num FROM alembic_version")
    server.ask("helpdesk", "UPDATE alembic_version SET version_num = '0008'")  # a new version has come
    with pytest.raises(BadDatabase, match="the tables' owner"):
        migrate(lesser)
    server.ask("helpdesk", f"UPDATE alembic_version SET version_num = '{head}'")

    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("", sample("expired"))
        await here.press(here.said()[-1], "担当者と話す")
        assert here.ask("SELECT count(*) FROM cards") == [(1,)]

    on_stage(play, database=lesser)
    forget.forget(lesser, SATO.id, waiting=lambda: None)
    engine = connect_to(lesser)
    with engine.begin() as connection:
        erase_before(connection, datetime.now(UTC) + timedelta(days=1))
    engine.dispose()
    for refused in ("CREATE TABLE t ()", "DROP TABLE events", "TRUNCATE events"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.ask("helpdesk", refused, "helpdesk_bot")
    more = "rolname LIKE 'helpdesk%' AND (rolsuper OR rolcreatedb OR rolcreaterole)"
    assert server.ask("postgres", f"SELECT rolname FROM pg_roles WHERE {more}") == []


def test_nobody_else_gets_into_the_database(server: Server) -> None:
    server.ask("postgres", "CREATE ROLE somebody LOGIN")
    try:
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            server.ask("helpdesk", "SELECT 1", "somebody")
    finally:
        server.ask("postgres", "DROP ROLE somebody")


def counts(server: Server, database: str) -> dict[str, int]:
    """How many rows each table holds, but for the engine's notes of who is alive."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ 'workers$'"
    names = [str(name) for (name,) in server.ask(database, tables)]
    return {name: int(str(server.ask(database, f"SELECT count(*) FROM {name}")[0][0])) for name in names}


def test_a_backup_is_restored_and_the_conversation_goes_on(server: Server, tmp_path: Path) -> None:
    old, new = (server.address(name, "helpdesk") for name in ("helpdesk", "helpdesk_again"))
    migrate(old)
    addresses = {"DATABASE_URL": old, "NEW_DATABASE_URL": new}

    async def play() -> None:
        workspace = Workspace(app=read_manifest(MANIFEST))
        async with serve_workspace(workspace):
            async with stage(database=old, workspace=workspace) as here:
                await here.say(ROW_1)
                for file in ("backup.sh", "restore.sh"):
                    await asyncio.to_thread(server.run, tmp_path, "sh", "-eu", str(HERE / file), **addresses)
                assert counts(server, "helpdesk_again") == counts(server, "helpdesk")
                assert counts(server, "helpdesk")["conversations"] == 1
            assert not migrate(new)
            async with stage(database=new, workspace=workspace) as here:
                assert await here.press(here.said()[0], "answer:changed:nothing")
                await here.say("", sample("expired"))
                assert len(here.said()) == 3
                assert here.ask("SELECT count(*) FROM conversations") == [(1,)]

    asyncio.run(play())


def test_slack_may_check_the_request_address_before_anything_is_set_up() -> None:
    async def play(here: Stage) -> None:
        body = json.dumps({"type": "url_verification", "token": "x", "challenge": "3eZbrw1aBm2r"}).encode()
        answer = await sending(here)(body)
        assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1aBm2r"})
        assert (await sending(here)(body, secret="guessed")).status_code == 401

    on_stage(play)


def command_lines() -> list[str]:
    """Each command that the Procfile and the unit start, without where Python is."""
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["release", "web", "worker"]
    service = unit()["Service"]
    found = [line.partition(": ")[2] for line in lines] + [service["ExecStartPre"], service["ExecStart"]]
    return [line.removeprefix("-").replace(f"{INSTALLED}/.venv/bin/", "") for line in found]


def unit() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(UNIT.read_text("utf-8"))
    return parsed


def test_the_commands_that_are_started_exist() -> None:
    told = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, text=True)
    known = re.findall(r"^    (\w+) ", told.stdout, re.MULTILINE)
    for line in command_lines():
        assert line.split()[:-1] == ["python", "-m", "bot"]
        assert line.split()[-1] in known


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    service = unit()["Service"]
    assert service["Restart"] == "always"
    assert service["DynamicUser"] == "yes"
    if verify := shutil.which("systemd-analyze"):
        file = tmp_path / UNIT.name
        file.write_text(UNIT.read_text("utf-8").replace(INSTALLED, str(ROOT)), "utf-8")
        told = subprocess.run([verify, "verify", file], capture_output=True, text=True, check=False)
        assert (told.returncode, told.stderr) == (0, "")


def test_the_unit_gives_up_on_settings_and_on_nothing_that_heals_by_itself() -> None:
    """For ever every 15 seconds, but for the one exit code; that one only the main process can give."""
    service = unit()["Service"]
    assert service["RestartPreventExitStatus"] == str(NO_RESTART_HELPS)
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0"
    assert service["ExecStartPre"].startswith("-")
    assert int(service["RestartSec"]) >= 15


def test_what_the_readme_shows_of_these_files_is_what_is_tested() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = dict(re.findall(r"<!-- (tests/operations/\S+) -->\n```\w*\n(.*?)```\n", readme, re.DOTALL))
    if shown:
        assert shown == {f"tests/operations/{file.name}": file.read_text("utf-8") for file in HERE.iterdir()}
