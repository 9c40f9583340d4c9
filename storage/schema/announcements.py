"""Announcements, where they are for, their frozen audience, kept audiences, and who does not want any."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from storage.columns import Json, Utc
from storage.schema.base import key, metadata, only

announcements = Table(  # written by staff for many to read: nothing personal
    "announcements", metadata, key(),
    Column("number", Integer, nullable=False, unique=True),  # what staff say: 公告12
    Column("community", BigInteger, nullable=False), Column("by", BigInteger, nullable=False),
    Column("second", BigInteger, nullable=False, default=0),  # who approved it
    Column("title", String(60), nullable=False), Column("words", Text, nullable=False),
    Column("kind", String(9), nullable=False),  # handlers.announcements.rules.Kind
    Column("muster", Boolean, nullable=False, default=False), Column("drill", Boolean, nullable=False, default=False),
    Column("roles", Json, nullable=False),  # list of keys of rules.ROLES, [] for everybody
    Column("state", String(9), nullable=False),  # handlers.announcements.rules.State
    Column("at", Utc), Column("people", Integer, nullable=False, default=0),
    Column("upto", BigInteger, nullable=False, default=0),  # the last person looked at while preparing
    Column("final", Json),  # the numbers of a mobilisation whose roster was destroyed
    Column("created", Utc, nullable=False), Column("started", Utc), Column("ended", Utc), Column("closed", Utc),
    Index("ix_announcements_community", "community", "id"), Index("ix_announcements_started", "started"),
    Index("ix_announcements_live", "state", **only("state IN ('preparing', 'sending', 'paused', 'cancelled')")),
    Index("ix_announcements_musters", "community", **only("muster AND closed IS NULL")),
)  # fmt: skip

announcement_places = Table(
    "announcement_places", metadata,
    Column("announcement", BigInteger), Column("area", String(10)), Column("place", BigInteger),
    PrimaryKeyConstraint("announcement", "area", "place"),
    Index("ix_announcement_places_place", "area", "place", "announcement"),
    sqlite_with_rowid=False,
)  # fmt: skip

recipients = Table(  # the audience as it was when it was frozen; nobody is in it twice
    "recipients", metadata,
    Column("announcement", BigInteger), Column("person", BigInteger),
    Column("state", String(9), nullable=False),  # handlers.announcements.rules.Place
    Column("reason", String(32), nullable=False, default=""), Column("rung", String(16), nullable=False, default=""),
    Column("push", BigInteger),  # its row of the outbox
    Column("changed", Utc, nullable=False), Column("read", Utc),
    Column("answer", String(3), nullable=False, default=""),  # yes no, to a mobilisation
    Column("minutes", Integer, nullable=False, default=0), Column("answered", Utc),
    PrimaryKeyConstraint("announcement", "person"),
    Index("ix_recipients_state", "announcement", "state", "person"),
    Index("ix_recipients_person", "person", "announcement"),
    sqlite_with_rowid=False,
)  # fmt: skip

audiences = Table(
    "audiences", metadata, key(),
    Column("community", BigInteger, nullable=False), Column("by", BigInteger, nullable=False),
    Column("name", String(24), nullable=False), Column("places", Json, nullable=False),
    Column("roles", Json, nullable=False), Column("at", Utc, nullable=False),
    Index("uq_audiences_name", "community", "name", unique=True),
)  # fmt: skip

declines = Table(  # who does not want 一般通知
    "declines", metadata, Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("since", Utc, nullable=False),
)  # fmt: skip
