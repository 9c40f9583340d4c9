"""Communities, grids, estates, buildings, households: the register of places."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table, UniqueConstraint

from storage.columns import Json
from storage.schema.base import key, metadata, ref

communities = Table(
    "communities", metadata, key(),
    Column("code", String(12), nullable=False, unique=True),  # 12 digits (domain.md §3.3)
    Column("name", String(64), nullable=False),
    Column("street", String(64), nullable=False, default=""),
    Column("phone", String(32), nullable=False, default=""),  # the published office number, not personal
)  # fmt: skip

grids = Table(
    "grids", metadata, key(), ref("community", "communities.id"),
    Column("code", String(15), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
)  # fmt: skip

micro_grids = Table(
    "micro_grids", metadata, key(), ref("grid", "grids.id"), ref("community", "communities.id"),
    Column("code", String(17), nullable=False, unique=True),
    Column("name", String(64), nullable=False),  # e.g. 学府1-3
    Index("ix_micro_grids_grid", "grid"), Index("ix_micro_grids_community", "community"),
)  # fmt: skip

estates = Table(
    "estates", metadata, key(), ref("community", "communities.id"),
    Column("name", String(64), nullable=False),  # with the phase: 枫桦景苑一期
    Column("aliases", Json, nullable=False),  # list of other names in use
    Column("road", String(64), nullable=False, default=""),
    Column("lane", String(16), nullable=False, default=""),  # "5511" for 5511弄
    Column("word", String(4), nullable=False, default="幢"),  # what its buildings are called: 幢 号 栋 座 号楼
    Column("spots", Json, nullable=False),  # list of public spots: 北门, 儿童乐园, 水泵房 …
    UniqueConstraint("community", "name"),
)  # fmt: skip

buildings = Table(
    "buildings", metadata, key(), ref("estate", "estates.id"), ref("community", "communities.id"),
    Column("name", String(16), nullable=False),  # "3", "C2"
    Column("lat", Float), Column("lon", Float),
    Column("qr", String(32), nullable=False, unique=True),  # code of its g1.<code> plate
    UniqueConstraint("estate", "name"), Index("ix_buildings_lat", "lat"),
)  # fmt: skip

households = Table(
    "households", metadata, key(), ref("building", "buildings.id"), ref("estate", "estates.id"),
    ref("community", "communities.id"), ref("micro_grid", "micro_grids.id", null=True),
    Column("unit", String(8), nullable=False, default=""),
    Column("floor", String(8), nullable=False, default=""),
    Column("room", String(16), nullable=False),
    UniqueConstraint("building", "unit", "room"),
    Index("ix_households_micro_grid", "micro_grid"),
)  # fmt: skip
