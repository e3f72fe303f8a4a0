"""When automatic help was paused, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# as in 0005: what somebody wrote
UNSAMPLED = ("reason_ja", "reason_en")


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("reason_ja", sa.Text, nullable=False),
        sa.Column("reason_en", sa.Text, nullable=False),
        sa.Column("told_began", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("told_ended", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index(
        "pauses_open", "pauses", [sa.text("(true)")], unique=True, postgresql_where="ended IS NULL"
    )
    for column in UNSAMPLED:
        op.execute(f"ALTER TABLE pauses ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("pauses")
