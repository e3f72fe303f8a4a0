"""The company.toml to begin with: every entry is in it, nothing is on, in every state it is right."""

import re
import tomllib
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.allowed import NEEDS_LEAVE
from knowledge.commands.template import TEMPLATE
from knowledge.load import load, load_with_remarks
from knowledge.misshapen import SETTINGS
from knowledge.rows import Company

TEXT = TEMPLATE.read_text("utf-8")
ENTRIES = set(Company.model_fields) - set(SETTINGS)
IS_ENTRY = re.compile(r"^#?([a-z_]+)(?:\.(?:ja|en))? = ")
JAPANESE = re.compile(r"[\u3041-\u9fff]")


def taken_up(text: str, entry: str = "") -> str:
    """The template without the # before this entry, or before all of them."""
    return re.sub(rf"^#(?={entry or '[a-z_]+'}[. ][^\n]*= )", "", text, flags=re.MULTILINE)


def folder(place: Path, text: str) -> Path:
    (place / "company.toml").write_text(text, encoding="utf-8")
    return place


def test_every_entry_of_a_company_stands_in_it_explained_in_both_languages() -> None:
    named = set()
    for paragraph in TEXT.strip().split("\n\n")[1:]:
        lines = paragraph.splitlines()
        entries = [line for line in lines if not line.startswith("# ")]
        assert entries, paragraph
        assert lines[: -len(entries)] + entries == lines, "explanations first"
        assert JAPANESE.search(lines[0]), lines[0]
        assert not JAPANESE.search(lines[1].split("[急ぎで送る]")[0]), lines[1]
        for line in entries:
            found = IS_ENTRY.match(line)
            assert found, line
            named.add(found[1])
    assert named == ENTRIES


def test_as_it_is_it_changes_nothing_and_switches_nothing_on(tmp_path: Path) -> None:
    loaded = load_with_remarks(folder(tmp_path, TEXT))
    assert loaded.remarks == ()
    assert loaded.book.company == Company()
    assert tomllib.loads(TEXT) == {"employees_may": []}


def test_with_every_entry_taken_up_it_is_right_and_still_switches_no_risk_on(tmp_path: Path) -> None:
    text = taken_up(TEXT)
    assert set(tomllib.loads(text)) == ENTRIES
    book = load(folder(tmp_path, text))
    given = {name for name in ENTRIES if getattr(book.company, name)}
    assert given == ENTRIES - {"employees_may"}
    assert book.is_off("turn_off_signing")
    assert book.is_off("send_unsigned")


@pytest.mark.parametrize("entry", sorted(ENTRIES - {"employees_may"}))
def test_each_entry_can_be_taken_up_by_itself(entry: str, tmp_path: Path) -> None:
    text = taken_up(TEXT, entry)
    assert text != TEXT
    company = load(folder(tmp_path, text)).company
    assert company.model_fields_set == {entry, "employees_may"}


def test_every_remedy_that_can_be_switched_on_is_told_with_its_risk() -> None:
    could = {id_ for id_, remedy in load().remedies.items() if remedy.step and remedy.risk in NEEDS_LEAVE}
    assert set(re.findall(r"^# ([a-z_]+): ", TEXT, re.MULTILINE)) == could


def test_the_command_prints_it_whatever_the_companys_folder_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(folder(tmp_path, "name = ")))
    assert main(["template"]) == 0
    assert capsys.readouterr().out == TEXT
    assert main([]) == 1  # what is there has a fault, and elsewhere it counts
