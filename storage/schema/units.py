"""Who handles tickets beside the grid: units with the areas they serve, leave, co-units, the category table."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, PrimaryKeyConstraint, String, Table, UniqueConstraint

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, ref

units = Table(  # members are posts (member, head; street for the command room) with the unit's id as scope
    "units", metadata, key(),
    Column("code", String(32), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("kind", String(2), nullable=False),  # a key of handlers.tickets.categories.UNITS
    Column("phone", String(32), nullable=False, default=""),  # the published number, not personal
    Index("ix_units_kind", "kind"),
)  # fmt: skip

unit_areas = Table(
    "unit_areas", metadata, key(), ref("unit", "units.id"),
    Column("scope", String(10), nullable=False),  # estate community street all
    Column("place", BigInteger, nullable=False, default=0),  # id of the estate or community
    Column("street", String(64), nullable=False, default=""),
    UniqueConstraint("unit", "scope", "place", "street"),
    Index("ix_unit_areas_place", "scope", "place"),
)  # fmt: skip

ticket_units = Table(
    "ticket_units", metadata, Column("ticket", BigInteger), Column("unit", BigInteger),
    Column("role", String(8), nullable=False),  # assist whistle
    Column("asked", Utc, nullable=False), Column("arrive_by", Utc), Column("arrived", Utc),
    Column("concluded", Utc), Column("words", Secret("ticket_units.words")),
    Column("rating", String(8), nullable=False, server_default=""),
    PrimaryKeyConstraint("ticket", "unit"), Index("ix_ticket_units_unit", "unit"),
    sqlite_with_rowid=False,
)  # fmt: skip

leaves = Table(
    "leaves", metadata, key(), ref("person", "persons.id"),
    Column("first", String(10), nullable=False), Column("last", String(10), nullable=False),  # days, ISO
    Index("ix_leaves_person", "person", "last"),
)  # fmt: skip

categories = Table(  # domain.md §2.7, as the city has it
    "categories", metadata, Column("code", String(4), primary_key=True),
    Column("name", String(32), nullable=False), Column("lead", String(2), nullable=False),
    Column("assist", String(32), nullable=False, server_default=""),  # keys, blanks between
    Column("level", String(2), nullable=False), Column("std_code", String(32), nullable=False, server_default=""),
    Column("photo", Boolean, nullable=False),  # 办结 needs a photo
    Column("verify", Boolean, nullable=False),  # 核查 before the reporter is asked
)  # fmt: skip
