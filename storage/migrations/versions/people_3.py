"""Social organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "people_3"
down_revision = "activities_2"
_big = sa.BigInteger


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", _big().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column(
            "community", _big, sa.ForeignKey("communities.id", name="fk_organisations_community"), nullable=False
        ),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("tier", sa.String(8), nullable=False),
        sa.Column("services", sa.String(200), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("leader", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("community", "name", name="uq_organisations_community_name"),
    )
