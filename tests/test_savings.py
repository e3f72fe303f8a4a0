"""What an entry of the company's file saves is counted on the ladders, not guessed."""

from itertools import product
from pathlib import Path

import pytest

from knowledge.book import Book
from knowledge.decide import Ask
from knowledge.load import load
from knowledge.rows import UNKNOWN, Company
from knowledge.rungs import foot
from knowledge.savings import SAYS, WORDS, missing, needs_a_name, said_instead, savings
from tests.ladders import the_book


def by_row(entry: str, book: Book | None = None) -> dict[str, tuple[float, int]]:
    return {one.row: (one.mean, one.most) for one in savings(book or the_book(), entry)}


def questions(book: Book, row: str, answers: dict[str, str]) -> int:
    """How many are asked before the first advice of a person who would answer so."""
    rung = foot(book, row, book.company.facts())
    while isinstance(decision := rung.decision(), Ask):
        rung = rung.answered(decision.fact, answers[decision.fact])
    return len(rung.asked)


def test_whether_signing_is_needed_saves_its_question_where_it_is_asked() -> None:
    assert by_row("signing") == {"no_certificate": (0.2, 1)}
    # One by one, as people would answer: asked only after "never", one of five answers.
    bare = the_book()
    saved = []
    for truth, answer in product(("required", "optional"), (*bare.questions["changed"].option, UNKNOWN)):
        given = bare.with_company(bare.company.model_copy(update={"signing": truth}))
        needed = given.company.facts()["signing_needed"]
        answers = {"changed": answer, "signing_needed": needed, "key_source": "pfx"}
        saved.append(questions(bare, "no_certificate", answers) - questions(given, "no_certificate", answers))
    assert (sum(saved) / len(saved), max(saved)) == (0.2, 1)


def test_own_names_save_the_question_about_them_only_if_they_are_named() -> None:
    assert by_row("mail_servers")["name_mismatch"] == (1.0, 1)
    assert by_row("own_domains")["name_mismatch"] == (1.0, 1)
    assert needs_a_name("own_domains")
    assert not needs_a_name("signing")


def test_the_mail_system_saves_no_question_but_remedies_in_vain() -> None:
    (only,) = savings(the_book(), "mail_system")
    assert (only.row, only.mean, only.most) == ("name_mismatch", 0.0, 0)
    assert only.remedies > 0.5


def test_what_the_ladders_do_not_ask_saves_nothing() -> None:
    for entry in ("outlook", "renewal", "web_mail", "helpdesk", "emergency", "hours"):
        assert savings(the_book(), entry) == []


def test_a_company_that_says_everything_lacks_nothing() -> None:
    example = load(Path("knowledge/example")).company
    assert missing(example) == ()
    assert set(missing(Company())) == {*SAYS, *WORDS}
    assert "mail_system" not in missing(Company(mail_system="m365"))


@pytest.mark.parametrize("entry", WORDS)
def test_each_missing_word_has_words_in_its_place(entry: str) -> None:
    words = said_instead(the_book(), entry)
    assert words
    assert the_book().company_values("ja")[WORDS[entry]] == words.ja
