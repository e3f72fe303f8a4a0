"""A case at the helpdesk: taken once, answered on purpose only, brought up again, closed and opened again."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.workspace.faults import ServerError
from bot.workspace.people import (
    GENERAL_CHANNEL,
    HELPDESK_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    TANAKA,
    direct_message,
)
from tests.road import ROW_1, SATOS_DM, Json, Stage, buttons, cards, on_stage, until, words


def card(here: Stage) -> Json:
    return cards(here)[0]


def in_thread(here: Stage) -> list[str]:
    """What the bot said in the first card's thread."""
    root = card(here)["ts"]
    return [words(said) for said in here.said(HELPDESK_CHANNEL) if said.get("thread_ts") == root]


async def handed_over(here: Stage) -> None:
    await here.say(ROW_1)
    await here.say("担当者と話す")


async def desk(here: Stage, label: str, user: str = SUZUKI.id) -> None:
    await here.press(card(here), label, user=user, channel=HELPDESK_CHANNEL)


async def typed(here: Stage, text: str, user: str = SUZUKI.id) -> None:
    await here.say(text, user=user, channel=HELPDESK_CHANNEL, thread_ts=card(here)["ts"])


async def fill(here: Stage, user: str, **values: Any) -> Json:
    """Sends the dialog that is open for this person."""
    await until(lambda: here.workspace.views_of(user))
    view = here.workspace.views_of(user)[-1]
    given: Json = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        if element["type"] == "static_select":
            chosen = next(
                (one for one in element["options"] if one["value"] == values.get(name)),
                element.get("initial_option"),
            )
            given[name] = {element["action_id"]: chosen["value"] if chosen else None}
        else:
            given[name] = {element["action_id"]: values.get(name, element.get("initial_value", ""))}
    answer = await here.workspace.submit(user, view["id"], given)
    await here.settled()
    return answer


async def pass_time(here: Stage, **time: float) -> None:
    """The clock goes on, and what is due by then is done."""
    now = here.workspace.now() + timedelta(**time)
    here.workspace.move_clock(now)
    due = f"SELECT count(*) FROM later WHERE due <= '{now.isoformat()}'"
    await until(lambda: here.ask(due)[0][0] == 0)
    await here.settled()


def test_a_case_is_taken_once_and_the_other_is_told_who_has_it() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        press = [
            here.workspace.click(user, HELPDESK_CHANNEL, card(here)["ts"], "desk:take")
            for user in (SUZUKI.id, TANAKA.id)
        ]
        assert all(await asyncio.gather(*press))
        await here.settled()
        taken = here.ask("SELECT state -> 'handed' ->> 'taken_by' FROM conversations")[0][0]
        assert taken in (SUZUKI.id, TANAKA.id)
        (other,) = {SUZUKI.id, TANAKA.id} - {taken}
        (told,) = here.workspace.ephemerals(HELPDESK_CHANNEL, other)
        assert "先に" in words(told)
        assert sum("引き受けました" in words(said) for said in here.said()) == 1

    on_stage(play)


def test_internal_talk_stays_internal_and_what_is_sent_arrives() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = len(here.said())
        await typed(here, "これは GPO だと思う")
        assert len(here.said()) == before
        assert here.ask("SELECT count(*) FROM events WHERE id LIKE '%' || (SELECT ts FROM cards)") == [(0,)]
        await typed(here, "＞＞ いま PC の前にいますか?")
        assert any("いま PC の前にいますか?" in words(said) for said in here.said())
        assert not any("GPO" in words(said) for said in here.said())

    on_stage(play)


def test_what_is_sent_arrives_though_slack_does_not_say_at_once_who_the_helpdesk_is() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.workspace.faults.on_call("conversations.members", ServerError())
        await typed(here, ">> 今から見ます")
        assert any("今から見ます" in words(said) for said in here.said())

    on_stage(play)


