"""What nobody else may read: a private key and a password are passed on to nobody, who sent one is told."""

import pytest

from bot.exposed import secret
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SUZUKI
from tests.road import Stage, on_stage, sample, words
from tests.test_road_desk import desk, fill, handed_over, typed
from tests.test_road_incidents import MANY, UNTRUSTED, begun, on_crowded_stage, talk_of, told


def test_who_joins_an_incident_with_a_private_key_is_warned_and_the_helpdesk_alarmed() -> None:
    async def play(here: Stage) -> None:
        await begun(here, 2)
        key = sample("private_key_uploaded")
        await here.say(UNTRUSTED, key, user=MANY[2].id, channel=talk_of(MANY[2]))
        assert any("このファイルには秘密キーが入っています" in said for said in told(here, MANY[2]))
        alarm = "秘密キーの入ったファイルが送られました"
        assert any(alarm in words(said) for said in here.said(HELPDESK_CHANNEL))

    on_crowded_stage(play, incident_people=2)


async def in_alarms_thread(here: Stage, text: str) -> None:
    alarm = next(said for said in here.said(HELPDESK_CHANNEL) if "秘密キー" in words(said))
    await here.say(text, user=SUZUKI.id, channel=HELPDESK_CHANNEL, thread_ts=alarm["ts"])


def test_the_helpdesk_answers_in_the_thread_of_an_alarm() -> None:
    async def play(here: Stage) -> None:
        await begun(here, 2)
        key = sample("private_key_uploaded")
        await here.say(UNTRUSTED, key, user=MANY[2].id, channel=talk_of(MANY[2]))
        await in_alarms_thread(here, ">> すぐに消してください")
        assert any("すぐに消してください" in said for said in told(here, MANY[2]))

    on_crowded_stage(play, incident_people=2)


def test_who_is_answered_after_an_alarm_has_a_person_from_then_on() -> None:
    async def play(here: Stage) -> None:
        await here.say("署名に使う証明書の有効期限が切れていると出て送信できません")
        await here.say(KEY)
        await here.say(">> C-1001 すぐに消してください", user=SUZUKI.id, channel=HELPDESK_CHANNEL)
        assert "すぐに消してください" in words(here.said()[-1])
        await here.say("消しました")
        assert "鈴木 健 さんに届けました" in words(here.said()[-1])
        assert any("対応中" in words(said) for said in here.said(HELPDESK_CHANNEL))

    on_stage(play)


KEY = "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END " + "PRIVATE KEY-----"
PASSWORD = "パスワードは hunter2xyz です"


def test_a_key_is_known_by_itself_and_not_by_its_name() -> None:
    assert secret(KEY) == "key"
    assert secret(KEY.replace("-----", "—").replace("PRIVATE", "OPENSSH PRIVATE")) == "key"
    assert secret("-----BEGIN " + "PRIVATE KEY----- で始まるファイルでよいですか") is None
    assert secret(KEY.replace("PRIVATE", "PUBLIC")) is None


@pytest.mark.parametrize(
    "text",
    [
        "パスワードは: Abcd1234 です",
        "パスワードは「abcdefgh」です",
        "password is: secret",
        "My password is Wrong2026!",
    ],
)
def test_a_password_is_known_however_it_is_told(text: str) -> None:
    assert secret(text) == "password"


@pytest.mark.parametrize(
    "text",
    ["Outlook says the password is wrong", "The password is required.", "パスワードは Windows と同じです"],
)
def test_who_speaks_of_a_password_tells_none(text: str) -> None:
    assert secret(text) is None


def test_a_key_and_a_password_in_words_do_not_reach_the_helpdesks_channel() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        await here.say(KEY)
        assert "秘密キーは書かないでください" in words(here.said()[-1])
        assert any(
            "秘密キーがメッセージに書き込まれました" in words(said) for said in here.said(HELPDESK_CHANNEL)
        )
        await here.say(PASSWORD, sample("expired"))
        assert any("パスワードは書かないでください" in words(said) for said in here.said())
        await here.press(here.said()[-1], "希望・連絡先を伝える")
        assert "reach" in (await fill(here, SATO.id, reach=PASSWORD))["errors"]
        await here.say("署名に使う証明書の有効期限が切れていると出て送信できません")
        await here.press(here.said()[-1], "このエラーを調べる")
        await typed(here, ">> C-1001 の件です")
        await here.press(here.said()[-1], "この件に返信する")
        assert (await fill(here, SATO.id, text=f"{PASSWORD}\n{KEY}"))["errors"]
        read = str([words(said) for said in here.said(HELPDESK_CHANNEL)])
        assert "期限が切れています" in read
        assert "hunter2" not in read
        assert "MIIEv" not in read

    on_stage(play)


def test_a_key_that_the_helpdesk_writes_reaches_nobody() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here)
        before = len(here.said())
        await typed(here, f">> これを取り込んでください\n{KEY}")
        (told,) = here.workspace.ephemerals(HELPDESK_CHANNEL, SUZUKI.id)
        assert "利用者には送っていません" in words(told)
        await desk(here, "利用者に返信")
        assert "text" in (await fill(here, SUZUKI.id, text=KEY))["errors"]
        assert len(here.said()) == before
        await typed(here, ">> パスワードは Outlook に入れ直してください")
        assert any("入れ直してください" in words(said) for said in here.said())

    on_stage(play)
