"""What of all that Slack tells is for us, and in whose turn: asked of the database before it is kept."""

from sqlalchemy import Engine, bindparam, select, text

from bot.accepted import Click, Message
from bot.tables import conversations

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


def conversation_of(event: Click) -> int:
    """The number of the conversation that the button belongs to; 0 if it carries none."""
    digits = event.value.partition(".")[0]
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 16 else 0


def owners_lock(engine: Engine, event: Click) -> str:
    """Who presses a button of somebody else's conversation takes turns with its owner."""
    with engine.connect() as connection:
        owner = connection.execute(OWNER, {"number": conversation_of(event)}).first()
    return f"{owner.team}:{owner.person}" if owner else event.lock
