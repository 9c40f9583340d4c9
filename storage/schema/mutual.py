"""邻里互助: what neighbours ask for, and who wants to be told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, ref

helps = Table(
    "helps", metadata, key(), ref("community", "communities.id"), Column("number", Integer, nullable=False),
    Column("micro_grid", BigInteger, nullable=False), Column("asker", BigInteger, nullable=False),
    Column("words", Secret("helps.words"), nullable=False),
    Column("state", String(8), nullable=False),  # open taken done ended
    Column("helper", BigInteger, nullable=False, default=0),
    Column("confirmed", BigInteger, nullable=False, default=0),  # who was the first to say it is done
    Column("made", Utc, nullable=False), Column("changed", Utc, nullable=False),
    UniqueConstraint("community", "number"), Index("ix_helps_open", "micro_grid", "state", "id"),
    Index("ix_helps_asker", "asker", "state"), Index("ix_helps_helper", "helper", "state"),
)  # fmt: skip

helpers = Table(  # who wants to be told when somebody of the micro-grid asks
    "helpers", metadata, Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("micro_grid", BigInteger, nullable=False), Column("since", Utc, nullable=False),
    Index("ix_helpers_micro_grid", "micro_grid", "since"),
)  # fmt: skip
