"""Stars and their 公示, photos of activities with the consent of who is in them, 备案 of teams."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, UniqueConstraint

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only, ref

_PENDING = "state IN ('asked', 'shown', 'objected')"
star_requests = Table(
    "star_requests", metadata, key(), ref("community", "communities.id"), Column("number", Integer, nullable=False),
    Column("person", BigInteger, nullable=False), Column("star", Integer, nullable=False),
    Column("half", Integer, nullable=False),  # half hours when it was asked for
    Column("state", String(8), nullable=False),  # asked shown objected granted refused
    Column("asked", Utc, nullable=False), Column("until", Utc), Column("decided", Utc),
    Column("by", BigInteger, nullable=False, default=0), Column("why", Secret("star_requests.why")),
    Column("objector", BigInteger, nullable=False, default=0), Column("objection", Secret("star_requests.objection")),
    Column("serial", String(20), unique=True), UniqueConstraint("community", "number"),
    Index("uq_star_requests_pending", "person", unique=True, **only(_PENDING)),
    Index("ix_star_requests_open", "community", "id", **only(_PENDING)),
    Index("ix_star_requests_person", "person"),
)  # fmt: skip

activity_photos = Table(
    "activity_photos", metadata, key(), ref("activity", "activities.id"), Column("file", String(96), nullable=False),
    Column("by", BigInteger, nullable=False), Column("at", Utc, nullable=False), Column("removed", Utc),
    Index("ix_activity_photos_activity", "activity"), Index("ix_activity_photos_file", "file"),
)  # fmt: skip

photo_people = Table(  # a photo is shown while everybody in it says yes
    "photo_people", metadata, Column("photo", BigInteger), Column("person", BigInteger),
    Column("state", String(8), nullable=False), Column("at", Utc, nullable=False),  # asked agreed refused
    PrimaryKeyConstraint("photo", "person"), Index("ix_photo_people_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

team_filings = Table(  # 备案 (domain.md §7.2)
    "team_filings", metadata, key(), Column("team", BigInteger, nullable=False),
    Column("category", String(12), nullable=False), Column("venue", Secret("team_filings.venue"), nullable=False),
    Column("funds", Secret("team_filings.funds"), nullable=False), Column("state", String(8), nullable=False),
    Column("asked", Utc, nullable=False), Column("asked_by", BigInteger, nullable=False),
    Column("number", String(32), nullable=False, default=""), Column("decided", Utc),
    Column("by", BigInteger, nullable=False, default=0), Column("why", Secret("team_filings.why")),
    Index("uq_team_filings_open", "team", unique=True, **only("state = 'asked'")),
    Index("ix_team_filings_team", "team", "id"),
)  # fmt: skip
