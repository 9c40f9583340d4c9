"""What retention and numbers look for, however many tickets there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "growth_1"
down_revision = "announcements_3"

_FORGET, _KEPT = "closed IS NOT NULL AND reporter != 0", "state != 'erased'"


def upgrade() -> None:
    op.drop_index("ix_tickets_tail", "tickets")
    op.create_index("ix_tickets_number", "tickets", ["tail", "community"])
    for name, table, column, which in (
        ("ix_tickets_ended", "tickets", "closed", _FORGET),
        ("ix_media_kept", "media", "at", _KEPT),
    ):
        op.create_index(name, table, [column], sqlite_where=sa.text(which), postgresql_where=sa.text(which))
