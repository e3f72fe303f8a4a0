"""The database of the drill: cut off from outside, and looked into afterwards."""

import contextlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from bot.postgres import embedded

NAME = "drill"

# What has no end yet: due now, or under way.
UNWORKED = (
    "SELECT count(*) FROM procrastinate_jobs "
    "WHERE status = 'doing' OR (status = 'todo' AND (task_name = 'event' OR scheduled_at <= now()))"
)
FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing', 'succeeded')"
UNDONE = "SELECT count(*) FROM outbox WHERE done IS NULL"
GIVEN_UP = "SELECT kind || ': ' || failure FROM outbox WHERE failure IS NOT NULL"
TURNS = "SELECT person, sum((state ->> 'turn')::int) FROM conversations GROUP BY person"
WORKED = "SELECT id FROM events"
HANDED_OVER = (
    "SELECT number, (state ->> 'round')::int FROM conversations WHERE (state ->> 'passed_on')::boolean"
)
CARDS = 'SELECT "case", channel, ts FROM cards'


@dataclass(frozen=True)
class Card:
    """Where a case's card stands, as the bot remembers it."""

    case: str
    channel: str
    ts: str


@dataclass(frozen=True)
class Database:
    """One database on a server of its own; `outside` is another one there, to act from."""

    address: str
    outside: str

    def cut(self, share: float, chance: random.Random) -> int:
        """Ends this share of the connections to it; how many that were."""
        with psycopg.connect(self.outside, autocommit=True) as connection:
            found = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
                [NAME],
            ).fetchall()
            ended = [pid for (pid,) in found if chance.random() < share]
            for pid in ended:
                connection.execute("SELECT pg_terminate_backend(%s)", [pid])
        return len(ended)

    def let_in(self, allowed: bool) -> None:
        """Whether anybody may connect."""
        with psycopg.connect(self.outside, autocommit=True) as connection:
            connection.execute(
                f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS {'true' if allowed else 'false'}".encode()
            )

    def unworked(self) -> int:
        """How many jobs wait or are under way."""
        return int(self._ask(UNWORKED)[0][0])

    def cards(self) -> list[Card]:
        """The helpdesk's cards."""
        return [Card(*row) for row in self._ask(CARDS)]

    def faults(self, acknowledged: Mapping[str, int], sent: Mapping[str, int]) -> Iterator[str]:
        """What is not as it has to be when all is done, in words, each with its number.

        `acknowledged` and `sent` say of each person how much the app acknowledged and how much they did.
        """
        for what, question in (
            ("jobs left", UNWORKED),
            ("jobs failed for good", FAILED),
            ("replies not delivered", UNDONE),
        ):
            if number := int(self._ask(question)[0][0]):
                yield f"{number} {what}"
        for why, number in Counter(why for (why,) in self._ask(GIVEN_UP)).items():
            yield f"{number} given up, {why}"
        yield from self._turned_otherwise(acknowledged, sent)
        known = {card.case for card in self.cards()}
        for number, round_ in self._ask(HANDED_OVER):
            case = f"C-{number}" if round_ == 1 else f"C-{number}-{round_}"
            if case not in known:
                yield f"{case} was handed over and has no card"

    def _turned_otherwise(self, acknowledged: Mapping[str, int], sent: Mapping[str, int]) -> Iterator[str]:
        """Whose conversations did not advance exactly once for each event."""
        worked: Counter[str] = Counter()
        steps: Counter[str] = Counter()
        for (event,) in self._ask(WORKED):
            person = next((person for person in sent if person[1:] in event), None)
            if event.startswith(("Ev", "due:")):
                continue  # neither a greeting nor what came due is a turn of a conversation
            if person is None:
                yield "an event of nobody's"
                continue
            steps[person] += 1
            worked[person] += ":inspected:" not in event
        turns: dict[str, int] = defaultdict(int, {person: int(turn) for person, turn in self._ask(TURNS)})
        for person, done in sent.items():
            if turns[person] != steps[person]:
                yield f"{person}: {steps[person]} events made {turns[person]} turns"
            accepted = acknowledged.get(person, 0)
            if not accepted <= worked[person] <= done:
                yield f"{person}: {accepted} acknowledged, {worked[person]} worked of {done}"

    def _ask(self, question: LiteralString) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            return connection.execute(question).fetchall()


@contextlib.contextmanager
def database(folder: Path) -> Iterator[Database]:
    """A new server with an empty database, while the block runs."""
    with embedded(folder) as outside:
        with psycopg.connect(outside, autocommit=True) as connection:
            # nothing here outlives the drill
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE {NAME}".encode())
        yield Database(outside.replace("/postgres?", f"/{NAME}?"), outside)
