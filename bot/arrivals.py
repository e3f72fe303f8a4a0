"""What begins outside of the talk in which it is answered: a dialog, a message that was shown, a stranger.

The answer stands in the person's own talk with the bot, as a message of its own. A message that
was shown twice, or that the bot heard itself, is answered once.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete

from bot import asides, entry, opening, store
from bot.accepted import Elsewhere, Stranger, Submitted
from bot.calls import Refused
from bot.events import MessagePosted
from bot.looked import File
from bot.people import Profile
from bot.placing import begun
from bot.store import Stored, Thread
from bot.tables import outbox
from bot.todo import Undone
from bot.turns import Turns
from bot.ways import Ways
from knowledge.rows import Language


@dataclass(frozen=True)
class Addressee:
    """Who is answered: a Slack user id, and the channel that is their talk with the bot."""

    person: str
    talk: str


async def addressee(event: Submitted | Elsewhere, ways: Ways) -> Addressee:
    """The author, if the bot may write to them; else who acted. Raises NotNow, and Refused if it may write
    to neither."""
    author = event.author if isinstance(event, Elsewhere) else None
    if isinstance(event, Elsewhere) and author and author != event.person:
        try:
            if await ways.authors.is_colleague(author, event.home):
                return Addressee(author, await ways.talks.of(author))
        except Refused:
            pass  # an author who takes no messages of apps
    return Addressee(event.person, await ways.talks.of(event.person))


async def talk_of(person: str, ways: Ways) -> str:
    """Where somebody may be told what cannot be said beside a message; empty if nowhere. Raises NotNow."""
    try:
        return await ways.talks.of(person)
    except Refused:
        return ""


def submitted(
    turns: Turns, connection: Connection, event: Submitted, whom: Addressee, profile: Profile
) -> list[Undone]:
    """The dialog was sent: a conversation of its own begins with what was entered."""
    stored = _begun(turns, connection, event, whom, profile)
    told = opening.with_facts(stored.conversation, turns.book, entry.facts(event))
    happened = MessagePosted(event.text, (), event.at)
    lead = opening.of_dialog(event)
    place = Thread(whom.talk, None)
    return turns.step(
        connection, Stored(told, stored.team, stored.channel), happened, event.id, place, lead=lead
    )


def shown(
    turns: Turns,
    connection: Connection,
    event: Elsewhere,
    whom: Addressee,
    profile: Profile,
    language: Language,
    talk: str,
) -> list[Undone]:
    """Somebody showed a message: its author is answered, who showed it is told so (in their `language`; in
    their `talk` with the bot where nothing can be said beside the message)."""
    undone: list[Undone] = []
    instead = talk
    # A shared channel's mention is the message itself, and was claimed as the event.
    # The author is answered once; who is answered in an author's stead, each once.
    answered = event.message if whom.person == event.author else f"{whom.person}:{event.message}"
    if event.message == event.id or store.claim(connection, answered, event.at):
        stored = _begun(turns, connection, event, whom, profile)
        files = tuple(File(file.id, file.name) for file in event.files)
        happened = MessagePosted(event.text, files, event.at)
        lead = opening.of_message(event, whom.person)
        place = Thread(whom.talk, None)
        undone = turns.step(connection, stored, happened, event.id, place, lead=lead)
        if whom.person == event.person:
            aside, instead = asides.answered_in_talk(turns.book, language), ""  # the answer itself is there
        else:
            aside = asides.author_told(turns.book, whom.person, language)
    else:
        aside = asides.answered_before(turns.book, language)
    beside = Thread(event.channel, event.message_thread)
    return undone + turns.put(
        connection, event.id, event.person, "whisper", aside | {"instead": instead}, beside
    )


def turned_away(turns: Turns, connection: Connection, event: Stranger) -> list[Undone]:
    """Somebody of another company is told, politely, that this is not for them."""
    beside = Thread(event.channel, event.thread_ts)
    return turns.put(connection, event.id, event.person, "whisper", asides.members_only(turns.book), beside)


def forget(connection: Connection, event: Stranger) -> None:
    """Of a stranger nothing is kept but the event's id."""
    connection.execute(delete(outbox).where(outbox.c.event == event.id))


def _begun(
    turns: Turns, connection: Connection, event: Submitted | Elsewhere, whom: Addressee, profile: Profile
) -> Stored:
    return begun(
        connection,
        turns.newcomer(profile),
        turns.book,
        team=event.team,
        person=whom.person,
        channel=whom.talk,
        at=event.at,
    )
