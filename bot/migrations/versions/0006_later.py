"""What is come back to when its time has come; which card a thread in the helpdesk's channel is of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    conversation = sa.ForeignKey("conversations.number", ondelete="CASCADE")
    op.create_table(
        "later",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation", sa.BigInteger, conversation, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", JSONB),
        sa.UniqueConstraint("conversation", "what", "name", name="later_once"),
    )
    op.create_index("later_by_time", "later", ["due"])
    op.execute("ALTER TABLE later ALTER COLUMN body SET STATISTICS 0")  # as in 0005
    op.create_index("cards_by_message", "cards", ["channel", "ts"])


def downgrade() -> None:
    op.drop_index("cards_by_message", "cards")
    op.drop_table("later")
