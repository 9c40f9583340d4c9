"""The turn that wrote a push stands with it, so that a log leads from a callback to what was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "operate_1"
down_revision = "people_2"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("turn", sa.String(16)))
