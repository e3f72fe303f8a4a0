"""What is remembered, as tables of a relational database."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

FIRST_NUMBER = 1001

conversation_numbers = Sequence("conversation_numbers", metadata=metadata, start=FIRST_NUMBER)


def _moment(name: str, *, nullable: bool = True) -> Column[datetime]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _conversation(*, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    """The conversation that a row belongs to: erased with it."""
    to = ForeignKey("conversations.number", ondelete="CASCADE")
    return Column("conversation", BigInteger, to, primary_key=primary_key, nullable=nullable)


# One trouble of one person. `state` is bot.conversation.Conversation.
conversations = Table(
    "conversations",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    _moment("touched", nullable=False),
    Column("state", JSONB, nullable=False),
    Index("conversations_of_person", "person", "touched"),
)

# Where a conversation is led: one thread may hold one of each person, one conversation several threads.
threads = Table(
    "threads",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("thread_ts", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    _conversation(),
    Index("threads_of_conversation", "conversation"),
)

# What was worked, so that a repeat is recognised.
events = Table(
    "events",
    metadata,
    Column("id", Text, primary_key=True),
    _moment("at", nullable=False),
    Index("events_by_time", "at"),
)

# What is to be done, in order. `body` is emptied once it is done; a `failure` is not tried again. `held`: who
# last tried left word that it is not out.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event", Text, nullable=False),
    _conversation(nullable=True),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text),
    Column("person", Text, nullable=False),
    Column("slot", Text),
    Column("body", JSONB(none_as_null=True)),
    _moment("made", nullable=False),
    _moment("done"),
    Column("ts", Text),
    Column("failure", Text),
    Column("held", Boolean, nullable=False, server_default=false()),
    Index("outbox_of_conversation", "conversation"),
    Index("outbox_of_event", "event", postgresql_where=text("done IS NULL")),
    Index("outbox_slots", "conversation", "slot", postgresql_where=text("slot IS NOT NULL")),
    Index("outbox_by_time", "made"),
)

# The helpdesk's cards, by the case as people see it (C-1042, C-1042-2). `root`: it stands in this thread,
# with those of other cases.
cards = Table(
    "cards",
    metadata,
    _conversation(primary_key=True),
    Column("case", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("root", Text),
    Index("cards_by_message", "channel", "ts"),
    Index("cards_by_root", "channel", "root", postgresql_where=text("root IS NOT NULL")),
)

# What is come back to when it is due (bot.later): one of each kind and name in a conversation.
later = Table(
    "later",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _conversation(),
    Column("what", Text, nullable=False),
    Column("name", Text, nullable=False),
    _moment("due", nullable=False),
    Column("body", JSONB(none_as_null=True)),
    UniqueConstraint("conversation", "what", "name", name="later_once"),
    Index("later_by_time", "due"),
)

# Certificates whose owner (a Slack user id) is told before they run out (bot.watches): by fingerprint and
# date, no name and no address. `names` are those of the certificate, hashed. `given`: the reminder of this
# moment is in the engine's queue.
watches = Table(
    "watches",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    _moment("not_after", nullable=False),
    Column("names", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    _moment("due"),
    _moment("given"),
    UniqueConstraint("team", "person", "fingerprint", name="watches_once"),
    Index("watches_by_time", "due"),
)

# How troubles ended (bot.outcome.Outcome): nobody's name and no word of theirs, so that a row may outlive its
# conversation.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("conversation", BigInteger, ForeignKey("conversations.number", ondelete="SET NULL")),
    Column("trouble", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("row", Text),
    Column("language", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    _moment("began", nullable=False),
    _moment("ended", nullable=False),
    Column("how", Text, nullable=False),
    Column("remedy", Text),
    Column("questions", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    _moment("handed"),
    _moment("taken"),
    Column("urgent", Boolean, nullable=False),
    Column("recognised_by", Text),
    Column("shown", JSONB, nullable=False),
    Column("tried", JSONB, nullable=False),
    Column("tables", Text, nullable=False),
    Column("feedback", Text),
    Column("file_feedback", Text),
    UniqueConstraint("conversation", "trouble", name="outcomes_once"),
    Index("outcomes_by_time", "ended"),
)

# The weeks (by their Monday) whose summary was `given` to be worked, and `said` in the helpdesk's channel.
weekly_summaries = Table(
    "weekly_summaries",
    metadata,
    Column("week", Date, primary_key=True),
    _moment("given", nullable=False),
    _moment("said"),
)

# When the cards of cases were first wanted in the channel; those that came `together` wait (bot.storm).
cards_opened = Table(
    "cards_opened",
    metadata,
    _conversation(primary_key=True),
    Column("case", Text, primary_key=True),
    _moment("at", nullable=False),
    Column("together", Boolean, nullable=False, server_default=false()),
    Index("cards_opened_by_time", "at"),
)

# What waits to be put into the channel together with others: cards, and what is said in their threads. `item`
# is the outbox's.
cards_held = Table(
    "cards_held",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _conversation(),
    Column("case", Text, nullable=False),
    Column("item", BigInteger, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("slot", Text),
    Column("body", JSONB(none_as_null=True), nullable=False),
    _moment("at", nullable=False),
    Index("cards_held_by_time", "at"),
    Index("cards_held_by_conversation", "conversation"),
)

# When automatic help was paused, and why (bot.pauses); whether the helpdesk was told of it. One is open at
# most.
pauses = Table(
    "pauses",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _moment("began", nullable=False),
    _moment("ended"),
    Column("reason_ja", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Column("told_began", Boolean, nullable=False, server_default=false()),
    Column("told_ended", Boolean, nullable=False, server_default=false()),
    Index("pauses_open", text("(true)"), unique=True, postgresql_where=text("ended IS NULL")),
)

# Whose trouble with a server became known, and when.
sightings = Table(
    "sightings",
    metadata,
    _conversation(primary_key=True),
    Column("trouble", Integer, primary_key=True),
    Column("row", Text, primary_key=True),
    Column("team", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("server", Text),
    _moment("at", nullable=False),
    Index("sightings_by_row", "team", "row", "at"),
)

# Many at once. `touched`: when somebody came to it, or the helpdesk said something; `shown`: when the card
# was last drawn. What is due is looked for by bot.later.
incidents = Table(
    "incidents",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("team", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("server", Text),
    _moment("began", nullable=False),
    _moment("touched", nullable=False),
    Column("update", Text, nullable=False, server_default=""),
    _moment("updated"),
    _moment("closed"),
    Column("closed_by", Text, nullable=False, server_default=""),
    Column("remedy", Text),
    Column("words", Text, nullable=False, server_default=""),
    Column("tell", Text, nullable=False, server_default=""),
    Column("channel", Text),
    Column("ts", Text),
    _moment("shown"),
    _moment("card_due"),
    _moment("silence_due"),
    Index("incidents_open", "team", "row", postgresql_where=text("closed IS NULL")),
)

# Whose troubles are part of an incident; who `left` it said that theirs is another one.
incident_members = Table(
    "incident_members",
    metadata,
    Column("incident", BigInteger, ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    _conversation(primary_key=True),
    Column("trouble", Integer, primary_key=True),
    Column("person", Text, nullable=False),
    Column("left", Boolean, nullable=False, server_default=false()),
    Index("incident_members_by_conversation", "conversation"),
)

# What the helpdesk puts up beforehand (bot.notice); `put_up_by` and `ended_by` are Slack user ids.
notices = Table(
    "notices",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("team", Text, nullable=False),
    Column("row", Text),
    Column("server", Text),
    Column("ja", Text, nullable=False),
    Column("en", Text, nullable=False),
    _moment("starts", nullable=False),
    _moment("until", nullable=False),
    Column("put_up_by", Text, nullable=False),
    _moment("ended"),
    Column("ended_by", Text, nullable=False, server_default=""),
    Index("notices_by_end", "until"),
)

# What the Slack profile says, asked for at most once a day; the language that the person chose; when they
# were greeted.
people = Table(
    "people",
    metadata,
    Column("team", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("locale", Text),
    Column("time_zone", Text),
    Column("language", Text),
    _moment("asked", nullable=False),
    _moment("greeted"),
)

# Messages without a row, redacted (knowledge.redact): whose they were is not kept.
unmatched = Table(
    "unmatched",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _moment("at", nullable=False),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Index("unmatched_by_time", "at"),
)

# When the bot could last have heard Slack, and when it last looked back (bot.pulse): a row each.
pulse = Table(
    "pulse",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    _moment("heard", nullable=False),
)

# What responders and lists said of a certificate (by the hash of it and of its issuer's key), until when it
# counts.
statuses = Table(
    "statuses",
    metadata,
    Column("certificate", Text, primary_key=True),
    Column("revoked", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    _moment("revoked_at"),
    _moment("until", nullable=False),
    Column("source", Text, nullable=False),
    Index("statuses_by_time", "until"),
)
