"""Activities, sign-ups, attendance, hours, certificates, volunteers and teams."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.columns import Utc

revision = "activities_1"
down_revision = "clocks_1"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _only(which: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)}


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column(
            "community",
            sa.BigInteger,
            sa.ForeignKey("communities.id", name="fk_activities_community"),
            nullable=False,
        ),
        sa.Column("team", sa.BigInteger, nullable=False),
        sa.Column("organiser", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("danger", sa.Boolean, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("conditions", sa.Text, nullable=False),
        sa.Column("risks", sa.Text, nullable=False),
        sa.Column("insurance", sa.Text, nullable=False),
        sa.Column("policy_number", sa.String(64), nullable=False),
        sa.Column("bring", sa.Text, nullable=False),
        sa.Column("children", sa.Boolean, nullable=False),
        sa.Column("question", sa.String(120), nullable=False),
        sa.Column("approve", sa.Boolean, nullable=False),
        sa.Column("weekly", sa.Boolean, nullable=False),
        sa.Column("lat", sa.Float, nullable=True),
        sa.Column("lon", sa.Float, nullable=True),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("starts", Utc, nullable=False),
        sa.Column("ends", Utc, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("queue", sa.Integer, nullable=False),
        sa.Column("created", Utc, nullable=False),
        sa.Column("recorded", Utc, nullable=True),
        sa.Column("moved", Utc, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
        sa.CheckConstraint("NOT danger OR policy_number <> ''", name="danger_is_insured"),
        sa.UniqueConstraint("number", name="uq_activities_number"),
    )
    op.create_index("ix_activities_on", "activities", ["community", "starts"])
    op.create_index("ix_activities_organiser", "activities", ["organiser", "starts"])
    op.create_table(
        "stations",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "activity", sa.BigInteger, sa.ForeignKey("activities.id", name="fk_stations_activity"), nullable=False
        ),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stations"),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name="never_oversold"),
    )
    op.create_index("ix_stations_activity", "stations", ["activity"])
    op.create_table(
        "signups",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "activity", sa.BigInteger, sa.ForeignKey("activities.id", name="fk_signups_activity"), nullable=False
        ),
        sa.Column("station", sa.BigInteger, sa.ForeignKey("stations.id", name="fk_signups_station"), nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("low", sa.Boolean, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=True),
        sa.Column("why", sa.Text, nullable=True),
        sa.Column("until", Utc, nullable=True),
        sa.Column("consent", sa.String(44), nullable=True),
        sa.Column("guardian", sa.BigInteger, nullable=False),
        sa.Column("created", Utc, nullable=False),
        sa.Column("changed", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signups"),
    )
    op.create_index("ix_signups_activity", "signups", ["activity", "id"])
    op.create_index("ix_signups_consent", "signups", ["consent"], **_only("consent IS NOT NULL"))
    op.create_index("ix_signups_person", "signups", ["person", "id"])
    op.create_index("ix_signups_waiting", "signups", ["station", "low", "place"], **_only("status = 'waiting'"))
    op.create_index(
        "uq_signups_live",
        "signups",
        ["activity", "person"],
        unique=True,
        **_only("status IN ('seated', 'consent', 'review', 'offered', 'waiting')"),
    )
    op.create_table(
        "attendances",
        sa.Column("signup", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("activity", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("came", Utc, nullable=False),
        sa.Column("went", Utc, nullable=True),
        sa.Column("came_how", sa.String(8), nullable=False),
        sa.Column("went_how", sa.String(8), nullable=True),
        sa.PrimaryKeyConstraint("signup", name="pk_attendances"),
    )
    op.create_index("ix_attendances_activity", "attendances", ["activity"])
    op.create_table(
        "makeups",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("signup", sa.BigInteger, nullable=False),
        sa.Column("step", sa.String(4), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("second", sa.BigInteger, nullable=False),
        sa.Column("asked", Utc, nullable=False),
        sa.Column("decided", Utc, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_makeups"),
    )
    op.create_index("ix_makeups_open", "makeups", ["asked"], **_only("decided IS NULL"))
    op.create_index("ix_makeups_signup", "makeups", ["signup"])
    op.create_table(
        "hours",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("guest", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=True),
        sa.Column("signup", sa.BigInteger, nullable=False),
        sa.Column("activity", sa.BigInteger, nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("reverses", sa.BigInteger, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("why", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_hours"),
    )
    op.create_index("ix_hours_activity", "hours", ["activity"])
    op.create_index("ix_hours_person", "hours", ["person", "id"])
    op.create_index("uq_hours_once", "hours", ["signup", "guest", "round"], unique=True, **_only("reverses = 0"))
    op.create_index("uq_hours_reversed", "hours", ["reverses"], unique=True, **_only("reverses <> 0"))
    op.create_table(
        "hours_days",
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("person", "day", name="pk_hours_days"),
        sa.CheckConstraint("half >= 0", name="never_negative"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "objections",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("hours", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("decided", Utc, nullable=True),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
    )
    op.create_index("uq_objections_open", "objections", ["hours"], unique=True, **_only("decided IS NULL"))
    op.create_table(
        "certificates",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("serial", sa.String(20), nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.Column("issuer", sa.String(64), nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("issued", Utc, nullable=False),
        sa.Column("withdrawn", Utc, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.UniqueConstraint("serial", name="uq_certificates_serial"),
    )
    op.create_index("ix_certificates_person", "certificates", ["person"])
    op.create_table(
        "volunteers",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("born", sa.Integer, nullable=False),
        sa.Column("adult", sa.Boolean, nullable=True),
        sa.Column("guardian", sa.BigInteger, nullable=False),
        sa.Column("skills", sa.Text, nullable=True),
        sa.Column("free", sa.String(48), nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_volunteers"),
    )
    op.create_table(
        "ratings",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("signup", sa.BigInteger, nullable=False),
        sa.Column("of", sa.String(9), nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("stars", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=True),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ratings"),
        sa.UniqueConstraint("signup", "of", name="uq_ratings_signup_of"),
    )
    op.create_table(
        "teams",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column(
            "community", sa.BigInteger, sa.ForeignKey("communities.id", name="fk_teams_community"), nullable=False
        ),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("captain", sa.BigInteger, nullable=False),
        sa.Column("filing", sa.String(32), nullable=False),
        sa.Column("tags", sa.String(32), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("ix_teams_captain", "teams", ["captain"])
    op.create_index("uq_teams_name", "teams", ["community", "name"], unique=True, **_only("status <> 'refused'"))
    op.create_table(
        "team_members",
        sa.Column("team", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("until", Utc, nullable=True),
        sa.PrimaryKeyConstraint("team", "person", name="pk_team_members"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_team_members_person", "team_members", ["person"])
