"""Revocation statuses, kept until they are out of date."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "statuses",
        sa.Column("certificate", sa.Text, primary_key=True),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )
    op.create_index("statuses_by_time", "statuses", ["until"])


def downgrade() -> None:
    op.drop_table("statuses")
