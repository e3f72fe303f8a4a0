"""The Home tab on the real road: from the database to Slack, for each person their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.calls import NotNow, Refused, web_client
from bot.desk import KNOWN_FOR, NOT_ASKED_FOR, Desk
from bot.profiles import Profiles
from bot.publishing import Home
from bot.workspace.faults import Ratelimited, ServerError
from bot.workspace.people import GENERAL_CHANNEL, HELPDESK_CHANNEL, SATO, SMITH, SUZUKI, TEAM, Person
from knowledge.load import load
from tests.road import DIRECT, ROW_1, SATOS_DM, Json, Stage, on_stage, words

EXPIRED = "署名に使う証明書の有効期限が切れていると出て送信できません"


@asynccontextmanager
async def home_of(here: Stage, **more: Any) -> AsyncIterator[Home]:
    """The Home tabs of this stage; `more` is what is set otherwise."""
    async with web_client(f"{here.workspace.address}/api/", here.workspace.bot_token, DIRECT) as slack:
        given: Json = {
            "engine": here.bot.database,
            "slack": slack,
            "book": load(),
            "profiles": Profiles(here.bot.database, slack),
            "desk": Desk(slack, HELPDESK_CHANNEL),
            "language": "ja",
            "time_zone": "Asia/Tokyo",
            "retention_days": 30,
        }
        yield Home(**(given | more))


async def home(here: Stage, person: Person, **more: Any) -> str:
    """What the person reads on their Home tab."""
    async with home_of(here, **more) as tabs:
        await tabs.publish(TEAM, person.id)
    return words(here.workspace.state.homes[person.id])


def links(here: Stage, person: Person) -> list[str]:
    """Where the links of their Home tab lead."""
    found = []
    for block in here.workspace.state.homes[person.id]["blocks"]:
        for section in block.get("elements", ()) if block["type"] == "rich_text" else ():
            found += [leaf["url"] for leaf in section["elements"] if leaf["type"] == "link"]
    return found


def test_each_person_sees_only_their_own_cases() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert "C-1001  デジタル署名の証明書が見つからない" in await home(here, SATO)
        assert "C-1001" not in await home(here, SMITH)
        assert "You have no open cases." in await home(here, SMITH)

    on_stage(play)


def test_a_case_leads_to_the_thread_in_which_it_was_last_spoken_of() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        later = await here.say("急ぎで送る")
        await home(here, SATO)
        (link,) = links(here, SATO)
        place = f"{here.workspace.address}/archives/{SATOS_DM}/p{later.replace('.', '')}"
        assert link == f"{place}?thread_ts={later}&cid={SATOS_DM}"

    on_stage(play)


def test_a_greeting_is_no_case() -> None:
    async def play(here: Stage) -> None:
        await here.say("こんにちは")
        assert "対応中のご相談はありません。" in await home(here, SATO)

    on_stage(play)


def test_what_is_solved_is_no_longer_open() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("解決しました")
        text = await home(here, SATO)
        assert "対応中のご相談はありません。" in text
        assert text.index("最近解決したご相談") < text.index("C-1001")

    on_stage(play)


def test_the_helpdesk_sees_what_was_passed_on_and_not_what_was_said() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert "引き継がれたまま残っている相談はありません。" in await home(here, SUZUKI)
        await here.say("担当者と話す")
        text = await home(here, SUZUKI)
        assert "引き継がれた相談（1 件）" in text
        assert "C-1001  デジタル署名の証明書が見つからない" in text
        assert "user@example.co.jp" not in str(here.workspace.state.homes[SUZUKI.id])
        assert "cannot sign" not in text
        (card,) = [said for said in here.said(HELPDESK_CHANNEL) if "thread_ts" not in said]
        assert f"/archives/{HELPDESK_CHANNEL}/p{card['ts'].replace('.', '')}" in links(here, SUZUKI)[0]

    on_stage(play)


def test_what_is_urgent_comes_before_what_waits_longer() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        smiths_dm = next(c.id for c in here.workspace.channels_for(SMITH.id) if c.kind == "im")
        await here.say(ROW_1, user=SMITH.id, channel=smiths_dm)
        await here.say("talk to a person", user=SMITH.id, channel=smiths_dm)
        assert (await home(here, SUZUKI)).index("C-1001") < (await home(here, SUZUKI)).index("C-1002")
        last = here.said(smiths_dm)[-1]
        await here.press(last, "person:urgent", user=SMITH.id, channel=smiths_dm)
        text = await home(here, SUZUKI)
        assert text.index("急ぎ  C-1002") < text.index("C-1001")

    on_stage(play)


def test_a_case_whose_card_the_channel_did_not_take_still_waits_on_the_home_tab() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        assert "引き継がれた相談（1 件）" in await home(here, SUZUKI)
        assert links(here, SUZUKI) == []

    on_stage(play, helpdesk_channel="C0NOWHERE01")


def test_a_further_round_of_a_case_has_its_own_card() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say(ROW_1)
        for text in ("担当者と話す", "解決しました", EXPIRED, "担当者と話す"):
            await here.say(text, thread_ts=thread)
        text = await home(here, SUZUKI)
        assert "C-1001-2" in text
        card = [said for said in here.said(HELPDESK_CHANNEL) if "thread_ts" not in said][-1]
        assert f"/p{card['ts'].replace('.', '')}?" in links(here, SUZUKI)[0]

    on_stage(play)


def test_a_case_that_waits_is_not_lost_when_its_person_begins_another() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        await here.press(here.said()[-1], "person:urgent")
        await here.say("新しい相談")
        await here.say(EXPIRED)
        own = await home(here, SATO)
        assert "C-1001  デジタル署名の証明書が見つからない\n\n担当者に引き継ぎました" in own
        assert "C-1001-2  証明書が失効・期限切れ" in own
        text = await home(here, SUZUKI)
        assert "引き継がれた相談（1 件）" in text
        assert "急ぎ  C-1001  デジタル署名の証明書が見つからない" in text
        assert "相談: *2*" in text
        assert "担当者に引き継ぎ: *1*" in text
        assert len(links(here, SUZUKI)) == 1

    on_stage(play)


def test_a_case_that_was_let_go_says_so_wherever_it_stands_in_the_conversation() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        (card,) = here.said(HELPDESK_CHANNEL)
        for button in ("引き受ける", "担当を変える"):
            card = next(one for one in here.said(HELPDESK_CHANNEL) if one["ts"] == card["ts"])
            await here.press(card, button, user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        assert "から未対応" in await home(here, SUZUKI)
        await here.say("新しい相談")
        await here.say(EXPIRED)
        assert "から未対応" in await home(here, SUZUKI)

    on_stage(play)


def test_what_was_solved_before_another_trouble_in_the_thread_stays_counted() -> None:
    async def play(here: Stage) -> None:
        thread = await here.say(ROW_1)
        await here.say("解決しました", thread_ts=thread)
        await here.say(EXPIRED, thread_ts=thread)
        text = await home(here, SUZUKI)
        assert "相談: *2*" in text
        assert "担当者なしで解決: *1*" in text
        own = await home(here, SATO)
        assert own.index("証明書が失効・期限切れ") < own.index("最近解決したご相談")
        assert own.index("最近解決したご相談") < own.index("デジタル署名の証明書が見つからない")

    on_stage(play)


def test_a_trouble_that_was_left_for_another_is_not_open_any_more() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("新しい相談")
        assert "対応中のご相談はありません。" in await home(here, SATO)

    on_stage(play)


def test_the_week_is_counted_and_what_is_older_is_not() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("解決しました")
        await here.say(EXPIRED, channel=SATOS_DM)
        await here.say("担当者と話す")
        await here.say("会議室のプリンターが紙詰まりです", user=SMITH.id, channel="D0SMITH0001")
        text = await home(here, SUZUKI)
        assert "相談: *2*" in text
        assert "担当者なしで解決: *1*" in text
        assert "担当者に引き継ぎ: *1*" in text
        assert "どのエラーにも当てはまらなかった文: *1*" in text
        assert "デジタル署名の証明書が見つからない: 1 件" in text
        later = datetime.now(UTC) + timedelta(days=8)
        text = await home(here, SUZUKI, clock=lambda: later)
        assert "この期間に来た相談はありません。" in text
        assert "引き継がれた相談（1 件）" in text

    on_stage(play)


def test_nobody_looks_back_further_than_conversations_are_kept() -> None:
    async def play(here: Stage) -> None:
        assert "この 3 日間に来た相談" in await home(here, SUZUKI, retention_days=3)

    on_stage(play)


def test_another_team_of_the_same_helpdesk_is_not_shown() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        here.ask("UPDATE conversations SET team = 'T0ANOTHER01'")
        assert "引き継がれた相談（0 件）" in await home(here, SUZUKI)
        assert "対応中のご相談はありません。" in await home(here, SATO)

    on_stage(play)


def test_a_state_of_a_later_version_breaks_no_home() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say(EXPIRED, channel=GENERAL_CHANNEL)
        here.ask("""UPDATE conversations SET state = state || '{"phase": "sleeping"}'""")
        assert "対応中のご相談はありません。" in await home(here, SATO)
        here.ask("""UPDATE conversations SET state = '{"phase": "asking", "row": "a_new_one"}'""")
        assert "エラーの種類は未確認" in await home(here, SATO)
        await home(here, SUZUKI)

    on_stage(play)


def test_the_chosen_language_and_the_persons_zone_are_used() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        assert "対応中のご相談" in await home(here, SATO)
        here.ask("UPDATE people SET language = 'en', time_zone = 'America/Los_Angeles'")
        here.ask("UPDATE conversations SET touched = '2026-11-24T03:00:00Z'")
        noon = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
        assert "last updated today 19:00" in await home(here, SATO, clock=lambda: noon)

    on_stage(play)


def test_a_zone_that_is_not_known_here_is_taken_for_the_companys() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        here.ask("UPDATE people SET time_zone = 'Mars/Olympus'")
        assert "最終更新" in await home(here, SATO)

    on_stage(play)


def test_publishing_again_is_harmless_and_reads_only() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        changed: list[str] = []

        def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if not statement.lstrip().upper().startswith("SELECT"):
                changed.append(statement)

        async with home_of(here) as tabs:
            await tabs.publish(TEAM, SATO.id)
            first = here.workspace.state.homes[SATO.id]
            event.listen(here.bot.database, "before_cursor_execute", listen)
            await tabs.publish(TEAM, SATO.id)
            event.remove(here.bot.database, "before_cursor_execute", listen)
        again = here.workspace.state.homes[SATO.id]
        assert again["id"] == first["id"]
        assert [call.error for call in here.workspace.calls_to("views.publish")] == ["", ""]
        assert [one for one in changed if "conversations" in one or "people" in one] == []

    on_stage(play)


def test_slack_that_says_later_is_waited_for_and_one_that_refuses_is_not() -> None:
    async def play(here: Stage) -> None:
        async with home_of(here) as tabs:
            here.workspace.faults.on_call("views.publish", Ratelimited(7))
            with pytest.raises(NotNow) as later:
                await tabs.publish(TEAM, SATO.id)
            assert later.value.after == 7
            with pytest.raises(Refused, match="user_not_found"):
                await tabs.publish(TEAM, "U0NOBODY001")

    on_stage(play)


def test_without_the_workspaces_address_the_home_tab_comes_without_links() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        async with home_of(here) as tabs:
            here.workspace.faults.on_call("auth.test", ServerError())
            await tabs.publish(TEAM, SATO.id)
            assert "C-1001" in words(here.workspace.state.homes[SATO.id])
            assert links(here, SATO) == []
            await tabs.publish(TEAM, SATO.id)
            assert len(links(here, SATO)) == 1

    on_stage(play)


# Who belongs to the helpdesk


@asynccontextmanager
async def desk_of(
    here: Stage, channel: str | None = HELPDESK_CHANNEL
) -> AsyncIterator[tuple[Desk, list[float]]]:
    """The helpdesk, and the clock that it looks at."""
    now = [0.0]
    async with web_client(f"{here.workspace.address}/api/", here.workspace.bot_token, DIRECT) as slack:
        yield Desk(slack, channel, lambda: now[0]), now


def test_the_channels_members_are_the_helpdesk_and_slack_is_asked_once() -> None:
    async def play(here: Stage) -> None:
        async with desk_of(here) as (desk, now):
            answers = await asyncio.gather(*(desk.has(person.id) for person in (SUZUKI, SATO, SMITH)))
            assert answers == [True, False, False]
            assert len(here.workspace.calls_to("conversations.members")) == 1
            now[0] = KNOWN_FOR
            assert await desk.has(SUZUKI.id)
            assert len(here.workspace.calls_to("conversations.members")) == 2

    on_stage(play)


def test_more_members_than_fit_into_one_answer_are_all_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.MEMBERS_AT_ONCE", 1)

    async def play(here: Stage) -> None:
        async with desk_of(here) as (desk, _):
            assert await desk.has(SUZUKI.id)
            assert len(here.workspace.calls_to("conversations.members")) > 1

    on_stage(play)


def test_while_slack_does_not_say_nobody_is_a_member() -> None:
    async def play(here: Stage) -> None:
        async with desk_of(here) as (desk, now):
            assert await desk.has(SUZUKI.id)
            now[0] = KNOWN_FOR
            here.workspace.faults.on_call("conversations.members", ServerError())
            assert not await desk.has(SUZUKI.id)
            assert not await desk.has(SUZUKI.id)
            now[0] += NOT_ASKED_FOR
            assert await desk.has(SUZUKI.id)

    on_stage(play)


@pytest.mark.parametrize("channel", [None, "C0NOWHERE01"])
def test_without_a_channel_there_is_no_helpdesk(channel: str | None) -> None:
    async def play(here: Stage) -> None:
        async with desk_of(here, channel) as (desk, _):
            assert not await desk.has(SUZUKI.id)

    on_stage(play)
