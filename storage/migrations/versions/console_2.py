"""What is not over, by community: the staff's list of work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "console_2"
down_revision = "knowledge_2"

_OPEN = (
    "status IN ('升级', '处置中', '延期申请', '待受理', '待接单', '待核查', "
    "'待派单', '待补充', '待评价', '挂账', '转紧急专线', '退单申请')"
)


def upgrade() -> None:
    op.create_index(
        "ix_tickets_open", "tickets", ["community"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )
