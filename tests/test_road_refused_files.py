"""What Slack refuses, of files between an employee and the helpdesk, is told as it is to both."""

import pytest

from bot.workspace.faults import Refusal
from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, SUZUKI
from tests.road import ROW_1, Json, Stage, on_stage, sample, words
from tests.test_road_desk import card, handed_over
from tests.test_road_desk_files import shared

DISABLED = Refusal("file_uploads_disabled")
WAYS_TO_REFUSE = ("files.getUploadURLExternal", "files.completeUploadExternal")


async def sent(here: Stage, text: str, *files: str | None) -> Json:
    """The helpdesk sends a text and sample files; the mark in the card's thread."""
    where = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL, "thread_ts": card(here)["ts"]}
    await here.say(text, *(sample(file) for file in files), **where)
    return next(said for said in reversed(here.said(HELPDESK_CHANNEL)) if "取り消す" in str(said))


async def taken_back(here: Stage, mark: Json) -> str:
    """It is taken back; what the mark says then."""
    await here.press(mark, "取り消す", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
    return words(next(said for said in here.said(HELPDESK_CHANNEL) if said["ts"] == mark["ts"]))


# Taken back


def test_a_file_that_slack_does_not_delete_is_said_to_be_there_and_who_can_delete_it() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        mark = await sent(here, ">> 別の人の証明書", None)
        here.workspace.faults.on_call("files.delete", Refusal("cant_delete_file"))
        told = await taken_back(here, mark)
        assert f"・ファイル {sample(None).name}" in told.splitlines()
        assert "Slack の管理者" in told
        assert "削除しました" not in told
        assert "送った文" not in told
        assert not any("別の人の証明書" in words(said) for said in here.said())
        assert any(file.get("title") for said in here.said() for file in said.get("files", ()))

    on_stage(play)


def test_a_text_that_slack_does_not_delete_is_said_to_be_there() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        mark = await sent(here, ">> 間違えました")
        here.workspace.faults.on_call("chat.delete", Refusal("compliance_exports_prevent_deletion"))
        told = await taken_back(here, mark)
        assert "・送った文" in told.splitlines()
        assert "画面からは消えています" not in told

    on_stage(play)


def test_every_one_of_several_files_that_stay_is_named() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        mark = await sent(here, ">>", None, None, "expired")
        here.workspace.faults.on_call("files.delete", Refusal("cant_delete_file"), times=3)
        told = (await taken_back(here, mark)).splitlines()
        names = (sample(None).name, sample(None).name, sample("expired").name)
        assert [line for line in told if line.startswith("・")] == [f"・ファイル {name}" for name in names]

    on_stage(play)


def test_who_presses_once_more_is_not_told_that_it_is_gone() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        mark = await sent(here, ">> 間違えました")
        here.workspace.faults.on_call("chat.delete", Refusal("cant_delete_message"))
        await taken_back(here, mark)
        await here.workspace.click(SUZUKI.id, HELPDESK_CHANNEL, mark["ts"], "desk:undo:1", as_seen=dict(mark))
        await here.settled()
        told = words(here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id)[-1])
        assert "取り消しました" not in told
        assert "スレッド" in told

    on_stage(play)


def test_a_result_that_only_the_employee_saw_is_said_to_stay() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("担当者と話す", channel=GENERAL_CHANNEL, thread_ts=thread)
        mark = await sent(here, ">> 別の人の証明書", None)
        (line,) = [one for one in here.said(HELPDESK_CHANNEL) if "利用者に送ったファイル" in words(one)]
        assert "この表示は、Slack の仕組み上、取り消せません" in words(line)
        told = await taken_back(here, mark)
        assert "ファイルも削除しました" in told
        assert "本人だけに見える表示だったため、取り消せません" in told

    on_stage(play)


def test_in_a_talk_with_the_bot_all_can_be_taken_back_and_nothing_else_is_said() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        told = await taken_back(here, await sent(here, ">> 別の人の証明書", None))
        assert "取り消せません" not in str([words(said) for said in here.said(HELPDESK_CHANNEL)])
        assert "ファイルも削除しました" in told

    on_stage(play)


# On its way


@pytest.mark.parametrize("method", WAYS_TO_REFUSE)
def test_a_file_that_does_not_reach_the_helpdesk_is_said_not_to_have_to_both(method: str) -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.workspace.faults.on_call(method, DISABLED)
        await here.say("これです", sample("expired"))
        name = sample("expired").name
        assert shared(here, HELPDESK_CHANNEL) == []
        told = [words(said) for said in here.said(HELPDESK_CHANNEL)]
        assert not any("利用者からのファイル" in one for one in told)
        (line,) = [one for one in told if "ここには届いていません" in one]
        assert name in line
        assert "もう一度送ってもらう" in line
        assert "期限が切れています" in line
        assert f"{name} は、Slack が受け付けず、担当者に渡せませんでした" in words(here.said()[-1])
        assert "もう一度ここに送ってください" in words(here.said()[-1])

    on_stage(play)


def test_a_file_that_does_not_reach_the_employee_is_said_not_to_have_to_both() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.workspace.faults.on_call("files.completeUploadExternal", DISABLED)
        where = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL, "thread_ts": card(here)["ts"]}
        await here.say(">>", sample(None), **where)
        told = [words(said) for said in here.said(HELPDESK_CHANNEL)]
        assert any("届かなかったファイル" in one and "別の方法で渡して" in one for one in told)
        assert "お届けできませんでした" in words(here.said()[-1])

    on_stage(play)


def test_the_same_file_a_second_time_has_a_line_of_its_own() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.workspace.faults.on_call("files.completeUploadExternal", DISABLED)
        for _ in range(2):
            await here.say("", sample("expired"))
        told = [words(said) for said in here.said(HELPDESK_CHANNEL)]
        assert len([one for one in told if "ここには届いていません" in one]) == 1
        assert len([one for one in told if "利用者からのファイル" in one]) == 1
        assert shared(here, HELPDESK_CHANNEL) == [sample("expired").name]

    on_stage(play)
