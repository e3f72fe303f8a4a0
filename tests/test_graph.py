"""`python -m knowledge graph`: the drawing of a row says what its table says, and can be read."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.book import Book
from knowledge.decide import decide
from knowledge.ladder import Leaf, Node, ladder
from knowledge.ladder_svg import svg
from knowledge.ladder_words import WORDS
from knowledge.load import load
from knowledge.mermaid import mermaid
from knowledge.rows import LANGUAGES, Case, Language

FOLDER = Path(__file__).parent / "overlay"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def the_book() -> Book:
    return load(FOLDER)


ROWS = list(the_book().errors)


def ways(nodes: Sequence[Node], before: tuple[tuple[bool, str, tuple[str, ...]], ...] = ()) -> Iterator[Case]:
    """The cases that a drawing says, read from top to bottom: each way to a leaf is one."""
    for node in nodes:
        if isinstance(node, Leaf):
            known = {fact: values for asked, fact, values in before if not asked}
            when = {fact: values for asked, fact, values in before if asked}
            yield Case(known=known, when=when, instead_of=node.instead_of, do=node.remedy)
        else:
            for way in node.ways:
                yield from ways(way.then, (*before, (node.asked, node.fact, way.values)))


@pytest.mark.parametrize("row", ROWS)
def test_a_drawing_read_from_top_to_bottom_is_the_table(row: str) -> None:
    cases = the_book().errors[row].case
    assert list(ways(ladder(cases))) == list(cases)
    # The order of the questions, too: what is asked for first stands first.
    assert [list(case.when) for case in ways(ladder(cases))] == [list(case.when) for case in cases]


@pytest.mark.parametrize("row", ROWS)
def test_in_the_ways_to_send_now_nothing_is_asked_for(row: str) -> None:
    cases = the_book().errors[row].send_now
    drawn = list(ways(ladder(cases, may_ask=False)))
    assert not any(case.when for case in drawn)
    known = {fact: values[0] for case in cases for fact, values in case.conditions().items()}
    assert decide(drawn, known, may_ask=False) == decide(cases, known, may_ask=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS)
def test_in_mermaid_every_case_is_one_leaf_with_doer_time_and_risk(row: str, language: Language) -> None:
    book, text = the_book(), mermaid(the_book(), row, language)
    error = book.errors[row]
    for name, cases in (("cases", error.case), ("send_now", error.send_now)):
        drawn = re.findall(rf'{name}_case_(\d+)\("(\d+)\. [^"]*<br/>([^"]*)"\):::(\w+)$', text, re.MULTILINE)
        assert [number for number, _, _, _ in drawn] == [str(at) for at in range(1, len(cases) + 1)]
        assert all(number == shown for number, shown, _, _ in drawn)
        for case, (_, _, doing, _) in zip(cases, drawn, strict=True):
            assert WORDS[language][f"risk_{book.remedies[case.do].risk}"] in doing
            assert doing.startswith(WORDS[language][book.who(case.do)])
    assert text.count(WORDS[language]["else"]) == 2


@pytest.mark.parametrize("row", ROWS)
def test_in_mermaid_every_way_begins_at_something_that_was_drawn(row: str) -> None:
    drawn = {"cases", "send_now"}
    for line in mermaid(the_book(), row, "ja").splitlines():
        if found := re.match(r'  (\w+) (?:-- "[^"]*" -->|-->|-\. "[^"]*" \.->) (\w+)', line):
            assert found[1] in drawn, line
            drawn.add(found[2])
    assert "cases_end" in drawn


def test_a_remedy_that_is_never_offered_is_drawn_as_such() -> None:
    assert ":::never" in mermaid(the_book(), "no_certificate", "ja")
    drawn = ElementTree.fromstring(svg(the_book(), ["no_certificate"], "ja"))
    assert WORDS["ja"]["never"] in "".join(drawn.itertext()).replace("\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ROWS)
def test_the_svg_needs_nothing_else_and_no_box_lies_on_another(row: str, language: Language) -> None:
    text = svg(the_book(), [row], language)
    root = ElementTree.fromstring(text)
    assert "href" not in text
    assert text.count("http") == 1, "only the name of the format itself"
    error = the_book().errors[row]
    boxes = [one for one in root.iter(f"{SVG}rect") if float(one.get("width", 0)) > 20]
    remedies = [one for one in boxes if one.get("class") in ("user", "it", "never")]
    assert len(remedies) == len(error.case) + len(error.send_now)
    for one, other in pairwise(sorted(boxes, key=_corner)):
        if one.get("x") == other.get("x"):
            assert float(one.get("y", 0)) + float(one.get("height", 0)) < float(other.get("y", 0))
    wide, high = float(root.get("width", 0)), float(root.get("height", 0))
    assert all(float(one.get("x", 0)) + float(one.get("width", 0)) <= wide for one in boxes)
    assert all(float(one.get("y", 0)) + float(one.get("height", 0)) <= high for one in boxes)


def _corner(box: ElementTree.Element) -> tuple[float, float]:
    return float(box.get("x", 0)), float(box.get("y", 0))


def test_all_rows_go_into_one_file_and_a_name_of_a_companys_cannot_break_it(tmp_path: Path) -> None:
    (tmp_path / "errors.toml").write_text(
        '[error.no_certificate]\ntitle.ja = "A < B & \'C\' \\"D\\" </svg>"\ntitle.en = "A < B"\n',
        encoding="utf-8",
    )
    book, file = load(tmp_path), tmp_path / "all.svg"
    assert main(["--tables", str(tmp_path), "graph", "--svg", str(file)]) == 0
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert [title.title.ja for title in book.errors.values()] == [one for one in said if one in _titles(book)]
    assert "\"A &lt; B &amp; 'C' #quot;D#quot; &lt;/svg&gt;: " in mermaid(book, "no_certificate", "ja")


def _titles(book: Book) -> set[str]:
    return {error.title.ja for error in book.errors.values()}


def test_without_a_row_all_are_printed_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", "--language", "en"]) == 0
    out = capsys.readouterr().out
    assert out.count("```mermaid\nflowchart LR\n") == len(load().errors)
    assert "## No certificate found to sign with" in out


def test_a_misspelt_row_and_a_file_that_cannot_be_written_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["graph", "no_certificat"]) == 1
    assert capsys.readouterr().err == "“no_certificat” is no error. Did you mean “no_certificate”?\n"
    assert main(["--tables", str(FOLDER), "graph", "decrypt_failed"]) == 1
    assert capsys.readouterr().err.startswith("“decrypt_failed” is switched off.")
    assert main(["graph", "no_certificate", "--svg", str(tmp_path / "no" / "x.svg")]) == 1
    assert capsys.readouterr().err.endswith("cannot be written (No such file or directory).\n")
