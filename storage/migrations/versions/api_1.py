"""Tokens of other programs, matters of other platforms, and the order of lists of tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "api_1"
down_revision = "points_1"

_key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", _key, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(32), nullable=False), sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("role", sa.String(8), nullable=False), sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False), sa.Column("per_minute", sa.Integer, nullable=False),
        sa.Column("created", _moment(), nullable=False), sa.Column("expires", _moment()),
        sa.Column("revoked", _moment()), sa.Column("used", _moment()),
        sa.ForeignKeyConstraint(["person"], ["persons.id"], name="fk_api_tokens_person"),
        sa.UniqueConstraint("name", name="uq_api_tokens_name"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
    )  # fmt: skip
    op.create_table(
        "received",
        sa.Column("source", sa.String(32), nullable=False), sa.Column("external", sa.String(64), nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False), sa.Column("contact", sa.Text, nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.PrimaryKeyConstraint("source", "external", name="pk_received"),
    )  # fmt: skip
    op.create_index("ix_received_ticket", "received", ["ticket"])
    op.create_index("ix_tickets_list", "tickets", ["community", "id"])


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
