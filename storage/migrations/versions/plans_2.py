"""Announcements by the time they began: what a resident asks for is the last few."""

from __future__ import annotations

from alembic import op

revision = "plans_2"
down_revision = "announcements_2"


def upgrade() -> None:
    op.create_index("ix_announcements_started", "announcements", ["started"])
