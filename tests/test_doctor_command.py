"""`python -m bot doctor` as it is run: its whole output, its JSON, its exit code; and what stops a start."""

import argparse
import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from pydantic import SecretStr

from bot.__main__ import NO_RESTART_HELPS
from bot.admission import require_tokens
from bot.commands import COMMANDS, LOCAL
from bot.environment import BadSettings
from bot.local import EXAMPLE_COMPANY
from bot.workspace.app import serve_workspace
from bot.workspace.people import HELPDESK_CHANNEL
from bot.workspace.workspace import Workspace
from tests.doctor import workspace
from tests.road import new_database, samples, settings

ROOT = Path(__file__).parents[1]
KEPT = ("PATH", "HOME", "LANG")

WELL = """\
設定
  OK    設定の形                すべて読めます
  OK    動かし方                python -m bot serve で動きます
  OK    Signing Secret          形は正しいです
  OK    引き継ぎ先              チャンネルがあります
  参考  休業日                  休業日の登録がありません
  OK    社外への問い合わせ      社外には何も問い合わせません
  OK    記録の保存              # 日

Slack
  OK    ボットのトークン        ワークスペース Local、ボット certificate_help
  OK    権限（スコープ）        # 個、manifest.json のとおり
  OK    担当者のチャンネル      ボットが入っています
  OK    ファイルのホスト        つながります（#）
  OK    Slack との時計の差      ずれはありません

データベースと仕事
  OK    データベース            PostgreSQL #
  OK    データベースの表        最新です（#）
  OK    権限                    足ります
  OK    接続                    # / # 使用中
  OK    時計の差                ずれはありません
  参考  プロセス                動いているプロセスはありません
  OK    待っている仕事          # 件
  OK    終わらなかった仕事      ありません
  OK    自動の案内              動いています
  OK    送れなかったもの        ありません

知識の表
  OK    表                      エラー #、対処 #、版 #
  OK    会社の表                company
  参考  実機で見たメニュー名    # 個中 # 個がまだです。一覧は python -m knowledge で見られます
  OK    対処の見直し            いちばん古いもので #

会社の登録（company.toml）
  OK    会社の登録              すべて登録されています

信頼する証明書
  OK    会社のルート            ルート #、中間 #
  OK    Microsoft のルート一覧  # のもの（# 日前）
  OK    ルートの期限            最初に切れるのは #

このマシン
  OK    タイムゾーン            Asia/Tokyo
  OK    画像の文字              読めます

異常 # 件、注意 # 件、参考 # 件、OK # 件
"""


