"""The conversations of tests/conversations, word for word. `pytest --accept` writes down what is said now."""

from pathlib import Path

import pytest

from tests.transcripts import HERE, Chat, chats, played, require_word_for_word

ALL = [(path, chat) for path in sorted(HERE.glob("*.md")) for chat in chats(path)]


@pytest.mark.parametrize(
    ("path", "chat"), ALL, ids=[f"{path.stem}: {chat.title} ({chat.options[0]})" for path, chat in ALL]
)
def test_the_bot_says_this_word_for_word(path: Path, chat: Chat, request: pytest.FixtureRequest) -> None:
    accept = request.config.getoption("--accept")
    require_word_for_word(path, chat.body, played(chat), accept=accept)


def test_there_are_enough_conversations_in_both_languages() -> None:
    assert len(ALL) >= 25
    assert sum("en" in chat.options for _, chat in ALL) >= 8
