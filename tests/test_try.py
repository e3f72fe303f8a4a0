"""`python -m knowledge try`: a talk in the terminal, by tables that may be changed while it goes on."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge.book import Book
from knowledge.load import load
from knowledge.trying import Trial
from tests.transcripts import NOW

ROOT = Path(__file__).parents[1]
FOLDER = Path(__file__).parent / "overlay"
MESSAGE = "Acme Gateway: 署名付きメールは許可されていません (AG-1042)"


def typed(folder: Path, *lines: str, more: Sequence[str] = ()) -> str:
    """What the command prints when this comes on its standard input."""
    command = [sys.executable, "-m", "knowledge", "--tables", str(folder), "try", *more]
    done = subprocess.run(
        command,
        input="\n".join(lines),
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def heard(trial: Trial, *lines: str) -> str:
    return "\n".join(line for one in lines for line in trial.hear(one, NOW))


def trial(book: Book | None = None) -> Trial:
    return Trial(book or load(FOLDER), FOLDER, "ja")


def test_a_talk_goes_by_the_companys_tables_and_tells_which_case_decided() -> None:
    out = typed(FOLDER, MESSAGE, "2", "[申請した]", ":facts", "ありがとう")
    assert "[1 申請した] [2 まだ] [3 わからない]" in out
    assert 'error.gateway_blocked; case 1 lacks gateway_permit: when = { gateway_permit = "no" }' in out
    assert "社内ポータルから申請します" in out
    assert "advising; error.gateway_blocked; case 1 decides:" in out
    assert "waiting; error.gateway_blocked" in out
    assert "gateway_permit = no   (answer)" in out
    assert "whose = own   (text)" in out


def test_it_begins_in_the_language_that_was_asked_for() -> None:
    assert "Hello. This is the certificate desk." in typed(FOLDER, "hello", more=["--language", "en"])


def test_a_button_is_pressed_by_its_number_or_by_its_words() -> None:
    by_number, by_words = trial(), trial()
    heard(by_number, MESSAGE)
    heard(by_words, MESSAGE)
    assert heard(by_number, "2") == heard(by_words, "まだ")


def test_an_old_button_still_works_by_its_words() -> None:
    talk = trial()
    heard(talk, MESSAGE, "まだ")
    assert "ゲートウェイの許可リストを確認する" in heard(talk, "わからない", "わからない")


def test_a_number_without_a_button_is_what_somebody_wrote() -> None:
    talk = trial()
    heard(talk, MESSAGE)
    assert "[" in heard(talk, "99")


def test_reload_reads_the_tables_again_and_the_talk_goes_on(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "acme"))
    talk = Trial(load(folder), folder, "ja")
    heard(talk, MESSAGE)
    remedies = folder / "remedies.toml"
    text = remedies.read_text(encoding="utf-8")
    remedies.write_text(
        text.replace("社内ポータルから申請します", "新ポータルから申請します"), encoding="utf-8"
    )
    assert heard(talk, ":reload") == "The tables were read again."
    assert "新ポータルから申請します" in heard(talk, "まだ")


def test_tables_with_a_fault_are_named_and_the_old_ones_kept(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "acme"))
    talk = Trial(load(folder), folder, "ja")
    heard(talk, MESSAGE)
    (folder / "phrases.toml").write_text("[phrase.hello]\nja = “やあ”\n", encoding="utf-8")
    assert heard(talk, ":reload").splitlines() == [
        'acme/phrases.toml: line 2: texts stand in straight quotes ("…"), not in “. Write " in half width. '
        "The line is: ja = “やあ”",
        "The tables have faults; the talk goes on by those of before.",
    ]
    assert "社内ポータルから申請します" in heard(talk, "まだ")


def test_an_error_that_is_switched_off_in_the_middle_of_a_talk_is_listened_for_again(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "acme"))
    talk = Trial(load(folder), folder, "ja")
    heard(talk, MESSAGE)
    with (folder / "errors.toml").open("a", encoding="utf-8") as errors:
        errors.write("[error.name_mismatch]\noff = true\n")
    text = (folder / "errors.toml").read_text(encoding="utf-8")
    (folder / "errors.toml").write_text(
        text.replace("[error.gateway_blocked]", "[error.gateway_blocked]\noff = true"), encoding="utf-8"
    )
    heard(talk, ":reload")
    assert "listening; no error" in heard(talk, "まだ")


def test_a_talk_begins_anew_and_changes_its_language() -> None:
    talk = trial()
    heard(talk, MESSAGE)
    assert "Have you asked for permission to send signed mail outside?" in heard(talk, ":language en")
    assert heard(talk, ":language fr") == "The languages are ja, en."
    assert heard(talk, ":restart", ":facts") == "A new talk.\nNothing is known yet."
    assert heard(talk, ":nonsense").startswith("There is no :nonsense.")
