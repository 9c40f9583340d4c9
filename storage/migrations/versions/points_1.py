"""Points: the ledger, the shop, cases, statements, marks of photos."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Secret, Utc

revision = "points_1"
down_revision = "lifecycle_1"

_BIG = sa.BigInteger()
_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _KEY, primary_key=True, autoincrement=False)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=null)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _text(name: str, length: int, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=null)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _at(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Utc, nullable=null)


def _index(name: str, table: str, *columns: str, which: str = "") -> None:
    only: dict[str, Any] = {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)} if which else {}
    op.create_index(name, table, list(columns), **only)


def upgrade() -> None:
    op.create_table(
        "point_rules", _big("community"), _text("code", 8), _int("version"), _text("field", 8), _text("name", 32),
        _int("points"), _int("day_cap"), _int("month_cap"), _text("proof", 8), _int("most"), _int("pair_month_cap"),
        _flag("open"), _at("since"),
        sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_point_rules_community"),
        sa.PrimaryKeyConstraint("community", "code", "version", name="pk_point_rules"),
    )  # fmt: skip
    op.create_table(
        "point_entries", _id(), _at("at"), _text("kind", 8), _big("person"), _big("community"), _text("rule", 8),
        _int("version"), _int("times"), _text("once", 96, null=True), _text("ref", 48), _big("by"), _big("second"),
        _big("other"), _big("reverses", null=True), _text("flag", 8),
        sa.UniqueConstraint("once", name="uq_point_entries_once"),
        sa.UniqueConstraint("reverses", name="uq_point_entries_reverses"),
    )  # fmt: skip
    _index("ix_point_entries_person", "point_entries", "person", "id")
    _index("ix_point_entries_rule", "point_entries", "person", "rule", "at")
    _index("ix_point_entries_flag", "point_entries", "community", "id", which="flag <> ''")
    op.create_table(
        "point_postings", _big("entry"), _text("account", 40), _int("points"),
        sa.PrimaryKeyConstraint("entry", "account", name="pk_point_postings"), sqlite_with_rowid=False,
    )  # fmt: skip
    _index("ix_point_postings_account", "point_postings", "account")
    op.create_table(
        "point_accounts", sa.Column("person", _KEY, primary_key=True, autoincrement=False), _big("community"),
        _int("balance"), _int("gone"), _flag("frozen"), _flag("ranked"), _flag("shared"),
    )  # fmt: skip
    op.create_table(
        "point_months", _big("person"), _text("month", 7), _big("community"), _int("points"),
        sa.PrimaryKeyConstraint("person", "month", name="pk_point_months"), sqlite_with_rowid=False,
    )  # fmt: skip
    _index("ix_point_months_rank", "point_months", "community", "month", "points")
    op.create_table(
        "point_cases", _id(), _big("person"), _big("community"), _text("rule", 8), _int("version"), _int("points"),
        _big("by"), _int("number"), _text("state", 8), sa.Column("why", Secret("point_cases.why"), nullable=False),
        sa.Column("appeal", Secret("point_cases.appeal")), _at("made"), _at("until", null=True),
        _big("decided_by", null=True),
    )  # fmt: skip
    _index("ix_point_cases_person", "point_cases", "person", "state")
    _index("ix_point_cases_open", "point_cases", "community", "state")
    _index("ix_point_cases_number", "point_cases", "community", "number")
    op.create_table(
        "shop_items", _id(), _big("community"), _text("name", 48), _int("points"), _int("stock"), _text("pickup", 96),
        _flag("open"), sa.ForeignKeyConstraint(["community"], ["communities.id"], name="fk_shop_items_community"),
        sa.UniqueConstraint("community", "name", name="uq_shop_items_community_name"),
    )  # fmt: skip
    op.create_table(
        "redemptions", _id(), _big("person"), _big("community"), _big("item"), _int("points"), _text("state", 10),
        _text("code_hash", 64),
        sa.Column("code", Secret("redemptions.code"), nullable=False), _big("proxy"),
        _at("made"), _at("until"), _at("ended", null=True),
        sa.UniqueConstraint("code_hash", name="uq_redemptions_code_hash"),
    )  # fmt: skip
    _index("ix_redemptions_person", "redemptions", "person", "state")
    op.create_table(
        "level_statements", _id(), _big("person"), _text("serial", 16), _text("level", 2), _text("purpose", 48),
        _at("made"), _at("until"), _at("withdrawn", null=True),
        sa.UniqueConstraint("serial", name="uq_level_statements_serial"),
    )  # fmt: skip
    _index("ix_level_statements_person", "level_statements", "person")
    op.create_table(
        "photo_marks", _text("file", 96), _int("part"), _int("bits"), _text("mark", 16),
        sa.PrimaryKeyConstraint("file", "part", name="pk_photo_marks"),
    )  # fmt: skip
    _index("ix_photo_marks_bits", "photo_marks", "part", "bits")
