"""The conversations of tests/conversations, word for word. `pytest --accept` writes down what is said now."""

from pathlib import Path

import pytest

from tests.transcripts import HERE, Chat, chats, played

ALL = [(path, chat) for path in sorted(HERE.glob("*.md")) for chat in chats(path)]


@pytest.mark.parametrize(
    ("path", "chat"), ALL, ids=[f"{path.stem}: {chat.title} ({chat.options[0]})" for path, chat in ALL]
)
def test_the_bot_says_this_word_for_word(path: Path, chat: Chat, request: pytest.FixtureRequest) -> None:
    now = played(chat)
    if request.config.getoption("--accept") and now != chat.body:
        text = path.read_text(encoding="utf-8")
        assert text.count(chat.body) == 1, "two conversations are equal to the letter"
        path.write_text(text.replace(chat.body, now), encoding="utf-8")
        return
    assert now.splitlines() == chat.body.splitlines()


def test_there_are_enough_conversations_in_both_languages() -> None:
    assert len(ALL) >= 25
    assert sum("en" in chat.options for _, chat in ALL) >= 8
