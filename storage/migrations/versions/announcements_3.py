"""Recipients of whom nobody knows whether it came stand apart from those whom the platform refused."""

from __future__ import annotations

from alembic import op

revision = "announcements_3"
down_revision = "operate_3"

_UNSURE = "'http', 'not_json', 'reset', 'timeout', 'unknown'"


def upgrade() -> None:
    op.execute(f"UPDATE recipients SET state = 'unsure' WHERE state = 'failed' AND reason IN ({_UNSURE})")  # noqa: S608
