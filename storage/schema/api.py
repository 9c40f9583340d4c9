"""Tokens of other programs, and the matters that came in from other platforms."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, ref

api_tokens = Table(
    "api_tokens", metadata, key(),
    Column("name", String(32), nullable=False, unique=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(8), nullable=False),  # handlers.exchange: source desk member read
    Column("community", BigInteger, nullable=False),  # 0: every community
    ref("person", "persons.id"),  # who acts through it
    Column("per_minute", Integer, nullable=False),
    Column("created", Utc, nullable=False), Column("expires", Utc), Column("revoked", Utc), Column("used", Utc),
)  # fmt: skip

received = Table(  # a matter of another platform under its own number: taken once
    "received", metadata,
    Column("source", String(32)), Column("external", String(64)),
    Column("ticket", BigInteger, nullable=False),
    Column("contact", Secret("received.contact"), nullable=False),  # JSON: name, phone of the caller; "" without
    Column("at", Utc, nullable=False),
    PrimaryKeyConstraint("source", "external"), Index("ix_received_ticket", "ticket"),
)  # fmt: skip
