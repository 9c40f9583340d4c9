"""Announcements and their audiences."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "announcements_1"
down_revision = "plans_1"

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _only(which: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)}


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("second", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("muster", sa.Boolean, nullable=False),
        sa.Column("drill", sa.Boolean, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("at", Utc),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("upto", sa.BigInteger, nullable=False),
        sa.Column("final", sa.Text),
        sa.Column("created", Utc, nullable=False),
        sa.Column("started", Utc),
        sa.Column("ended", Utc),
        sa.Column("closed", Utc),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
        sa.UniqueConstraint("number", name="uq_announcements_number"),
    )
    op.create_index("ix_announcements_community", "announcements", ["community", "id"])
    op.create_index(
        "ix_announcements_live",
        "announcements",
        ["state"],
        **_only("state IN ('preparing', 'sending', 'paused', 'cancelled')"),
    )
    op.create_index("ix_announcements_musters", "announcements", ["community"], **_only("muster AND closed IS NULL"))
    op.create_table(
        "announcement_places",
        sa.Column("announcement", sa.BigInteger, nullable=False),
        sa.Column("area", sa.String(10), nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("announcement", "area", "place", name="pk_announcement_places"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_announcement_places_place", "announcement_places", ["area", "place", "announcement"])
    op.create_table(
        "recipients",
        sa.Column("announcement", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("rung", sa.String(16), nullable=False),
        sa.Column("push", sa.BigInteger),
        sa.Column("changed", Utc, nullable=False),
        sa.Column("read", Utc),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("answered", Utc),
        sa.PrimaryKeyConstraint("announcement", "person", name="pk_recipients"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_recipients_state", "recipients", ["announcement", "state", "person"])
    op.create_index("ix_recipients_person", "recipients", ["person", "changed"])
    op.create_table(
        "audiences",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("community", sa.BigInteger, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audiences"),
    )
    op.create_index("uq_audiences_name", "audiences", ["community", "name"], unique=True)
    op.create_table(
        "declines",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_declines"),
    )
