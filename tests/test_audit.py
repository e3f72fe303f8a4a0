"""The audit: what was done to whom, once, after it is stored; ids and nothing else."""

import contextlib
import json
import logging
from datetime import UTC, datetime

import psycopg
import pytest

from bot import audit, todo
from bot.conversation import Conversation
from bot.deeds import Deed, deeds
from bot.desk_events import CaseTaken, Desk, IncidentMet
from bot.dialogue import step
from bot.events import Answered, Event, MessagePosted, PersonAsked, SendNowAsked
from bot.pool import connect_to
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SUZUKI, TANAKA
from knowledge.load import load
from tests.loglines import logged
from tests.road import ROW_1, Stage, new_database, on_stage
from tests.test_road_desk import desk, fill, pass_time, typed
from tests.test_road_incidents import begun, crowd
from tests.test_road_incidents import fill as fill_incident
from tests.test_slack_http import event, sending

ROW = "no_certificate"
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BOOK = load()
BOOK = BOOK.with_company(BOOK.company.model_copy(update={"desk": True, "employees_may": ("send_unsigned",)}))
NEW = Conversation(number=1042, person=SATO.id, began=AT, touched=AT)


def test_a_case_is_told_from_the_advice_to_its_end() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.press(here.said()[0], "answer:changed:nothing")
        await here.say("担当者と話す")
        await desk(here, "引き受ける")
        await typed(here, ">> himitsu-no-bunsho")
        mark = next(said for said in here.said(HELPDESK_CHANNEL) if "取り消す" in str(said))
        await here.press(mark, "取り消す", user=TANAKA.id, channel=HELPDESK_CHANNEL)
        await desk(here, "解決済みにする")
        await fill(here, SUZUKI.id, cure="choose_certificate", words="", tell="himitsu")
        tables = set(here.ask("SELECT tables FROM outcomes")[0])
        await here.press(here.said()[-1], "まだ直らない")
        told = lines.audit()
        assert [(line["what"], line.get("person")) for line in told] == [
            ("advised", SATO.id),
            ("handed_over", SATO.id),
            ("taken", SUZUKI.id),
            ("sent", SUZUKI.id),
            ("taken_back", TANAKA.id),
            ("closed", SUZUKI.id),
            ("reopened", SATO.id),
        ]
        assert {(line["case"], line["row"], line["logger"]) for line in told} == {
            ("C-1001", ROW, "bot.audit")
        }
        assert {line["tables"] for line in told} == tables
        assert (told[0]["remedy"], told[5]["remedy"], told[5]["how"]) == (
            "choose_certificate",
            "choose_certificate",
            "desk",
        )

    with logged() as lines:
        on_stage(play)
    assert "himitsu" not in lines.text


def test_who_solved_it_alone_and_who_said_nothing_more_are_told_apart() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.press(here.said()[0], "answer:changed:nothing")
        await here.press(here.said()[-1], "解決した")
        (ended,) = lines.all(audit=True, what="solved")
        assert (ended["how"], ended["remedy"], ended["person"]) == ("remedy", "choose_certificate", SATO.id)
        await here.say(ROW_1)
        await here.press(here.said()[-1], "answer:changed:nothing")
        await pass_time(here, days=4)
        await pass_time(here, days=4)
        (lapsed,) = lines.all(audit=True, what="lapsed")
        assert lapsed["how"] == "unknown"
        assert "person" not in lapsed  # only time passed

    with logged() as lines:
        on_stage(play)
    assert [line["what"] for line in lines.audit()] == ["advised", "solved", "advised", "lapsed"]


def test_an_event_that_comes_twice_is_told_once() -> None:
    async def play(here: Stage) -> None:
        body = json.dumps(event(text="担当者と話したい")).encode()
        await sending(here)(body)
        await sending(here)(body)
        await here.settled()
        assert [line["what"] for line in lines.audit()] == ["handed_over"]

    with logged() as lines:
        on_stage(play)


def test_what_was_not_stored_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    put, faults = todo.put, [psycopg.OperationalError("gone")]

    def breaks_once(*arguments: object) -> object:
        result = put(*arguments)  # type: ignore[arg-type]
        if faults:
            raise faults.pop()
        return result

    async def play(here: Stage) -> None:
        await here.say("担当者と話したい")
        assert not faults
        assert [line["what"] for line in lines.audit()] == ["handed_over"]
        (put_off,) = lines.all("put off")
        assert put_off["why"] == "database"

    monkeypatch.setattr(todo, "put", breaks_once)
    with logged() as lines:
        on_stage(play)


