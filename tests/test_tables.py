"""The words of the tables: complete, short enough to be read on a phone, exact where they name a menu."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import knowledge
from knowledge.book import Book
from knowledge.load import load
from knowledge.rows import LANGUAGES, OUTLOOKS, Language, Outlook, Remedy, Words
from knowledge.words import BLANKS, menu_values
from tests.ladders import the_book

EXAMPLE = Path(knowledge.__file__).parent / "example"
JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")

# What stands in a step's blanks on a usual day, beside the company's own.
VALUES = {
    "server": "mail.example.co.jp",
    "address": "user@example.co.jp",
    "issuer": "Example CA G2",
    "not_after": "2028年11月30日（木）",
}


@cache
def the_example_company() -> Book:
    return load(EXAMPLE)


def texts() -> Iterator[tuple[str, Words]]:
    """Every text of the error table, the questions, findings and remedies, with its place."""
    book = the_book()
    for id_, error in book.errors.items():
        for field in ("title", "means", "line", "example", "causes"):
            yield f"error.{id_}.{field}", getattr(error, field)
    for id_, question in book.questions.items():
        for field in ("name", "ask", "how"):
            if words := getattr(question, field):
                yield f"question.{id_}.{field}", words
        for option, row in question.option.items():
            yield f"question.{id_}.{option}", row
    for id_, finding in book.findings.items():
        for field in ("name", "headline", "detail"):
            yield f"finding.{id_}.{field}", getattr(finding, field)
    for id_, remedy in book.remedies.items():
        yield from remedy_texts(id_, remedy)


def remedy_texts(id_: str, remedy: Remedy) -> Iterator[tuple[str, Words]]:
    for field in ("title", "note", "after", "next"):
        if words := getattr(remedy, field):
            yield f"remedy.{id_}.{field}", words
    for number, step in enumerate(remedy.step, 1):
        yield f"remedy.{id_}.step {number}", step
        if step.warning:
            yield f"remedy.{id_}.warning {number}", step.warning
    for name, outcome in remedy.outcome.items():
        yield f"remedy.{id_}.{name}", outcome


def test_the_tables_load_with_and_without_the_example_company() -> None:
    assert set(the_book().errors) == {
        "no_certificate",
        "expired_or_revoked",
        "name_mismatch",
        "untrusted_chain",
        "recipient_certificate",
        "decrypt_failed",
        "revocation_offline",
    }
    company = the_example_company().company
    assert company.signing == "optional"
    assert company.web_mail == "https://outlook.office.com"
    assert set(company.facts()) == {"mail_system", "outlook", "signing_needed"}


def test_the_four_rows_of_the_article_have_its_titles() -> None:
    titles = [the_book().errors[row].title.ja for row in list(the_book().errors)[:4]]
    assert titles == [
        "デジタル署名の証明書が見つからない",
        "証明書が失効・期限切れ",
        "ドメインの不一致",
        "ルート証明書や中間証明書のチェーン切れ",
    ]


def test_every_text_is_written_in_its_language() -> None:
    wrong = [
        place
        for place, words in texts()
        if not JAPANESE.search(words.ja) and not re.fullmatch(r"[\w ./{}]+", words.ja)
    ]
    assert wrong == []
    # English text may name what stands on a Japanese PC, but no more than that.
    assert [
        place
        for place, words in texts()
        if sum(map(len, re.findall(r"[\u3041-\u30ff\u4e00-\u9fff]+", words.en))) > 16
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_blanks_that_nothing_fills(language: Language) -> None:
    for place, words in texts():
        for blank in words.blanks(language):
            assert blank.startswith("menu.") or blank in BLANKS, place


def test_the_first_message_fits_on_a_phone() -> None:
    """At most 300 Japanese characters above the buttons, whatever is asked first."""
    book = the_book()
    for id_, error in book.errors.items():
        asked = [book.questions[fact].ask for case in error.case for fact in case.when]
        longest = max((len(words.ja) for words in asked if words), default=0)
        assert len(error.title.ja) + len(error.means.ja) + longest <= 240, id_
        assert error.means.ja.count("。") <= 3, id_


def test_options_and_outcomes_fit_on_a_button() -> None:
    book = the_book()
    labels: list[tuple[str, Words]] = [
        (f"{id_}.{option}", row)
        for id_, question in book.questions.items()
        for option, row in question.option.items()
    ]
    labels += [
        (f"{id_}.{name}", outcome)
        for id_, remedy in book.remedies.items()
        for name, outcome in remedy.outcome.items()
    ]
    labels += [(id_, error.line) for id_, error in book.errors.items()]
    assert [place for place, words in labels if len(words.ja) > 25] == []
    assert [place for place, words in labels if len(words.en) > 38] == []


def test_a_question_has_at_most_two_lines_of_how_to_find_out() -> None:
    for id_, question in the_book().questions.items():
        if question.ask:
            assert question.how, id_
            assert question.how.ja.count("。") <= 2, id_
            assert len(question.how.ja) <= 80, id_


def test_a_remedy_has_few_outcomes_so_that_five_buttons_are_enough() -> None:
    assert [id_ for id_, remedy in the_book().remedies.items() if len(remedy.outcome) > 1] == []


def steps(book: Book, outlook: Outlook, language: Language) -> Iterator[tuple[str, str]]:
    """Every step as it is shown, with its place."""
    for id_, remedy in book.remedies.items():
        for number, step in enumerate(remedy.steps(outlook), 1):
            yield f"{id_} {number} ({outlook})", book.step(step, outlook, language, VALUES)


@pytest.mark.parametrize("outlook", OUTLOOKS)
def test_a_step_is_one_action_of_at_most_sixty_characters(outlook: Outlook) -> None:
    for book in (the_book(), the_example_company()):
        long = [
            (place, len(text), text)
            for place, text in steps(book, outlook, "ja")
            if len(text.replace("*", "")) > 60
        ]
        assert long == []
        assert [place for place, text in steps(book, outlook, "ja") if text.count("。") > 0] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_a_remedy_can_be_shown_for_every_outlook(language: Language) -> None:
    """The note, what is said afterwards and the next action have labels that every Outlook knows."""
    book = the_book()
    for id_, remedy in book.remedies.items():
        for outlook in OUTLOOKS:
            for words in (remedy.title, remedy.note, remedy.after, remedy.next):
                assert words is None or book.step(words, outlook, language, VALUES), id_
            for step in remedy.steps(outlook):
                assert book.step(step, outlook, language, VALUES)
                assert step.warning is None or book.step(step.warning, outlook, language, VALUES)


def test_steps_name_menus_only_through_the_labels() -> None:
    """No brackets of their own: they would not follow the kind of Outlook, nor show both names in English."""
    for id_, remedy in the_book().remedies.items():
        for step in remedy.step:
            assert "［" not in step.ja, (id_, step.ja)
            named = re.findall(r"「([^」]+)」", step.ja)
            assert set(named) <= {"セキュリティ センター", "受け取った", "証明書かキーがない"}, (id_, step.ja)


def test_english_text_shows_a_menu_in_both_languages() -> None:
    choose = the_book().remedies["choose_certificate"]
    first = menu_values(choose.steps("classic")[0], the_book().labels, "classic", "en")
    assert first["menu.file"] == "*File* (ファイル)"
    first = menu_values(choose.steps("classic")[0], the_book().labels, "classic", "ja")
    assert first["menu.file"] == "［ファイル］"


def test_every_label_is_used_and_tells_where_its_wording_is_from() -> None:
    used = {
        blank.removeprefix("menu.")
        for _, words in texts()
        for blank in words.blanks("ja")
        if blank.startswith("menu.")
    }
    assert set(the_book().labels) == used
    for id_, label in the_book().labels.items():
        assert re.search(r"https://|memory|documentation", label.source), id_
        assert label.confirmed is None, f"{id_}: nobody has seen a real PC yet; say who did"


def test_what_differs_between_the_kinds_of_outlook_differs_in_the_steps() -> None:
    for id_ in ("choose_certificate", "turn_off_signing"):
        remedy = the_book().remedies[id_]
        shown = {tuple(step.ja for step in remedy.steps(outlook)) for outlook in ("classic", "new", "mac")}
        assert len(shown) == 3, id_
    assert the_book().remedies["encryption_method"].steps("new") == ()
    assert the_book().remedies["provider_host_name"].steps("web") == ()
    assert the_book().remedies["isolate"].steps("web") == ()


def test_every_remedy_says_where_it_is_from_and_when_that_was_last_compared() -> None:
    for id_, remedy in the_book().remedies.items():
        assert re.search(r"https://|KB \d+|RFC \d+|memory", remedy.source), id_
        assert remedy.reviewed >= date(2026, 11, 24), id_


def test_what_takes_days_can_be_applied_for_and_ends_with_receiving_it() -> None:
    waiting = {id_: remedy for id_, remedy in the_book().remedies.items() if remedy.waits}
    assert set(waiting) == {"renew", "reissue", "get_certificate", "wait_for_certificate"}
    for id_, remedy in waiting.items():
        assert remedy.step, id_
        assert remedy.outcome["received"].sets["new_certificate"] == "yes"


def test_every_remedy_has_words_for_what_was_done_that_fit_on_a_button_and_promise_nothing() -> None:
    for id_, remedy in the_book().remedies.items():
        assert remedy.done is not None, id_
        assert max(len(remedy.done.ja), len(remedy.done.en)) <= 75, id_
        assert remedy.done.ja.endswith("た"), id_


def test_the_helpdesk_s_next_action_is_one_line() -> None:
    for id_, remedy in the_book().remedies.items():
        if remedy.next:
            assert "\n" not in remedy.next.ja, id_
            assert "。" not in remedy.next.ja, id_
            assert len(remedy.next.ja) <= 60, id_
            assert remedy.who == "it", id_


def test_turning_signing_off_has_its_guards() -> None:
    remedy = the_book().remedies["turn_off_signing"]
    assert remedy.risk == "policy"
    assert remedy.note is not None
    assert "決まりで必要なとき" in remedy.note.ja
    for outlook in OUTLOOKS:
        assert "書きかけの本文を、*新しいメールに貼り直して*" in remedy.steps(outlook)[-1].ja
    assert remedy.after is not None
    assert "チェックを戻せます" in remedy.after.ja


def test_typed_answers_belong_to_one_option_only() -> None:
    for id_, question in the_book().questions.items():
        said = [word.casefold() for option in question.option.values() for word in {option.ja, *option.typed}]
        assert len(said) == len(set(said)), id_
    clock = the_book().questions["clock_wrong"].option
    assert "はい" in clock["no"].typed
    assert "いいえ" in clock["yes"].typed


@pytest.mark.parametrize(
    ("fact", "text", "kind"),
    [
        ("server_name", "autodiscover.example.co.jp", "autodiscover"),
        ("server_name", "Autodiscover-s.outlook.com", "autodiscover"),
        ("server_name", "sv123.xserver.jp", "provider"),
        ("server_name", "mail.example.co.jp", "own"),
        ("server_name", "outlook.office365.com", "provider"),
        ("issuer", "ESET SSL Filter CA", "inspection"),
        ("issuer", "Zscaler Intermediate Root CA", "inspection"),
        ("issuer", "Example Trading Root CA 1", "company"),
        ("issuer", "DigiCert TLS RSA SHA256 2020 CA1", "other"),
    ],
)
def test_a_name_is_sorted_by_the_company_s_entries_and_the_tables(fact: str, text: str, kind: str) -> None:
    question = {"server_name": "server_kind", "issuer": "issuer_kind"}[fact]
    assert the_example_company().classify(fact, text).get(question) == kind


def test_a_server_s_name_that_nobody_knows_is_left_to_the_question() -> None:
    assert "server_kind" not in the_book().classify("server_name", "mail.example.co.jp")
