"""The platform's address behind each plate's code, asked for once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "people_2"
down_revision = "announcements_1"


def upgrade() -> None:
    op.create_table(
        "plate_codes",
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("address", sa.String(256), nullable=False),
        sa.PrimaryKeyConstraint("account", "code", name="pk_plate_codes"),
        sqlite_with_rowid=False,
    )
