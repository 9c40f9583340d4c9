"""WeCom: what was sent within its limits, and where a person wants to be written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "wecom_1"
down_revision = "activities_1"


def upgrade() -> None:
    op.create_table(
        "allowances",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("account", sa.String(96), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("ix_allowances_user", "allowances", ["account", "user", "at"])
    op.create_index("ix_allowances_account", "allowances", ["account", "at"])
    op.add_column("persons", sa.Column("prefers", sa.String(16)))
