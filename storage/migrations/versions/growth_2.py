"""A unit's newest tickets, and files by name and by whether they are to go, however many there ever were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "growth_2"
down_revision = "growth_1"

_GONE = "state = 'erased' AND (file IS NOT NULL OR original IS NOT NULL)"


def upgrade() -> None:
    for name, table, columns, which in (
        ("ix_tickets_unit_list", "tickets", ["unit", "id"], "unit != 0"),
        ("ix_media_gone", "media", ["id"], _GONE),
        ("ix_media_file", "media", ["file"], "file IS NOT NULL"),
        ("ix_media_original", "media", ["original"], "original IS NOT NULL"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which))
