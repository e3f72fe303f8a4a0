"""Notices on the real road: put up from the Home tab, read once in each conversation that they fit."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.accepted import Filled, InHome
from bot.forget import forget
from bot.workspace.faults import Ratelimited
from bot.workspace.people import (
    HELPDESK_CHANNEL,
    SATO,
    SMITH,
    SUZUKI,
    TANAKA,
    TEAM,
    Person,
    direct_message,
)
from tests.loglines import logged
from tests.road import ROW_1, Json, Stage, Talk, buttons, on_stage, sample, words
from tests.searching import kept, where_words_are
from tests.test_road_privacy import in_both_styles, told

TOKYO = ZoneInfo("Asia/Tokyo")
NOTICE = "今夜、証明書を入れ替えます"
HEAD = "情報システム部からのお知らせ"
MISMATCH = "送信すると「対象のプリンシパル名が間違っています」と出ます"


async def home_of(here: Talk, person: Person) -> Json:
    here.workspace.visits.clear()
    await here.workspace.open(person.id, direct_message(person.id), "home")
    await here.settled()
    home: Json = here.workspace.state.homes[person.id]
    return home


async def press(here: Talk, person: Person, label: str) -> None:
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


async def opened(here: Talk, person: Person = SUZUKI) -> Json:
    """The dialog, opened from the Home tab."""
    await home_of(here, person)
    await press(here, person, "お知らせを出す")
    (view,) = [view for view in here.workspace.views_of(person.id) if view["type"] == "modal"]
    return view


async def put_up(here: Talk, person: Person = SUZUKI, text: str = NOTICE, **fields: str) -> Json:
    """Somebody of the helpdesk puts a notice up; gives what Slack was answered."""
    view = await opened(here, person)
    return await sent(here, person, view, text, **fields)


async def sent(here: Talk, person: Person, view: Json, text: str = NOTICE, **fields: str) -> Json:
    given = {f"notice_{name}": {"entered": value} for name, value in {"ja": text, **fields}.items()}
    answer = await here.workspace.submit(person.id, view["id"], given)
    await here.settled()
    return answer


def at(here: Talk, **ahead: float) -> Json:
    """The fields of a moment so far from now."""
    moment = (here.workspace.now() + timedelta(**ahead)).astimezone(TOKYO)
    return {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}


def until(here: Talk, **ahead: float) -> Json:
    return {f"until_{part}": value for part, value in at(here, **ahead).items()}


async def write(here: Talk, person: Person, text: str) -> None:
    await here.say(text, user=person.id, channel=direct_message(person.id))


def read(here: Talk, person: Person = SATO) -> list[str]:
    """What the bot's messages to the person say, in order."""
    return [words(message) for message in here.said(direct_message(person.id))]


def times(here: Talk, person: Person = SATO, text: str = NOTICE) -> int:
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


def test_of_another_error_or_server_nobody_reads_it() -> None:
    async def play(here: Stage) -> None:
        await put_up(here, text="A の知らせ", row="no_certificate")
        await put_up(here, text="B の知らせ", server="MAIL.example.co.jp.")
        await put_up(here, text="C の知らせ", server="mail.example.co.jp", row="no_certificate")
        await here.say(ROW_1)
        assert [times(here, text=f"{one} の知らせ") for one in "ABC"] == [1, 0, 0]
        await write(here, TANAKA, MISMATCH)
        assert HEAD not in "".join(read(here, TANAKA))
        await write(here, TANAKA, "つないでいるのは Mail.Example.co.jp です")
        assert [times(here, TANAKA, f"{one} の知らせ") for one in "ABC"] == [0, 1, 0]
        await write(here, SUZUKI, f"{MISMATCH} (smtp.mail.example.co.jp)")
        assert HEAD not in "".join(read(here, SUZUKI))

    on_stage(play)


def test_it_is_read_from_its_beginning_until_its_end_and_not_in_what_began_before() -> None:
    async def play(here: Stage) -> None:
        await put_up(here, **{f"from_{part}": value for part, value in at(here, hours=2).items()})
        await write(here, SATO, ROW_1)
        home = words(await home_of(here, SUZUKI))
        assert "予定: " in home
        assert NOTICE not in words(await home_of(here, SATO))
        here.workspace.move_clock(here.workspace.now() + timedelta(hours=3))
        assert NOTICE in words(await home_of(here, SATO))
        await write(here, TANAKA, ROW_1)
        assert (times(here), times(here, TANAKA)) == (0, 1)
        await here.say("はい")  # what began before reads it as soon as more is said
        assert times(here) == 1
        here.workspace.move_clock(here.workspace.now() + timedelta(days=10))
        await write(here, SMITH, ROW_1)
        assert times(here, SMITH) == 0
        assert NOTICE not in words(await home_of(here, SUZUKI))

    on_stage(play)


