"""Which conversation a message or a click belongs to, within one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from bot import store
from bot.accepted import Click, Message
from bot.conversation import Conversation, Past
from bot.knowing import about_the_pc
from bot.people import Profile
from bot.store import Stored, Thread
from knowledge.book import Book
from knowledge.facts import Known
from knowledge.rows import Language

STAYS_OPEN = timedelta(hours=24)
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True)
class Newcomer:
    """What a new conversation begins with, beside what is remembered."""

    profile: Profile
    language: Language
    time_zone: str
    """The company's, where the profile has none that is known here."""


def placed(connection: Connection, event: Message | Click, newcomer: Newcomer, book: Book) -> Stored:
    """The conversation that the event goes on with, locked; a new one if there is none.

    A thread is its owner's conversation. In the talk with the bot a message outside a thread goes on with the
    newest conversation that is open; the answer stands in that message's own thread, which is from then on
    one more of the conversation's threads.
    """
    thread = thread_of(event)
    outside = isinstance(event, Message) and event.private and event.thread_ts is None
    found, is_led_here = store.goes_on(
        connection, thread, event.person, event.at - STAYS_OPEN if outside else None
    )
    if found is None:
        found = begun(
            connection,
            newcomer,
            book,
            team=event.team,
            person=event.person,
            channel=event.channel,
            at=event.at,
            private=event.private,
        )
    if not is_led_here:
        store.join(connection, thread, event.person, found.conversation.number)
    return found


def begun(
    connection: Connection,
    newcomer: Newcomer,
    book: Book,
    *,
    team: str,
    person: str,
    channel: str,
    at: datetime,
    private: bool = True,
) -> Stored:
    """A new conversation of this person in this channel."""
    earlier = store.earlier(connection, team, person, at - REMEMBERED)
    conversation = Conversation(
        number=store.next_number(connection),
        person=person,
        person_name=newcomer.profile.name,
        language=newcomer.language,
        profile=newcomer.profile.email,
        time_zone=zone_or(newcomer.profile.time_zone, newcomer.time_zone),
        private=private,
        began=at,
        touched=at,
        facts=_of_the_pc(earlier[0], book) if earlier else {},
        past=_past(earlier, at - REMEMBERED),
    )
    stored = Stored(conversation, team, channel)
    store.save(connection, stored)
    return stored


def thread_of(event: Message | Click) -> Thread:
    """The thread in which the answer stands."""
    return Thread(event.channel, event.thread_ts or (event.ts if isinstance(event, Message) else None))


def language_of(profile: Profile, default: Language) -> Language:
    """The language that the person chose, else the one of their Slack."""
    if profile.language:
        return profile.language
    if not profile.locale:
        return default
    return "ja" if profile.locale.lower().startswith("ja") else "en"


def _of_the_pc(earlier: Conversation, book: Book) -> dict[str, Known]:
    """What is known of the PC, as the new conversation's own first turn."""
    facts = about_the_pc(earlier, book)
    return {name: fact.model_copy(update={"turn": 0, "changed": 0}) for name, fact in facts.items()}


def _past(earlier: list[Conversation], since: datetime) -> tuple[Past, ...]:
    """The earlier troubles, the latest first, each once; one conversation may have had several."""
    found: dict[tuple[str, datetime], Past] = {}
    for conversation in earlier:
        if conversation.row:
            touched = conversation.touched
            found[conversation.row, touched] = Past(
                row=conversation.row, at=touched, attempts=conversation.attempts
            )
        for past in conversation.past:
            if past.at >= since:
                found.setdefault((past.row, past.at), past)
    return tuple(sorted(found.values(), key=lambda past: past.at, reverse=True))


def zone_or(name: str | None, default: str) -> str:
    """The time zone of this name; where there is none that is known here, the other."""
    try:
        return ZoneInfo(name).key if name else default
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return default
