"""`python -m bot pause`: everything goes to people at once, in every process, until it is ended."""

import asyncio
import json
import os
import subprocess
import sys

import pytest

from bot import pauses, pausing
from bot.__main__ import main
from bot.accepted import Overdue
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SMITH, direct_message
from tests.road import ROW_1, SATOS_DM, Stage, Talk, new_database, on_stage, stage, until, words
from tests.test_road_at_home import at_home
from tests.test_road_incidents import MANY, on_crowded_stage, told, write

PAUSED = "ただいま自動の案内を止めています"


def command(database: str, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DATABASE_URL": database, "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "pause", *more],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def audited(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the command's log says that was done; it says nothing else."""
    return [json.loads(line)["what"] for line in done.stderr.splitlines()]


def begin(here: Stage, ja: str = "", en: str = "") -> str:
    return pausing.begin(here.bot.database, here.workspace.now(), (ja, en), "Asia/Tokyo")


def end(here: Stage) -> str:
    return pausing.end(here.bot.database, here.workspace.now(), "Asia/Tokyo")


def show(here: Stage) -> str:
    return pausing.show(here.bot.database, "Asia/Tokyo")


def at_the_desk(here: Talk, text: str) -> int:
    return len([said for said in here.said(HELPDESK_CHANNEL) if text in words(said)])


def test_from_the_command_on_everything_goes_to_people_until_its_end() -> None:
    async def play(here: Stage) -> None:
        done = await asyncio.to_thread(command, here.database)
        assert (done.returncode, audited(done)) == (0, ["paused"])
        assert "自動の案内を止めました" in done.stdout
        await here.say(ROW_1)
        assert PAUSED in words(here.said()[-1])
        done = await asyncio.to_thread(command, here.database, "--end")
        assert (done.returncode, audited(done)) == (0, ["pause_ended"])
        assert "再開しました" in done.stdout
        await here.say(ROW_1, user=SMITH.id, channel=direct_message(SMITH.id))
        assert "変わったことはありますか" in words(here.said(direct_message(SMITH.id))[-1])
        await until(lambda: at_the_desk(here, "案内を再開しました"))
        await here.settled()
        assert at_the_desk(here, "案内を止めました") == 1
        assert at_the_desk(here, "案内を再開しました") == 1

    on_stage(play)


def test_it_says_how_it_stands_and_changes_nothing_twice() -> None:
    async def play(here: Stage) -> None:
        assert "動いています" in show(here)
        assert "止まっていません" in end(here)
        assert "止めました" in begin(here, "確認中", "checking")
        assert "（確認中）" in show(here)
        assert "何も変えていません" in begin(here)
        assert "(checking)" in show(here)
        assert "再開しました" in end(here)
        assert "動いています" in show(here)

    on_stage(play)


def test_two_processes_keep_to_it_and_tell_the_helpdesk_once() -> None:
    async def run() -> None:
        database = new_database()
        async with stage(database=database) as first:
            begin(first)
            async with stage(database=database, workspace=first.workspace, alone=False) as second:
                await second.say(ROW_1)
                assert PAUSED in words(second.said()[-1])
                await until(lambda: at_the_desk(second, "案内を止めました"))
                for one in (first, second):
                    for event in again(one):
                        await one.bot.road.accept(event)
                await second.settled()
                assert at_the_desk(second, "案内を止めました") == 1

    asyncio.run(run())


def again(here: Stage) -> list[Overdue]:
    """What is due once more, as if whoever gave it had died before that was written down."""
    here.ask("UPDATE pauses SET told_began = false")
    with here.bot.database.begin() as connection:
        return list(pauses.due(connection, here.workspace.now()))


def test_home_and_the_greeting_say_so_and_why() -> None:
    async def play(here: Stage) -> None:
        begin(here, "表を<確認>中のため", "we are checking")
        assert f"{PAUSED}（表を＜確認>中のため）。ここに" in words(await at_home(here))
        await here.workspace.open(SATO.id, SATOS_DM, "messages")
        await here.settled()
        assert PAUSED in words(here.said()[0])
        end(here)
        assert PAUSED not in words(await at_home(here))

    on_stage(play)


def test_many_with_the_same_are_told_it_too() -> None:
    async def play(here: Stage) -> None:
        begin(here)
        people = MANY[:5]
        for one in people:
            await write(here, one)
        await until(lambda: all("同じ症状のご相談が" in "".join(told(here, one)) for one in people))
        await here.settled()
        for one in people:
            assert "".join(told(here, one)).count(PAUSED) == 1

    on_crowded_stage(play)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["--reason-ja", "確認中"], "Give the reason in both languages"),
        (["--reason-ja", "あ" * 201, "--reason-en", "checking"], "200 characters at most"),
        (["--end", "--reason-ja", "確認中", "--reason-en", "checking"], "A reason goes only with pausing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    typed: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pause", *typed]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
