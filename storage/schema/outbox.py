"""What is to be sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only

outbox = Table(
    "outbox", metadata, key(),  # rising ids are the order per recipient
    Column("person", BigInteger, nullable=False), Column("ticket", BigInteger, nullable=False, default=0),
    Column("kind", String(16), nullable=False), Column("rank", Integer, nullable=False),
    Column("body", Secret("outbox.body"), nullable=False),  # JSON {text, choices, media}
    Column("state", String(8), nullable=False),  # waiting sending sent failed
    Column("rung", String(16), nullable=False, default=""),  # how it went: passive service template person
    Column("attempts", Integer, nullable=False, default=0),
    Column("created", Utc, nullable=False), Column("next_at", Utc, nullable=False),
    Column("turn", String(16)),  # name of the turn that wrote it, as it stands in the log
    Column("lease", Utc), Column("holder", String(36)), Column("code", String(32)), Column("done", Utc),
    Column("same", BigInteger),  # a blind mark of the person and the words, once claimed; none when bulk, or a storm
    Index("ix_outbox_waiting", "rank", "id", "next_at", "person", **only("state = 'waiting'")),
    Index("ix_outbox_sending", "lease", **only("state = 'sending'")),
    Index("ix_outbox_failed", "done", **only("state = 'failed'")),
    Index("ix_outbox_open", "person", **only("state IN ('waiting', 'sending')")),
    Index("ix_outbox_person", "person", "id"), Index("ix_outbox_ticket", "ticket"),
    Index("ix_outbox_same", "same", "done", **only("same IS NOT NULL AND done IS NOT NULL")),
)  # fmt: skip
