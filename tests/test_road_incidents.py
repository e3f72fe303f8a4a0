"""Many at once: one card for all of them, one word to all of them, and nobody is told twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import incidents
from bot.forget import forget
from bot.local import MANIFEST
from bot.pool import connect_to
from bot.workspace.installed import read_manifest
from bot.workspace.people import BOT_USER, HELPDESK_CHANNEL, PEOPLE, SATO, SUZUKI, Person, direct_message
from bot.workspace.workspace import Workspace
from tests.processes import is_blocked
from tests.road import (
    ROW_1,
    Json,
    Stage,
    Talk,
    buttons,
    cards,
    new_database,
    on_stage,
    samples,
    stage,
    until,
    words,
)
from tests.searching import kept, where_words_are
from tests.test_road_logs import logged
from tests.test_road_retention import aged

UNTRUSTED = "このサーバーのセキュリティ証明書は、信頼されていない証明機関から発行されています、と出ます"
SAME = "同じ症状のご相談が、いま {} 人から届いています"

SERVER = next(file for file in samples().files if file.name == "inspected-server.pem")

MANY = tuple(
    replace(SATO, id=f"U0MANY0{n:04}", name=f"many{n}", real_name=f"山田 {n}", email=f"many{n}@example.co.jp")
    for n in range(1, 13)
)


def crowd() -> Workspace:
    return Workspace(app=read_manifest(MANIFEST), people=(*PEOPLE, *MANY))


def talk_of(person: Person) -> str:
    return direct_message(person.id)


async def write(here: Stage, person: Person, text: str = UNTRUSTED) -> None:
    await here.say(text, user=person.id, channel=talk_of(person))


async def press(here: Stage, person: Person, button: str) -> None:
    """In the person's newest message that has it."""
    message = next(
        said
        for said in reversed(here.said(talk_of(person)))
        if any(one["action_id"] == button for one in buttons(said))
    )
    await here.press(message, button, user=person.id, channel=talk_of(person))


def in_threads(here: Talk) -> list[str]:
    return [words(said) for said in here.said(HELPDESK_CHANNEL) if "thread_ts" in said]


def told(here: Talk, person: Person) -> list[str]:
    return [words(said) for said in here.said(talk_of(person))]


def times(here: Talk, person: Person, text: str) -> int:
    return len([said for said in told(here, person) if text in said])


def heard(here: Talk, people: Sequence[Person], text: str) -> bool:
    return all(any(text in said for said in told(here, one)) for one in people)


async def begun(here: Stage, count: int = 5) -> list[Person]:
    """So many have the same; returns when all of them know, and the card stands."""
    people = list(MANY[:count])
    for one in people:
        await write(here, one)
    await until(lambda: heard(here, people, "同じ症状のご相談が") and cards(here))
    await here.settled()
    return people


async def fill(here: Stage, name: str, which: int = -1, **values: Any) -> Json:
    """Somebody at the helpdesk opens the incident's dialog (of the newest card) and sends it."""
    await here.press(cards(here)[which], f"open:{name}", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
    (view,) = [one for one in here.workspace.views_of(SUZUKI.id) if one["type"] == "modal"]
    given = {block: {"entered": value} for block, value in values.items()}
    answer = await here.workspace.submit(SUZUKI.id, view["id"], given)
    await here.settled()
    return answer


def typed(text: str) -> Json:
    return {"value": text}


def on_crowded_stage(play: Any, **more: Any) -> None:
    on_stage(play, workspace=crowd(), **more)


# How it begins


def test_five_people_with_the_same_are_one_incident_with_one_card() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here)
        (card,) = cards(here)
        assert "I-1" in words(card)
        assert "5 人" in words(card)
        assert heard(here, people, SAME.format(5))
        assert [
            len([one for one in told(here, person) if "同じ症状のご相談が" in one]) for person in people
        ] == [1] * 5
        assert here.ask("SELECT count(*) FROM incidents") == [(1,)]

    on_crowded_stage(play)


def test_four_people_are_none() -> None:
    async def play(here: Stage) -> None:
        for one in MANY[:4]:
            await write(here, one)
        await write(here, MANY[0])
        assert here.ask("SELECT count(*) FROM incidents") == [(0,)]

    on_crowded_stage(play)


