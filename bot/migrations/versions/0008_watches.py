"""Certificates whose owner is told before they run out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

# as in 0005: whose it is, and which certificate
UNSAMPLED = ("person", "fingerprint", "names")


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("names", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True)),
        sa.Column("given", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("team", "person", "fingerprint", name="watches_once"),
    )
    op.create_index("watches_by_time", "watches", ["due"])
    for column in UNSAMPLED:
        op.execute(f"ALTER TABLE watches ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("watches")
