"""Notices on the real road: put up from the Home tab, read once in each conversation that they fit."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.workspace.people import HELPDESK_CHANNEL, SATO, SUZUKI, Person, direct_message
from tests.road import ROW_1, Json, Stage, buttons, on_stage, words

TOKYO = ZoneInfo("Asia/Tokyo")
NOTICE = "今夜、証明書を入れ替えます"
HEAD = "情報システム部からのお知らせ"
MISMATCH = "送信すると「対象のプリンシパル名が間違っています」と出ます"


async def home_of(here: Stage, person: Person) -> Json:
    here.workspace.visits.clear()
    await here.workspace.open(person.id, direct_message(person.id), "home")
    await here.settled()
    home: Json = here.workspace.state.homes[person.id]
    return home


async def press(here: Stage, person: Person, label: str) -> None:
    """The first button with this label in the person's Home tab, as it is shown there."""
    home = here.workspace.state.homes[person.id]
    block, button = next(
        (block["block_id"], element["action_id"])
        for block in home["blocks"]
        for element in block.get("elements", ())
        if element.get("type") == "button" and element["text"]["text"] == label
    )
    await here.workspace.use_in_view(person.id, home["id"], block, button, "none")
    await here.settled()


async def opened(here: Stage, person: Person = SUZUKI) -> Json:
    """The dialog, opened from the Home tab."""
    await home_of(here, person)
    await press(here, person, "お知らせを出す")
    (view,) = [view for view in here.workspace.views_of(person.id) if view["type"] == "modal"]
    return view


async def put_up(here: Stage, person: Person = SUZUKI, text: str = NOTICE, **fields: str) -> Json:
    """Somebody of the helpdesk puts a notice up; gives what Slack was answered."""
    view = await opened(here, person)
    return await sent(here, person, view, text, **fields)


async def sent(here: Stage, person: Person, view: Json, text: str = NOTICE, **fields: str) -> Json:
    given = {f"notice_{name}": {"entered": value} for name, value in {"ja": text, **fields}.items()}
    answer = await here.workspace.submit(person.id, view["id"], given)
    await here.settled()
    return answer


def at(here: Stage, **ahead: float) -> dict[str, str]:
    """The fields of a moment so far from now."""
    moment = (here.workspace.now() + timedelta(**ahead)).astimezone(TOKYO)
    return {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}


def until(here: Stage, **ahead: float) -> dict[str, str]:
    return {f"until_{part}": value for part, value in at(here, **ahead).items()}


async def write(here: Stage, person: Person, text: str) -> None:
    await here.say(text, user=person.id, channel=direct_message(person.id))


def read(here: Stage, person: Person = SATO) -> list[str]:
    """What the bot's messages to the person say, in order."""
    return [words(message) for message in here.said(direct_message(person.id))]


def times(here: Stage, person: Person = SATO, text: str = NOTICE) -> int:
    return len([said for said in read(here, person) if text in said])


def test_a_notice_stands_above_the_first_answer_and_nowhere_else() -> None:
    async def play(here: Stage) -> None:
        assert await put_up(here) == {}
        assert NOTICE in words(here.workspace.state.homes[SUZUKI.id])
        await here.say(ROW_1)
        (first,) = here.said()
        said = words(first)
        assert said.startswith(HEAD)
        assert said.index(NOTICE) < said.index("デジタル署名の証明書が見つからない")
        labels = [button["text"]["text"] for button in buttons(first)]
        assert "担当者と話す" in labels
        assert len(labels) > 4  # and the question below it
        await here.say("わからない")
        await here.say("担当者と話す")
        assert times(here) == 1
        (card,) = here.said(HELPDESK_CHANNEL)
        assert "本人に見せたお知らせ" in words(card)
        assert NOTICE in words(card)

    on_stage(play)
