"""What of all that Slack tells is for us, and in whose turn: asked of the database before it is kept."""

import re

from sqlalchemy import Engine, bindparam, select, text

from bot import card_threads
from bot.accepted import DeskWrote, Message
from bot.button_ids import number_in
from bot.conversation import Conversation
from bot.tables import conversations
from bot.troubles import case_of

# Whether this message of a channel's thread belongs to a conversation: one that is led there, or one that a
# mention will open which still waits in the queue.
IS_FOLLOWED = text(
    """
    SELECT EXISTS (SELECT FROM threads WHERE channel = :channel AND thread_ts = :thread AND person = :person)
        OR EXISTS (
            SELECT FROM procrastinate_jobs
            WHERE lock = :lock AND status IN ('todo', 'doing') AND args -> 'event' ->> 'channel' = :channel
              AND coalesce(args -> 'event' ->> 'thread_ts', args -> 'event' ->> 'ts') = :thread
        )
    """
)

OWNER = select(conversations.c.team, conversations.c.person).where(
    conversations.c.number == bindparam("number")
)


def is_followed(engine: Engine, event: Message) -> bool:
    """Whether a message of a thread, outside of the talk with the bot, belongs to a conversation."""
    of = {"channel": event.channel, "thread": event.thread_ts, "person": event.person, "lock": event.lock}
    with engine.connect() as connection:
        return bool(connection.execute(IS_FOLLOWED, of).scalar())


def conversation_of(value: str) -> int:
    """The number of the conversation that a button with this value belongs to; 0 if it carries none."""
    return number_in(value.partition(".")[0])


def case_in(conversation: Conversation, value: str) -> str | None:
    """The case of this conversation that the same value names."""
    trouble = value.partition(".")[2]
    return case_of(conversation, int(trouble)) if trouble.isdecimal() else None


def owners_lock(engine: Engine, number: int, otherwise: str) -> str:
    """Who does something in somebody else's conversation takes turns with its owner."""
    with engine.connect() as connection:
        owner = connection.execute(OWNER, {"number": number}).first()
    return f"{owner.team}:{owner.person}" if owner else otherwise


# Slack's composer makes a quotation of `> `; what people type for "send" comes as it is, or full-width. Three
# are Slack's mark for a long quotation, which is the helpdesk's own talk.
SENDS = re.compile(r"\s*(?:>>|＞＞)(?![>＞])\s*")


def at_the_desk(engine: Engine, event: Message) -> DeskWrote | None:
    """A message of the helpdesk's channel that is for an employee, or has files in the thread of a card; None
    if it is the helpdesk's own talk, which is nothing to us."""
    sends = SENDS.match(event.text)
    if not sends:
        if event.thread_ts is None or not event.files:
            return None
        with engine.connect() as connection:
            if not card_threads.cases_at(connection, event.channel, event.thread_ts):
                return None
    return DeskWrote(
        **event.model_dump(include={"id", "team", "person", "channel", "at", "ts", "thread_ts"}),
        sends=bool(sends),
        text=event.text[sends.end() :] if sends else "",
        files=event.files,
    )


def conversation_for(engine: Engine, event: DeskWrote) -> int | None:
    """The number of the conversation that it is about: that of the thread's card, or one that is named."""
    with engine.connect() as connection:
        found = card_threads.cases_at(connection, event.channel, event.thread_ts or "")
    if len(found) == 1:
        return found[0][0]
    named = card_threads.named(event.text)
    return named.conversation if named else None
