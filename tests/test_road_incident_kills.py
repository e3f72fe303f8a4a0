"""A process is killed while many are told at once: everybody hears of it once, and there is one card."""

from bot.workspace.faults import Held, Late
from bot.workspace.people import HELPDESK_CHANNEL
from tests.processes import Machines, met, name_of, with_machines
from tests.road import ROW_1, buttons, cards, until, words
from tests.test_road_incidents import MANY, UNTRUSTED, crowd, heard, talk_of, times

FOR_LONG = 60.0
SAME = "同じ症状のご相談が"
PEOPLE = MANY[:3]


def played(play: object, people: int = 3) -> None:
    with_machines(play, workspace=crowd(), INCIDENT_PEOPLE=str(people))  # type: ignore[arg-type]


async def write(here: Machines, number: int, text: str = UNTRUSTED) -> None:
    one = MANY[number]
    await here.workspace.say(one.id, talk_of(one), text)


async def all_know(here: Machines) -> None:
    """Everybody was told once, and one card stands."""
    await until(lambda: heard(here, PEOPLE, SAME) and cards(here))
    await here.settled()
    assert [times(here, one, SAME) for one in PEOPLE] == [1] * len(PEOPLE)
    assert len(cards(here)) == 1
    assert here.ask("SELECT count(*) FROM incidents") == [(1,)]
    assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]


def test_before_the_last_one_is_told() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        for number in range(2):
            await write(here, number)
            await here.settled()
        here.workspace.faults.on_call("chat.postMessage", Held(FOR_LONG))
        await write(here, 2)
        await met(here)
        await machine.kill()
        await here.start_again()
        await all_know(here)

    played(play)


def test_between_what_is_said_at_once_and_the_notes_of_it() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        for number in range(2):
            await write(here, number)
            await here.settled()
        here.workspace.faults.spare("chat.postMessage")  # to the last one
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG), times=3)
        await write(here, 2)
        await met(here)  # the card, and what the two others are told, are out and not noted
        await machine.kill()
        assert here.ask("SELECT ts FROM incidents") == [(None,)]
        await here.start_again()
        await all_know(here)

    played(play)


def test_between_the_message_above_the_cards_and_its_cards() -> None:
    async def play(here: Machines) -> None:
        machine = await here.start()
        for number in range(6):
            await write(here, number, ROW_1)
            await here.settled()
            await write(here, number, "担当者と話す")
            await here.settled()
        assert len(cards(here)) == 2
        assert here.ask("SELECT count(*) FROM cards_held") == [(4,)]
        here.workspace.faults.spare("chat.postMessage")
        here.workspace.faults.on_call("chat.postMessage", Late(FOR_LONG))
        here.ask("UPDATE cards_held SET at = at - interval '1 minute'")
        await until(lambda: len(here.said(HELPDESK_CHANNEL)) == 4)
        await machine.kill()
        await here.start_again()
        await until(lambda: len(here.said(HELPDESK_CHANNEL)) == 7)
        await here.settled()
        said = here.said(HELPDESK_CHANNEL)
        assert len(cards(here)) == 3
        assert len({name_of(one) for one in said}) == len(said)
        thread = [one for one in said if one.get("thread_ts") == cards(here)[-1]["ts"]]
        shown = [f"C-{number}" for number in range(1003, 1007)]
        assert [name in words(card) for name, card in zip(shown, thread, strict=True)] == [True] * 4
        assert all(buttons(card) for card in thread)

    played(play, people=2)
