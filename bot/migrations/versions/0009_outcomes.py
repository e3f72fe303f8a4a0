"""How troubles ended: without a person, without a word of theirs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    conversation = sa.ForeignKey("conversations.number", ondelete="SET NULL")
    op.create_table(
        "outcomes",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.BigInteger, conversation),
        sa.Column("trouble", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("row", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("handed", sa.DateTime(timezone=True)),
        sa.Column("taken", sa.DateTime(timezone=True)),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("recognised_by", sa.Text),
        sa.Column("shown", JSONB, nullable=False),
        sa.Column("tried", JSONB, nullable=False),
        sa.Column("tables", sa.Text, nullable=False),
        sa.Column("feedback", sa.Text),
        sa.Column("file_feedback", sa.Text),
        sa.UniqueConstraint("conversation", "trouble", name="outcomes_once"),
    )
    op.create_index("outcomes_by_time", "outcomes", ["ended"])


def downgrade() -> None:
    op.drop_table("outcomes")
