"""Whatever people do at once and whatever fails, on two machines: nothing is lost, nothing out of order.

People write, press and upload without waiting for answers; each event goes to one of two bots on one database
and may come several times; Slack refuses, fails and hangs up; the database's connections are cut.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

from bot.workspace.faults import CallFault, Dropped, Ratelimited, ServerError
from bot.workspace.people import HELPDESK_CHANNEL, SATO, SMITH, direct_message
from bot.workspace.workspace import Workspace
from tests.road import ROW_1, Json, Stage, buttons, new_database, sample, stage, until

TALKS = {SATO.id: direct_message(SATO.id), SMITH.id: direct_message(SMITH.id)}
TEXTS = (
    ROW_1,
    "特にない",
    "わからない",
    "Outlook says my signing certificate has expired",
    "お昼です",
    "担当者と話す",
)
METHODS = ("chat.postMessage", "chat.update", "users.info", "files.info", "chat.getPermalink")


@dataclass(frozen=True)
class Says:
    person: str
    text: str


@dataclass(frozen=True)
class Presses:
    person: str
    which: int
    """Among all buttons that the person sees, also old ones."""


@dataclass(frozen=True)
class Uploads:
    person: str
    headline: str | None


@dataclass(frozen=True)
class Fails:
    method: str
    fault: CallFault


@dataclass(frozen=True)
class Repeats:
    copies: int


@dataclass(frozen=True)
class Cut:
    """All connections of the database break."""


@dataclass(frozen=True)
class Waits:
    seconds: float


Doing = Says | Presses | Uploads | Fails | Repeats | Cut | Waits

people = some.sampled_from(sorted(TALKS))
doings: some.SearchStrategy[Doing] = some.one_of(
    some.builds(Says, people, some.sampled_from(TEXTS)),
    some.builds(Presses, people, some.integers(0, 30)),
    some.builds(Presses, people, some.integers(0, 30)),
    some.builds(Uploads, people, some.sampled_from([None, "expired"])),
    some.builds(
        Fails,
        some.sampled_from(METHODS),
        some.sampled_from([Ratelimited(0), ServerError(), Dropped(done=True), Dropped(done=False)]),
    ),
    some.builds(Repeats, some.integers(1, 2)),
    some.builds(Cut),
    some.builds(Waits, some.floats(0, 0.2)),
)


@asynccontextmanager
async def two_bots() -> AsyncIterator[list[tuple[Stage, str]]]:
    """Two bots on one database, in one workspace, and where each listens."""
    workspace = Workspace(retry_intervals=(0.0, 0.3, 1.0, 3.0))
    database = new_database()
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(stage(database=database, workspace=workspace, alone=False))
        one = workspace.event_url or ""
        second = await stack.enter_async_context(stage(database=database, workspace=workspace, alone=False))
        yield [(first, one), (second, workspace.event_url or "")]


async def do(here: Stage, doing: Doing, acknowledged: list[bool]) -> None:
    workspace = here.workspace
    match doing:
        case Says(person, text):
            await workspace.say(person, TALKS[person], text)
        case Uploads(person, headline):
            file = sample(headline)
            await workspace.say(person, TALKS[person], "", [(file.name, file.data)])
        case Presses(person, which):
            seen = [
                (said, button)
                for said in here.said(TALKS[person])
                for button in buttons(said)
                if not button["action_id"].startswith("open:")  # asks for a dialog, and is no event
            ]
            if seen:
                said, button = seen[-1 - which % len(seen)]
                took = await workspace.click(person, TALKS[person], said["ts"], button["action_id"])
                acknowledged.append(took)
        case Fails(method, fault):
            workspace.faults.on_call(method, fault)
        case Repeats(copies):
            workspace.faults.repeat(1, copies)
        case Cut():
            here.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        case Waits(seconds):
            await asyncio.sleep(seconds)


def names(messages: list[Json]) -> list[str]:
    """Of the messages that have one: a file that is passed on has none."""
    return [message["metadata"]["event_payload"]["id"] for message in messages if not message.get("files")]


def check(here: Stage, clicks: list[bool]) -> None:
    """What holds when all is quiet again; `clicks` is what Slack said of each, taken or not."""
    assert here.ask("SELECT count(*) FROM outbox WHERE done IS NULL OR failure IS NOT NULL") == [(0,)]
    written = 0
    for person, talk in TALKS.items():
        asked = [said["ts"] for said in here.workspace.messages(talk) if said["user"] == person]
        written += len(asked)
        said = here.said(talk)
        answered = {reply["thread_ts"] for reply in said}
        assert [ts for ts in asked if ts not in answered] == [], "somebody was not answered"
        numbers = [int(name.partition("-")[0]) for name in names(said)]
        assert numbers == sorted(numbers), "replies came in another order than they were decided"
    everything = names([said for place in (*TALKS.values(), HELPDESK_CHANNEL) for said in here.said(place)])
    assert [name for name, times in Counter(everything).items() if times > 1] == [], "a reply was repeated"
    passed_on = [said for said in here.said(HELPDESK_CHANNEL) if said.get("files")]
    assert here.ask("SELECT count(*) FROM outbox WHERE kind = 'pass_file'") == [(len(passed_on),)]
    # each event is worked once: messages, clicks that Slack says were taken, and the files of messages
    worked = here.ask("SELECT count(*) FROM events WHERE id NOT LIKE '%:inspected:%'")[0][0]
    assert written + clicks.count(True) <= worked <= written + len(clicks)
    turns = here.ask("SELECT coalesce(sum((state ->> 'turn')::int), 0) FROM conversations")[0][0]
    assert turns == here.ask("SELECT count(*) FROM events")[0][0]


# Without shrinking: an example takes a second or two, and the script that failed is short enough to read.
@settings(
    max_examples=12,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(script=some.lists(some.tuples(doings, some.integers(0, 1)), min_size=4, max_size=25))
def test_nothing_is_lost_and_nothing_out_of_order(script: list[tuple[Doing, int]]) -> None:
    async def play() -> None:
        async with two_bots() as bots:
            acknowledged: list[bool] = []
            for doing, number in script:
                here, url = bots[number]
                here.workspace.event_url = url
                await do(here, doing, acknowledged)
            await until(lambda: not here.workspace.under_way)
            await here.settled()
            check(here, acknowledged)

    asyncio.run(play())
