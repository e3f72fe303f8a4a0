"""The Home tab: shown when it is opened, turned into the other language, and a way to begin."""

from typing import Any

from bot.home import BEGIN
from bot.workspace.faults import ServerError
from bot.workspace.people import SATO, SMITH, SUZUKI, direct_message
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, words


async def at_home(here: Stage, user: str = SATO.id, channel: str = SATOS_DM) -> dict[str, Any]:
    """Somebody looks at their Home tab."""
    here.workspace.visits.clear()
    await here.workspace.open(user, channel, "home")
    await here.settled()
    return here.workspace.state.homes[user]


async def press(here: Stage, home: dict[str, Any], button: str) -> bool:
    (block,) = [
        block["block_id"]
        for block in home["blocks"]
        for element in (*block.get("elements", ()), block.get("accessory") or {})
        if element.get("action_id") == button
    ]
    taken = await here.workspace.use_in_view(SATO.id, home["id"], block, button, None)
    await here.settled()
    return taken


def test_who_looks_sees_their_own_cases() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        home = await at_home(here)
        assert "デジタル署名の証明書が見つからない" in words(home)
        assert here.said()  # and no greeting beside it
        assert len(here.said()) == 1

    on_stage(play)


def test_the_helpdesk_sees_what_was_handed_over_and_others_do_not() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        helpdesks = await at_home(here, SUZUKI.id, direct_message(SUZUKI.id))
        assert "引き継がれた相談（1 件）" in words(helpdesks)
        assert SATO.id in str(helpdesks)
        smiths = await at_home(here, SMITH.id, direct_message(SMITH.id))
        assert SATO.id not in str(smiths)
        assert "C-1001" not in words(smiths)

    on_stage(play)


def test_the_language_is_turned_at_once_and_for_what_follows() -> None:
    async def play(here: Stage) -> None:
        before = await at_home(here)
        assert await press(here, before, "language:en")
        after = words(here.workspace.state.homes[SATO.id])
        assert after != words(before)
        assert here.ask("SELECT language FROM people") == [("en",)]

    on_stage(play)


def test_a_conversation_is_begun_by_the_dialog() -> None:
    async def play(here: Stage) -> None:
        assert await press(here, await at_home(here), BEGIN)
        (view,) = here.workspace.views_of(SATO.id)
        assert view["type"] == "modal"

    on_stage(play)


def test_where_the_dialog_does_not_open_slack_shows_that_it_failed() -> None:
    async def play(here: Stage) -> None:
        home = await at_home(here)
        here.workspace.faults.on_call("views.open", ServerError())
        assert not await press(here, home, BEGIN)

    on_stage(play)