def test_five_within_more_than_the_time_are_none() -> None:
    async def play(here: Stage) -> None:
        for one in MANY[:4]:
            await write(here, one)
        here.workspace.move_clock(here.workspace.now() + timedelta(minutes=31))
        await write(here, MANY[4])
        assert here.ask("SELECT count(*) FROM incidents") == [(0,)]

    on_crowded_stage(play)


def test_peoples_own_certificates_are_no_incident() -> None:
    async def play(here: Stage) -> None:
        for one in MANY[:6]:
            await write(here, one, ROW_1)
        assert here.ask("SELECT count(*) FROM sightings") == [(0,)]
        assert here.ask("SELECT count(*) FROM incidents") == [(0,)]

    on_crowded_stage(play)


def test_how_many_make_one_is_a_setting() -> None:
    async def play(here: Stage) -> None:
        await begun(here, 2)
        assert "2 人" in words(cards(here)[0])

    on_crowded_stage(play, incident_people=2)


def test_cards_that_nobody_took_are_folded_and_a_taken_one_stays() -> None:
    async def play(here: Stage) -> None:
        for one in MANY[:2]:
            await write(here, one)
            await press(here, one, "person")
        taken, folded = cards(here)
        await here.press(taken, "desk:take", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        for one in MANY[2:5]:
            await write(here, one)
        await until(lambda: len(cards(here)) == 3 and heard(here, MANY[1:5], "同じ症状のご相談が"))
        await here.settled()
        taken, folded, incident = cards(here)
        assert "→ I-1 にまとめました" in words(folded)
        assert buttons(folded) == []
        assert "対応中" in words(taken)
        assert buttons(taken)
        assert not heard(here, MANY[:1], "同じ症状のご相談が")
        assert "I-1" in words(incident)

    on_crowded_stage(play)


def test_who_comes_later_joins_without_a_card_and_is_counted_within_a_minute() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await write(here, MANY[5])
        await write(here, MANY[6])
        assert heard(here, MANY[6:7], SAME.format(7))
        (card,) = cards(here)
        assert "5 人" in words(card)
        here.workspace.move_clock(here.workspace.now() + timedelta(seconds=61))
        await until(lambda: "7 人" in words(cards(here)[0]))
        assert len(here.said(HELPDESK_CHANNEL)) == 1

    on_crowded_stage(play)


def test_two_processes_to_whom_the_last_two_write_at_once_make_one_incident() -> None:
    async def play() -> None:
        workspace = crowd()
        database = new_database()
        async with (
            stage(workspace=workspace, database=database, alone=False),
            stage(workspace=workspace, database=database, alone=False) as here,
        ):
            for person in MANY[:3]:
                await write(here, person)
            await asyncio.gather(*(write(here, person) for person in MANY[3:8]))
            await until(lambda: heard(here, MANY[:8], "同じ症状のご相談が"))
            await here.settled()
            assert here.ask("SELECT count(*) FROM incidents") == [(1,)]
            assert len(cards(here)) == 1
            assert [times(here, one, "同じ症状のご相談が") for one in MANY[:8]] == [1] * 8

    asyncio.run(play())


@pytest.mark.parametrize(("minutes", "count"), [(20, 1), (40, 0)])
def test_of_many_at_once_who_wrote_first_may_be_worked_last(minutes: int, count: int) -> None:
    async def play(here: Stage) -> None:
        for person in MANY[:4]:
            await write(here, person)
        here.ask(f"UPDATE sightings SET at = at + interval '{minutes} minutes'")
        await write(here, MANY[4])
        assert here.ask("SELECT count(*) FROM incidents") == [(count,)]

    on_crowded_stage(play)


# What people do in it


def test_what_somebody_in_it_writes_reaches_its_thread_with_their_name() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await write(here, MANY[2], "会議室の PC でも同じです")
        (line,) = in_threads(here)
        assert "会議室の PC でも同じです" in line
        assert "C-1003" in line
        assert "山田 3" in line
        assert here.said(HELPDESK_CHANNEL)[-1]["thread_ts"] == cards(here)[0]["ts"]

    on_crowded_stage(play)


def test_who_says_that_theirs_is_different_goes_on_with_the_ladder_and_is_not_counted() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await press(here, MANY[4], "not_mine")
        assert "別の件として" in told(here, MANY[4])[-1]
        here.workspace.move_clock(here.workspace.now() + timedelta(seconds=61))
        await until(lambda: "4 人" in words(cards(here)[0]))
        await fill(here, "incident_update", text=typed("再起動しています"))
        await until(lambda: heard(here, MANY[:4], "再起動しています"))
        assert not heard(here, MANY[4:5], "再起動しています")

    on_crowded_stage(play)


def test_who_wants_a_person_gets_a_card_of_their_own() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await press(here, MANY[0], "person")
        own = cards(here)[-1]
        assert len(cards(here)) == 2
        assert "C-1001" in words(own)
        assert buttons(own)

    on_crowded_stage(play)


def test_who_has_a_card_of_their_own_still_hears_that_it_is_over_and_the_case_stays_open() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here)
        await press(here, people[0], "person")
        await press(here, people[1], "person")
        await press(here, people[1], "not_mine")
        await fill(here, "incident_close", 0, tell=typed("お待たせしました"), cure=cure("unknown"))
        await until(lambda: heard(here, [people[0], *people[2:]], "対応が終わりました"))
        await here.settled()
        assert "まだ直らなければ、このまま担当者が対応します（C-1001）" in told(here, people[0])[-1]
        assert times(here, people[0], "お待たせしました") == 1
        assert not heard(here, people[1:2], "対応が終わりました")
        assert any("I-1 が終わったことを、利用者に知らせました" in line for line in in_threads(here))
        ended = "SELECT state ->> 'phase' FROM conversations ORDER BY number"
        assert here.ask(ended) == [("handed_over",)] * 2 + [("solved",)] * 3

    on_crowded_stage(play)


