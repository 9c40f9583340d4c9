"""Conversations taken over, who has a ticket open, replies kept ready, originals of covered photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "desk_1"
down_revision = "console_2"


def upgrade() -> None:
    op.create_table(
        "takeovers",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("until", Utc, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_takeovers"),
    )
    op.create_table(
        "viewings",
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("seen", Utc, nullable=False),
        sa.Column("writing", sa.String(1), nullable=False),
        sa.PrimaryKeyConstraint("ticket", "person", name="pk_viewings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ready_replies",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("changed", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ready_replies"),
    )
    op.create_index("ix_ready_replies_community", "ready_replies", ["community"])
    op.add_column("media", sa.Column("original", sa.String(96)))
