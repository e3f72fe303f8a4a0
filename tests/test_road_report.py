"""`python -m bot report` on a database: what is in it stands in the report, as one file."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from bot import report as report_command
from bot.database import Database
from bot.pool import connect_to
from bot.report import Asked, report
from bot.report_period import BadReport
from knowledge.book import Book
from knowledge.load import load
from tests.made_outcomes import put
from tests.road import new_database, settings

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def book() -> Book:
    return load()


@pytest.fixture(scope="module")
def filled(book: Book) -> Iterator[Engine]:
    engine = connect_to(new_database())
    with engine.begin() as connection:
        put(connection, NOW, book)
    yield engine
    engine.dispose()


def asked(*, as_json: bool = True, with_texts: bool = True, since: str = "30d") -> Asked:
    return Asked(since, None, "ja", as_json, with_texts)


def told(connection: Connection, book: Book, how: Asked) -> str:
    return report(connection, book, how, NOW, 30)


def test_all_that_is_known_of_the_period_is_in_it(filled: Engine, book: Book) -> None:
    with filled.connect() as connection:
        found = json.loads(told(connection, book, asked()))
        since = found["weeks"][0]["monday"]
    assert since == "2026-10-26"
    assert found["now"]["cases"] > 20 < found["before"]["cases"]
    assert [(one["incident"], one["people"], one["server"]) for one in found["incidents"]] == [
        ("I-2", 3, None),
        ("I-1", 3, "mail.example.co.jp"),
    ]
    assert [one["words"] for one in found["cures_in_words"]][-1] == "IC カードのドライバーを入れ直しました"
    assert found["unmatched"]["texts"] == sum(one["count"] for one in found["unmatched"]["shown"]) == 27
    assert found["certificates"]["ending"] == {"30": 3, "60": 2, "90": 2}
    assert [one["version"] for one in found["tables"]] == [book.version]


def test_a_shorter_period_holds_less(filled: Engine, book: Book) -> None:
    with filled.connect() as connection:
        found = json.loads(told(connection, book, asked(since="2d")))
    assert (found["unmatched"]["texts"], found["incidents"]) == (9, [])
    assert len(found["cures_in_words"]) == 1


def test_without_texts_no_words_and_no_server_are_in_it(filled: Engine, book: Book) -> None:
    with filled.connect() as connection:
        html = told(connection, book, asked(as_json=False, with_texts=False))
        figures = told(connection, book, asked(with_texts=False))
        assert "起動しません" in told(connection, book, asked(as_json=False))
    for words in ("起動しません", "ドライバー", "mail.example.co.jp"):
        assert words not in html
        assert words not in figures


def make_report(*arguments: str) -> None:
    """As the command does, in this process."""
    parser = argparse.ArgumentParser()
    report_command.arguments(parser)
    database = new_database()
    report_command.make(settings(database), Database(database, False), parser.parse_args(arguments))


def test_the_command_writes_one_file(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    make_report("--since", "12w", "--out", str(out), "--language", "en")
    assert "No case ended in this period" in out.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize(
    "arguments", [["--since", "soon", "--out", "-"], ["--since", "30d"], ["--since", "3d", "--out", "/"]]
)
def test_what_cannot_be_made_is_told_in_both_languages(arguments: list[str]) -> None:
    with pytest.raises(BadReport) as refused:
        make_report(*arguments)
    assert len(str(refused.value).splitlines()) == 2


def test_on_the_command_line_it_is_a_sentence_and_no_traceback() -> None:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "report", "--since", "soon", "--out", "-"],
        cwd=ROOT,
        env={**kept, "DATABASE_URL": new_database()},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Write --since like 30d, 12w or 2026-11-01." in done.stderr
    assert "Traceback" not in done.stderr
