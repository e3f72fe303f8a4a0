"""A message that is shown to the bot is answered to its author; where other companies read, out of sight."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.accepted import Elsewhere
from bot.asides import members_only
from bot.outbox import Outbox
from bot.payloads import SHORTCUT
from bot.workspace import payloads
from bot.workspace.faults import Ratelimited
from bot.workspace.people import (
    BOT_USER,
    GENERAL_CHANNEL,
    PEOPLE,
    SATO,
    SMITH,
    TEAM,
    Channel,
    Person,
    as_user,
    direct_message,
)
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, Json, Stage, buttons, dying, on_stage, sample, words
from tests.test_road_ways import owners, whispered
from tests.transcripts import book_for

SMITHS_DM = direct_message(SMITH.id)
SERVER_ROW = "The name on the security certificate is invalid or does not match the name of the site."
OUTSIDER = Person("U0OUTSIDE01", "ext.jones", "Pat Jones", "jones@example.org", "en-GB")


async def show(here: Stage, ts: str, user: str = SMITH.id, channel: str = GENERAL_CHANNEL) -> None:
    """Somebody uses the shortcut on a message; returns when all is answered."""
    assert await here.workspace.shortcut(user, SHORTCUT, channel, ts)
    await here.settled()


# A message that somebody shows


def test_the_author_of_a_message_that_a_colleague_shows_is_answered() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        await show(here, ts)
        (answer,) = here.said()
        assert "thread_ts" not in answer
        users = [e for b in answer["blocks"] for s in b.get("elements", ()) for e in s.get("elements", ())]
        assert {"type": "user", "user_id": SMITH.id} in users
        said = words(answer)
        assert "#general" in said
        assert "▸ メールを送ろうとすると" in said
        assert "デジタル署名の証明書が見つからない" in said
        assert any(button["action_id"] == "language:en" for button in buttons(answer))
        assert whispered(here, SMITH.id) == [
            f"Thank you. I have written to <@{SATO.id}> in a direct message."
        ]
        assert here.said(GENERAL_CHANNEL) == here.said(SMITHS_DM) == []
        assert owners(here) == [SATO.id]

    on_stage(play)


def test_a_message_that_two_people_show_is_answered_once() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        await asyncio.gather(show(here, ts), show(here, ts, user=SATO.id), show(here, ts, user=SMITH.id))
        assert len(here.said()) == 1
        assert owners(here) == [SATO.id]
        told = [*whispered(here, SMITH.id), *whispered(here, SATO.id)]
        assert len(told) == 3
        assert sum("すでにご案内" in text or "answered already" in text for text in told) == 2

    on_stage(play)


def test_a_message_that_the_bot_heard_itself_is_not_answered_again() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say("@certificate_help " + ROW_1, channel=GENERAL_CHANNEL)
        await show(here, ts)
        assert here.said() == []
        assert len(here.said(GENERAL_CHANNEL)) == 1
        assert whispered(here, SMITH.id) == ["This message has been answered already."]

    on_stage(play)


def test_ones_own_message_is_answered_in_ones_own_talk() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        await show(here, ts, user=SATO.id)
        (answer,) = here.said()
        assert "#general のメッセージについて" in words(answer)
        assert whispered(here, SATO.id) == ["このアプリからの DM でお答えします。"]

    on_stage(play)


def test_what_an_app_wrote_is_answered_to_who_shows_it() -> None:
    async def play(here: Stage) -> None:
        place = here.workspace.channels[GENERAL_CHANNEL]
        posted = here.workspace.add(place, here.workspace.by_bot({"text": ROW_1}))
        await show(here, posted["ts"])
        (answer,) = here.said(SMITHS_DM)
        assert "見つからない" in words(answer) or "No certificate" in words(answer)
        assert owners(here) == [SMITH.id]
        await show(here, posted["ts"])  # once
        await show(here, posted["ts"], user=SATO.id)  # and a colleague who shows it gets an answer too
        assert owners(here) == [SMITH.id, SATO.id]
        assert len(here.said()) == 1

    on_stage(play)


@pytest.mark.parametrize("change", [{"team_id": "TOUT"}, {"deleted": True}, {"is_bot": True}])
def test_an_author_who_is_no_colleague_is_never_written_to(
    change: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(person: Person, now: float, *, with_locale: bool) -> Json:
        user = as_user(person, now, with_locale=with_locale)
        return {**user, **change} if person.id == OUTSIDER.id else user

    monkeypatch.setattr("bot.workspace.reading.as_user", changed)

    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, user=OUTSIDER.id, channel=GENERAL_CHANNEL)
        await show(here, ts)
        assert here.said(direct_message(OUTSIDER.id)) == []
        assert len(here.said(SMITHS_DM)) == 1
        assert owners(here) == [SMITH.id]

    on_stage(play, workspace=Workspace(people=(*PEOPLE, OUTSIDER)))


def test_where_the_bot_is_no_member_who_shows_a_message_is_told_in_their_talk() -> None:
    async def play(here: Stage) -> None:
        members = frozenset({SATO.id, SMITH.id})
        private = Channel("G0SECRET001", "secret", "channel", members)
        here.workspace.channels[private.id] = private
        ts = await here.say(ROW_1, channel=private.id)
        await show(here, ts, channel=private.id)
        assert len(here.said()) == 1
        (told,) = here.said(SMITHS_DM)
        assert f"<@{SATO.id}>" in told["text"]
        another = await here.say(SERVER_ROW, channel=private.id)
        await show(here, another, user=SATO.id, channel=private.id)
        assert len(here.said()) == 2  # the answer itself, and nothing about it
        assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]

    on_stage(play)


def test_the_files_of_a_message_that_is_shown_are_checked() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say("これで送れません", sample("expired"), channel=GENERAL_CHANNEL)
        await show(here, ts)
        (answer,) = here.said()
        said = words(answer)
        assert "#general" in said
        assert "▸ これで送れません" in said
        assert "有効期限" in said
        assert answer["ts"] == here.ask("SELECT thread_ts FROM threads")[0][0]

    on_stage(play)


def test_a_file_that_cannot_be_fetched_is_said() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say("", sample("expired"), channel=GENERAL_CHANNEL)
        for file in list(here.workspace.state.files):
            here.workspace.state.remove_file(file)
        await show(here, ts)
        (answer,) = here.said()
        assert "#general" in words(answer)
        assert sample("expired").name in words(answer)

    on_stage(play)


@pytest.mark.parametrize("method", ["users.info", "conversations.open", "chat.postEphemeral"])
def test_a_call_that_fails_once_is_made_again(method: str) -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        here.workspace.faults.on_call(method, Ratelimited(0))
        await show(here, ts)
        assert len(here.said()) == 1
        assert len(whispered(here, SMITH.id)) == 1

    on_stage(play)


def test_a_password_in_a_message_that_is_shown_is_not_repeated() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(f"{ROW_1}\nパスワードは Himawari-2026 です", channel=GENERAL_CHANNEL)
        await show(here, ts)
        (answer,) = here.said()
        assert "パスワードは書かないでください" in words(answer)
        assert "Himawari" not in str(answer)

    on_stage(play)


def test_a_message_is_shown_once_however_often_that_is_worked() -> None:
    async def play(here: Stage) -> None:
        ts = await here.say(ROW_1, channel=GENERAL_CHANNEL)
        event = Elsewhere(
            id="use",
            team=TEAM,
            person=SMITH.id,
            channel=GENERAL_CHANNEL,
            at=datetime.now(UTC),
            how="shortcut",
            author=SATO.id,
            home=(TEAM,),
            message=f"{TEAM}:{GENERAL_CHANNEL}:{ts}",
            text=ROW_1,
        ).model_dump(mode="json")

        with dying(Outbox, "send"):
            await here.bot.road.work(event)
        for _ in range(2):
            await here.bot.road.work(event)
        assert len(here.said()) == 1
        assert len(whispered(here, SMITH.id)) == 1

    on_stage(play)


# Where people of other companies read


async def say_where_others_read(
    here: Stage, text: str, user: Person, team: str, *, twice: bool = False
) -> str:
    """A message in a channel that two companies share, as Slack sends it; returns when all is answered."""
    place = here.workspace.channels[GENERAL_CHANNEL]
    ts = here.workspace.state.ts()
    message = {"type": "message", "user": user.id, "text": text, "team": team, "ts": ts}
    here.workspace.state.messages.setdefault(place.id, {})[ts] = message
    sent = [payloads.message_event(message, place), payloads.mention_event(message, place)]
    for event in sent[: 2 if twice else 1]:
        of = team if event["type"] == "message" else TEAM
        id_, now = f"Ev{event['type']}", here.workspace.clock()
        body = payloads.event_callback(event, id_, now, team=of, shared=True)
        assert await here.workspace.courier.event(body, lambda _: None)
    await here.settled()
    return ts


def test_somebody_of_another_company_gets_one_sentence_and_nothing_is_kept_of_them() -> None:
    async def play(here: Stage) -> None:
        ts = await say_where_others_read(here, f"<@{BOT_USER}> {ROW_1}", OUTSIDER, "TOUT", twice=True)
        assert whispered(here, OUTSIDER.id) == [members_only(book_for(False, True))["text"]]
        assert here.said(GENERAL_CHANNEL) == here.said(direct_message(OUTSIDER.id)) == []
        assert here.ask("SELECT id FROM events") == [(f"{TEAM}:{GENERAL_CHANNEL}:{ts}",)]
        for table in ("conversations", "outbox", "people", "threads", "unmatched", "procrastinate_jobs"):
            assert here.ask(f"SELECT * FROM {table} WHERE {table}::text LIKE '%{OUTSIDER.id}%'") == [], table
        assert not here.workspace.calls_to("users.info")
        assert not here.workspace.calls_to("conversations.open")

    on_stage(play, workspace=Workspace(people=(*PEOPLE, OUTSIDER)))


def test_a_colleague_where_others_read_is_answered_in_their_talk() -> None:
    async def play(here: Stage) -> None:
        await say_where_others_read(here, f"<@{BOT_USER}> {ROW_1}", SATO, TEAM, twice=True)
        assert here.said(GENERAL_CHANNEL) == []
        (answer,) = here.said()
        assert words(answer).startswith("社外の方も読めるチャンネル")
        assert whispered(here, SATO.id) == ["このアプリからの DM でお答えします。"]
        await say_where_others_read(here, "特にない", SATO, TEAM)
        assert len(here.said()) == 1

    on_stage(play)
