"""No samples of what people wrote or are: PostgreSQL keeps those it took when the rows are gone.

ANALYZE, which autovacuum runs, keeps a column's commonest values and some others (pg_statistic); of a table
that has become empty it keeps the old ones for ever. None of these columns needs them: they are looked up by
unique or by very selective indexes, or never. Only a change of its type erases the samples that a column has
already; to the same type it rewrites nothing.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# In the order in which the road locks them: workers of the version before may be at work.
COLUMNS = {
    "events": {"id": "text"},
    "conversations": {"person": "text", "channel": "text", "state": "jsonb"},
    "threads": {"channel": "text", "thread_ts": "text", "person": "text"},
    "outbox": {"event": "text", "channel": "text", "person": "text", "body": "jsonb"},
    "people": {"person": "text", "name": "text", "email": "text"},
    "unmatched": {"text": "text"},
    "procrastinate_jobs": {"args": "jsonb"},
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")
    # a trigger reads it, so its type stays; what was sampled of it is one id at a time
    op.execute("ALTER TABLE procrastinate_jobs ALTER COLUMN lock SET STATISTICS 0")


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")
    op.execute("ALTER TABLE procrastinate_jobs ALTER COLUMN lock SET STATISTICS -1")
