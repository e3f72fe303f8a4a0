"""Files between an employee and the helpdesk: checked like every other, and passed on once."""

from dataclasses import replace

import pytest

from bot.desk_files import is_passed_on
from bot.looked import PictureNotRead, PictureRead
from bot.workspace.faults import Dropped, Ratelimited, ServerError
from bot.workspace.people import BOT_USER, GENERAL_CHANNEL, HELPDESK_CHANNEL, SUZUKI
from tests.road import ROW_1, SATOS_DM, Stage, on_stage, sample, words
from tests.test_road_desk import card, handed_over, pass_time


def shared(here: Stage, channel: str) -> list[str]:
    """The names of the files that the bot has shown in a channel."""
    return [file["title"] for said in here.said(channel) for file in said.get("files", ())]


def test_the_employees_file_reaches_the_cards_thread_with_what_the_checks_say() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        file = sample(None)
        await here.say("これです", file)
        thread = [said for said in here.said(HELPDESK_CHANNEL) if said.get("thread_ts") == card(here)["ts"]]
        assert any("証明書そのものに問題はありません" in words(said) for said in thread)
        assert shared(here, HELPDESK_CHANNEL) == [file.name]
        (passed,) = [said for said in thread if said.get("files")]
        kept = here.workspace.state.files[passed["files"][0]["id"]]
        assert here.workspace.state.content(kept) == file.data

    on_stage(play)


def test_a_private_key_is_passed_on_to_nobody() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.say("", sample("private_key_uploaded"))
        assert shared(here, HELPDESK_CHANNEL) == []
        theirs = [words(said) for said in here.said(HELPDESK_CHANNEL)]
        assert any("秘密キーが入っていたため、中身は読まず、渡していません" in said for said in theirs)
        delete = "いま送ったメッセージを削除してください"
        assert delete in words(here.said()[-1])
        assert not any(delete in said for said in theirs)

    on_stage(play)


@pytest.mark.parametrize("text", ["", "社内メモです"])
def test_a_file_in_the_cards_thread_is_checked_there_and_stays_there(text: str) -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = len(here.said())
        await here.say(
            text, sample("expired"), user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=card(here)["ts"]
        )
        assert any("期限が切れています" in words(said) for said in here.said(HELPDESK_CHANNEL))
        assert len(here.said()) == before

    on_stage(play)


def test_a_file_that_the_helpdesk_sends_reaches_the_employee() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        file = sample(None)
        await here.say(
            ">> 新しい証明書です",
            file,
            user=SUZUKI.id,
            channel=HELPDESK_CHANNEL,
            thread_ts=card(here)["ts"],
        )
        assert shared(here, SATOS_DM) == [file.name]
        assert any("新しい証明書です" in words(said) for said in here.said())

    on_stage(play)


def test_what_is_taken_back_takes_its_file_along_with_or_without_a_text() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = [words(said) for said in here.said()]
        for taken, text in enumerate((">> 別の人の証明書", ">>"), 1):
            await here.say(
                text, sample(None), user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=card(here)["ts"]
            )
            (file,) = [one for said in here.said() for one in said.get("files", ()) if "title" in one]
            mark = next(said for said in here.said(HELPDESK_CHANNEL) if "取り消す" in str(said))
            await here.press(mark, "取り消す", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
            assert file["id"] not in here.workspace.state.files
            marks = [words(said) for said in here.said(HELPDESK_CHANNEL)]
            assert sum("ファイルも削除しました" in said for said in marks) == taken
        left = [words(said) for said in here.said() if not said.get("files")]
        assert [said for said in left if "担当者からのファイル" in said or "別の人" in said] == []
        assert left[: len(before)] == before

    on_stage(play)


def test_a_file_that_was_not_sent_is_not_said_to_have_been() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        key = sample("private_key_uploaded")
        await here.say(">>", key, user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=card(here)["ts"])
        await here.say(">> 一分後", user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=card(here)["ts"])
        await pass_time(here, seconds=61)
        sent = [said for said in here.said(HELPDESK_CHANNEL) if "✓ 利用者に送りました" in words(said)]
        assert len(sent) == 1
        assert shared(here, SATOS_DM) == []

    on_stage(play)


@pytest.mark.parametrize("fault", [Ratelimited(0), ServerError(), Dropped(done=True), Dropped(done=False)])
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_a_file_is_passed_on_once_whatever_slack_answers(
    method: str, fault: Ratelimited | ServerError | Dropped
) -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.workspace.faults.on_call(method, fault)
        await here.say("", sample(None))
        assert len(shared(here, HELPDESK_CHANNEL)) == 1

    on_stage(play)


def test_what_slack_does_not_take_is_not_said_to_have_been_sent() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("担当者と話す", channel=GENERAL_CHANNEL, thread_ts=thread)
        channel = here.workspace.channels[GENERAL_CHANNEL]
        without = replace(channel, members=channel.members - {BOT_USER})
        here.workspace.channels[GENERAL_CHANNEL] = without
        where = {"user": SUZUKI.id, "channel": HELPDESK_CHANNEL, "thread_ts": card(here)["ts"]}
        await here.say(">> いま直しました", sample(None), **where)
        told = [words(said) for said in here.said(HELPDESK_CHANNEL)]
        assert [("届きませんでした" in one, "届かなかったファイル" in one) for one in told[-2:]] == [
            (True, False),
            (False, True),
        ]
        assert not any("利用者に送り" in one or "利用者に送ったファイル" in one for one in told)
        assert shared(here, GENERAL_CHANNEL) == []

    on_stage(play)


def test_a_file_that_is_not_passed_on_is_not_said_to_have_been() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.press(card(here), "引き受ける", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        await here.say("PDFです", replace(sample(None), name="big.pdf", data=b"%PDF-1.4 " + b"x" * 400_000))
        assert "次のファイルそのものは渡していません: big.pdf" in words(here.said()[-1])
        told = words(here.said(HELPDESK_CHANNEL)[-1])
        assert "確かめていません" in told
        assert "置いてください" not in told
        assert shared(here, HELPDESK_CHANNEL) == []

    on_stage(play)


def test_a_picture_that_is_read_only_in_slacks_rendition_is_not_passed_on() -> None:
    assert is_passed_on(PictureRead("a.png", ("x",)))
    assert not is_passed_on(PictureRead("a.png", ("x",), is_too_large=True))
    assert not is_passed_on(PictureNotRead("a.png", "nothing", is_too_large=True))