def test_what_was_sent_can_be_taken_back_for_a_minute() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await typed(here, ">> 間違えました")
        mark = next(said for said in here.said(HELPDESK_CHANNEL) if "取り消す" in str(said))
        await here.press(mark, "取り消す", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        assert not any("間違えました" in words(said) for said in here.said())
        assert any("取り消しました" in said for said in in_thread(here))

    on_stage(play)


def test_after_the_minute_it_stays_and_has_no_button_any_more() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await typed(here, ">> 送ります")
        mark = next(said for said in here.said(HELPDESK_CHANNEL) if "取り消す" in str(said))
        await pass_time(here, seconds=61)
        assert any("送ります" in words(said) for said in here.said())
        assert all(button["action_id"] != "desk:undo:1" for button in buttons(mark_now(here, mark)))
        seen = dict(mark)
        taken = await here.workspace.click(
            SUZUKI.id, HELPDESK_CHANNEL, mark["ts"], "desk:undo:1", as_seen=seen
        )
        await here.settled()
        assert taken
        assert any("送ります" in words(said) for said in here.said())

    on_stage(play)


def mark_now(here: Stage, mark: Json) -> Json:
    return next(said for said in here.said(HELPDESK_CHANNEL) if said["ts"] == mark["ts"])


def test_a_reply_from_the_dialog_takes_the_case_and_the_employees_answer_comes_back() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "利用者に返信")
        await fill(here, SUZUKI.id, text="https://portal.example.co.jp から申請してください")
        assert "鈴木" in words(card(here))
        link = {"type": "link", "url": "https://portal.example.co.jp"}
        assert any(str(link) in str(said) for said in here.said())
        before = len(here.said())
        await here.say("申請しました\n画面は閉じました")
        assert any("申請しました\n画面は閉じました" in said for said in in_thread(here))
        assert len(here.said()) == before + 1, "the bot says that it was brought, and nothing else"

    on_stage(play)


def test_who_is_not_of_the_helpdesk_gets_no_dialog_and_takes_nothing() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "元の文（伏せ字）")  # who belongs to the helpdesk is known from now on
        channel = here.workspace.channels[HELPDESK_CHANNEL]
        here.workspace.channels[HELPDESK_CHANNEL] = replace(channel, members=channel.members | {SMITH.id})
        await desk(here, "引き受ける", SMITH.id)
        await desk(here, "利用者に返信", SMITH.id)
        (view,) = here.workspace.views_of(SMITH.id)
        assert view.get("submit") is None
        before = len(here.said())
        await typed(here, ">> こんにちは", SMITH.id)
        assert len(here.said()) == before
        assert "まだ送っていません" in words(here.workspace.ephemerals(HELPDESK_CHANNEL, SMITH.id)[-1])
        assert here.ask("SELECT state -> 'handed' ->> 'taken_by' FROM conversations") == [("",)]

    on_stage(play)


def test_what_the_employee_adds_stands_on_the_card() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.press(here.said()[-1], "希望・連絡先を伝える")
        await fill(here, SATO.id, until="今日 17:00", reach="内線 2231", computer="PC-3382")
        assert all(word in words(card(here)) for word in ("今日 17:00", "内線 2231", "PC-3382"))

    on_stage(play)


def test_who_wants_a_person_after_the_end_is_brought_to_whoever_had_the_case() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "引き受ける")
        await here.say("解決しました")
        await here.press(here.said()[0], "担当者と話す")
        assert "担当者にもう一度お願いしました" in words(here.said()[-1])
        line = here.said(HELPDESK_CHANNEL)[-1]
        assert "まだ直らないそうです。担当の 鈴木 健 さん" in words(line)
        assert line["subtype"] == "thread_broadcast"

    on_stage(play)


def test_an_unclaimed_case_is_brought_up_once_and_again_on_the_next_working_day() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await pass_time(here, days=5)
        reminded = [said for said in in_thread(here) if "まだ引き受けた人がいません" in said]
        assert len(reminded) == 1
        await pass_time(here, days=5)
        assert sum("前の営業日から未対応" in said for said in in_thread(here)) == 1
        await pass_time(here, days=5)
        assert sum("未対応" in said or "引き受けた人がいません" in said for said in in_thread(here)) == 2
        assert [said.get("subtype") for said in here.said(HELPDESK_CHANNEL)].count("thread_broadcast") == 2

    on_stage(play)


