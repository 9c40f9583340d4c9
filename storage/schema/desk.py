"""The desk's own tables: conversations taken over, who has a ticket open, replies kept ready."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata

takeovers = Table(  # one resident talks with one member of staff at a time
    "takeovers", metadata, Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False), Column("by", BigInteger, nullable=False),
    Column("since", Utc, nullable=False), Column("until", Utc, nullable=False),
)  # fmt: skip

viewings = Table(  # who has a ticket's page open, and whether they are writing
    "viewings", metadata, Column("ticket", BigInteger), Column("person", BigInteger),
    Column("seen", Utc, nullable=False), Column("writing", String(1), nullable=False, default=""),
    PrimaryKeyConstraint("ticket", "person"), sqlite_with_rowid=False,
)  # fmt: skip

ready_replies = Table(  # community 0: everybody's
    "ready_replies", metadata, key(),
    Column("community", BigInteger, nullable=False), Column("title", String(40), nullable=False),
    Column("words", Secret("ready_replies.words"), nullable=False), Column("by", BigInteger, nullable=False),
    Column("changed", Utc, nullable=False), Index("ix_ready_replies_community", "community"),
)  # fmt: skip