# What the helpdesk does


def test_an_update_stands_in_everybodys_message_and_is_news_to_who_asked_for_it() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here)
        await press(here, people[1], "wants")
        before = [len(told(here, one)) for one in people]
        await fill(here, "incident_update", text=typed("証明書を取り替えています"))
        await until(lambda: heard(here, people, "証明書を取り替えています"))
        await here.settled()
        after = [len(told(here, one)) for one in people]
        assert [now - then for now, then in zip(after, before, strict=True)] == [0, 1, 0, 0, 0]
        assert any("5 人に知らせました" in line for line in in_threads(here))
        await until(lambda: "証明書を取り替えています" in words(cards(here)[0]))
        await write(here, MANY[6])
        assert "証明書を取り替えています" in told(here, MANY[6])[-1]

    on_crowded_stage(play)


def test_its_end_ends_it_for_everybody_and_still_not_solved_opens_a_case() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here)
        await press(here, people[0], "wants")
        await fill(
            here,
            "incident_close",
            tell=typed("Outlook を開き直してください"),
            cure=cure("other"),
            words=typed("証明書の差し替え"),
        )
        await until(lambda: heard(here, people, "直りました"))
        await here.settled()
        assert heard(here, people, "証明書の差し替え")
        ended = "SELECT DISTINCT state -> 'ended' ->> 'how', state ->> 'phase' FROM conversations"
        assert here.ask(ended) == [("incident", "solved")]
        await until(lambda: "✓" in words(cards(here)[0]))
        message = here.said(talk_of(people[3]))[-1]
        await here.press(message, "まだ直らない", user=people[3].id, channel=talk_of(people[3]))
        assert "C-1004" in words(cards(here)[-1])
        assert buttons(cards(here)[-1])
        await write(here, MANY[7])
        assert not heard(here, MANY[7:8], "同じ症状のご相談が")

    on_crowded_stage(play)


def test_what_was_part_of_one_that_is_over_makes_no_new_one() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here, 2)
        await press(here, people[0], "person")
        await fill(here, "incident_close", 0, cure=cure("unknown"))
        await until(lambda: heard(here, people, "対応が終わりました"))
        await here.settled()
        await here.say("", SERVER, user=people[0].id, channel=talk_of(people[0]))
        assert here.ask("SELECT count(*) FROM sightings") == [(1,)]
        await write(here, MANY[5])
        assert not heard(here, MANY[5:6], "同じ症状のご相談が")
        await write(here, MANY[6])
        assert heard(here, MANY[5:7], SAME.format(2))

    on_crowded_stage(play, incident_people=2)


def cure(value: str) -> Json:
    return {"selected_option": {"value": value}}


