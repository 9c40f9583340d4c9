"""The index by which tickets are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "search_1"
down_revision = "points_2"


def upgrade() -> None:
    op.create_table(
        "search_docs",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_search_docs"),
        sa.UniqueConstraint("ticket", name="uq_search_docs_ticket"),
    )
    op.create_table(
        "search_grams",
        sa.Column("gram", sa.BigInteger, nullable=False),
        sa.Column("block", sa.Integer, nullable=False),
        sa.Column("bits", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("gram", "block", name="pk_search_grams"),
        sqlite_with_rowid=False,
    )
