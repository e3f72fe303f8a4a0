"""A person takes over: the case appears in the helpdesk's channel, once, and is kept up to date there."""

from bot.workspace.faults import Ratelimited, ServerError
from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, SATO
from tests.road import ROW_1, SATOS_DM, Stage, cards, on_stage, words


def test_a_case_appears_with_a_link_to_the_thread() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1)
        await here.say("担当者と話す")
        (card,) = here.said(HELPDESK_CHANNEL)
        assert "C-1001" in words(card)
        assert "デジタル署名の証明書が見つからない" in words(card)
        link = card["blocks"][-1]["elements"][0]["text"]
        assert link.startswith(f"<{here.workspace.address}/archives/{SATOS_DM}/p")
        assert link.endswith("|スレッドを開く>")
        assert here.said()[0]["thread_ts"] == ts
        assert here.ask("SELECT channel, ts FROM cards") == [(HELPDESK_CHANNEL, card["ts"])]

    on_stage(play)


def test_a_case_that_becomes_urgent_is_the_same_card() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        before = words(cards(here)[0])
        await here.press(here.said()[-1], "person:urgent")
        (card,) = cards(here)
        assert words(card) != before

    on_stage(play)


def test_that_a_case_is_urgent_is_seen_in_the_channel_until_somebody_has_it() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        handed = here.said()[-1]
        await here.press(handed, "person:urgent")
        line = here.said(HELPDESK_CHANNEL)[-1]
        assert "急ぎになりました" in words(line)
        assert line["subtype"] == "thread_broadcast"
        await here.press(handed, "person:urgent")  # by an old button, once more
        assert "お急ぎの件として" in words(here.said()[-1])
        assert here.said(HELPDESK_CHANNEL)[-1] == line

    on_stage(play)


def test_a_card_that_was_deleted_is_posted_anew() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        here.workspace.remove(here.workspace.channels[HELPDESK_CHANNEL], here.said(HELPDESK_CHANNEL)[0])
        await here.press(here.said()[-1], "person:urgent")
        (card,) = cards(here)
        assert here.ask("SELECT ts FROM cards") == [(card["ts"],)]

    on_stage(play)


def test_who_solves_it_alone_tells_it_in_the_cards_thread() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        await here.say("解決しました")
        card, told = here.said(HELPDESK_CHANNEL)
        assert told["thread_ts"] == card["ts"]

    on_stage(play)


def test_a_second_trouble_in_the_same_thread_has_a_card_of_its_own() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say(ROW_1)
        await here.say("担当者と話す", thread_ts=thread)
        await here.say("解決しました", thread_ts=thread)
        await here.say("署名に使う証明書の有効期限が切れていると出て送信できません", thread_ts=thread)
        await here.say("担当者と話す", thread_ts=thread)
        assert len(cards(here)) == 2
        assert here.ask('SELECT count(DISTINCT "case") FROM cards') == [(2,)]

    on_stage(play)


def test_without_a_channel_the_contact_is_named_and_nothing_posted() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        assert "内線 2000" in words(here.said()[-1])
        assert here.ask("SELECT kind FROM outbox WHERE kind <> 'say'") == []

    on_stage(play, helpdesk_channel=None, helpdesk_contact="内線 2000")


def test_a_channel_that_is_not_there_holds_up_no_answer() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        before = len(here.said())
        await here.say("担当者と話す")
        assert len(here.said()) > before
        assert here.ask("SELECT failure FROM outbox WHERE kind = 'open_case'") == [("channel_not_found",)]
        assert here.ask("SELECT body IS NULL FROM outbox WHERE kind = 'open_case'") == [(False,)]

    on_stage(play, helpdesk_channel="C0NOTTHERE1")


def test_a_case_is_opened_once_however_often_slack_says_later() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.workspace.faults.on_call("chat.getPermalink", Ratelimited(0))
        here.workspace.faults.on_call("chat.getPermalink", ServerError())
        await here.say("担当者と話す")
        assert len(here.said(HELPDESK_CHANNEL)) == 1

    on_stage(play)


def test_the_link_leads_to_the_thread_in_the_channel() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await here.say("担当者と話す", channel=GENERAL_CHANNEL, thread_ts=thread)
        (card,) = here.said(HELPDESK_CHANNEL)
        assert f"/archives/{GENERAL_CHANNEL}/p{thread.replace('.', '')}" in str(card["blocks"][-1])
        assert SATO.id in str(card["blocks"])

    on_stage(play)


def test_a_case_that_the_channel_does_not_take_is_told_to_the_person() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        assert cards(here) == []
        assert "担当者のチャンネルに届けられませんでした" in words(here.said()[-1])

    on_stage(play, helpdesk_channel="C0NOWHERE01")


def test_what_was_pressed_stands_above_its_answer() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.press(here.said()[-1], "特にない")
        assert words(here.said()[-1]).startswith("▸ 特にない")

    on_stage(play)
