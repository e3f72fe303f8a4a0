"""What `doctor` prints fits the terminal, and nothing of it is cut."""

import json
import re

import pytest

from bot.doctor.check import Found, Said, fault, note, ok
from bot.doctor.columns import width, wrapped
from bot.doctor.printed import as_json, as_lines
from knowledge.rows import LANGUAGES, Language
from tests.doctor import examined, well

LONG_JA = (
    "「長い文」は、（幅の広い文字で）2 桁ずつ数えて折り返します。https://example.co.jp/a は切りません。" * 4
)
LONG_EN = "a long text with words, and `python -m bot doctor --json` in it; " * 6
GROUPS = [
    (
        Said("組", "Group"),
        [
            Found("test.note", Said("長い参考", "Long note"), note(LONG_JA, LONG_EN)),
            Found(
                "test.fault",
                Said("異常", "Fault"),
                fault(f"{LONG_JA}\n{LONG_JA}", f"{LONG_EN}\n{LONG_EN}", Said(LONG_JA, LONG_EN)),
            ),
            Found("test.ok", Said("短い", "Short"), ok("はい", "yes")),
        ],
    )
]


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [0, 40, 57, 80, 110, 200])
def test_no_line_is_longer_than_the_terminal_and_nothing_is_cut(columns: int, language: Language) -> None:
    lines = list(as_lines(GROUPS, language, columns))
    assert max(map(width, lines)) <= max(columns, 40)
    whole = letters("".join(lines))
    assert whole.count(letters(LONG_JA if language == "ja" else LONG_EN)) == 5
    assert "…" not in whole


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_what_is_really_said_is_whole_at_any_width(columns: int) -> None:
    groups = examined(well())
    for language in LANGUAGES:
        lines = list(as_lines(groups, language, columns))
        assert max(map(width, lines)) <= columns
        whole = letters("".join(lines))
        for check in json.loads(as_json(groups, language))["checks"]:
            assert letters(check["detail"].split("\n")[0]) in whole


def test_a_text_goes_on_below_its_own_first_column() -> None:
    _, first, second, *_ = as_lines(GROUPS, "en", 80)
    assert first.startswith("  note     Long note  a long text")
    assert re.match(" {22}[a-z`]", second)


def test_a_line_ends_beside_a_wide_character_or_behind_a_blank_and_no_mark_begins_one() -> None:
    assert wrapped("証明書の期限", 6) == ["証明書", "の期限"]
    assert wrapped("証明書。期限", 6) == ["証明", "書。期", "限"]
    assert wrapped("証明（期限）", 6) == ["証明", "（期", "限）"]
    assert wrapped("run python -m bot", 10) == ["run python", "-m bot"]
    assert wrapped("python を実行", 8) == ["python", "を実行"]
    assert wrapped("a-word-that-is-long", 8) == ["a-word-t", "hat-is-l", "ong"]
    assert wrapped("", 8) == [""]
