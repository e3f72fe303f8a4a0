"""Many at once: who saw the same, the incidents and their cases; cards that wait, and those in a thread."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

# What people wrote or are, as in 0005.
NO_STATISTICS = {
    "sightings": ("person", "server"),
    "incidents": ("server", "update", "words", "tell", "closed_by"),
    "incident_members": ("person",),
    "cards_held": ("body",),
}


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _conversation(*, primary_key: bool = False) -> sa.Column[int]:
    to = sa.ForeignKey("conversations.number", ondelete="CASCADE")
    return sa.Column("conversation", sa.BigInteger, to, primary_key=primary_key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "sightings",
        _conversation(primary_key=True),
        sa.Column("trouble", sa.Integer, primary_key=True),
        sa.Column("row", sa.Text, primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("server", sa.Text),
        _moment("at", nullable=False),
    )
    op.create_index("sightings_by_row", "sightings", ["team", "row", "at"])
    op.create_table(
        "incidents",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
        sa.Column("server", sa.Text),
        _moment("began", nullable=False),
        _moment("touched", nullable=False),
        sa.Column("update", sa.Text, nullable=False, server_default=""),
        _moment("updated"),
        _moment("closed"),
        sa.Column("closed_by", sa.Text, nullable=False, server_default=""),
        sa.Column("remedy", sa.Text),
        sa.Column("words", sa.Text, nullable=False, server_default=""),
        sa.Column("tell", sa.Text, nullable=False, server_default=""),
        sa.Column("channel", sa.Text),
        sa.Column("ts", sa.Text),
        _moment("shown"),
        _moment("card_due"),
        _moment("silence_due"),
    )
    op.create_index("incidents_open", "incidents", ["team", "row"], postgresql_where="closed IS NULL")
    op.create_table(
        "incident_members",
        sa.Column(
            "incident", sa.BigInteger, sa.ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True
        ),
        _conversation(primary_key=True),
        sa.Column("trouble", sa.Integer, primary_key=True),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("left", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index("incident_members_by_conversation", "incident_members", ["conversation"])
    op.create_table(
        "cards_opened",
        _conversation(primary_key=True),
        sa.Column("case", sa.Text, primary_key=True),
        _moment("at", nullable=False),
        sa.Column("together", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index("cards_opened_by_time", "cards_opened", ["at"])
    op.create_table(
        "cards_held",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _conversation(),
        sa.Column("case", sa.Text, nullable=False),
        sa.Column("item", sa.BigInteger, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("slot", sa.Text),
        sa.Column("body", JSONB, nullable=False),
        _moment("at", nullable=False),
    )
    op.create_index("cards_held_by_time", "cards_held", ["at"])
    op.create_index("cards_held_by_conversation", "cards_held", ["conversation"])
    op.add_column("cards", sa.Column("root", sa.Text))
    op.create_index("cards_by_root", "cards", ["channel", "root"], postgresql_where="root IS NOT NULL")
    for table, columns in NO_STATISTICS.items():
        for column in columns:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_index("cards_by_root", "cards")
    op.drop_column("cards", "root")
    for table in ("cards_held", "cards_opened", "incident_members", "incidents", "sightings"):
        op.drop_table(table)
