"""The bot's own sentences: each is used, each that is used exists, and hours read as people write them."""

import re
from pathlib import Path

from checks.report import CODES
from knowledge.book import Book
from knowledge.words import hours_text

ROOT = Path(__file__).parents[1]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").glob("*.py")))


def named() -> set[str]:
    """The phrases that the code names, those with a part put in (`f"whose_{owner}"`) as patterns."""
    direct = re.findall(r'(?:phrase\(\s*\w+,\s*book,|book\.say\(|\.say\()\s*f?"([a-z_0-9{}.]+)"', CODE)
    lines = re.findall(r'(?:desk_line\(\s*book|aside\(\s*[\w.]+,\s*book),\s*"([a-z_]+)"', CODE)
    buttons = re.findall(r'press\(\s*\w+,\s*book,\s*"([a-z_]+)"', CODE)
    every = (*direct, *lines, *(f"button_{name}" for name in buttons))
    return {re.sub(r"\{[^}]*\}", "*", name) for name in every}


def test_every_phrase_that_the_code_names_exists(book: Book) -> None:
    names = named()
    assert len(names) > 60
    exact = {name for name in names if "*" not in name}
    assert exact - set(book.phrases) == set()


def test_no_phrase_is_left_over(book: Book) -> None:
    # A phrase may also be named by a variable: then its name stands somewhere in the code as a text.
    strings = set(re.findall(r'"([a-z_0-9]+)"', CODE))
    made = {re.sub(r"\{[^}]*\}", "*", text) for text in re.findall(r'f"([a-z_]+\{[a-z_.]+\})"', CODE)}
    patterns = [re.compile(name.replace("*", "[a-z_0-9]+")) for name in named() | made if len(name) > 3]
    by_book = re.compile(r"default_|reason_|kind_")
    left = [
        name
        for name in book.phrases
        if not by_book.match(name)
        and name not in strings
        and not any(pattern.fullmatch(name) for pattern in patterns)
    ]
    assert left == []


def test_checks_findings_and_facts_go_by_the_same_names(book: Book) -> None:
    assert {code for code, _ in CODES} == set(book.findings)
    assert set(book.findings) <= set(book.facts)


def test_hours_read_as_people_write_them() -> None:
    assert hours_text("mon-fri 09:00-18:00", "ja") == "平日 9:00〜18:00"
    assert hours_text("mon-fri 09:00-18:00, sat 10:00-12:00", "ja") == "平日 9:00〜18:00、 土 10:00〜12:00"
    assert hours_text("mon-fri 09:00-18:00", "en") == "Mon-Fri 09:00-18:00"
