"""Stars with their 公示, photos with consent, a team's next captain and its 备案."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "activities_2"
down_revision = "operate_2"

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_PENDING = "state IN ('asked', 'shown', 'objected')"


def _id() -> sa.Column[int]:
    return sa.Column("id", _KEY, autoincrement=False, nullable=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _at(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, Utc, nullable=null)


def _words(name: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _only(which: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)}


def upgrade() -> None:
    op.add_column("teams", sa.Column("successor", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "star_requests", _id(),
        sa.Column(
            "community", sa.BigInteger, sa.ForeignKey("communities.id", name="fk_star_requests_community"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False), _big("person"),
        sa.Column("star", sa.Integer, nullable=False), sa.Column("half", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False), _at("asked"), _at("until", null=True),
        _at("decided", null=True), _big("by"), _words("why"), _big("objector"), _words("objection"),
        sa.Column("serial", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_star_requests"),
        sa.UniqueConstraint("serial", name="uq_star_requests_serial"),
        sa.UniqueConstraint("community", "number", name="uq_star_requests_community_number"),
    )  # fmt: skip
    op.create_index("uq_star_requests_pending", "star_requests", ["person"], unique=True, **_only(_PENDING))
    op.create_index("ix_star_requests_open", "star_requests", ["community", "id"], **_only(_PENDING))
    op.create_index("ix_star_requests_person", "star_requests", ["person"])
    op.create_table(
        "activity_photos", _id(),
        sa.Column(
            "activity", sa.BigInteger, sa.ForeignKey("activities.id", name="fk_activity_photos_activity"),
            nullable=False,
        ),
        sa.Column("file", sa.String(96), nullable=False), _big("by"), _at("at"), _at("removed", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_activity_photos"),
    )  # fmt: skip
    op.create_index("ix_activity_photos_activity", "activity_photos", ["activity"])
    op.create_index("ix_activity_photos_file", "activity_photos", ["file"])
    op.create_table(
        "photo_people", _big("photo"), _big("person"), sa.Column("state", sa.String(8), nullable=False), _at("at"),
        sa.PrimaryKeyConstraint("photo", "person", name="pk_photo_people"),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index("ix_photo_people_person", "photo_people", ["person"])
    op.create_table(
        "team_filings", _id(), _big("team"), sa.Column("category", sa.String(12), nullable=False),
        _words("venue", null=False), _words("funds", null=False), sa.Column("state", sa.String(8), nullable=False),
        _at("asked"), _big("asked_by"), sa.Column("number", sa.String(32), nullable=False), _at("decided", null=True),
        _big("by"), _words("why"),
        sa.PrimaryKeyConstraint("id", name="pk_team_filings"),
    )  # fmt: skip
    op.create_index("uq_team_filings_open", "team_filings", ["team"], unique=True, **_only("state = 'asked'"))
    op.create_index("ix_team_filings_team", "team_filings", ["team", "id"])
