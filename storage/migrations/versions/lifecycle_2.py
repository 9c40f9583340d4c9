"""Finding what was reported for somebody 代."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "lifecycle_2"
down_revision = "learning_1"


def upgrade() -> None:
    where = sa.text("proxy_for != 0")
    op.create_index("ix_tickets_proxy", "tickets", ["proxy_for"], sqlite_where=where, postgresql_where=where)
