"""Alarms that are on, so that each is told once, whichever process sees it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "operate_2"
down_revision = "desk_1"


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("name", sa.String(96), primary_key=True),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("told", Utc(), nullable=False),
    )