def test_it_ends_by_a_button_and_who_comes_second_is_told() -> None:
    async def play(here: Stage) -> None:
        await put_up(here)
        for person in (SUZUKI, TANAKA):
            await home_of(here, person)
        await asyncio.gather(press(here, SUZUKI, "終わりにする"), press(here, TANAKA, "終わりにする"))
        ((winner,),) = here.ask("SELECT ended_by FROM notices WHERE ended IS NOT NULL")
        first, second = (SUZUKI, TANAKA) if winner == SUZUKI.id else (TANAKA, SUZUKI)
        homes = here.workspace.state.homes
        assert "先に終わりになって" in words(homes[second.id])
        assert first.id in str(homes[second.id])
        assert "先に終わりになって" not in words(homes[first.id])
        assert not any(NOTICE in words(homes[one.id]) for one in (first, second))
        told = [(line["what"], line["case"], line["person"]) for line in lines.audit()]
        assert told[0][:2] == ("notice_put_up", "N-1")
        assert told[1:] == [("notice_ended", "N-1", winner)]
        await here.say(ROW_1)
        assert times(here) == 0

    with logged() as lines:
        on_stage(play)


def test_the_same_notice_is_put_up_once_and_the_second_is_told() -> None:
    async def play(here: Stage) -> None:
        views = [await opened(here, person) for person in (SUZUKI, TANAKA)]
        people = (SUZUKI, TANAKA)
        await asyncio.gather(*(sent(here, *one) for one in zip(people, views, strict=True)))
        ((by,),) = here.ask("SELECT put_up_by FROM notices")
        second = TANAKA if by == SUZUKI.id else SUZUKI
        assert "同じお知らせがもう出ていた" in words(here.workspace.state.homes[second.id])
        assert "同じお知らせがもう出ていた" not in words(here.workspace.state.homes[by])

    on_stage(play)


def test_what_was_done_once_is_done_once_however_often_it_comes_and_slack_fails() -> None:
    async def play(here: Stage) -> None:
        now, ahead = here.workspace.now(), until(here, hours=5)
        values = {"notice_ja": NOTICE} | {f"notice_{name}": value for name, value in ahead.items()}
        of = {"team": TEAM, "person": SUZUKI.id, "at": now}
        filled = Filled(id="V1:1", form="notice", about="", language="ja", values=values, **of)
        here.workspace.faults.on_call("views.publish", Ratelimited(0))
        for _ in range(2):
            await here.bot.road.accept(filled)
        await here.settled()
        assert here.ask("SELECT count(*) FROM notices") == [(1,)]
        pressed = InHome(id="U:home:1", button="notice:end:1", **of)
        for _ in range(2):
            await here.bot.road.accept(pressed)
        await here.settled()
        await here.bot.road.accept(filled)
        await here.settled()
        assert here.ask("SELECT count(*) FROM notices WHERE ended IS NOT NULL") == [(1,)]
        assert here.ask("SELECT count(*) FROM notices") == [(1,)]
        assert "先に終わり" not in words(here.workspace.state.homes[SUZUKI.id])

    on_stage(play)


def test_only_the_helpdesk_puts_up_and_ends() -> None:
    async def play(here: Stage) -> None:
        await put_up(here)
        of = {"team": TEAM, "person": SATO.id, "at": here.workspace.now()}
        values = {"notice_ja": "にせもの", **{f"notice_{k}": v for k, v in until(here, hours=5).items()}}
        await here.bot.road.accept(
            Filled(id="V1:1", form="notice", about="", language="ja", values=values, **of)
        )
        await here.settled()
        assert "ヘルプデスクのチャンネルのメンバーだけ" in words(here.workspace.state.homes[SATO.id])
        await here.bot.road.accept(InHome(id="U:home:1", button="notice:end:1", **of))
        await here.settled()
        assert here.ask("SELECT ja, ended FROM notices") == [(NOTICE, None)]
        assert "お知らせを出す" not in words(await home_of(here, SATO))

    on_stage(play)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost() -> None:
    async def play(here: Stage) -> None:
        view = await opened(here)
        yesterday = until(here, days=-1)
        answer = await sent(here, SUZUKI, view, " \u200b", server="?", **yesterday)
        assert answer["response_action"] == "errors"
        assert set(answer["errors"]) == {"notice_ja", "notice_server", "notice_until_date"}
        assert here.workspace.views_of(SUZUKI.id)  # it is still open, with all that was entered
        assert here.ask("SELECT count(*) FROM notices") == [(0,)]
        assert await sent(here, SUZUKI, view) == {}
        assert here.ask("SELECT count(*) FROM notices") == [(1,)]

    on_stage(play)


