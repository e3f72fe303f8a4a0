"""Word of what was surely not sent; when the bot could last hear Slack."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "pulse",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("heard", sa.DateTime(timezone=True), nullable=False),
    )
    # A person's thousand waiting jobs must not make every look for the next job of others a long one.
    op.create_index(
        "jobs_by_lock",
        "procrastinate_jobs",
        ["lock", "priority", "id"],
        postgresql_where=sa.text("status IN ('todo', 'doing')"),
    )


def downgrade() -> None:
    op.drop_index("jobs_by_lock", "procrastinate_jobs")
    op.drop_table("pulse")
    op.drop_column("outbox", "held")