def test_it_is_closed_once() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.press(cards(here)[0], "open:incident_close", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        await here.press(cards(here)[0], "open:incident_close", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        for view in [one for one in here.workspace.views_of(SUZUKI.id) if one["type"] == "modal"]:
            await here.workspace.submit(SUZUKI.id, view["id"], {"cure": {"entered": cure("unknown")}})
        await here.settled()
        assert len([line for line in in_threads(here) if "終わりにし" in line]) == 1

    on_crowded_stage(play)


def test_only_the_helpdesk_sees_who_is_in_it() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await here.press(cards(here)[0], "desk:members", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        (shown,) = here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id)
        assert [f"C-100{n}" in words(shown) for n in range(1, 6)] == [True] * 5

    on_crowded_stage(play)


def test_one_of_which_nobody_says_a_word_is_brought_up_and_stays_open() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        here.workspace.move_clock(here.workspace.now() + timedelta(days=5))
        await until(lambda: any("まだ開いています" in line for line in in_threads(here)))
        assert here.ask("SELECT closed FROM incidents") == [(None,)]

    on_crowded_stage(play)


def test_after_three_reminders_it_is_left_alone_until_something_happens() -> None:
    async def play(here: Stage) -> None:
        def reminders() -> list[str]:
            return [line for line in in_threads(here) if "まだ開いています" in line]

        def due() -> Any:
            return here.ask("SELECT silence_due FROM incidents")[0][0]

        await begun(here, 2)
        for times in (1, 2, 3):
            here.workspace.move_clock(due())
            await until(lambda times=times: len(reminders()) == times)  # type: ignore[misc]
            await here.settled()
        assert ["もうお知らせしません" in line for line in reminders()] == [False, False, True]
        assert due() is None
        await write(here, MANY[5])
        assert due() > here.workspace.now()
        here.workspace.move_clock(due())
        await until(lambda: len(reminders()) == 4)
        assert "もうお知らせしません" not in reminders()[-1]

    on_crowded_stage(play, incident_people=2)


def test_a_message_for_one_of_them_is_sent_from_its_thread_by_the_case() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        thread = cards(here)[0]["ts"]
        await here.say(
            ">> C-1002 少しお待ちください", user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=thread
        )
        assert heard(here, MANY[1:2], "少しお待ちください")
        assert not heard(here, MANY[:1], "少しお待ちください")

    on_crowded_stage(play)


def test_the_helpdesks_home_tab_shows_the_incident_once_and_not_its_cases() -> None:
    async def play(here: Stage) -> None:
        await begun(here)
        await write(here, MANY[5], ROW_1)
        await press(here, MANY[5], "person")
        await here.workspace.open(SUZUKI.id, talk_of(SUZUKI), "home")
        await here.settled()
        home = words(here.workspace.state.homes[SUZUKI.id])
        assert home.count("I-1") == 1
        assert "5 人" in home
        assert "C-1006" in home
        assert "C-1001" not in home

    on_crowded_stage(play)


# What is kept

SAID = {"update": "やまぶき色の証明書に替えています", "words": "もみじの手順", "tell": "ふじの花かんざしを"}


async def spoken_about(here: Stage) -> list[Person]:
    """An incident about which something was said before it was closed."""
    people = await begun(here, 2)
    await fill(here, "incident_update", text=typed(SAID["update"]))
    words, tell = typed(SAID["words"]), typed(SAID["tell"])
    await fill(here, "incident_close", cure=cure("other"), words=words, tell=tell)
    await until(lambda: heard(here, people, SAID["tell"]))
    await here.settled()
    return people


def test_what_was_said_about_an_incident_is_in_no_log_and_goes_with_its_time() -> None:
    async def play(here: Stage) -> None:
        people = await spoken_about(here)
        words_kept = [*SAID.values(), *(one.id for one in people)]
        assert {word for _, word in where_words_are(kept(here.database), words_kept)} == set(words_kept)
        aged(here, 31)
        await asyncio.to_thread(here.bot.retention.erase)
        here.ask("ANALYZE")
        left = where_words_are(kept(here.database), SAID.values())
        assert left == set()
        tables = ("incidents", "incident_members", "sightings", "later")
        assert [here.ask(f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * len(tables)

    with logged() as captured:
        on_crowded_stage(play, incident_people=2)
    assert [line for line in captured.seen for word in SAID.values() if word in line] == []


def test_who_closed_an_incident_or_was_in_it_is_forgotten_and_the_incident_stays() -> None:
    async def play(here: Stage) -> None:
        people = await spoken_about(here)
        assert here.ask("SELECT closed_by FROM incidents") == [(SUZUKI.id,)]
        for person in (SUZUKI, people[0]):
            await asyncio.to_thread(forget, here.database, person.id)
            assert where_words_are(kept(here.database), [person.id, person.real_name]) == set()
        assert here.ask("SELECT closed_by, words FROM incidents") == [("", SAID["words"])]
        assert here.ask("SELECT person FROM incident_members") == [(people[1].id,)]

    on_crowded_stage(play, incident_people=2)


def test_who_says_that_it_is_not_over_is_brought_up_until_somebody_takes_the_case() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here, 2)
        await fill(here, "incident_close", cure=cure("unknown"))
        await until(lambda: heard(here, people, "もう一度送ってみてください"))
        await here.settled()
        await press(here, people[0], again_of(here, people[0]))
        before = len(here.said(HELPDESK_CHANNEL))
        here.workspace.move_clock(here.workspace.now() + timedelta(days=4))
        await until(lambda: len(here.said(HELPDESK_CHANNEL)) > before)
        await here.settled()
        assert "C-1001" in words(here.said(HELPDESK_CHANNEL)[-1])

    on_crowded_stage(play, incident_people=2)


def again_of(here: Stage, person: Person) -> str:
    """The id of [まだ直らない]."""
    shown = [button for said in here.said(talk_of(person)) for button in buttons(said)]
    return str(next(one["action_id"] for one in reversed(shown) if one["text"]["text"] == "まだ直らない"))


def test_the_greetings_examples_are_no_incident_and_join_none() -> None:
    async def play(here: Stage) -> None:
        for one in MANY[:2]:
            await here.workspace.open(one.id, talk_of(one))
        await here.settled()
        for one in MANY[:2]:
            await press(here, one, "example:3")
        assert here.ask("SELECT count(*) FROM incidents") == [(0,)]
        assert not heard(here, MANY[:1], "同じ症状のご相談が")
        await begun(here, 2)
        await write(here, MANY[2])
        await until(lambda: heard(here, MANY[2:3], SAME.format(3)))

    on_crowded_stage(play, incident_people=2)


def test_where_the_helpdesks_channel_takes_no_card_everybody_hears_that_nobody_was_called() -> None:
    async def play(here: Stage) -> None:
        channel = here.workspace.channels[HELPDESK_CHANNEL]
        without = replace(channel, members=channel.members - {BOT_USER})
        here.workspace.channels[HELPDESK_CHANNEL] = without
        for one in MANY[:2]:
            await write(here, one)
        await until(lambda: heard(here, MANY[:2], "チャンネルに届けられませんでした"))
        await here.settled()
        assert [times(here, one, "チャンネルに届けられませんでした") for one in MANY[:2]] == [1, 1]

    on_crowded_stage(play, incident_people=2)


def test_who_closes_it_is_told_that_everybody_sees_what_cured_it() -> None:
    async def play(here: Stage) -> None:
        await begun(here, 2)
        await here.press(cards(here)[0], "open:incident_close", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        (view,) = [one for one in here.workspace.views_of(SUZUKI.id) if one["type"] == "modal"]
        hints = [block.get("hint", {}).get("text", "") for block in view["blocks"]]
        assert any("全員に見えます" in hint for hint in hints)

    on_crowded_stage(play, incident_people=2)


def test_who_leaves_while_it_is_closed_and_who_closes_it_do_not_wait_for_each_other() -> None:
    async def play(here: Stage) -> None:
        await begun(here, 2)
        ((number,),) = here.ask("SELECT id FROM incidents")
        conversation = here.ask("SELECT conversation FROM incident_members")[0][0]
        now, engine = here.workspace.now(), connect_to(here.database)

        def left() -> None:
            with engine.begin() as connection:
                incidents.leave(connection, conversation, 1, number, now)

        with engine.begin() as closing:
            incidents.standing(closing, number, lock=True)
            leaving = asyncio.create_task(asyncio.to_thread(left))
            await until(lambda: is_blocked(here))
            incidents.close(closing, number, None, "", "", SUZUKI.id, now)
        await leaving
        engine.dispose()
        assert here.ask('SELECT "left" FROM incident_members ORDER BY "left"') == [(False,), (True,)]

    on_crowded_stage(play, incident_people=2)
