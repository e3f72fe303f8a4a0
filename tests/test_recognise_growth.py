"""A company's own words and rows are recognised at once; however many they are, the decisions stay."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from knowledge.evaluate import evaluate, examples
from knowledge.excerpt import excerpt
from knowledge.load import BadTables, load
from knowledge.wordings import ALIKE, Wordings
from tests.bench_recognition import HOSTILE, SIGNS, of_length, overlay
from tests.recognising import recognised

KEPT = Path(__file__).parent / "recognition" / "held_out.jsonl"

OWN_ROW = """
[error.gateway]
title.ja = "社内ゲートウェイの停止"
title.en = "The gateway is down"
means.ja = "社内の装置が止まっています。"
means.en = "A device of ours is down."
line.ja = "社内ゲートウェイが応答しません"
line.en = "The company gateway does not answer"
example.ja = "社内ゲートウェイが応答しません"
example.en = "The company gateway does not answer"
causes.ja = "装置の停止"
causes.en = "The device is down"
case = [{ do = "isolate" }]
"""


def own(folder: Path, concepts: str, errors: str = "") -> Path:
    (folder / "concepts.toml").write_text(concepts, encoding="utf-8")
    if errors:
        (folder / "errors.toml").write_text(errors, encoding="utf-8")
    return folder


def test_a_companys_words_are_added_to_the_built_in_ones(tmp_path: Path) -> None:
    message = "証明書がポンコツ切れだと言われました"
    assert recognised(message).row is None
    book = load(own(tmp_path, '[what.expired]\nja = ["ポンコツ切れ"]\n'))
    assert book.recognise(message).row == "expired_or_revoked"
    assert book.recognise("証明書の期限が切れました").row == "expired_or_revoked"


def test_a_companys_spelling_is_added_to_the_built_in_ones(tmp_path: Path) -> None:
    book = load(own(tmp_path, '[spelling]\n"証明書" = ["ショメ書"]\n'))
    assert book.recognise("ショメ書の期限が切れました").row == "expired_or_revoked"
    assert book.recognise("証明証の期限が切れました").row == "expired_or_revoked"


def test_a_companys_code_means_what_the_company_says(tmp_path: Path) -> None:
    code = '[code]\n"0x800CAFFE" = { row = "untrusted_chain", name = "OUR_E_CHAIN" }\n'
    assert load(own(tmp_path, code)).recognise("エラー 0x800CAFFE").row == "untrusted_chain"


def test_a_companys_own_row_has_a_line_of_its_own(tmp_path: Path) -> None:
    line = (
        '[line.gateway]\nrow = "gateway"\n'
        'ja = ["社内ゲートウェイが応答しません"]\nen = ["our gateway is down"]\n'
    )
    book = load(own(tmp_path, line, OWN_ROW))
    assert book.recognise("社内ゲートウェイが応答しません と出ます").row == "gateway"
    assert book.recognise("Our gateway is down").row == "gateway"
    lines = ['{"text": "Our gateway is down", "label": "gateway"}']
    assert evaluate(examples(lines, book.errors), book.recognise).by_label()["gateway"].part == 1


@pytest.mark.parametrize(
    ("concepts", "sentence"),
    [
        (
            '[what.expired]\njaa = ["x"]',
            "/concepts.toml, [what.expired] jaa: is not a known key. Did you mean “ja”?",
        ),
        ('[what.laps]\nja = ["切れ"]', "/concepts.toml, [what] laps: is not a known key"),
        ('[what.expired]\nja = "切れ"', "/concepts.toml, [what.expired] ja: must be a list of texts"),
        (
            '[what.expired]\nja = ["{dates}~切れ"]',
            "/concepts.toml, [what.expired] ja: “{dates}~切れ” names the list",
        ),
        ("misspelt = [3]", "/concepts.toml, [misspelt] 1: must be a text in quotes"),
        (
            '[line.gateway]\nrow = "gate"\nja = ["止まりました"]',
            "/concepts.toml, [line.gateway] row: there is no error “gate” in errors.toml.",
        ),
        ('[line.gateway]\nja = ["止まりました"]', "/concepts.toml, [line.gateway] row: is missing."),
        (
            '[code]\n"800CAFFE" = { row = "none", name = "X" }',
            "/concepts.toml, [code] 800CAFFE: write it as 0x",
        ),
        ('[fact.hurry.yes]\nja = ["早く"]', "/concepts.toml, [fact.hurry]: there is no fact “hurry”"),
        ("[what.expired\n", "concepts.toml: line 1: the closing bracket ] is missing"),
    ],
)
def test_a_fault_in_a_companys_words_is_refused_with_file_entry_and_field(
    tmp_path: Path, concepts: str, sentence: str
) -> None:
    with pytest.raises(BadTables, match=re.escape(sentence)):
        load(own(tmp_path, concepts))


def test_a_thousand_rows_of_a_company_change_no_decision(tmp_path: Path) -> None:
    book = load(overlay(tmp_path, 1_000))
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        assert book.recognise(text) == recognised(text), text
    assert book.recognise("社内ゲートウェイ第7号を確認できません").row == "own_7"


WORDINGS = (
    "この証明書は期限が切れています",
    "この証明書は信頼されていません",
    "the name does not match the site",
)
SLIPS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from("証明a の"), st.booleans()), max_size=9)


def slipped(line: str, slips: list[tuple[int, str, bool]]) -> str:
    for at, letter, more in slips:
        line = line[:at] + letter + line[at + (not more) :]
    return line


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(WORDINGS), SLIPS)
def test_of_the_wordings_the_nearest_is_found_as_if_all_were_compared(
    wording: str, slips: list[tuple[int, str, bool]]
) -> None:
    line = slipped(wording, slips)
    best = process.extractOne(line, WORDINGS, scorer=fuzz.ratio, score_cutoff=ALIKE)
    assert Wordings({one: one for one in WORDINGS}).nearest(line) == (best[0] if best else None)


@pytest.mark.parametrize(
    "piece", [*HOSTILE, SIGNS, "証明書の期限切れ", "not ", "0x", "：", "ｶﾞ", "\u3099", ":x:", "```"]
)
def test_forty_pages_of_anything_are_read_as_what_is_read_of_them(piece: str) -> None:
    long = of_length(piece, 39_000)
    assert recognised(long).decision == recognised(excerpt(long)).decision
    assert recognised(long) == recognised(long)
