"""Cases that are gone: who asked is told, and nobody else."""

from bot.conversation import Conversation
from bot.desk_events import CaseReopened, Desk
from bot.dialogue import step
from bot.replies import Say, TellDesk
from tests.transcripts import NOW, book_for

GONE = "C-7"
NEWER = Conversation(number=8, person="U1", began=NOW, touched=NOW)


def test_who_opens_a_case_again_that_is_gone_is_told_at_the_helpdesk_and_the_employee_is_not() -> None:
    after, replies = step(NEWER, CaseReopened(GONE, NOW, Desk("U2", "田中")), book_for(False, True))
    (told,) = replies
    assert isinstance(told, TellDesk)
    assert told.person == "U2"
    assert GONE in str(told.message.parts)
    assert after.phase == NEWER.phase


def test_an_employee_whose_case_is_gone_is_told_where_they_are() -> None:
    _, replies = step(NEWER, CaseReopened(GONE, NOW), book_for(False, True))
    assert [type(reply) for reply in replies] == [Say]
