"""Changes of posts and borders that are planned for a day; the settings' history found quickly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "people_1"
down_revision = "lifecycle_2"
_big = sa.BigInteger


def upgrade() -> None:
    op.create_table(
        "grid_changes",
        sa.Column("id", _big().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "community", _big, sa.ForeignKey("communities.id", name="fk_grid_changes_community"), nullable=False
        ),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("scope", _big, nullable=False),
        sa.Column("incoming", _big, nullable=False),
        sa.Column("outgoing", _big, nullable=False),
        sa.Column("tasks", sa.String(8), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("by", _big, nullable=False),
        sa.Column("made", Utc, nullable=False),
        sa.Column("ended", Utc),
        sa.PrimaryKeyConstraint("id", name="pk_grid_changes"),
    )
    planned = sa.text("state = 'planned'")
    op.create_index(
        "ix_grid_changes_planned",
        "grid_changes",
        ["community", "day"],
        sqlite_where=planned,
        postgresql_where=planned,
    )
    op.create_table(
        "grid_moves",
        sa.Column("change", _big, nullable=False),
        sa.Column("household", _big, nullable=False),
        sa.Column("before", _big, nullable=False),
        sa.Column("after", _big, nullable=False),
        sa.PrimaryKeyConstraint("change", "household", name="pk_grid_moves"),
        sqlite_with_rowid=False,
    )
    changed = sa.text("kind = 'SettingChanged'")
    op.create_index("ix_facts_settings", "facts", ["id"], sqlite_where=changed, postgresql_where=changed)
