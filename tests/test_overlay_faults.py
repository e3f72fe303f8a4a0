"""What the check of a company's tables says: tests/overlay_faults.md, word for word.

In that file a block with a file's name is the file; one more word is how it is saved. The last block of a
mistake is all that is said. `pytest --accept` writes down what is said now.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from knowledge.__main__ import main
from knowledge.load import BadTables, load

FILE = Path(__file__).parent / "overlay_faults.md"
EXAMPLE = Path(__file__).parent / "overlay"

_MISTAKE = re.compile(r"^## (?P<title>[^\n]+)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<name>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Mistake:
    """One company's folder: its files, each with how it is saved, and what is said of it."""

    title: str
    files: tuple[tuple[str, str, str], ...]
    said: str
    span: tuple[int, int]
    """Where in the file that stands."""


def mistakes() -> list[Mistake]:
    text = FILE.read_text(encoding="utf-8")
    found = []
    for mistake in _MISTAKE.finditer(text):
        *files, said = _BLOCK.finditer(mistake["body"])
        named = (block["name"].split() for block in files)
        saved = tuple(
            (name, how[0] if how else "utf-8", block["text"])
            for (name, *how), block in zip(named, files, strict=True)
        )
        start = mistake.start("body") + said.start("text")
        end = mistake.start("body") + said.end("text")
        found.append(Mistake(mistake["title"], saved, said["text"], (start, end)))
    return found


ALL = mistakes()


def checked(mistake: Mistake, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code, and all that is printed but how many rows there are."""
    acme = folder / "acme"
    acme.mkdir()
    for name, how, text in mistake.files:
        (acme / name).write_bytes(text.encode(how))
    code = main(["--tables", str(acme)])
    out, err = capsys.readouterr()
    lines = [line for line in out.splitlines() if not line.startswith(("The tables are", "Labels not"))]
    return code, "".join(f"{line}\n" for line in [*lines, *err.splitlines()])


@pytest.mark.parametrize("mistake", ALL, ids=[mistake.title for mistake in ALL])
def test_this_is_said_word_for_word(
    mistake: Mistake, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    code, said = checked(mistake, tmp_path, capsys)
    if request.config.getoption("--accept") and said != mistake.said:
        text = FILE.read_text(encoding="utf-8")
        start, end = next(one.span for one in mistakes() if one.title == mistake.title)
        FILE.write_text(text[:start] + said + text[end:], encoding="utf-8")
        return
    assert said.splitlines() == mistake.said.splitlines()
    assert code == (1 if "in the tables." in said else 0)


def test_the_mistakes_that_are_likely_are_all_here() -> None:
    assert len({mistake.title for mistake in ALL}) == len(ALL) >= 40


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "acme"
    assert main(["--tables", str(nowhere)]) == 1
    assert capsys.readouterr().err == (
        f"{nowhere}: the folder is not there. Correct KNOWLEDGE_DIR or --tables.\n"
        "1 fault in the tables. Correct what is named and try again.\n"
    )


def test_a_file_in_the_folders_place_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "company.toml"
    file.write_text("", encoding="utf-8")
    assert main(["--tables", str(file)]) == 1
    assert capsys.readouterr().err.startswith(f"{file}: the folder is a file, not a folder.")


def test_a_link_that_leads_nowhere_is_not_as_if_the_company_had_no_such_table(tmp_path: Path) -> None:
    (tmp_path / "errors.toml").symlink_to("moved.toml")
    with pytest.raises(BadTables, match=r"errors\.toml: is a link to a file that is not there"):
        load(tmp_path)


VALUES = (
    "5",
    "true",
    "[]",
    "{}",
    '""',
    '"x"',
    '["a"]',
    "[5]",
    "[{}]",
    '{ ja = "x", en = "y" }',
    "2026-11-24",
    "inf",
)
KEYS = (
    "off",
    "title",
    "case",
    "ja",
    "fr",
    "when",
    "option",
    "step",
    "more",
    "row",
    "sets",
    "like",
    "__class__",
)
HEADS = (
    "[error]",
    "[[error.x]]",
    "[x]",
    "[error.gateway_blocked.case]",
    "[line]",
    "[question.changed.option]",
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(some.data())
def test_whatever_stands_in_the_files_is_told_in_sentences(data: some.DataObject) -> None:
    """Never an exception of another kind, nor words that only a programmer understands."""
    files = {path.name: path.read_text("utf-8").split("\n") for path in sorted(EXAMPLE.glob("*.toml"))}
    lines = files[data.draw(some.sampled_from(sorted(files)))]
    for _ in range(data.draw(some.integers(1, 3))):
        at = data.draw(some.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0].strip() or "ja"
        value = data.draw(some.sampled_from(VALUES))
        other = data.draw(some.sampled_from(KEYS))
        head = data.draw(some.sampled_from(HEADS))
        lines[at] = data.draw(
            some.sampled_from(["", f"{key} = {value}", f"{other} = {value}", head, "ja = “”"])
        )
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text("\n".join(text), encoding="utf-8")
        try:
            load(Path(folder))
        except BadTables as bad:
            for fault in bad.faults:
                assert fault.startswith(f"{Path(folder).name}/"), fault
                assert not re.search(r"Input should|validat|Error|\n|pydantic", fault), fault
