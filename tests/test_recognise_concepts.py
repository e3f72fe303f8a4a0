"""concepts.toml: what an engineer may write, and what is refused with file, entry and field."""

import re
from pathlib import Path

import pytest

from knowledge.concepts import BadConcepts, Concepts
from knowledge.recognise import recognise
from tests.recognising import CONCEPTS, concepts, recognised


def loaded(folder: Path, old: str, new: str) -> Concepts:
    text = CONCEPTS.read_text(encoding="utf-8")
    assert old in text
    path = folder / "concepts.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Concepts.load(path)


def test_a_new_word_is_understood_at_once(tmp_path: Path) -> None:
    message = "証明書がポンコツ切れだと言われました"
    assert recognised(message).row is None
    changed = loaded(tmp_path, 'ja = ["{date}~{over}", ', 'ja = ["ポンコツ切れ", "{date}~{over}", ')
    assert recognise(message, changed).row == "expired_or_revoked"


def test_a_new_window_line_is_understood_at_once(tmp_path: Path) -> None:
    new = (
        '[line.company_gateway]\nrow = "untrusted_chain"\n'
        'ja = ["ゲートウェイの証明が怪しい"]\nen = ["odd gateway"]\n\n'
    )
    changed = loaded(tmp_path, "[line.sign_none]", new + "[line.sign_none]")
    assert recognise("ゲートウェイの証明が怪しい と出ます", changed).row == "untrusted_chain"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "[what.expired]\nja",
            "[what.expired]\njaa",
            "concepts.toml, [what.expired] jaa: is not a known key",
        ),
        ("[what.lapsed]", "[what.laps]", "concepts.toml, [what] laps: is not a known key"),
        ('row = "no_certificate"', 'row = "no_cert"', "concepts.toml, [line.sign_none] row:"),
        ('sets = { whose = "own" }', 'sets = { who = "own" }', "[line.sign_none]: there is no fact “who”"),
        ('sets = { whose = "own" }', 'sets = { whose = "mine" }', "“mine” is none of its values"),
        ("[fact.urgent.yes]", "[fact.hurry.yes]", "[fact.hurry]: there is no fact “hurry”"),
        ('"{date}~{over}"', '"{dates}~{over}"', "[what.expired] ja: “{dates}~{over}” names the list “dates”"),
        ('"{date}~{over}"', '"期限…"', "[what.expired] ja: “期限…” ends in nothing"),
        ('"{date}~{over}"', '"(ない)"', "[what.expired] ja: “(ない)” has nothing in front of (ない)"),
        ('"0x80090322" =', '"80090322" =', "[code] 80090322: write it as 0x and eight digits"),
        ("\n[code]\n", "\n[code\n", "the closing bracket ] is missing"),
        ("misspelt = [", "misspelt = [3, ", "[misspelt] 1: must be a text in quotes"),
    ],
)
def test_a_fault_is_refused_with_file_entry_and_field(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(BadConcepts, match=re.escape(sentence)):
        loaded(tmp_path, old, new)


def test_a_missing_list_is_refused(tmp_path: Path) -> None:
    text = CONCEPTS.read_text(encoding="utf-8")
    without = re.sub(r"^\[what\.lapsed\]\n(?:.+\n)+", "", text, flags=re.MULTILINE)
    path = tmp_path / "concepts.toml"
    path.write_text(without, encoding="utf-8")
    with pytest.raises(BadConcepts, match=r"\[what\] lapsed: is missing"):
        Concepts.load(path)


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadConcepts, match=r"concepts\.toml: cannot be read"):
        Concepts.load(tmp_path / "concepts.toml")


def test_notepads_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "concepts.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CONCEPTS.read_bytes())
    assert recognise("対象のプリンシパル名が間違っています", Concepts.load(path)).row == "name_mismatch"


def test_every_list_has_both_languages_or_names_that_are_the_same_in_all() -> None:
    text = CONCEPTS.read_text(encoding="utf-8")
    for section in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        name = section.split("]", 1)[0]
        if name.startswith(("who.", "part.", "state.", "what.", "vague.", "guard.", "fact.", "line.")):
            has = {key for key in ("ja", "en", "any") if re.search(rf"^{key} = \[", section, re.MULTILINE)}
            assert {"ja", "en"} <= has or "any" in has or name == "state.not", name


def test_no_entry_stands_twice_in_a_list() -> None:
    text = CONCEPTS.read_text(encoding="utf-8")
    for name, listed in re.findall(r"^(\w+) = \[(.*)\]$", text, flags=re.MULTILINE):
        entries = re.findall(r'"([^"]*)"', listed)
        doubled = {entry for entry in entries if entries.count(entry) > 1}
        assert not doubled, (name, doubled)


def test_the_built_in_lists_are_compiled_once() -> None:
    assert concepts() is concepts()
