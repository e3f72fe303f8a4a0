"""Remedies with a risk are off until the company switches them on; what stands in company.toml is checked."""

from pathlib import Path

import pytest

from knowledge.load import BadTables, load
from tests.transcripts import EXAMPLE_COMPANY, book_for


def faults(folder: Path, text: str) -> list[str]:
    (folder / "company.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadTables) as bad:
        load(folder)
    return list(bad.value.faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('employees_may = ["turn_of_signing"]', "there is no remedy “turn_of_signing”"),
        ('employees_may = ["choose_certificate"]', "“choose_certificate” needs no switching on (risk none)"),
        ('employees_may = ["update_windows"]', "“update_windows” needs no switching on (risk low)"),
        ('employees_may = ["install_root"]', "“install_root” has no steps"),
        (
            'employees_may = ["send_unsigned"]\nnever = ["send_unsigned"]',
            "“send_unsigned” stands in never, too",
        ),
        ('never = ["nothing"]', "there is no remedy “nothing”"),
    ],
)
def test_what_cannot_be_switched_on_is_named(tmp_path: Path, text: str, said: str) -> None:
    [fault] = faults(tmp_path, text)
    assert "company.toml" in fault
    assert text.split(" =")[0] in fault
    assert said in fault


def test_a_case_in_place_of_a_remedy_that_is_not_there_is_named(tmp_path: Path) -> None:
    row = '[error.decrypt_failed]\ncase = [{ instead_of = "nothing", do = "restore_key" }]\n'
    (tmp_path / "errors.toml").write_text(row, encoding="utf-8")
    with pytest.raises(BadTables, match="case 1 instead_of: there is no remedy “nothing”"):
        load(tmp_path)


def test_what_it_would_do_needs_no_leave_and_employees_do_it_once_it_is_given() -> None:
    book = load()
    assert book.who("new_profile") == "it"
    assert book.offered("new_profile", "classic")
    given = book.with_company(book.company.model_copy(update={"employees_may": ("new_profile",)}))
    assert given.who("new_profile") == "user"
    assert given.offered("new_profile", "classic")


def test_without_a_company_file_what_has_a_risk_is_not_offered_and_the_example_switches_it_on() -> None:
    for remedy in ("turn_off_signing", "send_unsigned"):
        assert not load().offered(remedy, "classic")
        assert load().awaits_leave(remedy)
        assert load(EXAMPLE_COMPANY).offered(remedy, "classic")
        assert book_for(company=False, desk=True, switched=True).offered(remedy, "classic")


def test_what_is_never_wanted_is_off_and_awaits_no_leave() -> None:
    book = load()
    never = book.with_company(book.company.model_copy(update={"never": ("send_unsigned", "renew")}))
    assert never.is_off("send_unsigned")
    assert not never.awaits_leave("send_unsigned")
    assert never.is_off("renew")
