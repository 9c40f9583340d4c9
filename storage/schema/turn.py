"""What one message leaves: inbox, dialogs, facts, counters."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table, Text

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only

inbox = Table(  # one row a message: its primary key is what makes a message happen once
    "inbox", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    Column("key", String(128)),
    Column("turn", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, default=0),
    Column("at", Utc, nullable=False), Column("received", Utc, nullable=False),
    Column("replies", Secret("inbox.replies"), nullable=False),  # JSON of what was answered; the same on every repeat
    PrimaryKeyConstraint("channel", "account", "user", "key"),
    Index("ix_inbox_received", "received"),
)  # fmt: skip

dialogs = Table(
    "dialogs", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    Column("form", String(32), nullable=False), Column("state", Secret("dialogs.state"), nullable=False),
    Column("since", Utc, nullable=False),
    PrimaryKeyConstraint("channel", "account", "user"),
    sqlite_with_rowid=False,
)  # fmt: skip

facts = Table(  # the timeline and audit trail; sealed in order by storage/chain.py
    "facts", metadata, key(),
    Column("turn", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Column("actor", BigInteger, nullable=False),  # person id, 0: the clockwork
    Column("via", String(16), nullable=False),  # channel, timer, console, import
    Column("kind", String(32), nullable=False), Column("ticket", BigInteger, nullable=False, default=0),
    Column("body", Text, nullable=False),  # canonical JSON, private fields as digests
    Column("position", BigInteger, unique=True), Column("hash", String(64)),  # set when sealed
    Index("ix_facts_ticket", "ticket", "id"),
    Index("ix_facts_unsealed", "id", **only("hash IS NULL")),
    Index("ix_facts_settings", "id", **only("kind = 'SettingChanged'")),
)  # fmt: skip

counters = Table(
    "counters", metadata, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
)
