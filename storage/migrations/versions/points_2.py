"""Points: settled months with their lines, second looks, rules of 有奖报送."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "points_2"
down_revision = "numbers_1"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("point_rules", sa.Column("categories", sa.String(200), nullable=False, server_default=""))
    op.add_column("point_rules", sa.Column("until", Utc, nullable=True))
    op.create_index("ix_point_entries_month", "point_entries", ["community", "at"])
    op.create_table(
        "point_notices",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column(
            "community", sa.BigInteger, sa.ForeignKey("communities.id", name="fk_point_notices_community"),
            nullable=False,
        ),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("totals", sa.Text, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("until", Utc, nullable=False),
        sa.Column("closed", Utc, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_point_notices"),
        sa.UniqueConstraint("community", "month", name="uq_point_notices_community_month"),
    )  # fmt: skip
    op.create_table(
        "point_notice_lines",
        sa.Column("notice", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("notice", "person", name="pk_point_notice_lines"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_point_notice_lines_rank", "point_notice_lines", ["notice", "points"])
    op.create_table(
        "point_checks",
        sa.Column("entry", _KEY, autoincrement=False, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("ok", sa.Boolean, nullable=False),
        sa.Column("words", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("entry", name="pk_point_checks"),
    )
