"""While automatic help is paused everything goes to people, and what is known goes with it."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.desk_events import CameDue
from bot.dialogue import step
from bot.events import Event, FilesInspected, MessagePosted, Rated
from bot.looked import File, Inspected
from bot.pause import Pause
from bot.plain import plain
from bot.replies import AddToCase, CheckFiles, OpenCase, Remind, Reply, Say
from checks.report import inspect
from knowledge.book import Book
from tests.certificates import ec_key
from tests.ladders import ADDED, ROWS
from tests.test_dialogue import start, surroundings
from tests.transcripts import NOW, book_for, sample_files

PAUSE = Pause(NOW)
WITH_REASON = Pause(NOW, "表を確認中のため", "we are checking the tables")
SIGNING = "署名に使う証明書が見つからないと Outlook に出て送れません"
SENTENCE = "ただいま自動の案内を止めています。担当者におつなぎします。"


@dataclass
class Talk:
    """A talk; `pause` as it is just now."""

    book: Book = field(default_factory=lambda: book_for(True, True))
    pause: Pause | None = None
    replies: tuple[Reply, ...] = ()

    def __post_init__(self) -> None:
        self.now: Conversation = start(self.book)

    def happens(self, event: Event) -> str:
        self.now, self.replies = step(self.now, event, self.book, self.pause)
        return plain(tuple(reply for reply in self.replies if isinstance(reply, Say)))

    def writes(self, text: str) -> str:
        return self.happens(MessagePosted(text, (), NOW))

    def presses(self, button: str) -> str:
        return self.happens(pressed(button, NOW))

    @property
    def cards(self) -> list[str]:
        return [plain((reply,)) for reply in self.replies if isinstance(reply, OpenCase)]


def test_a_message_is_handed_over_with_all_that_was_recognised() -> None:
    talk = Talk(pause=PAUSE)
    said = talk.writes(SIGNING)
    assert said.count(SENTENCE) == 1
    assert "変わったことはありますか" not in said
    assert talk.now.phase == "handed_over"
    assert talk.now.row == "no_certificate"
    [card] = talk.cards
    assert "デジタル署名の証明書が見つからない" in card
    assert "Outlook が使う証明書を選び直します" in card, "the next action is still known"
    written = [plain((reply,)) for reply in talk.replies if isinstance(reply, AddToCase)]
    assert any(SIGNING in line for line in written), "the helpdesk reads what was written"


@pytest.mark.parametrize("text", ["こんにちは", "Excel が重いです", "Outlookで証明書エラーが出ます", "？"])
def test_whatever_is_written_a_person_gets_it(text: str) -> None:
    talk = Talk(pause=PAUSE)
    assert SENTENCE in talk.writes(text)
    assert talk.now.phase == "handed_over"
    assert len(talk.cards) == 1


def test_the_sentence_says_why_and_is_not_repeated() -> None:
    talk = Talk(pause=WITH_REASON)
    assert "止めています（表を確認中のため）。" in talk.writes(SIGNING)
    assert "止めています" not in talk.writes("昨日は送れました")
    assert "止めています" not in talk.presses("restart")
    assert "止めています" not in talk.writes("証明書の有効期限が切れています、と出ます")
    assert talk.now.row == "expired_or_revoked"
    assert talk.now.phase == "handed_over"
    talk.pause = Pause(NOW + timedelta(hours=1))
    assert "止めています" not in talk.writes("まだですか"), "a person has the case"
    talk.presses("restart")
    assert "止めています" in talk.writes(SIGNING) or talk.now.told_paused == talk.pause.since


@pytest.mark.parametrize("button", ["answer:changed:renewed", "send_now", "explain:export", "language:en"])
def test_a_running_conversation_is_handed_over_at_its_next_click(button: str) -> None:
    talk = Talk()
    talk.writes(SIGNING)
    assert talk.now.phase == "asking"
    talk.pause = PAUSE
    said = talk.presses(button)
    assert str(talk.now.phase) == "handed_over"
    assert SENTENCE in said or "Automatic help is paused" in said
    assert len(talk.cards) == 1
    assert talk.now.questions == 1, "a question that nobody saw is none"


def test_who_is_in_a_hurry_gets_a_person_and_no_way_to_send() -> None:
    talk = Talk(pause=PAUSE)
    talk.writes("メールサーバーの名前が証明書と一致しません。対象のプリンシパル名が間違っています")
    said = talk.presses("send_now")
    assert "お急ぎの件として、担当者に伝えました" in said
    assert "Web 版" not in said
    assert "■ 急ぎ" in talk.cards[0]


def test_a_file_is_checked_for_the_card_and_its_result_goes_to_the_helpdesk() -> None:
    files, trust = sample_files()
    talk = Talk(pause=PAUSE)

    talk.happens(MessagePosted(SIGNING, (File("F1", "expired.cer"),), NOW))
    [check] = [reply for reply in talk.replies if isinstance(reply, CheckFiles)]
    assert talk.now.phase != "handed_over", "what the file tells comes first"
    report = inspect(files["expired.cer"], at=NOW, trust=trust, purpose="email")
    said = talk.happens(FilesInspected((Inspected("expired.cer", report),), check.slot, NOW, ("F1",)))
    assert SENTENCE in said
    assert "有効期限" not in said
    assert "期限" in talk.cards[0]
    assert talk.now.facts["expired"].value == "yes"


def test_a_private_key_is_refused_whatever_else() -> None:
    talk = Talk(pause=PAUSE)
    key = ec_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    report = inspect(key, at=NOW)
    said = talk.happens(FilesInspected((Inspected("key.pem", report),), "check-1", NOW, ("F1",)))
    assert talk.book.findings["private_key_uploaded"].headline.ja in said
    assert any("秘密キー" in card for card in talk.cards)


def test_a_password_is_warned_of_whatever_else() -> None:
    talk = Talk(pause=PAUSE)
    said = talk.writes("パスワードは hunter2 です")
    assert talk.book.phrases["password_warning"].ja in said
    assert SENTENCE in said


def test_nobody_is_asked_how_it_went_until_it_is_over() -> None:
    talk = Talk()
    talk.writes(SIGNING)
    talk.presses("answer:changed:renewed")
    assert talk.now.phase == "advising"
    talk.pause = PAUSE
    for what in ("follow_up", "give_up"):
        said = talk.happens(CameDue(what, talk.now.case, NOW + timedelta(days=3)))
        assert said == ""
        [again] = talk.replies
        assert isinstance(again, Remind)
        assert again.what == what
        assert again.due > NOW + timedelta(days=3)


def test_who_says_that_it_is_solved_is_believed() -> None:
    talk = Talk()
    talk.writes(SIGNING)
    talk.pause = PAUSE
    talk.presses("solved")
    assert talk.now.phase == "solved"
    talk.happens(Rated("end", "good", NOW))
    assert talk.now.phase == "solved"
    assert "止めています" not in talk.writes("ありがとうございました")
    assert SENTENCE in talk.writes("また別の件で困っています")


def test_an_example_makes_no_case() -> None:
    talk = Talk(pause=PAUSE)
    said = talk.presses("example:1")
    assert "そのまま担当者に届きます" in said
    assert talk.cards == []
    assert talk.now.phase == "listening"


def test_where_there_is_no_channel_the_contact_is_given() -> None:
    talk = Talk(book=book_for(True, False), pause=WITH_REASON)
    said = talk.writes(SIGNING)
    assert "止めています（表を確認中のため）。お手数ですが、担当者に直接ご連絡ください。" in said
    assert "ヘルプデスク（内線 1234）" in said


def test_in_english_it_is_said_in_english() -> None:
    talk = Talk(pause=WITH_REASON)
    said = talk.writes("Outlook says there are no certificates which can be used to send from my address")
    sentence = (
        "Automatic help is paused at the moment (we are checking the tables); a person takes this over."
    )
    assert sentence in said


@pytest.mark.parametrize("row", [*ROWS, *ADDED])
def test_no_event_in_any_phase_brings_a_question_or_an_advice(row: str) -> None:
    """Whatever happens in whatever state a walk without the pause reaches."""
    book = book_for(False, True)
    titles = {remedy.title.ja for remedy in book.remedies.values() if remedy.who == "user"}
    asks = {question.ask.ja for question in book.questions.values() if question.ask}
    states = [start(book)]
    for button in (f"row:{row}", "answer:changed:unknown", "ended:choose_certificate:not_solved", "solved"):
        states.append(step(states[-1], pressed(button, NOW), book)[0])
    handed, _ = step(states[1], pressed("person", NOW), book)
    for state in (*states, handed):
        for event in surroundings(book):
            after, replies = step(state, event, book, PAUSE)
            said = plain(tuple(reply for reply in replies if isinstance(reply, Say)))
            head = said.split("担当者に渡した内容")[0]
            still = after.turn == state.turn or any(isinstance(reply, CheckFiles) for reply in replies)
            assert still or after.phase in ("handed_over", "solved", "listening"), event
            assert [words for words in (*titles, *asks) if f"*{words}*" in head] == [], event
