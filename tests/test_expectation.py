"""When an answer may be expected, in words that nobody has to count days for."""

from datetime import UTC, date, datetime

import pytest

from bot.conversation import Conversation
from bot.handing import expectation
from knowledge.rows import Language
from tests.transcripts import book_for

FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)  # 9:00 in Tokyo, and the helpdesk opens


@pytest.mark.parametrize(
    ("language", "day", "hour", "said"),
    [
        ("ja", 25, 16, "次の受付は *今日 9:00* からです"),  # already the 26th in Tokyo
        ("ja", 26, 10, "次の受付は *明日 9:00* からです"),
        ("ja", 27, 10, "次の受付は *11月30日（月） 9:00* からです"),
        ("en", 25, 16, "it opens *today at 09:00*"),
        ("en", 26, 10, "it opens *tomorrow at 09:00*"),
        ("en", 27, 10, "it opens *on Mon 30 Nov at 09:00*"),
        ("ja", 27, 3, "いま受付時間内です"),
    ],
)
def test_the_next_opening_is_named_as_seen_from_the_helpdesks_own_day(
    language: Language, day: int, hour: int, said: str
) -> None:
    conversation = Conversation(number=1, person="U1", language=language, touched=FRIDAY, began=FRIDAY)
    at = FRIDAY.replace(day=day, hour=hour)
    assert said in expectation(conversation, book_for(True, True), at)


def test_after_a_holiday_the_day_is_named() -> None:
    book = book_for(True, True)
    company = book.company.model_copy(update={"holidays": frozenset({date(2026, 11, 30)})})
    conversation = Conversation(number=1, person="U1", language="ja", touched=FRIDAY, began=FRIDAY)
    said = expectation(conversation, book.with_company(company), FRIDAY.replace(hour=10))
    assert "次の受付は *12月1日（火） 9:00* からです" in said
