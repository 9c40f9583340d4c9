"""What a street's room sees, newest first, with what its list is narrowed by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "growth_3"
down_revision = "growth_2"

_COLUMNS = ["id", "community", "against", "category", "source", "owner", "micro_grid"]


def upgrade() -> None:
    raised = sa.text("tier >= 3 OR level = 'T0'")
    op.create_index("ix_tickets_raised", "tickets", _COLUMNS, sqlite_where=raised, postgresql_where=raised)
