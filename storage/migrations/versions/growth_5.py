"""SQLite: the inbox in the order in which it was written, its key in an index beside it.

By its key alone every message opened another page of the table, and split one in seven.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "growth_5"
down_revision = "growth_4"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.rename_table("inbox", "inbox_by_key")
    op.drop_index("ix_inbox_received", "inbox_by_key")
    op.create_table(
        "inbox",
        sa.Column("channel", sa.String(16), nullable=False), sa.Column("account", sa.String(64), nullable=False),
        sa.Column("user", sa.String(128), nullable=False), sa.Column("key", sa.String(128), nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False), sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("at", Utc, nullable=False), sa.Column("received", Utc, nullable=False),
        sa.Column("replies", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", "user", "key", name="pk_inbox"),
    )  # fmt: skip
    op.execute("INSERT INTO inbox SELECT * FROM inbox_by_key ORDER BY received")
    op.drop_table("inbox_by_key")
    op.create_index("ix_inbox_received", "inbox", ["received"])
