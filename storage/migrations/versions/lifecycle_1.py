"""Units, co-units, leave, the category table; a ticket's lead unit, level, merge, hanging, proxy, complaint."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from handlers.tickets.categories import CATEGORIES
from storage.columns import Secret, Utc

revision = "lifecycle_1"
down_revision = "wecom_1"

_big, _zero = sa.BigInteger, sa.text("0")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "units", _id(), sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False), sa.Column("kind", sa.String(2), nullable=False),
        sa.Column("phone", sa.String(32), nullable=False), sa.UniqueConstraint("code", name="uq_units_code"),
    )  # fmt: skip
    op.create_index("ix_units_kind", "units", ["kind"])
    op.create_table(
        "unit_areas", _id(),
        sa.Column("unit", _big, sa.ForeignKey("units.id", name="fk_unit_areas_unit"), nullable=False),
        sa.Column("scope", sa.String(10), nullable=False), sa.Column("place", _big, nullable=False),
        sa.Column("street", sa.String(64), nullable=False),
        sa.UniqueConstraint("unit", "scope", "place", "street", name="uq_unit_areas_unit_scope_place_street"),
    )  # fmt: skip
    op.create_table(
        "ticket_units", sa.Column("ticket", _big), sa.Column("unit", _big),
        sa.Column("role", sa.String(8), nullable=False), sa.Column("asked", Utc, nullable=False),
        sa.Column("arrive_by", Utc), sa.Column("arrived", Utc), sa.Column("concluded", Utc),
        sa.Column("words", Secret("ticket_units.words")),
        sa.Column("rating", sa.String(8), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("ticket", "unit", name="pk_ticket_units"), sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_ticket_units_unit", "ticket_units", ["unit"])
    op.create_table(
        "leaves", _id(),
        sa.Column("person", _big, sa.ForeignKey("persons.id", name="fk_leaves_person"), nullable=False),
        sa.Column("first", sa.String(10), nullable=False), sa.Column("last", sa.String(10), nullable=False),
    )  # fmt: skip
    op.create_index("ix_leaves_person", "leaves", ["person", "last"])
    _categories()
    _tickets()


def _categories() -> None:
    """The table of domain.md §2.7; the city changes it with `jushe import categories`."""
    table = op.create_table(
        "categories", sa.Column("code", sa.String(4), primary_key=True),
        sa.Column("name", sa.String(32), nullable=False), sa.Column("lead", sa.String(2), nullable=False),
        sa.Column("assist", sa.String(32), nullable=False, server_default=""),
        sa.Column("level", sa.String(2), nullable=False),
        sa.Column("std_code", sa.String(32), nullable=False, server_default=""),
        sa.Column("photo", sa.Boolean, nullable=False), sa.Column("verify", sa.Boolean, nullable=False),
    )  # fmt: skip
    assert table is not None
    op.bulk_insert(table, [
        {"code": c.code, "name": c.name, "lead": c.lead, "assist": " ".join(c.assist), "level": c.level,
         "std_code": c.std_code, "photo": c.photo, "verify": c.verify}
        for c in CATEGORIES.values()
    ])  # fmt: skip


def _tickets() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        *(sa.Column(name, _big, nullable=False, server_default=_zero)
          for name in ("unit", "merged_into", "proxy_for", "against", "against_unit")),
        *(sa.Column(name, sa.Integer, nullable=False, server_default=_zero) for name in ("tier", "cost")),
        *(sa.Column(name, sa.String(16), nullable=False, server_default="") for name in ("list_basis", "ended")),
        sa.Column("hung_until", Utc), sa.Column("hang_asked", Utc),
        sa.Column("proxy_name", Secret("tickets.proxy_name")),
    )  # fmt: skip
    for column in columns:
        op.add_column("tickets", column)
    for name, on, where in (
        ("ix_tickets_unit", ["unit", "status"], "unit != 0"),
        ("ix_tickets_merged", ["merged_into"], "merged_into != 0"),
        ("ix_tickets_tier", ["tier", "status"], "tier IN (1, 3)"),
    ):
        op.create_index(name, "tickets", on, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
