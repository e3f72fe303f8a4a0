"""Any text can be recognised: nothing raises, and what comes back can be relied on."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.concept_tables import FACTS, ROWS
from knowledge.excerpt import LONGEST, excerpt
from knowledge.finder import Finder
from knowledge.rewriting import replaced
from tests.recognising import recognised

PIECES = st.sampled_from(
    [
        *[
            "証明書",
            "期限切れ",
            "ない",
            "名前",
            "違う",
            "信頼されていない",
            "失効",
            "確認できない",
            "暗号化",
            "署名",
            "と出ます",
        ],
        *[
            "Outlook",
            "Chrome",
            "not ",
            "expired ",
            "certificate ",
            "「",
            "」",
            "。",
            "\n",
            "&gt; ",
            "```",
            "<@U1>",
            ":x:",
        ],
        *[
            "\ud800",
            "\x00",
            "\u202e",
            "ｶﾞ",
            "ー",
            "İ",
            "ß",
            "0x800B0109",
            "-2146762487",
            "a@b.example",
            "解決しました",
        ],
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_gets_an_answer_that_can_be_relied_on(text: str) -> None:
    recognition = recognised(text)
    assert (recognition.decision == "row") == (recognition.row in ROWS)
    assert (recognition.decision == "ask") == bool(recognition.candidates)
    assert recognition.decision != "ask" or 2 <= len(recognition.candidates) <= 5
    assert recognition.decision == "none" or recognition.about == "certificate"
    assert all(words in text.replace("\n", " ") for words in recognition.words)
    for fact, value in recognition.facts.items():
        assert value in FACTS[fact] if fact in FACTS else fact in ("address", "server_name", "issuer")
    assert recognised(text) == recognition


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join))
def test_a_piece_repeated_for_ever_does_not_raise(piece: str) -> None:
    assert recognised((piece * 40_000)[:39_000]).decision in ("row", "ask", "none")


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="あいう証明書ab \U0001f600\ud800", max_size=60),
    st.lists(st.text("あいう証明書ab", min_size=1, max_size=5)),
)
def test_the_finder_finds_what_a_plain_search_finds(text: str, words: list[str]) -> None:
    expected = {
        word: [start for start in range(len(text)) if text.startswith(word, start)]
        for word in words
        if word in text
    }
    assert Finder(words).find(text) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.text(max_size=4)), max_size=5),
)
def test_every_place_of_a_rewritten_text_leads_back(text: str, wanted: list[tuple[int, int, str]]) -> None:
    changes, free = [], 0
    for start, size, new in sorted(wanted):
        end = min(start + size, len(text))
        if start >= free and end > start:
            changes.append((start, end, new))
            free = end
    out, edits = replaced(text, changes)
    for place in range(len(out) + 1):
        assert 0 <= edits.back(place, end=False) <= len(text)
    untouched = [at for at in range(len(text)) if not any(start <= at < end for start, end, _ in changes)]
    back = [edits.back(place, end=False) for place in range(len(out))]
    assert [at for at in back if at in untouched] == untouched


def test_a_short_message_is_read_whole_and_a_long_one_in_part() -> None:
    assert excerpt("証明書" * 100) == "証明書" * 100
    long = "あ" * 20_000 + "証明書の期限切れ" + "い" * 20_000
    assert "証明書の期限切れ" in excerpt(long)
    assert len(excerpt(long)) <= LONGEST + 10


def test_a_recognition_can_be_told_as_json() -> None:
    recognition = recognised("Outlookで証明書の警告が出ます")
    told = [{"row": candidate.row, "score": candidate.score} for candidate in recognition.candidates]
    assert json.loads(json.dumps(told)) == told
