"""Who erases a person and who works many cases at once take locks in the same order: neither has what the
other waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from bot.forget import forget
from bot.workspace.people import Person
from tests.road import Stage, cards, on_stage, until, words
from tests.test_road_incidents import MANY, begun, crowd, cure, fill, heard
from tests.test_road_storm import handed_over, minute


def waiting(here: Stage) -> int:
    """How many wait for a lock in the database."""
    ((count,),) = here.ask(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return int(count)


def deadlocks(here: Stage) -> int:
    ((count,),) = here.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(count)


@asynccontextmanager
async def forgotten_meanwhile(here: Stage, person: Person, table: str) -> AsyncIterator[None]:
    """What the block begins comes as far as this table; there the person is forgotten, and both go on."""
    before = deadlocks(here)
    async with await psycopg.AsyncConnection.connect(here.database) as holder:
        await holder.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())
        yield
        await until(lambda: waiting(here) == 1)
        forgetting = asyncio.create_task(asyncio.to_thread(forget, here.database, person.id))
        await until(lambda: waiting(here) > 1)
        await holder.rollback()
    assert (await forgetting).conversations == 1
    await here.settled()
    assert deadlocks(here) == before
    assert here.ask("SELECT count(*) FROM events WHERE id LIKE '%:owned_up'") == [(0,)]


def test_somebody_is_forgotten_while_their_card_comes_with_others() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 8)
        async with forgotten_meanwhile(here, MANY[6], "outbox"):
            minute(here)
        await until(lambda: len(cards(here)) == 6)
        await here.settled()
        assert here.ask("SELECT count(*) FROM cards_held") == [(0,)]
        assert all(case in words(cards(here)[-1]) for case in ("C-1006", "C-1008"))

    on_stage(play, workspace=crowd())


def test_somebody_is_forgotten_while_the_incident_that_they_are_in_is_closed() -> None:
    async def play(here: Stage) -> None:
        people = await begun(here, 2)
        closing: list[asyncio.Task[object]] = []
        async with forgotten_meanwhile(here, people[0], "later"):
            closing.append(asyncio.create_task(fill(here, "incident_close", cure=cure("unknown"))))
        await asyncio.gather(*closing)
        await until(lambda: heard(here, people[1:], "もう一度送ってみてください"))

    on_stage(play, workspace=crowd(), incident_people=2)


def test_two_are_forgotten_at_once_who_each_have_taken_the_others_case() -> None:
    async def play(here: Stage) -> None:
        await handed_over(here, 2)
        both = (MANY[0].id, MANY[1].id)
        for owner, taker in (both, both[::-1]):
            here.ask(
                f"UPDATE conversations SET state = jsonb_set(state, '{{handed,taken_by}}', '\"{taker}\"') "
                f"WHERE person = '{owner}'"
            )
        here.ask(
            "INSERT INTO conversations (number, team, person, channel, is_open, touched, state) "
            "SELECT number + 100, team, person, channel, is_open, touched, state FROM conversations"
        )
        before = deadlocks(here)
        async with await psycopg.AsyncConnection.connect(here.database) as holder:
            await holder.execute("SELECT 1 FROM conversations WHERE number > 1100 FOR UPDATE")
            forgetting = [asyncio.create_task(asyncio.to_thread(forget, here.database, one)) for one in both]
            await until(lambda: waiting(here) == 2)
            await holder.rollback()
        assert [gone.conversations for gone in await asyncio.gather(*forgetting)] == [2, 2]
        assert deadlocks(here) == before

    on_stage(play, workspace=crowd())
