"""What answers of the knowledge base said before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "knowledge_2"
down_revision = "operate_1"


def upgrade() -> None:
    op.create_table(
        "faq_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=False, nullable=False),
        sa.Column("answer", sa.BigInteger, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("variants", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_until", sa.String(10), nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_faq_versions"),
    )
    op.create_index("ix_faq_versions_answer", "faq_versions", ["answer", "id"])
