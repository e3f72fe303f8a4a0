"""What the helpdesk puts up beforehand, such as a renewal that is planned for tonight."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

# What somebody wrote, and who: no samples of it are kept (0005).
UNSAMPLED = ("ja", "en", "server", "put_up_by", "ended_by")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("row", sa.Text),
        sa.Column("server", sa.Text),
        sa.Column("ja", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_up_by", sa.Text, nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("ended_by", sa.Text, nullable=False, server_default=""),
    )
    op.create_index("notices_by_end", "notices", ["until"])
    for column in UNSAMPLED:
        op.execute(f"ALTER TABLE notices ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("notices")
