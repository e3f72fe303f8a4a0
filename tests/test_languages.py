"""A further language is one more key per text; where it is missing English is said, and the check tells."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.__main__ import main
from knowledge.load import BadTables, load
from knowledge.rows import Label, Option, Words
from knowledge.translations import fallback_lines, fallbacks, further_languages
from knowledge.words import label_text


def company(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_text_is_said_in_a_further_language_where_it_has_it_and_in_english_where_not() -> None:
    words = Words.model_validate({"ja": "{count} 件", "en": "{count} cases", "fr": "{count} cas"})
    assert [words[language] for language in ("ja", "en", "fr", "de")] == [
        "{count} 件",
        "{count} cases",
        "{count} cas",
        "{count} cases",
    ]


def test_a_further_language_stands_beside_the_other_keys_of_a_row() -> None:
    option = Option.model_validate({"ja": "はい", "en": "Yes", "ko": "예", "sets": {"expired": "yes"}})
    assert option["ko"] == "예"
    assert option.sets == {"expired": "yes"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ({"ja": "件", "en": "cases", "fr": "{count} cas"}, "ja and fr must have the same"),
        ({"ja": "件", "en": "cases", "fr": ""}, "at least 1 character"),
        ({"ja": "件", "fr": "cas"}, "Field required"),
        ({"en": "cases", "fr": "cas"}, "Field required"),
        ({"ja": "件", "en": "cases", "jp": "件"}, "Extra inputs are not permitted"),
        ({"ja": "件", "en": "cases", "more": {"fr": "cas"}}, "more is not a known key"),
        ({"ja": "件", "en": "cases", "french": "cas"}, "Extra inputs are not permitted"),
    ],
)
def test_japanese_and_english_stay_required_and_a_misspelt_language_is_refused(
    text: dict[str, str], fault: str
) -> None:
    with pytest.raises(ValidationError, match=fault):
        Words.model_validate(text)


def test_a_menu_is_shown_as_the_pc_shows_it_and_in_the_readers_language() -> None:
    words = Words.model_validate({"ja": "ファイル", "en": "File", "fr": "Fichier"})
    label = Label(any=words, source="https://example.com")
    assert label_text(label, "classic", "fr") == "*Fichier* (ファイル)"  # type: ignore[arg-type]


def test_no_further_language_is_named_until_a_text_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert further_languages(load()) == ()
    assert main([]) == 0
    assert "fall back" not in capsys.readouterr().out


def test_a_company_adds_a_language_to_texts_and_the_check_names_those_that_fall_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phrases = '[phrase.hello]\nfr = "Bonjour."\n'
    errors = '[error.name_mismatch]\ntitle.fr = "Le nom ne correspond pas"\n'
    folder = company(tmp_path, phrases=phrases, errors=errors)
    book, built_in = load(folder), load()
    assert book.phrases["hello"]["fr"] == "Bonjour."
    assert book.phrases["hello"].ja == built_in.phrases["hello"].ja
    assert book.errors["name_mismatch"].title.ja == built_in.errors["name_mismatch"].title.ja
    assert further_languages(book) == ("fr",)
    missing = fallbacks(book, "fr")
    assert "hello" not in missing["phrases.toml"]
    assert len(missing["phrases.toml"]) == len(book.phrases) - 1
    assert "name_mismatch.title" not in missing["errors.toml"]
    assert "name_mismatch.means" in missing["errors.toml"]
    assert fallbacks(book, "en") == {}
    assert main(["--tables", str(folder)]) == 0
    out = capsys.readouterr().out
    count = sum(map(len, missing.values()))
    assert f"fr: {count} of {count + 2} texts fall back to English:" in out
    assert f"  errors.toml ({len(missing['errors.toml'])}): no_certificate.title, no_certificate.means" in out


def test_when_nothing_is_missing_the_check_says_so() -> None:
    book = load()
    whole = Words.model_validate({"ja": "件", "en": "cases", "fr": "cas"})
    only = replace(book, errors={}, questions={}, findings={}, remedies={}, labels={}, phrases={"a": whole})
    assert list(fallback_lines(only)) == ["fr: 0 of 1 texts fall back to English."]


def test_a_text_that_a_company_replaces_is_no_longer_the_translated_one(tmp_path: Path) -> None:
    both = '[phrase.hello]\nja = "やあ"\nen = "Hi"\n'
    assert load(company(tmp_path, phrases=both)).phrases["hello"].en == "Hi"
    (tmp_path / "phrases.toml").write_text('[phrase.hello]\nja = "やあ"\nfr = "Salut"\n', encoding="utf-8")
    with pytest.raises(BadTables, match=r"phrases\.toml, \[phrase\.hello\] en: is missing"):
        load(tmp_path)
