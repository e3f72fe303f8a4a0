"""Messages without a row are kept, redacted, and shown by how often, so that the tables can grow."""

import asyncio
import io
import json
from pathlib import Path

import pytest

from bot.accepted import Message
from bot.commands import print_unmatched
from bot.conversation import Conversation
from bot.database import Database
from bot.dialogue import step
from bot.events import MessagePosted
from bot.replies import NoteUnmatched
from bot.workspace.people import SATO
from knowledge.__main__ import main
from knowledge.unmatched import BadUnmatched, Unmatched, grouped, read_unmatched
from tests.recognising import concepts
from tests.road import ROW_1, SATOS_DM, Stage, on_stage
from tests.transcripts import NOW, book_for

LAN = "社内LANに繋がりません。taro@example.co.jp まで"
VAGUE = "Outlookで証明書の警告が出ます"


def noted(*texts: str) -> list[NoteUnmatched]:
    """What is to be kept of these messages, said one after the other."""
    conversation = Conversation(number=1, person="U1", began=NOW, touched=NOW)
    found: list[NoteUnmatched] = []
    for text in texts:
        conversation, replies = step(conversation, MessagePosted(text, (), NOW), book_for(False, True))
        found += [reply for reply in replies if isinstance(reply, NoteUnmatched)]
    return found


def test_what_is_not_understood_and_what_is_asked_back_is_noted_without_the_address() -> None:
    assert noted(LAN) == [NoteUnmatched("社内LANに繋がりません。‹address› まで", "none", "ja")]
    assert noted(VAGUE) == [NoteUnmatched(VAGUE, "vague", "ja")]
    (english,) = noted("the coffee machine does not work today")
    assert english.language == "en"


@pytest.mark.parametrize(
    "texts",
    [
        (ROW_1,),  # it has a row
        ("あのう",),  # small talk
        ("こんにちは",),
        ("ありがとうございます",),
        ("",),
        (ROW_1, "わからない"),  # an answer
        (ROW_1, "担当者と話す", "急いでいるのでお願いします"),  # for the person who has the case
        ("パスワードは hunter2abc です",),
    ],
)
def test_what_says_nothing_of_the_tables_is_not_noted(texts: tuple[str, ...]) -> None:
    assert noted(*texts) == []


def test_it_is_kept_with_the_answer_printed_for_it_and_erased_in_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(here: Stage) -> None:
        await here.say(LAN)
        await here.say(VAGUE)
        kept = here.ask("SELECT text, decision, language FROM unmatched ORDER BY id")
        assert kept == [("社内LANに繋がりません。‹address› まで", "none", "ja"), (VAGUE, "vague", "ja")]
        here.ask("UPDATE unmatched SET at = at - interval '6 days'")
        await asyncio.to_thread(here.bot.retention.erase)
        assert here.ask("SELECT count(*) FROM unmatched") == [(2,)]
        await asyncio.to_thread(print_unmatched, Database(here.database, is_embedded=False))
        here.ask("UPDATE unmatched SET at = at - interval '2 days'")
        await asyncio.to_thread(here.bot.retention.erase)
        assert here.ask("SELECT count(*) FROM unmatched") == [(0,)]

    on_stage(play, retention_days=7)
    printed = capsys.readouterr().out
    assert [json.loads(line)["decision"] for line in printed.splitlines()] == ["vague", "none"]
    monkeypatch.setattr("sys.stdin", io.StringIO(printed))
    assert main(["unmatched"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "2 messages without a row, 2 different: 1 not understood, 1 asked back."
    assert shown[1].endswith(VAGUE)
    assert shown[2].endswith("社内LANに繋がりません。‹address› まで")


def test_an_event_that_is_worked_again_is_noted_once() -> None:
    async def play(here: Stage) -> None:
        ts = await here.workspace.say(SATO.id, SATOS_DM, "こんにちは")
        await here.settled()
        told = Message(
            id="again", team="T1", person=SATO.id, channel=SATOS_DM, at=NOW, private=True, mentioned=False,
            ts=ts, text=LAN,
        )  # fmt: skip
        for _ in range(2):
            await here.bot.road.work(told.model_dump(mode="json"))
        assert here.ask("SELECT count(*) FROM unmatched") == [(1,)]

    on_stage(play)


def test_what_says_the_same_is_counted_together_the_most_frequent_first() -> None:
    said = [
        Unmatched(text="印刷できません", at="2026-11-20"),
        Unmatched(text="ＶＰＮにつながりません。", at="2026-11-21"),
        Unmatched(text="VPN に つながりません", at="2026-11-23", language="ja"),
        Unmatched(text="vpnにつながりません！お願いします", at="2026-11-22"),
        Unmatched(text="VPN に つながりません", decision="vague", at="2026-11-24"),
    ]
    groups = grouped(said, concepts())
    assert [(one.count, one.shown.decision) for one in groups] == [(3, "none"), (1, "vague"), (1, "none")]
    assert groups[0].shown.at == "2026-11-23"


def test_a_text_that_the_tables_know_by_now_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.jsonl"
    file.write_text('{"text": "対象のプリンシパル名が間違っています"}\n\n', encoding="utf-8-sig")
    assert main(["unmatched", str(file)]) == 0
    assert "(by now: name_mismatch)" in capsys.readouterr().out


def test_lines_from_elsewhere_are_redacted_too() -> None:
    (one,) = read_unmatched(['{"text": "taro@example.jp から"}'])
    assert one.text == "‹address› から"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "line 1: is not JSON"),
        ("[]", "line 1, the line: "),
        ('{"decision": "none"}', "line 1, text: Field required"),
        ('{"text": "x", "decision": "row"}', "line 1, decision: "),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, fault: str) -> None:
    with pytest.raises(BadUnmatched, match=fault):
        list(read_unmatched([line]))


def test_a_file_that_is_not_there_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unmatched", "nowhere.jsonl"]) == 1
    assert capsys.readouterr().err == "nowhere.jsonl: cannot be read. Is the name right?\n"


def test_the_moment_of_a_note_is_the_messages_own() -> None:
    async def play(here: Stage) -> None:
        await here.say(LAN)
        ((note, event),) = here.ask("SELECT u.at, e.at FROM unmatched u, events e")
        assert note == event

    on_stage(play)
