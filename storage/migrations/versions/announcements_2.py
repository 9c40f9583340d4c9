"""The index of a person's announcements holds nothing that changes while one is sent."""

from __future__ import annotations

from alembic import op

revision = "announcements_2"
down_revision = "mutual_1"


def upgrade() -> None:
    op.drop_index("ix_recipients_person", "recipients")
    op.create_index("ix_recipients_person", "recipients", ["person", "announcement"])
