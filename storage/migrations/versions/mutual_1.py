"""邻里互助: what neighbours ask for, and who wants to be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "mutual_1"
down_revision = "activities_3"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    op.create_table(
        "helps",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column(
            "community", sa.BigInteger, sa.ForeignKey("communities.id", name="fk_helps_community"), nullable=False
        ),
        sa.Column("number", sa.Integer, nullable=False), _big("micro_grid"), _big("asker"),
        sa.Column("words", sa.Text, nullable=False), sa.Column("state", sa.String(8), nullable=False),
        _big("helper"), _big("confirmed"), sa.Column("made", Utc, nullable=False),
        sa.Column("changed", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_helps"),
        sa.UniqueConstraint("community", "number", name="uq_helps_community_number"),
    )  # fmt: skip
    op.create_index("ix_helps_open", "helps", ["micro_grid", "state", "id"])
    op.create_index("ix_helps_asker", "helps", ["asker", "state"])
    op.create_index("ix_helps_helper", "helps", ["helper", "state"])
    op.create_table(
        "helpers",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False), _big("micro_grid"),
        sa.Column("since", Utc, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_helpers"),
    )  # fmt: skip
    op.create_index("ix_helpers_micro_grid", "helpers", ["micro_grid", "since"])
