"""What the indicators are read from: judged tickets, sums of each day, what staff did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "numbers_1"
down_revision = "console_1"

MEASURES = (
    "tickets", "response_part", "response_whole", "solved_part", "solved_whole", "closed_part", "closed_whole",
    "satisfied_part", "satisfied_whole", "on_time_part", "on_time_whole", "redone_part", "redone_whole",
    "returned_part", "returned_whole", "first_right_part", "first_right_whole", "extended_part",
    "extended_whole", "hung_part", "hung_whole", "unrated_part", "unrated_whole", "first_count",
    "first_minutes", "done_count", "done_minutes", "inside", "outside", "refused", "cost",
)  # fmt: skip


def _measures() -> list[sa.Column[float]]:
    kind = {True: sa.Float, False: sa.Integer}
    return [sa.Column(name, kind[name.endswith("_part")], nullable=False) for name in MEASURES]


def upgrade() -> None:
    op.create_table(
        "ticket_numbers",
        sa.Column("ticket", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("category", sa.String(4), nullable=False),
        sa.Column("micro_grid", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.BigInteger, nullable=False),
        sa.Column("first_length", sa.Integer, nullable=True),
        sa.Column("done_length", sa.Integer, nullable=True),
        sa.Column("again", Utc, nullable=True),
        *_measures(),
        sa.PrimaryKeyConstraint("ticket", name="pk_ticket_numbers"),
    )
    soon = sa.text("again IS NOT NULL")
    op.create_index("ix_ticket_numbers_again", "ticket_numbers", ["again"], sqlite_where=soon, postgresql_where=soon)
    op.create_index("ix_ticket_numbers_when", "ticket_numbers", ["day", "ticket"])
    op.create_index("ix_ticket_numbers_where", "ticket_numbers", ["community", "day", "ticket"])
    op.create_table(
        "number_days",
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("of", sa.String(10), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        *_measures(),
        sa.PrimaryKeyConstraint("community", "of", "day", "key", name="pk_number_days"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_number_days_day", "number_days", ["day", "community"])
    op.create_table(
        "number_lengths",
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(5), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("tickets", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("community", "what", "day", "minutes", name="pk_number_lengths"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_number_lengths_day", "number_lengths", ["day", "community"])
    op.create_table(
        "effort_days",
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("acts", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("unhelped", sa.Integer, nullable=False),
        sa.Column("handed", sa.Integer, nullable=False),
        sa.Column("replied", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("community", "day", name="pk_effort_days"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "effort_last",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_effort_last"),
    )