def test_a_case_that_somebody_took_is_not_brought_up() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "引き受ける")
        before = len(in_thread(here))
        await pass_time(here, days=10)
        assert len(in_thread(here)) == before

    on_stage(play)


def test_closing_says_what_cured_it_and_still_not_opens_it_again() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "解決済みにする")
        assert (await fill(here, SUZUKI.id, cure="other", words=""))["response_action"] == "errors"
        await fill(here, SUZUKI.id, cure="other", words="GPO を直した", tell="お待たせしました")
        assert "GPO を直した" in words(here.said()[-1])
        assert "お待たせしました" in words(here.said()[-1])
        assert "✓" in words(card(here))
        await here.press(here.said()[-1], "まだ直らない")
        assert "✓" not in words(card(here))
        assert any("まだ直らないそうです" in said for said in in_thread(here))

    on_stage(play)


def test_silence_after_an_advice_is_asked_about_once_and_then_closed_as_unknown() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.press(here.said()[-1], "特にない")
        before = len(here.said())
        await pass_time(here, days=4)
        assert len(here.said()) == before + 1
        assert "その後いかがですか" in words(here.said()[-1])
        await pass_time(here, days=4)
        assert len(here.said()) == before + 1
        assert "いったん終わりにしました" in words(here.said()[-1])
        assert here.ask("SELECT state -> 'ended' ->> 'how' FROM conversations") == [("unknown",)]
        await here.say("まだ直らない", thread_ts=here.said()[0]["thread_ts"])
        assert here.ask("SELECT state ->> 'phase' FROM conversations") != [("solved",)]

    on_stage(play)


def test_a_reply_about_an_earlier_case_is_answered_by_its_own_button() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.say("署名に使う証明書の有効期限が切れていると出て送信できません")
        await here.press(here.said()[-1], "このエラーを調べる")
        await typed(here, ">> C-1001 の件です")
        relayed = here.said()[-1]
        assert "C-1001 の件です" in words(relayed)
        await here.press(relayed, "この件に返信する")
        await fill(here, SATO.id, text="直りました、ありがとう")
        assert any("直りました、ありがとう" in said for said in in_thread(here))

    on_stage(play)


def test_in_a_channel_others_read_what_is_sent_but_not_what_was_entered_in_a_dialog() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("担当者と話す", channel=GENERAL_CHANNEL, thread_ts=thread)
        await typed(here, ">> こんにちは")
        assert any("ほかの人にも見えます" in said for said in in_thread(here))
        assert any("こんにちは" in words(said) for said in here.said(GENERAL_CHANNEL))
        assert here.said(SATOS_DM) == []
        wishes = next(said for said in here.said(GENERAL_CHANNEL) if "希望・連絡先を伝える" in str(said))
        await here.press(wishes, "希望・連絡先を伝える", channel=GENERAL_CHANNEL)
        await fill(here, SATO.id, reach="携帯 090-1234-5678")
        assert "090-1234" in words(card(here))
        assert not any("090-1234" in words(said) for said in here.said(GENERAL_CHANNEL))

    on_stage(play)


def test_what_is_sent_outside_of_a_cards_thread_is_not_lost_without_a_word() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = len(here.said())
        await here.say(">> こんにちは", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        (told,) = here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id)
        assert "まだ送っていません" in words(told)
        assert len(here.said()) == before
        for named in (
            ">> c-1001 一",
            ">> C-1001　二",
            ">> C-1001：三",
            ">> C-1001\n四",
            "＞＞Ｃ－１００１　五",
        ):
            await here.say(named, user=SUZUKI.id, channel=HELPDESK_CHANNEL)
            assert named[-1] in words(here.said()[-1]).splitlines(), named

    on_stage(play)


