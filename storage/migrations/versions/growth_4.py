"""A place's tickets with what a list is narrowed by, those of a state in order, a class in the whole city."""

from __future__ import annotations

from alembic import op

revision = "growth_4"
down_revision = "growth_3"


def upgrade() -> None:
    op.drop_index("ix_tickets_list", "tickets")
    op.drop_index("ix_tickets_desk", "tickets")
    op.create_index("ix_tickets_list", "tickets", ["community", "id", "against", "category", "source"])
    op.create_index("ix_tickets_desk", "tickets", ["community", "status", "id"])
    op.create_index("ix_tickets_class", "tickets", ["category", "id", "community"])