async def doctor(folder: Path, environment: Mapping[str, str], *more: str) -> tuple[int, str]:
    """The exit code and what was printed, to either of the two."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *more),
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


def owned_database() -> str:
    """A database whose tables belong to a role that is no superuser."""
    address = new_database()
    name = urlsplit(address).path.removeprefix("/")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS doctor_owner")
        connection.execute("CREATE ROLE doctor_owner LOGIN")
        connection.execute(f"ALTER DATABASE {name} OWNER TO doctor_owner".encode())
        connection.execute("ALTER SCHEMA public OWNER TO doctor_owner")
        connection.execute(
            """DO $$ DECLARE one record; BEGIN
                FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                    EXECUTE format('ALTER TABLE public.%I OWNER TO doctor_owner', one.tablename);
                END LOOP; END $$"""
        )
    return address.replace("postgres@", "doctor_owner@")


def of_slack(place: Workspace) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": place.bot_token,
        "SLACK_SIGNING_SECRET": place.signing_secret,
        "SLACK_API_URL": f"{place.address}/api/",
        "SLACK_FILE_HOSTS": urlsplit(place.address).netloc,
        "HELPDESK_CHANNEL": HELPDESK_CHANNEL,
    }


def test_what_is_printed_of_a_healthy_installation(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE_COMPANY, tmp_path / "company")
    (tmp_path / "root.pem").write_bytes(samples().root)

    async def play() -> None:
        place = workspace()
        async with serve_workspace(place):
            own = {
                "DATABASE_URL": owned_database(),
                "KNOWLEDGE_DIR": "company",
                "TRUST_ROOTS": "root.pem",
                "HELPDESK_HOURS": "mon-fri 09:00-18:00",
                "COLUMNS": "200",
            }
            code, printed = await doctor(tmp_path, of_slack(place) | own)
        numbers = re.sub(r"\b[0-9a-f]{12}\b|\d{4}-\d\d-\d\d|\d[\d,]*", "#", printed)
        assert numbers == WELL
        assert code == 0

    asyncio.run(play())


SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-oddly-chosen-bot-token",
    "SLACK_APP_TOKEN": "xapp-oddly-chosen-app-token",
    "SLACK_SIGNING_SECRET": "oddly-chosen-signing-secret",
    "DATABASE_URL": "postgresql://odd-user:oddly-chosen-password@127.0.0.1:9/odd-name",
    "FETCH_PROXY": "http://odd-user:oddly-chosen-password@odd-proxy.example:8080",
    "HTTPS_PROXY": "http://odd-user:oddly-chosen-password@odd-proxy.example:8080",
    "HELPDESK_CONTACT": "odd-person@example.co.jp",
    "HOLIDAYS": "oddly/chosen/file",
}


def test_no_secret_and_no_address_is_printed_whatever_is_wrong(tmp_path: Path) -> None:
    async def play() -> None:
        place = workspace()
        async with serve_workspace(place):
            given = of_slack(place) | SECRETS
            (code, lines), (_, one_object) = await asyncio.gather(
                doctor(tmp_path, given | {"COLUMNS": "200"}, "--language", "en"),
                doctor(tmp_path, given, "--json"),
            )
        assert code == 1
        assert "odd" not in (lines + one_object).lower()
        assert "Traceback" not in lines + one_object
        end = lines.rstrip().splitlines()
        assert re.fullmatch(r"faults: \d+, warnings: \d+, notes: \d+, ok: \d+", end[-1])
        mend = lines[lines.index("To fix") :]
        for cure in (
            "SLACK_BOT_TOKEN is unknown to Slack",
            "HOLIDAYS: is not as",
            "DATABASE_URL",
        ):
            assert cure in mend
        assert mend.count("    → ") == mend.count("  FAULT  ") + mend.count("  warning  ")

        told = json.loads(one_object)
        assert set(told) == {"ok", "checks"}
        assert told["ok"] is False
        for check in told["checks"]:
            assert set(check) == {"id", "level", "title", "detail", "cure"}
            assert all(isinstance(value, str) for value in check.values())
            assert check["level"] in ("ok", "note", "warning", "fault")
            assert check["detail"]
            assert check["cure"] or check["level"] in ("ok", "note")
        assert len({check["id"] for check in told["checks"]}) == len(told["checks"])

    asyncio.run(play())


# --- what stops a start ---


def test_a_token_that_slack_refuses_stops_the_start_with_its_cure(tmp_path: Path) -> None:
    async def play() -> None:
        place = workspace()
        async with serve_workspace(place):
            place.refused_tokens = {place.bot_token: "account_inactive", place.app_token: "token_revoked"}
            kept = {name: os.environ[name] for name in KEPT if name in os.environ}
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "socket"),
                env={
                    **kept,
                    **of_slack(place),
                    "SLACK_APP_TOKEN": place.app_token,
                    "DATABASE_URL": new_database(),
                    "PYTHONPATH": str(ROOT),
                },
                cwd=tmp_path,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            printed, told = (text.decode() for text in await process.communicate())
        assert (process.returncode, printed) == (NO_RESTART_HELPS, "")
        assert "SLACK_BOT_TOKEN は使えません" in told
        assert "SLACK_APP_TOKEN was revoked (token_revoked)" in told
        assert "App-Level Tokens" in told
        assert "Traceback" not in told
        assert place.bot_token not in told
        assert place.app_token not in told
        assert not place.sockets

    asyncio.run(play())


def test_the_start_of_serve_asks_for_the_bots_token_alone() -> None:
    async def play() -> None:
        place = workspace()
        async with serve_workspace(place) as address:
            given = {"slack_bot_token": SecretStr(place.bot_token), "slack_api_url": f"{address}/api/"}
            await require_tokens(settings("", **given), sockets=False)
            place.refused_tokens = {place.bot_token: "invalid_auth"}
            with pytest.raises(BadSettings, match="invalid_auth"):
                await require_tokens(settings("", **given), sockets=False)
            assert not place.calls_to("apps.connections.open")

    asyncio.run(play())


def test_a_slack_that_is_away_stops_no_start(caplog: pytest.LogCaptureFixture) -> None:
    given = {"slack_bot_token": SecretStr("xoxb-1"), "slack_app_token": SecretStr("xapp-1")}
    away = settings("", slack_api_url="http://127.0.0.1:9/api/", **given)
    asyncio.run(require_tokens(away, sockets=True))
    assert caplog.text.count("Slack does not answer yet") == 2


@pytest.mark.parametrize("mode", ["serve", "socket", "local"])
def test_faults_of_settings_tables_and_roots_are_told_together(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "errors.toml").write_text("[error.no_certificate]\ntitel.ja = 'x'\n")
    (tmp_path / "root.pem").write_text("nothing")
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path))
    monkeypatch.setenv("TRUST_ROOTS", "root.pem")
    monkeypatch.setenv("PORT", "many-of-them")
    with pytest.raises(BadSettings) as bad:
        COMMANDS.get(mode, LOCAL).run(argparse.Namespace())
    told = str(bad.value)
    assert "PORT: " in told
    assert "titel" in told
    assert "root.pem: no certificate is in it" in told
    assert "many-of-them" not in told
    if mode != "local":
        assert "SLACK_BOT_TOKEN: 未設定" in told