def test_a_quotation_is_the_helpdesks_own_talk() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = len(here.said())
        for quoted in (">>> ", "＞＞＞", "》", "≫"):
            await typed(here, f"{quoted}また設定を壊した人です")
        assert len(here.said()) == before

    on_stage(play)


def test_what_names_another_case_than_its_threads_is_sent_to_neither() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        talk = direct_message(SMITH.id)
        await here.say(ROW_1, user=SMITH.id, channel=talk)
        await here.say("担当者と話す", user=SMITH.id, channel=talk)
        await typed(here, ">> C-1002 あなたの内線は 2231 ですね")
        assert not any("2231" in words(said) for said in (*here.said(), *here.said(talk)))
        (told,) = here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id)
        assert "C-1002" in words(told)
        assert "まだ送っていません" in words(told)

    on_stage(play)


def test_an_answer_to_what_came_after_the_close_reaches_the_helpdesk() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "解決済みにする")
        await fill(here, SUZUKI.id, cure="unknown")
        await typed(here, ">> その後メールは届きましたか?")
        assert "そのまま書いてください" not in words(here.said()[-1])
        await here.press(here.said()[-1], "この件に返信する")
        await fill(here, SATO.id, text="まだ届いていません")
        assert any("まだ届いていません" in said for said in in_thread(here))

    on_stage(play)


def test_a_case_that_a_version_without_the_desk_handed_over_is_answered_all_the_same() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        here.ask("UPDATE conversations SET state = state - 'handed'")
        await typed(here, ">> お待たせしました")
        assert here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id) == []
        assert any("お待たせしました" in words(said) for said in here.said())
        here.ask("UPDATE conversations SET state = state - 'handed'")
        await desk(here, "解決済みにする")
        await fill(here, SUZUKI.id, cure="unknown")
        assert any("解決済み" in said for said in in_thread(here))

    on_stage(play)


def test_a_case_that_its_owner_let_go_is_brought_up_again() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await desk(here, "引き受ける")
        await pass_time(here, days=1)
        await desk(here, "担当を変える")
        first, free = moment(here, "since"), moment(here, "free_since")
        assert first.split()[0] != free.split()[0]
        assert f"（{free} から。最初の依頼は {first}）" in words(card(here))
        before = len(in_thread(here))
        await pass_time(here, days=4)
        (line, *_) = [said for said in in_thread(here)[before:] if "担当する人がいません" in said]
        assert f"（{free} から。最初の依頼は {first}）" in line

    on_stage(play)


def test_what_somebody_had_until_today_is_not_said_to_have_waited_since_the_last_working_day() -> None:
    async def play(here: Stage) -> None:
        here.workspace.move_clock(datetime(2030, 11, 25, 3, 0, tzinfo=UTC))  # Monday noon in Tokyo
        await handed_over(here)
        await pass_time(here, hours=1)
        assert any("まだ引き受けた人がいません" in said for said in in_thread(here))
        await desk(here, "引き受ける")
        await pass_time(here, hours=11)  # after midnight
        await desk(here, "担当を変える")
        await pass_time(here, hours=11)
        assert not any("前の営業日から未対応" in said for said in in_thread(here))
        assert any("担当する人がいません" in said for said in in_thread(here))

    on_stage(play)


def test_a_case_that_came_back_names_when_it_did() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.say("解決しました")
        await pass_time(here, days=1)
        await here.say("まだ直らない", thread_ts=here.said()[0]["thread_ts"])
        first, free = moment(here, "since"), moment(here, "free_since")
        assert first.split()[0] != free.split()[0]
        assert f"（{free} から。最初の依頼は {first}）" in words(card(here))

    on_stage(play)


def moment(here: Stage, name: str) -> str:
    """When something became of the case, as the helpdesk reads it."""
    ((kept,),) = here.ask(f"SELECT (state -> 'handed' ->> '{name}')::timestamptz FROM conversations")
    at = kept.astimezone(ZoneInfo("Asia/Tokyo"))
    return f"{at.month}/{at.day} {at:%H:%M}"
