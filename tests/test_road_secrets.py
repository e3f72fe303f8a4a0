"""What nobody else may read: a private key and a password are passed on to nobody, who sent one is told."""

from bot.workspace.people import HELPDESK_CHANNEL
from tests.road import Stage, sample, words
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
