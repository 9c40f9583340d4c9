"""The points ledger, the shop and what waits for a decision. Entries and postings are only ever added."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)  # fmt: skip

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only, ref

point_rules = Table(  # a community's own table; a new version is a new row, old entries keep theirs
    "point_rules", metadata, ref("community", "communities.id"),
    Column("code", String(8)), Column("version", Integer),
    Column("field", String(8), nullable=False), Column("name", String(32), nullable=False),
    Column("points", Integer, nullable=False), Column("day_cap", Integer, nullable=False, default=0),
    Column("month_cap", Integer, nullable=False, default=0), Column("proof", String(8), nullable=False),
    Column("most", Integer, nullable=False, default=0), Column("pair_month_cap", Integer, nullable=False, default=0),
    Column("open", Boolean, nullable=False, default=True), Column("since", Utc, nullable=False),
    Column("categories", String(200), nullable=False, default="", server_default=""), Column("until", Utc),
    PrimaryKeyConstraint("community", "code", "version"),
)  # fmt: skip

point_entries = Table(
    "point_entries", metadata, key(),
    Column("at", Utc, nullable=False), Column("kind", String(8), nullable=False),
    Column("person", BigInteger, nullable=False), Column("community", BigInteger, nullable=False),
    Column("rule", String(8), nullable=False, default=""), Column("version", Integer, nullable=False, default=0),
    Column("times", Integer, nullable=False, default=1),
    Column("once", String(96)),  # what can happen only once; NULL where it may again
    Column("ref", String(48), nullable=False, default=""), Column("by", BigInteger, nullable=False, default=0),
    Column("second", BigInteger, nullable=False, default=0), Column("other", BigInteger, nullable=False, default=0),
    Column("reverses", BigInteger), Column("flag", String(8), nullable=False, default=""),
    UniqueConstraint("once"), UniqueConstraint("reverses"),
    Index("ix_point_entries_person", "person", "id"),
    Index("ix_point_entries_rule", "person", "rule", "at"),
    Index("ix_point_entries_month", "community", "at"),
    Index("ix_point_entries_flag", "community", "id", **only("flag <> ''")),
)  # fmt: skip

point_postings = Table(  # two or more an entry; the points of an entry add up to nothing
    "point_postings", metadata, Column("entry", BigInteger), Column("account", String(40)),
    Column("points", Integer, nullable=False),
    PrimaryKeyConstraint("entry", "account"), Index("ix_point_postings_account", "account"),
    sqlite_with_rowid=False,
)  # fmt: skip

point_accounts = Table(  # the sum of a person's postings, kept with each of them; audited by `jushe doctor --ledger`
    "point_accounts", metadata,
    Column("person", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("community", BigInteger, nullable=False, default=0),
    Column("balance", Integer, nullable=False, default=0), Column("gone", Integer, nullable=False, default=0),
    Column("frozen", Boolean, nullable=False, default=False),
    Column("ranked", Boolean, nullable=False, default=False),
    Column("shared", Boolean, nullable=False, default=False),
)  # fmt: skip

point_months = Table(  # what was earned a month, for the ranking
    "point_months", metadata, Column("person", BigInteger), Column("month", String(7)),
    Column("community", BigInteger, nullable=False), Column("points", Integer, nullable=False),
    PrimaryKeyConstraint("person", "month"), Index("ix_point_months_rank", "community", "month", "points"),
    sqlite_with_rowid=False,
)  # fmt: skip

point_notices = Table(  # 公示 of a settled month
    "point_notices", metadata, key(), ref("community", "communities.id"),
    Column("month", String(7), nullable=False), Column("people", Integer, nullable=False),
    Column("points", Integer, nullable=False), Column("totals", Text, nullable=False),  # JSON: rule → entries, points
    Column("since", Utc, nullable=False), Column("until", Utc, nullable=False), Column("closed", Utc),
    UniqueConstraint("community", "month"),
)  # fmt: skip

point_notice_lines = Table(  # what everybody had earned when the month was settled
    "point_notice_lines", metadata, Column("notice", BigInteger), Column("person", BigInteger),
    Column("points", Integer, nullable=False),
    PrimaryKeyConstraint("notice", "person"), Index("ix_point_notice_lines_rank", "notice", "points"),
    sqlite_with_rowid=False,
)  # fmt: skip

point_checks = Table(  # a flagged entry that somebody looked at again
    "point_checks", metadata,
    Column("entry", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("by", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Column("ok", Boolean, nullable=False), Column("words", Secret("point_checks.words")),
)  # fmt: skip

point_cases = Table(
    "point_cases", metadata, key(),
    Column("person", BigInteger, nullable=False), Column("community", BigInteger, nullable=False),
    Column("rule", String(8), nullable=False), Column("version", Integer, nullable=False),
    Column("points", Integer, nullable=False), Column("by", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # proposed appealed done refused
    Column("why", Secret("point_cases.why"), nullable=False), Column("appeal", Secret("point_cases.appeal")),
    Column("made", Utc, nullable=False), Column("until", Utc), Column("decided_by", BigInteger),
    Index("ix_point_cases_person", "person", "state"), Index("ix_point_cases_open", "community", "state"),
    Index("ix_point_cases_number", "community", "number"),
)  # fmt: skip

shop_items = Table(
    "shop_items", metadata, key(), ref("community", "communities.id"),
    Column("name", String(48), nullable=False), Column("points", Integer, nullable=False),
    Column("stock", Integer, nullable=False), Column("pickup", String(96), nullable=False, default=""),
    Column("open", Boolean, nullable=False, default=True),
    UniqueConstraint("community", "name"),
)  # fmt: skip

redemptions = Table(
    "redemptions", metadata, key(),
    Column("person", BigInteger, nullable=False), Column("community", BigInteger, nullable=False),
    Column("item", BigInteger, nullable=False), Column("points", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # held collected cancelled expired
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("code", Secret("redemptions.code"), nullable=False),  # its owner may see it again
    Column("proxy", BigInteger, nullable=False, default=0),
    Column("made", Utc, nullable=False), Column("until", Utc, nullable=False), Column("ended", Utc),
    Index("ix_redemptions_person", "person", "state"),
    Index("ix_redemptions_proxy", "proxy", "state", **only("proxy != 0")),
)  # fmt: skip

level_statements = Table(
    "level_statements", metadata, key(),
    Column("person", BigInteger, nullable=False), Column("serial", String(16), nullable=False, unique=True),
    Column("level", String(2), nullable=False), Column("purpose", String(48), nullable=False),
    Column("made", Utc, nullable=False), Column("until", Utc, nullable=False), Column("withdrawn", Utc),
    Index("ix_level_statements_person", "person"),
)  # fmt: skip

photo_marks = Table(  # how a stored photo looks in 64 bits, in four parts: two alike share at least one part
    "photo_marks", metadata, Column("file", String(96)), Column("part", Integer),
    Column("bits", Integer, nullable=False), Column("mark", String(16), nullable=False),
    PrimaryKeyConstraint("file", "part"), Index("ix_photo_marks_bits", "part", "bits"),
)  # fmt: skip
