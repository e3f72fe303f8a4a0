"""A storm of cards: at most one new message a minute beyond the first few, and no card is lost."""

from datetime import timedelta
from typing import Any

from bot.accepted import Overdue
from bot.later import Later, Other
from bot.pool import connect_to
from bot.storm import due, given
from bot.workspace.people import HELPDESK_CHANNEL, SUZUKI
from bot.workspace.samples import Sample
from tests.pictures import draw, png
from tests.road import ROW_1, Stage, buttons, cards, on_stage, until, words
from tests.test_road_incidents import MANY, crowd, heard, press, talk_of, told, write
from tests.windows import WINDOWS


async def handed_over(here: Stage, count: int, first: int = 0) -> None:
    """So many ask for a person, about their own certificates."""
    for one in MANY[first : first + count]:
        await write(here, one, ROW_1)
        await press(here, one, "person")


def minute(here: Stage) -> None:
    here.workspace.move_clock(here.workspace.now() + timedelta(seconds=61))


def play_crowded(play: Any) -> None:
    on_stage(play, workspace=crowd())


def test_up_to_five_cards_a_minute_stand_alone_and_more_come_together() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 8)
        assert len(cards(here)) == 5
        minute(here)
        await until(lambda: len(here.said(HELPDESK_CHANNEL)) == 9)
        await here.settled()
        together = cards(here)[-1]
        assert len(cards(here)) == 6
        assert "新しい相談 3 件" in words(together)
        assert [f"C-{number}" in words(together) for number in range(1006, 1009)] == [True] * 3
        thread = [said for said in here.said(HELPDESK_CHANNEL) if said.get("thread_ts") == together["ts"]]
        assert len(thread) == 3
        assert all(buttons(card) for card in thread)
        assert here.ask("SELECT count(*) FROM cards_held") == [(0,)]

    play_crowded(play)


def test_a_card_in_a_thread_is_taken_and_answered_like_any_other() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 7)
        minute(here)
        await until(lambda: len(here.said(HELPDESK_CHANNEL)) == 8)
        await here.settled()
        root = cards(here)[-1]["ts"]
        card = here.said(HELPDESK_CHANNEL)[-1]
        await here.press(card, "desk:take", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        taken = here.workspace.state.seen(HELPDESK_CHANNEL, card["ts"], SUZUKI.id)
        assert taken
        assert "対応中" in words(taken)
        where = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL, "thread_ts": root}
        await here.say(">> C-1006 いま見ています", **where)
        assert heard(here, MANY[5:6], "いま見ています")
        assert not heard(here, MANY[6:7], "いま見ています")
        await here.say(">> だれに?", **where)
        assert "だれに" not in str([told(here, one) for one in MANY])

    play_crowded(play)


def test_what_is_written_while_a_card_waits_comes_with_it() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 7)
        await write(here, MANY[6], "至急、17 時までに必要です")
        assert "17 時まで" not in str([words(said) for said in here.said(HELPDESK_CHANNEL)])
        minute(here)
        await until(lambda: "17 時まで" in str([words(said) for said in here.said(HELPDESK_CHANNEL)]))
        await here.settled()
        line = next(said for said in here.said(HELPDESK_CHANNEL) if "17 時まで" in words(said))
        assert line["thread_ts"] == cards(here)[-1]["ts"]

    play_crowded(play)


def test_a_file_that_is_sent_while_a_card_waits_comes_with_it() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 7)
        picture = Sample("screen.png", png(draw(WINDOWS["name"])), {}, None)
        await here.say("", picture, user=MANY[6].id, channel=talk_of(MANY[6]))
        in_channel = here.workspace.messages(HELPDESK_CHANNEL)
        assert [said for said in in_channel if said.get("files")] == []
        minute(here)
        await until(lambda: any(said.get("files") for said in here.workspace.messages(HELPDESK_CHANNEL)))
        await here.settled()
        (shown,) = [said for said in here.workspace.messages(HELPDESK_CHANNEL) if said.get("files")]
        assert shown["thread_ts"] == cards(here)[-1]["ts"]

    play_crowded(play)


def test_who_solved_it_while_the_card_waited_needs_none() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 8)
        await write(here, MANY[5], "解決しました")
        minute(here)
        await until(lambda: len(cards(here)) == 6)
        await here.settled()
        assert "C-1006" not in str([words(said) for said in here.said(HELPDESK_CHANNEL)])
        assert "新しい相談 2 件" in words(cards(here)[-1])

    play_crowded(play)


def test_a_quiet_minute_later_cards_stand_alone_again() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 6)
        minute(here)
        await until(lambda: len(cards(here)) == 6)
        minute(here)
        await handed_over(here, 1, first=6)
        assert "C-1007" in words(cards(here)[-1])
        assert buttons(cards(here)[-1])

    play_crowded(play)


def test_a_conversation_of_a_later_version_does_not_hold_up_the_others_cards() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 8)
        here.ask(
            'UPDATE conversations SET state = state || \'{"phase": "of_a_later_version"}\' '
            "WHERE number = (SELECT min(conversation) FROM cards_held)"
        )
        minute(here)
        await until(lambda: here.ask("SELECT count(*) FROM cards_held") == [(0,)])
        await here.settled()
        thread = [said for said in here.said(HELPDESK_CHANNEL) if said.get("thread_ts")]
        assert ["C-1006" in words(thread[0]), len(thread)] == [True, 3]
        assert "新しい相談 2 件" in words(cards(here)[-1])

    play_crowded(play)


def test_what_waits_is_asked_for_once_a_minute_and_by_another_name_each_time() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 6)
        engine, asked = connect_to(here.database), list[str]()

        async def accept(event: Overdue) -> None:
            asked.append(event.id)

        now = here.workspace.now()
        for seconds in (61, 62, 63, 123, 124):
            at = now + timedelta(seconds=seconds)
            await Later(engine, accept, lambda at=at: at, (Other(due, given),)).tick()  # type: ignore[misc]
        engine.dispose()
        assert len(asked) == len(set(asked)) == 2

    play_crowded(play)


def test_what_is_written_while_a_card_waits_reaches_the_thread_of_the_incident_that_takes_the_case_in() -> (
    None
):
    async def play(here: Stage) -> None:
        await handed_over(here, 5)
        await write(here, MANY[5])
        await press(here, MANY[5], "person")
        await write(here, MANY[5], "社長の見積もりです、17 時までに必要です")
        await write(here, MANY[6])
        await until(lambda: heard(here, MANY[5:7], "同じ症状のご相談が"))
        minute(here)
        await until(lambda: here.ask("SELECT count(*) FROM cards_held") == [(0,)])
        await here.settled()
        (incident,) = [card for card in cards(here) if "I-1" in words(card)]
        (line,) = [said for said in here.said(HELPDESK_CHANNEL) if "17 時まで" in words(said)]
        assert line["thread_ts"] == incident["ts"]
        assert "C-1006" in words(line)

    on_stage(play, workspace=crowd(), incident_people=2)


def test_what_is_written_while_a_card_waits_is_shown_with_it_though_it_is_solved() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 6)
        await write(here, MANY[5], "社長の見積もりです、17 時までに必要です")
        await write(here, MANY[5], "解決しました")
        minute(here)
        await until(lambda: "17 時まで" in str([words(said) for said in here.said(HELPDESK_CHANNEL)]))
        await here.settled()
        assert "C-1006" in words(cards(here)[-1])

    play_crowded(play)
