"""Whatever somebody's profile or file is called: they are helped, and their name does nothing to others."""

import asyncio
from dataclasses import replace

from bot.local import MANIFEST
from bot.workspace.installed import read_manifest
from bot.workspace.people import HELPDESK_CHANNEL, PEOPLE, SATO, SUZUKI
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, sample, stage, words

# Half an emoji, what PostgreSQL does not take, a mark that turns the writing, a call to everybody, a link.
NAME = "花子\ud83d\0\u202e <!channel> @here *太* https://evil.example/" + "長" * 300


def test_whatever_a_name_holds_its_owner_is_helped_and_nobody_is_called() -> None:
    people = tuple(replace(one, real_name=NAME) if one in (SATO, SUZUKI) else one for one in PEOPLE)
    file = replace(sample("expired"), name="\u202e <!channel> @here *太* " + "長" * 200 + ".cer")

    async def play() -> None:
        async with stage(workspace=Workspace(app=read_manifest(MANIFEST), people=people)) as here:
            await here.say(ROW_1, file)
            assert "期限" in words(here.said()[-1])
            await here.say("担当者と話す")
            (card,) = here.said(HELPDESK_CHANNEL)
            desk = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL}
            await here.press(card, "引き受ける", **desk)
            await here.say(">> 少しお待ちください", file, thread_ts=card["ts"], **desk)
            assert any("少しお待ちください" in words(said) for said in here.said())
            assert here.ask("SELECT kind FROM outbox WHERE failure IS NOT NULL") == []
            for said in (*here.said(), *here.said(HELPDESK_CHANNEL)):
                assert "\u202e" not in words(said)
                assert "<!channel>" not in str(said.get("text"))
                assert "'url': 'https://evil" not in str(said.get("blocks"))

    asyncio.run(play())
