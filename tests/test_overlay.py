"""A company's own tables, as in tests/overlay: an error added, a wording replaced, an error switched off."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.dialogue import step
from bot.events import Answered, FilesInspected, MessagePosted, PersonAsked, RemedyEnded
from bot.greeting import greeting
from bot.looked import Inspected
from bot.plain import plain
from checks.report import inspect
from knowledge.__main__ import main
from knowledge.book import Book
from knowledge.decide import Advise
from knowledge.facts import Known
from knowledge.load import load, load_with_remarks
from knowledge.rows import Company
from tests.transcripts import NOW, sample_files

FOLDER = Path(__file__).parent / "overlay"
MESSAGE = "Acme Gateway: 署名付きメールは許可されていません (AG-1042)"


@cache
def the_book() -> Book:
    book = load(FOLDER)
    return book.with_company(book.company.model_copy(update={"desk": True}))


@cache
def messages() -> tuple[str, ...]:
    """What people wrote: every fourth of the examples."""
    lines = (Path(__file__).parent / "recognition" / "development.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line)["text"] for line in lines[::4])


def somebody() -> Conversation:
    return Conversation(number=1042, person="U1", began=NOW, touched=NOW, profile="user@example.co.jp")


def test_a_companys_own_error_is_recognised_asked_about_and_cured_by_its_own_remedy() -> None:
    asking, replies = step(somebody(), MessagePosted(MESSAGE, (), NOW), the_book())
    assert asking.row == "gateway_blocked"
    said = plain(replies)
    assert "*メールゲートウェイに止められた（ご自分のメール用の証明書）*" in said
    assert "[申請した] [まだ] [わからない]" in said
    advising, replies = step(asking, Answered("gateway_permit", "no", NOW), the_book())
    assert "社内ポータルから申請します" in plain(replies)
    assert "[申請した] [許可が出た] [できなかった]" in plain(replies)
    handed, replies = step(advising, RemedyEnded("ask_permit", "received", NOW), the_book())
    assert handed.phase == "handed_over"
    assert "ゲートウェイの許可リストを確認する" in plain(replies)


def test_a_wording_is_replaced_in_both_languages_and_the_rest_of_the_row_stays() -> None:
    own, built_in = the_book(), load()
    row = own.errors["no_certificate"]
    assert (row.title.ja, row.title.en) == ("署名用の証明書が見つからない", "No certificate to sign with")
    assert row.case == built_in.errors["no_certificate"].case
    assert row.means == built_in.errors["no_certificate"].means


def test_one_answers_wording_is_replaced_and_it_tells_what_it_told_before() -> None:
    own, built_in = the_book().questions["changed"], load().questions["changed"]
    assert own.option["new_pc"].ja == "PC を入れ替えた（Acme PC サービス）"
    assert own.option["new_pc"].sets == built_in.option["new_pc"].sets
    assert {**own.option, "new_pc": None} == {**built_in.option, "new_pc": None}


def test_an_error_that_is_switched_off_is_not_recognised_and_a_person_is_offered() -> None:
    before = load()
    example = before.errors["decrypt_failed"].example
    for text in (example.ja, example.en):
        assert before.recognise(text).row == "decrypt_failed"
        assert the_book().recognise(text).decision == "none"
        listening, replies = step(somebody(), MessagePosted(text, (), NOW), the_book())
        assert listening.row is None
        shown = [button for reply in replies for button in reply.message.buttons()]  # type: ignore[union-attr]
        assert pressed(shown[0].id, NOW) == PersonAsked(False, NOW)
        assert the_book().say("about_switched_off", listening.language) in plain(replies)
        handed, _ = step(listening, PersonAsked(False, NOW), the_book())
        assert handed.phase == "handed_over"
        assert handed.quoted


def test_an_error_that_is_switched_off_says_nothing_of_the_one_that_is_being_talked_about() -> None:
    asking, _ = step(somebody(), MessagePosted(MESSAGE, (), NOW), the_book())
    text = load().errors["decrypt_failed"].example.ja
    still, replies = step(asking, MessagePosted(text, (), NOW), the_book())
    assert (still.row, still.question, still.facts) == (asking.row, asking.question, asking.facts)
    assert the_book().say("about_switched_off", "ja") in plain(replies)


def test_an_error_that_is_switched_off_is_never_among_those_asked_about() -> None:
    own, built_in = the_book(), load()
    asked = [text for text in messages() if "decrypt_failed" in _candidates(built_in, text)]
    assert asked
    for text in asked:
        assert "decrypt_failed" not in _candidates(own, text), text
    report = inspect(sample_files()[0]["good.cer"], at=NOW, trust=sample_files()[1])
    file = FilesInspected((Inspected("good.cer", report),), "check-1", NOW, ("F1",))
    choosing, _ = step(somebody(), file, own)
    assert "decrypt_failed" not in choosing.candidates


def _candidates(book: Book, text: str) -> set[str]:
    return {candidate.row for candidate in book.recognise(text).candidates}


def test_a_file_that_shows_an_error_that_is_switched_off_brings_a_person(tmp_path: Path) -> None:
    (tmp_path / "errors.toml").write_text("[error.expired_or_revoked]\noff = true\n", encoding="utf-8")
    book = load(tmp_path)
    files, trust = sample_files()
    report = inspect(files["expired.cer"], at=NOW, address="user@example.co.jp", trust=trust)
    file = FilesInspected((Inspected("expired.cer", report),), "check-1", NOW, ("F1",))
    handed, replies = step(somebody(), file, book)
    assert handed.phase == "handed_over"
    assert "証明書の期限が切れています" in plain(replies)


@pytest.mark.parametrize("row", list(load().errors))
def test_any_one_error_can_be_switched_off_and_the_tables_stay_in_order(row: str, tmp_path: Path) -> None:
    (tmp_path / "errors.toml").write_text(f"[error.{row}]\noff = true\n", encoding="utf-8")
    book = load(tmp_path)
    assert set(book.errors) == set(load().errors) - {row}
    for language in ("ja", "en"):
        for button in greeting(book, language, 30).buttons():
            step(somebody(), pressed(button.id, NOW), book)
    for text in messages():
        found = book.recognise(text)
        assert found.row != row
        assert row not in _candidates(book, text)


def test_a_remedy_that_is_never_offered_is_passed_over_also_on_the_helpdesks_card() -> None:
    for remedy in load().remedies:
        book = load().with_company(Company(never=(remedy,)))
        for error in book.errors.values():
            facts = {"whose": Known(value=error.whose or "own", source="text")}
            decision = book.decide(error.case, facts, (), may_ask=False)
            assert not isinstance(decision, Advise) or decision.remedy != remedy
            assert remedy not in book.later_for_it(error.case, decision, facts, ())


def test_the_difference_is_told_file_by_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tables", str(FOLDER), "diff"]) == 0
    assert capsys.readouterr().out == (FOLDER / "diff.txt").read_text(encoding="utf-8")


def test_without_tables_of_ones_own_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff"]) == 0
    assert capsys.readouterr().out.startswith("There are no tables of your own")
    assert main(["--tables", str(tmp_path), "diff"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}: changes nothing of what is built in.\n"


def test_the_example_has_no_fault_and_nothing_to_remark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--tables", str(FOLDER)]) == 0
    out = capsys.readouterr().out
    assert "Errors switched off: decrypt_failed." in out
    assert "Remedies never offered: new_profile." in out
    assert "warning" not in out


@pytest.mark.parametrize(("day", "later"), [("2020-01-31", True), ("2099-01-31", False), ("", False)])
def test_of_a_remedy_that_is_replaced_the_difference_says_when_the_built_in_was_reviewed(
    day: str, later: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = f"[remedy.renew]\nminutes = 20\n{f'reviewed = {day}' if day else ''}\n"
    (tmp_path / "remedies.toml").write_text(row, encoding="utf-8")
    assert main(["--tables", str(tmp_path), "diff"]) == 0
    told = capsys.readouterr().out
    assert f"~    renew (built in: reviewed {load().remedies['renew'].reviewed}" in told
    assert (f", after yours ({day}): compare them)" in told) == later


def test_a_translation_of_a_remedy_needs_no_day_of_its_own(tmp_path: Path) -> None:
    row = '[remedy.renew]\ntitle.fr = "Renouveler le certificat"\n'
    (tmp_path / "remedies.toml").write_text(row, encoding="utf-8")
    assert load_with_remarks(tmp_path).remarks == ()
    (tmp_path / "remedies.toml").write_text(f"{row}minutes = 20\n", encoding="utf-8")
    assert "no reviewed of its own" in load_with_remarks(tmp_path).remarks[0]
