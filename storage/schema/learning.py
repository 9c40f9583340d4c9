"""Examples to learn from: what the desk corrected."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata

examples = Table(
    "examples", metadata, key(),
    Column("what", String(12), nullable=False),  # category, intent
    Column("ticket", BigInteger, nullable=False, default=0),
    Column("words", Secret("examples.words"), nullable=False),
    Column("was", String(64), nullable=False), Column("label", String(64), nullable=False),
    Column("person", BigInteger, nullable=False),  # who corrected
    Column("at", Utc, nullable=False),
    Index("ix_examples_ticket", "ticket"),
)  # fmt: skip
