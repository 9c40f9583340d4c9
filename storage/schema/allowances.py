"""What was sent where a platform limits silently: one row a message, kept for a day."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from storage.columns import Utc
from storage.schema.base import key, metadata

allowances = Table(
    "allowances", metadata, key(),
    Column("account", String(96), nullable=False), Column("user", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_allowances_user", "account", "user", "at"), Index("ix_allowances_account", "account", "at"),
)  # fmt: skip
