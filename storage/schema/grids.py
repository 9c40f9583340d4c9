"""Changes of posts and of borders that are planned for a day, and what became of them; the codes of plates."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table

from storage.columns import Utc
from storage.schema.base import key, metadata, only, ref

grid_changes = Table(
    "grid_changes", metadata, key(), ref("community", "communities.id"),
    Column("kind", String(8), nullable=False),  # post redraw
    Column("role", String(8), nullable=False, default=""),
    Column("scope", BigInteger, nullable=False, default=0),  # micro-grid, or grid for its worker
    Column("incoming", BigInteger, nullable=False, default=0),
    Column("outgoing", BigInteger, nullable=False, default=0),
    Column("tasks", String(8), nullable=False, default=""),  # pass stay
    Column("day", String(10), nullable=False),  # ISO, Asia/Shanghai
    Column("state", String(8), nullable=False),  # planned done dropped
    Column("by", BigInteger, nullable=False), Column("made", Utc, nullable=False), Column("ended", Utc),
    Index("ix_grid_changes_planned", "community", "day", **only("state = 'planned'")),
)  # fmt: skip

grid_moves = Table(
    "grid_moves", metadata, Column("change", BigInteger), Column("household", BigInteger),
    Column("before", BigInteger, nullable=False), Column("after", BigInteger, nullable=False),
    PrimaryKeyConstraint("change", "household"), sqlite_with_rowid=False,
)  # fmt: skip

plate_codes = Table(  # what the platform put behind the code of a plate (buildings.qr)
    "plate_codes", metadata, Column("account", String(64)), Column("code", String(32)),
    Column("address", String(256), nullable=False),
    PrimaryKeyConstraint("account", "code"), sqlite_with_rowid=False,
)  # fmt: skip
