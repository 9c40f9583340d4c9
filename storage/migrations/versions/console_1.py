"""What a log-in is for, and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "console_1"
down_revision = "people_1"


def upgrade() -> None:
    op.add_column("logins", sa.Column("role", sa.String(8), nullable=False, server_default="desk"))
    op.add_column("logins", sa.Column("scope", sa.BigInteger, nullable=False, server_default=sa.text("0")))
