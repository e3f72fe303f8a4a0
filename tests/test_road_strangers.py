"""Whoever presses whatever, also what was forged or is long past: nobody sees what another one told."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as some

from bot.accepted import Click
from bot.button_ids import _VERBS
from bot.conversation import Conversation
from bot.workspace.people import BOT_HANDLE, GENERAL_CHANNEL, SATO, SMITH, SUZUKI, TEAM, direct_message
from tests.road import Json, Stage, buttons, stage, words

PEOPLE = (SATO, SMITH, SUZUKI)
SECRETS = {person.id: f"{person.name.partition('.')[0]}-secret" for person in PEOPLE}


@dataclass(frozen=True)
class Tells:
    """Somebody tells, in their own talk or in the channel, what names them alone."""

    who: int
    in_channel: bool


@dataclass(frozen=True)
class Presses:
    """Somebody presses a button that they see; `which` counts from the newest, also of old messages."""

    who: int
    in_channel: bool
    which: int


@dataclass(frozen=True)
class Forges:
    """A press as no button of Slack's would send it."""

    who: int
    in_channel: bool
    button: str
    value: str


Doing = Tells | Presses | Forges

VALID = (
    "explain:grounds",
    "explain:certificate",
    "language:en",
    "answer:changed:nothing",
    "sender:other",
    "send_now",
    "person",
    "person:urgent",
    "solved",
)

who = some.integers(0, len(PEOPLE) - 1)
ids = some.one_of(
    some.sampled_from(VALID),
    some.sampled_from(
        [f"{verb}:{rest}" for verb in _VERBS for rest in ("", "1", "changed:new_pc", "certificate")]
    ),
    some.text(max_size=30),
)
existing = some.builds("{}.1".format, some.integers(1001, 1004))
values = some.one_of(
    existing,
    existing,
    some.builds("{}.{}".format, some.integers(999, 1010), some.integers(0, 3)),
    some.sampled_from(["", "none", "1001", "1001.", "1001.1.1", "-1.1", "99999999999999999999.1"]),
    some.text(max_size=10),
)
doings: some.SearchStrategy[Doing] = some.one_of(
    some.builds(Tells, who, some.booleans()),
    some.builds(Presses, who, some.booleans(), some.integers(0, 40)),
    some.builds(Presses, who, some.booleans(), some.integers(0, 40)),
    some.builds(Forges, who, some.booleans(), ids, values),
)


def place(person: int, *, in_channel: bool) -> str:
    return GENERAL_CHANNEL if in_channel else direct_message(PEOPLE[person].id)


def visible(here: Stage, person: str, channel: str) -> list[Json]:
    """The bot's messages that this person sees there."""
    return [said for said in here.workspace.state.shown(channel, person) if said.get("bot_id")]


async def do(here: Stage, doing: Doing) -> None:
    person, channel = PEOPLE[doing.who].id, place(doing.who, in_channel=doing.in_channel)
    match doing:
        case Tells():
            secret = SECRETS[person]
            call = f"@{BOT_HANDLE} " if doing.in_channel else ""
            told = (
                "Microsoft Outlook cannot sign or encrypt this message because there are no certificates "
                f"which can be used to send from the email address '{secret}@example.co.jp'."
            )
            # In a channel everybody reads what somebody writes there: so nothing of one's own.
            await here.workspace.say(
                person, channel, call + (told.replace(secret, "someone") if call else told)
            )
        case Presses(which=which):
            seen = [(said, button) for said in visible(here, person, channel) for button in buttons(said)]
            if seen:
                said, button = seen[-1 - which % len(seen)]
                await here.workspace.click(person, channel, said["ts"], button["action_id"])
        case Forges(button=button, value=value):
            now = datetime.now(UTC)
            forged = Click(
                id=f"{person}:{channel}:{now.timestamp()}",
                team=TEAM,
                person=person,
                channel=channel,
                at=now,
                private=not doing.in_channel,
                thread_ts=f"{now.timestamp():.6f}",
                message_ts=f"{now.timestamp():.6f}",
                button=button,
                value=value,
            )
            await here.bot.road.accept(forged)


def check(here: Stage) -> None:
    for person in PEOPLE:
        others = [secret for owner, secret in SECRETS.items() if owner != person.id]
        for channel in (direct_message(person.id), GENERAL_CHANNEL):
            for said in visible(here, person.id, channel):
                assert not [secret for secret in others if secret in words(said) + str(said)]
    assert here.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]
    for person, state in here.ask("SELECT person, state FROM conversations"):
        conversation = Conversation.model_validate(state)
        assert conversation.person == person
        assert not [secret for owner, secret in SECRETS.items() if owner != person and secret in str(state)]


@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(script=some.lists(doings, min_size=5, max_size=30))
@example(script=[Tells(0, False), *(Forges(1, False, button, "1001.1") for button in VALID)])
@example(script=[Tells(0, False), *(Forges(1, True, button, "1001.1") for button in VALID)])
def test_nobody_sees_what_another_one_told(script: list[Doing]) -> None:
    async def play() -> None:
        async with stage() as here:
            for doing in script:
                await do(here, doing)
                await here.settled()
            check(here)

    asyncio.run(play())
