"""The employees' sheet says what the product says: its buttons, its name, its promises."""

import json
import re
from pathlib import Path

from tests.browser import ROOT, chromium, marks
from tests.guide import PAPER, SHEET, print_sheet
from tests.transcripts import book_for

TEXT = SHEET.read_text("utf-8")


def pages(paper: bytes) -> int:
    """How many pages a PDF says that it has."""
    counts = [int(count) for count in re.findall(rb"/Type /Pages\b[^>]*?/Count (\d+)", paper)]
    return max(counts)


def test_the_buttons_it_names_are_the_bots() -> None:
    book = book_for(company=True, desk=True)
    options = {option.ja for question in book.questions.values() for option in question.option.values()}
    known = {words.ja for words in book.phrases.values()} | options
    named = set(re.findall(r"［([^］]+)］", TEXT)) - {"はい"}  # that one is Outlook's
    assert len(named) >= 5
    assert named - known == set()


def test_it_calls_the_app_by_its_name() -> None:
    manifest = json.loads((ROOT / "bot" / "manifest.json").read_text("utf-8"))
    assert f"「{manifest['features']['bot_user']['display_name']}」" in TEXT


def test_its_pictures_and_its_paper_are_there_and_it_is_one_page() -> None:
    shown = re.findall(r'src="([^"]+)"', TEXT)
    assert len(shown) == 3
    assert all((SHEET.parent / name).exists() for name in shown)
    assert pages(PAPER.read_bytes()) == 1


class TestOnPaper:
    pytestmark = marks()

    def test_it_still_prints_on_one_page(self, tmp_path: Path) -> None:
        with chromium() as browser:
            print_sheet(browser, tmp_path / "sheet.pdf")
        assert pages((tmp_path / "sheet.pdf").read_bytes()) == 1
