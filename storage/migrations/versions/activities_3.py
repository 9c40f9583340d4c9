"""Finding who was asked to be a team's next captain."""

from __future__ import annotations

from alembic import op

revision = "activities_3"
down_revision = "console_3"


def upgrade() -> None:
    op.create_index("ix_teams_successor", "teams", ["successor"])
