"""Of which weeks the helpdesk's channel was told the summary."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "weekly_summaries",
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    op.drop_table("weekly_summaries")
