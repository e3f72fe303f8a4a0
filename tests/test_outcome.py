"""How a trouble ended, by the step that ended it; and what people tell of it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.afterwards import amended
from bot.button_ids import pressed
from bot.conversation import Conversation
from bot.desk_events import CameDue, CaseClosed, CaseReopened, CaseTaken, Desk
from bot.dialogue import step
from bot.events import (
    CureTold,
    Event,
    ExampleChosen,
    FilesInspected,
    InCase,
    MessagePosted,
    PersonAsked,
    Rated,
    RemedyEnded,
    RemedyNotPossible,
    Restarted,
    RowChosen,
    SelfSolved,
    SendNowAsked,
)
from bot.looked import Inspected, PictureRead
from bot.outcome import Outcome, Tried, changed, outcome_of
from bot.replies import Feedback, Message, Reply, Say, Whisper
from bot.silence import SILENT
from checks.report import inspect
from knowledge.book import Book
from tests.transcripts import NOW, PICTURES, book_for, sample_files

CERTIFICATES = (
    "Outlook cannot sign because there are no certificates which can be used to send from the address"
)
TANAKA = Desk("U2", "田中")
MINUTE = timedelta(minutes=1)


@dataclass
class Talk:
    """A conversation, a step a minute, and the outcomes as they are kept."""

    book: Book = field(default_factory=lambda: book_for(False, True))
    at: datetime = NOW
    now: Conversation = field(
        default_factory=lambda: Conversation(number=1042, person="U1", began=NOW, touched=NOW)
    )
    kept: dict[int, Outcome] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()

    def on(self, event: Callable[..., Event], *told: object) -> "Talk":
        """What was told happens."""
        return self.feed(event(*told, at=self.at))

    def feed(self, event: Event) -> "Talk":
        before = Conversation.model_validate_json(self.now.model_dump_json())
        self.now, self.replies = step(before, event, self.book)
        for trouble, outcome in changed(before, self.now, self.book).items():
            self.kept.pop(trouble, None)
            if outcome:
                self.kept[trouble] = outcome
        self.at += MINUTE
        return self

    def says(self, text: str) -> "Talk":
        return self.on(MessagePosted, text, ())

    @property
    def said(self) -> list[Message]:
        return [reply.message for reply in self.replies if isinstance(reply, Say | Whisper)]

    def ids(self) -> list[str]:
        return [button.id for message in self.said for button in message.buttons()]


def advised() -> Talk:
    """The error is known, a question was answered, a remedy stands there."""
    talk = Talk().says(CERTIFICATES).feed(pressed("answer:changed:nothing", NOW + MINUTE))
    assert talk.now.remedy == "choose_certificate"
    return talk


def solved() -> Talk:
    return advised().on(RemedyEnded, "choose_certificate", "solved")


def solved_alone() -> Talk:
    """Two remedies were shown, the helpdesk was asked, then it was solved."""
    talk = advised().on(RemedyEnded, "choose_certificate", "not_solved").on(PersonAsked, False)
    return talk.on(SelfSolved)


def test_a_remedy_that_helped_is_the_outcome_with_questions_turns_and_minutes() -> None:
    talk = solved()
    (outcome,) = talk.kept.values()
    assert (outcome.how, outcome.remedy, outcome.row) == ("remedy", "choose_certificate", "no_certificate")
    assert (outcome.questions, outcome.turns, outcome.minutes) == (1, 3, 2)
    assert outcome.tried == (Tried(remedy="choose_certificate", outcome="solved"),)
    assert outcome.shown == ("choose_certificate",)
    assert (outcome.handed, outcome.minutes_at_desk, outcome.urgent) == (None, None, False)
    assert (outcome.case, outcome.recognised_by, outcome.tables) == ("C-1042", "text", talk.book.version)


def test_as_long_as_it_is_open_there_is_no_outcome() -> None:
    talk = advised().on(RemedyEnded, "choose_certificate", "not_solved").on(PersonAsked, False)
    assert talk.kept == {}
    assert outcome_of(talk.now, talk.book) is None


def test_what_could_not_be_done_is_told_with_its_reason_and_what_was_sent_now_is_urgent() -> None:
    talk = advised().on(RemedyNotPossible, "choose_certificate", "other").on(SendNowAsked)
    (outcome,) = talk.on(SelfSolved).kept.values()
    assert outcome.tried[0] == Tried(remedy="choose_certificate", outcome="could_not", reason="other")
    assert outcome.urgent


def test_the_helpdesks_part_is_told_in_minutes() -> None:
    talk = advised().on(PersonAsked, False).on(CaseTaken, "C-1042", TANAKA, False)
    talk.on(CaseClosed, "C-1042", TANAKA, "renew", "", "")
    (outcome,) = talk.kept.values()
    assert (outcome.how, outcome.remedy) == ("desk", "renew")
    assert (outcome.minutes_until_taken, outcome.minutes_at_desk, outcome.minutes) == (1, 2, 4)


def test_what_ended_in_silence_is_unknown() -> None:
    talk = advised()
    talk.at += SILENT
    talk.on(CameDue, "follow_up", "C-1042")
    talk.at += SILENT
    (outcome,) = talk.on(CameDue, "give_up", "C-1042").kept.values()
    assert (outcome.how, outcome.remedy, outcome.feedback) == ("unknown", None, None)
    assert not any(isinstance(part, Feedback) for message in talk.said for part in message.parts)


def test_a_case_that_is_brought_up_again_has_no_outcome_until_it_ends_again() -> None:
    talk = advised().on(PersonAsked, False).on(CaseClosed, "C-1042", TANAKA, None, "設定", "")
    talk.on(Rated, "end", "good")
    assert talk.kept[1].feedback == "good"
    talk.on(CaseReopened, "C-1042")
    assert talk.kept == {}
    talk.on(SelfSolved)
    (outcome,) = talk.kept.values()
    assert (outcome.how, outcome.feedback) == ("alone", None)


def test_what_came_back_in_words_is_open_again() -> None:
    assert solved().says("まだ直らない").kept == {}


def test_every_trouble_of_a_conversation_has_an_outcome_of_its_own() -> None:
    talk = solved().on(Restarted).says(CERTIFICATES).feed(pressed("answer:changed:nothing", NOW))
    assert talk.now.remedy
    talk.on(RemedyEnded, talk.now.remedy, "solved")
    first, second = talk.kept.values()
    assert (first.trouble, second.trouble) == (1, 2)
    assert (first.turns, second.turns) == (3, 4)
    assert (second.questions, second.shown) == (1, ("choose_certificate",))


def test_an_earlier_case_that_the_helpdesk_closes_is_kept_as_its_own() -> None:
    talk = advised().on(PersonAsked, False).on(Restarted).says(CERTIFICATES)
    talk.on(CaseClosed, "C-1042", TANAKA, None, "", "")
    assert [(one.trouble, one.how, one.case) for one in talk.kept.values()] == [(1, "desk", "C-1042")]
    talk.on(InCase, "C-1042", Rated("end", "bad", talk.at))
    assert talk.kept[1].feedback == "bad"
    assert talk.now.phase == "asking"


def test_said_twice_it_ended_as_it_had() -> None:
    talk = solved()
    before = dict(talk.kept)
    assert talk.on(SelfSolved).kept == before


def test_the_words_of_the_helpdesk_are_not_in_it() -> None:
    talk = advised().on(PersonAsked, False)
    talk.on(CaseClosed, "C-1042", TANAKA, None, "佐藤さんの証明書を入れ直した", "お待たせしました")
    (outcome,) = talk.kept.values()
    told = outcome.model_dump_json()
    assert not [word for word in ("佐藤", "証明書を", "お待たせ", "U1", "U2", "田中") if word in told]


# By what the error was known


def test_by_a_picture() -> None:
    talk = Talk().on(FilesInspected, (PICTURES["signing.png"],), "check-1")
    assert isinstance(PICTURES["signing.png"], PictureRead)
    assert (talk.now.row, talk.now.recognised_by) == ("no_certificate", "picture")


def test_by_a_file() -> None:
    files, trust = sample_files()
    report = inspect(files["expired.cer"], at=NOW, address=None, server=None, purpose=None, trust=trust)
    talk = Talk().on(FilesInspected, (Inspected("expired.cer", report),), "check-1")
    assert (talk.now.row, talk.now.recognised_by) == ("expired_or_revoked", "file")


def test_by_a_button() -> None:
    talk = Talk().says("Outlookで証明書エラーが出ます").on(RowChosen, "untrusted_chain")
    assert talk.now.recognised_by == "button"


def test_an_example_of_the_greeting_is_told_from_troubles() -> None:
    assert Talk().on(ExampleChosen, 1).now.recognised_by == "example"


# What helped?


def test_it_is_asked_what_helped_where_nobody_knows_and_only_of_what_was_shown() -> None:
    talk = solved_alone()
    asked = [id_ for id_ in talk.ids() if id_.startswith("cured:")]
    assert asked == [*(f"cured:{remedy}" for remedy in talk.now.shown), "cured:other", "cured:unknown"]
    assert len(talk.now.shown) == 2
    talk.on(CureTold, "choose_certificate")
    assert (talk.kept[1].how, talk.kept[1].remedy) == ("alone", "choose_certificate")
    assert talk.on(CureTold, "other").kept[1].remedy is None


def test_at_most_three_remedies_are_asked_for() -> None:
    talk = advised()
    talk.now = talk.now.model_copy(update={"shown": tuple(talk.book.remedies)[:6]})
    ids = talk.on(SelfSolved).ids()
    assert len([id_ for id_ in ids if id_.startswith("cured:")]) == 5


@pytest.mark.parametrize("again", [SelfSolved, CaseReopened])
def test_it_is_never_asked_twice(again: Callable[..., Event]) -> None:
    talk = solved_alone()
    if again is CaseReopened:
        talk.on(CaseReopened, "C-1042")
    assert not [id_ for id_ in talk.on(SelfSolved).ids() if id_.startswith("cured:")]


def test_where_it_is_known_nothing_is_asked_but_whether_it_helped() -> None:
    ids = solved().ids()
    assert [id_ for id_ in ids if id_.startswith(("cured:", "feedback:"))] == [
        "feedback:end:good",
        "feedback:end:bad",
    ]


def test_where_nothing_was_shown_nothing_is_asked() -> None:
    ids = Talk().on(PersonAsked, False).on(SelfSolved).ids()
    assert not [id_ for id_ in ids if id_.startswith("cured:")]


@pytest.mark.parametrize("cure", ["renew", "", "<!channel>"])
def test_a_cure_that_was_not_offered_is_not_taken(cure: str) -> None:
    talk = solved_alone()
    before = dict(talk.kept)
    assert talk.on(CureTold, cure).kept == before


# Did it help?


def test_pressing_again_changes_it_and_is_no_turn() -> None:
    talk = solved()
    turns = talk.kept[1].turns
    assert talk.on(Rated, "end", "bad").kept[1].feedback == "bad"
    assert "person" in talk.ids()
    assert talk.on(Rated, "end", "good").kept[1].feedback == "good"
    assert "person" not in talk.ids()
    assert talk.kept[1].turns == turns


def test_in_a_channel_only_the_owner_is_thanked() -> None:
    talk = solved()
    talk.now = talk.now.model_copy(update={"private": False})
    (thanked,) = talk.on(Rated, "end", "bad").replies
    assert isinstance(thanked, Whisper)


def test_a_files_result_is_rated_while_the_trouble_is_open() -> None:
    talk = advised().on(Rated, "file", "bad")
    assert talk.now.remedy == "choose_certificate"
    assert talk.kept == {}
    assert talk.on(RemedyEnded, "choose_certificate", "solved").kept[1].file_feedback == "bad"


def test_what_is_open_again_cannot_be_rated_as_ended() -> None:
    talk = advised().on(Rated, "end", "good")
    assert talk.on(RemedyEnded, "choose_certificate", "solved").kept[1].feedback is None


def test_of_a_trouble_that_is_gone_the_outcome_still_takes_it() -> None:
    talk = solved_alone()
    outcome = talk.kept[1]
    rated = amended(outcome, Rated("end", "good", NOW), talk.book)
    told = amended(outcome, CureTold("choose_certificate", NOW), talk.book)
    assert (rated and rated.feedback) == "good"
    assert (told and told.remedy) == "choose_certificate"
    assert amended(outcome, CureTold("renew", NOW), talk.book) is None
    assert amended(solved().kept[1], CureTold("choose_certificate", NOW), talk.book) is None


@pytest.mark.parametrize("id_", ["feedback:end", "feedback:end:", "feedback:mood:good", "feedback:end:best"])
def test_a_feedback_that_there_is_not_has_expired(id_: str) -> None:
    assert not isinstance(pressed(id_, NOW), Rated)


# The tables' version


def test_the_version_is_another_one_when_a_word_is() -> None:
    book = book_for(False, True)
    assert len(book.version) == 12
    words = book.phrases["solved"].model_copy(update={"ja": "直りました。"})
    assert replace(book).version == book.version
    assert replace(book, phrases={**book.phrases, "solved": words}).version != book.version
    assert book_for(True, True).version != book.version


@pytest.mark.parametrize(
    ("answered", "closed"),
    [(datetime(2026, 11, 26, 1, 0, tzinfo=UTC), True), (datetime(2026, 11, 27, 6, 0, tzinfo=UTC), False)],
)
def test_who_answered_on_friday_is_not_closed_for_silence_on_monday(answered: datetime, closed: bool) -> None:
    book = book_for(False, True)
    talk = Conversation(
        number=1,
        person="U1",
        began=NOW,
        touched=answered,
        phase="advising",
        row=next(iter(book.errors)),
        remedy=next(name for name, remedy in book.remedies.items() if not remedy.waits),
    )
    monday = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    after, replies = step(talk, CameDue("give_up", talk.case, monday), book)
    assert (after.phase == "solved", bool(replies)) == (closed, closed)