def test_people_read_it_in_their_language_as_far_as_there_is_one() -> None:
    async def play(here: Stage) -> None:
        await put_up(here)
        await put_up(here, text="二つ目", en="The second one")
        await write(here, SMITH, "The name on the security certificate is invalid. host smtp.example.com")
        (said,) = read(here, SMITH)
        assert NOTICE in said
        assert "Japanese only" in said
        assert "The second one" in said
        assert "二つ目" not in said
        await write(here, TANAKA, ROW_1)
        (shown,) = here.said(direct_message(TANAKA.id))
        await here.press(shown, "language:en", user=TANAKA.id, channel=direct_message(TANAKA.id))
        turned = read(here, TANAKA)[-1]
        assert "The second one" in turned
        assert NOTICE not in turned  # in English there is nothing new in it

    on_stage(play)


def test_a_file_is_answered_under_it_too() -> None:
    async def play(here: Stage) -> None:
        await put_up(here)
        await here.say("", sample("expired"))
        (result,) = here.said()
        assert words(result).startswith(HEAD)
        assert "有効期限" in words(result)

    on_stage(play)


def test_who_waits_for_a_person_reads_it_and_the_card_says_so_until_somebody_has_the_case() -> None:
    async def play(here: Stage) -> None:
        await here.say(ROW_1)
        await here.say("担当者と話す")
        await put_up(here)
        await here.say("まだ困っています")
        assert times(here) == 1
        (card,) = (one for one in here.said(HELPDESK_CHANNEL) if "thread_ts" not in one)
        assert NOTICE in words(card)
        await here.press(card, "引き受ける", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        await put_up(here, text="あとの知らせ")
        await here.say("どうでしょうか")
        assert times(here, text="あとの知らせ") == 0

    on_stage(play)


def test_what_is_typed_is_no_mention_and_no_mark_up() -> None:
    async def play(here: Stage) -> None:
        await put_up(
            here, text="<!channel> <@U0SATO00001> *太字* \u202e 終わり https://intra.example.co.jp/x"
        )
        await here.say(ROW_1)
        (message,) = here.said()
        for shown in (message, here.workspace.state.homes[SUZUKI.id]):
            said = str(shown)
            assert "<!channel>" not in said
            assert "<@U0SATO00001>" not in said
            assert "⟨U+202E⟩" in said
            assert "∗太字∗" in said
            assert "'type': 'link', 'url': 'https://intra.example.co.jp/x'" in said

    on_stage(play)


def test_who_put_it_up_is_forgotten_and_it_stays() -> None:
    async def play(here: Stage) -> None:
        await put_up(here)
        await home_of(here, TANAKA)
        await press(here, TANAKA, "終わりにする")
        await put_up(here, text="二つ目")
        for person in (SUZUKI, TANAKA):
            await asyncio.to_thread(forget, here.database, person.id)
        found = here.ask("SELECT ja, put_up_by, ended_by FROM notices ORDER BY id")
        assert found == [(NOTICE, "", ""), ("二つ目", "", "")]
        everything = kept(here.database)
        assert where_words_are(everything, (SUZUKI.id, TANAKA.id)) == set()
        assert "二つ目" in words(await home_of(here, SATO))

    on_stage(play)


def test_it_is_erased_so_many_days_after_its_end_and_not_before() -> None:
    async def play(here: Stage) -> None:
        await put_up(here, text="ボタンで終わる", **until(here, days=40))
        await put_up(here, text="40 日後に終わる", **until(here, days=40))
        await put_up(here, text="1 時間後に終わる", **until(here, hours=1))
        await press(here, SUZUKI, "終わりにする")
        here.workspace.move_clock(here.workspace.now() + timedelta(days=31))
        here.bot.retention.erase()
        assert here.ask("SELECT ja FROM notices") == [("40 日後に終わる",)]
        here.workspace.move_clock(here.workspace.now() + timedelta(days=40))
        here.bot.retention.erase()
        assert here.ask("SELECT count(*) FROM notices") == [(0,)]

    on_stage(play)


def test_no_word_of_it_is_logged_or_sampled() -> None:
    async def play(here: Stage) -> None:
        await put_up(here, text="もみじの知らせ", en="The maple notice", server="mail.himawari.example.jp")
        await here.say(
            "mail.himawari.example.jp に繋ぐとターゲットのプリンシパル名が間違っています、と出ます"
        )
        assert times(here, text="もみじの知らせ") == 1
        here.ask("ANALYZE")
        sampled = here.ask("SELECT attname, most_common_vals FROM pg_stats WHERE tablename = 'notices'")
        assert {name for name, _ in sampled}.isdisjoint({"ja", "en", "server", "put_up_by", "ended_by"})

    with in_both_styles() as captured:
        on_stage(play)
    assert len(captured.seen) > 20
    assert where_words_are(told(captured), ("もみじの知らせ", "maple", "himawari")) == set()
