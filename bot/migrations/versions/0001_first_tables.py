"""The first tables: conversations and their threads, events, outbox, cards, people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


# The engine wakes its workers when a job arrives, but not when one ends on whose lock another one waits.
WAKE = """
CREATE FUNCTION wake_the_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(
        'procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text
    );
    RETURN NULL;
END;
$$;
CREATE TRIGGER wake_the_next AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.lock IS NOT NULL) EXECUTE FUNCTION wake_the_next();
"""


def upgrade() -> None:
    op.execute(WAKE)
    op.execute(sa.schema.CreateSequence(sa.Sequence("conversation_numbers", start=1001)))
    op.create_table(
        "conversations",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("touched", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", JSONB, nullable=False),
    )
    op.create_index("conversations_of_person", "conversations", ["person", "touched"])
    op.create_table(
        "threads",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("thread_ts", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        _conversation(),
    )
    op.create_index("threads_of_conversation", "threads", ["conversation"])
    op.create_table(
        "events",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("events_by_time", "events", ["at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("event", sa.Text, nullable=False),
        _conversation(nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("thread_ts", sa.Text),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("slot", sa.Text),
        sa.Column("body", JSONB),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True)),
        sa.Column("ts", sa.Text),
        sa.Column("failure", sa.Text),
    )
    undone, in_slots = sa.text("done IS NULL"), sa.text("slot IS NOT NULL")
    op.create_index("outbox_of_conversation", "outbox", ["conversation"])
    op.create_index("outbox_of_event", "outbox", ["event"], postgresql_where=undone)
    op.create_index("outbox_slots", "outbox", ["conversation", "slot"], postgresql_where=in_slots)
    op.create_index("outbox_by_time", "outbox", ["made"])
    op.create_table(
        "cards",
        _conversation(primary_key=True),
        sa.Column("case", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
    )
    op.create_table(
        "people",
        sa.Column("team", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("locale", sa.Text),
        sa.Column("time_zone", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("greeted", sa.DateTime(timezone=True)),
    )


def _conversation(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    to = sa.ForeignKey("conversations.number", ondelete="CASCADE")
    return sa.Column("conversation", sa.BigInteger, to, primary_key=primary_key, nullable=nullable)


def downgrade() -> None:
    op.execute("DROP TRIGGER wake_the_next ON procrastinate_jobs")
    op.execute("DROP FUNCTION wake_the_next")
    for table in ("people", "cards", "outbox", "events", "threads", "conversations"):
        op.drop_table(table)
    op.execute(sa.schema.DropSequence(sa.Sequence("conversation_numbers")))