def test_a_transaction_that_is_undone_tells_nothing_and_outside_of_one_it_is_told_at_once() -> None:
    engine = connect_to(new_database())
    with logged() as lines:
        with contextlib.suppress(RuntimeError), audit.transaction(engine):
            audit.note(Deed("forgot", person=SATO.id))
            raise RuntimeError
        assert lines.audit() == []
        with audit.transaction(engine):
            audit.note(Deed("forgot", person=SATO.id))
            assert lines.audit() == []
        assert len(lines.audit()) == 1
        audit.note(Deed("forgot", person=SATO.id))
        assert len(lines.audit()) == 2
    engine.dispose()


def test_the_audit_is_told_whatever_the_level_is() -> None:
    with logged("CRITICAL") as lines:
        logging.getLogger("bot").error("an event could not be worked: %s", 1)
        audit.note(Deed("forgot", person=SATO.id), BOOK.version)
        (line,) = lines.all()
        assert (line["audit"], line["what"], line["person"]) == (True, "forgot", SATO.id)
        assert line["tables"] == BOOK.version


def test_an_incident_is_told_when_it_begins_and_who_closed_it() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here)
        (opened,) = lines.all(audit=True, what="incident_opened")
        assert (opened["case"], opened["row"], "person" in opened) == ("I-1", "untrusted_chain", False)
        assert {line["person"] for line in lines.all(audit=True, what="in_incident")} == {
            one.id for one in people
        }
        await fill_incident(here, "incident_close", cure={"value": "other"}, words={"value": "himitsu"})
        (closed,) = lines.all(audit=True, what="incident_closed")
        assert (closed["case"], closed["person"]) == ("I-1", SUZUKI.id)
        assert len(lines.all(audit=True, what="closed", how="incident")) == len(people)

    with logged() as lines:
        on_stage(play, workspace=crowd())
    assert "himitsu" not in lines.text


def done(conversation: Conversation, *happened: Event) -> list[tuple[str, str]]:
    """What was done by each of these, one after the other, and by whom."""
    told: list[tuple[str, str]] = []
    for one in happened:
        after, _ = step(conversation, one, BOOK)
        told += [(deed.what, deed.person) for deed in deeds(conversation, one, after, BOOK)]
        conversation = after
    return told


def test_who_has_a_case_is_told_each_time_that_it_changes() -> None:
    suzuki, tanaka = Desk(SUZUKI.id, "鈴木"), Desk(TANAKA.id, "田中")
    case = NEW.case
    assert done(
        NEW,
        MessagePosted(ROW_1, (), AT),
        PersonAsked(False, AT),
        CaseTaken(case, suzuki, False, AT),
        CaseTaken(case, tanaka, False, AT),  # refused: she has it
        CaseTaken(case, tanaka, True, AT),
        CaseTaken(case, tanaka, True, AT),
    ) == [
        ("handed_over", SATO.id),
        ("taken", SUZUKI.id),
        ("taken", TANAKA.id),
        ("let_go", TANAKA.id),
    ]


def test_who_is_part_of_an_incident_and_wants_a_person_all_the_same_is_handed_over() -> None:
    met = IncidentMet(NEW.case, 1, 5, AT, "", None, AT)
    assert done(NEW, MessagePosted(ROW_1, (), AT), met, PersonAsked(False, AT)) == [
        ("in_incident", SATO.id),
        ("handed_over", SATO.id),
    ]


def test_the_way_to_send_one_mail_now_is_an_advice_too() -> None:
    need_not_sign = Answered("signing_needed", "no", AT)
    happened = (MessagePosted(ROW_1, (), AT), need_not_sign, SendNowAsked(AT))
    assert done(NEW, *happened)[-1:] == [("advised", SATO.id)]
    assert done(NEW, happened[0], SendNowAsked(AT)) == [("handed_over", SATO.id)]  # where there is no way


def test_what_a_deed_carries_can_be_no_text() -> None:
    with logged() as lines:
        audit.note(
            Deed("sent", case="user@example.co.jp", person="山田 太郎", row="two words", remedy="a.b.c")
        )
        (line,) = lines.audit()
        assert {line[name] for name in ("case", "person", "row", "remedy")} == {"…"}
