"""Indexes for questions that read a growing table from end to end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "plans_1"
down_revision = "search_1"


def upgrade() -> None:
    op.create_index("ix_micro_grids_grid", "micro_grids", ["grid"])
    op.create_index("ix_micro_grids_community", "micro_grids", ["community"])
    op.create_index("ix_claims_person", "claims", ["person"])
    op.create_index("ix_teams_community", "teams", ["community", "status"])
    op.create_index("ix_unit_areas_place", "unit_areas", ["scope", "place"])
    op.create_index(
        "ix_redemptions_proxy", "redemptions", ["proxy", "state"],
        sqlite_where=sa.text("proxy != 0"), postgresql_where=sa.text("proxy != 0"),
    )  # fmt: skip
