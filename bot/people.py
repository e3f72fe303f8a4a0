"""What is known of people beside their conversations: their profile, their language, who was greeted."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, select
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.tables import people
from knowledge.rows import Language


@dataclass(frozen=True)
class Profile:
    """What Slack's profile says of a person."""

    name: str = field(default="", repr=False)
    email: str | None = field(default=None, repr=False)
    locale: str | None = None
    time_zone: str | None = None
    language: Language | None = None
    """The one that the person chose."""


def profile(connection: Connection, team: str, person: str, since: datetime) -> Profile | None:
    """The profile, if it was asked for since then."""
    row = connection.execute(select(people).where(_is(team, person), people.c.asked >= since)).first()
    return Profile(row.name, row.email, row.locale, row.time_zone, row.language) if row else None


def keep_profile(connection: Connection, team: str, person: str, found: Profile, at: datetime) -> Profile:
    """The profile as Slack gave it just now; with the language that the person chose at some time."""
    now = {
        "name": found.name,
        "email": found.email,
        "locale": found.locale,
        "time_zone": found.time_zone,
        "asked": at,
    }
    row = upsert(people).values(team=team, person=person, **now)
    kept = row.on_conflict_do_update(index_elements=_PERSON, set_=now).returning(people.c.language)
    return replace(found, language=connection.execute(kept).scalar())


def greet(connection: Connection, team: str, person: str, at: datetime) -> bool:
    """Whether the person is still to be greeted; from then on not."""
    row = _person(team, person, greeted=at)
    once = row.on_conflict_do_update(
        index_elements=_PERSON, set_={"greeted": at}, where=people.c.greeted.is_(None)
    )
    return connection.execute(once.returning(people.c.person)).first() is not None


def choose_language(connection: Connection, team: str, person: str, language: Language) -> None:
    """The language in which the person's next conversations begin."""
    row = _person(team, person, language=language)
    connection.execute(row.on_conflict_do_update(index_elements=_PERSON, set_={"language": language}))


_PERSON = ["team", "person"]


def _person(team: str, person: str, **values: object) -> Insert:
    """A person of whom nothing else is known yet: the profile counts as never asked for."""
    never = datetime.fromtimestamp(0, UTC)
    return upsert(people).values(team=team, person=person, name="", asked=never, **values)


def _is(team: str, person: str) -> Any:
    return and_(people.c.team == team, people.c.person == person)
