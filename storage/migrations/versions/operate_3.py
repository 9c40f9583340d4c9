"""How often the same words went to a person is counted in the outbox, for all processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "operate_3"
down_revision = "plans_2"

_KNOWN = sa.text("same IS NOT NULL AND done IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("same", sa.BigInteger, nullable=True))
    op.create_index("ix_outbox_same", "outbox", ["same", "done"], sqlite_where=_KNOWN, postgresql_where=_KNOWN)
