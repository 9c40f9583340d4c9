"""Activities, sign-ups, attendance, hours, certificates, volunteers and teams."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, only, ref

activities = Table(
    "activities", metadata, key(),
    Column("number", Integer, nullable=False, unique=True),  # what people say: 活动12
    ref("community", "communities.id"),
    Column("team", BigInteger, nullable=False, default=0),
    Column("organiser", BigInteger, nullable=False),  # 负责人, person id
    Column("name", String(48), nullable=False), Column("kind", String(12), nullable=False),
    Column("danger", Boolean, nullable=False, default=False),
    # what a recruiting notice must say (志愿服务条例 art. 12, 浙江 art. 14)
    Column("about", Text, nullable=False), Column("place", String(120), nullable=False),
    Column("conditions", Text, nullable=False), Column("risks", Text, nullable=False),
    Column("insurance", Text, nullable=False), Column("policy_number", String(64), nullable=False, default=""),
    Column("bring", Text, nullable=False, default=""), Column("children", Boolean, nullable=False, default=False),
    Column("question", String(120), nullable=False, default=""),
    Column("approve", Boolean, nullable=False, default=False),
    Column("weekly", Boolean, nullable=False, default=False),
    Column("lat", Float), Column("lon", Float), Column("fence", Integer, nullable=False, default=300),  # metres
    Column("starts", Utc, nullable=False), Column("ends", Utc, nullable=False),
    Column("status", String(10), nullable=False),  # handlers.activities.rules.State
    Column("queue", Integer, nullable=False, default=0),  # last place given in its waiting lists
    Column("created", Utc, nullable=False), Column("recorded", Utc), Column("moved", Utc),
    CheckConstraint("NOT danger OR policy_number <> ''", name="danger_is_insured"),
    Index("ix_activities_on", "community", "starts"), Index("ix_activities_organiser", "organiser", "starts"),
)  # fmt: skip

stations = Table(  # 岗位 with their seats; the database itself refuses to sell one twice
    "stations", metadata, key(), ref("activity", "activities.id"),
    Column("name", String(24), nullable=False), Column("seats", Integer, nullable=False),
    Column("taken", Integer, nullable=False, default=0),
    CheckConstraint("taken >= 0 AND taken <= seats", name="never_oversold"),
    Index("ix_stations_activity", "activity"),
)  # fmt: skip

_LIVE = "status IN ('seated', 'consent', 'review', 'offered', 'waiting')"
signups = Table(
    "signups", metadata, key(), ref("activity", "activities.id"), ref("station", "stations.id"),
    Column("person", BigInteger, nullable=False), Column("people", Integer, nullable=False),
    Column("party", Secret("signups.party"), nullable=False),  # JSON: who comes, see handlers.activities.port.Guest
    Column("status", String(10), nullable=False),  # handlers.activities.rules.Place
    Column("low", Boolean, nullable=False, default=False),  # behind the others: three times not come
    Column("place", Integer, nullable=False, default=0),  # in the order of the waiting list
    Column("answer", Secret("signups.answer")), Column("why", Secret("signups.why")),
    Column("until", Utc),  # an offer or a guardian's answer is good until then
    Column("consent", String(44)), Column("guardian", BigInteger, nullable=False, default=0),
    Column("created", Utc, nullable=False), Column("changed", Utc, nullable=False),
    Index("uq_signups_live", "activity", "person", unique=True, **only(_LIVE)),
    Index("ix_signups_waiting", "station", "low", "place", **only("status = 'waiting'")),
    Index("ix_signups_person", "person", "id"), Index("ix_signups_activity", "activity", "id"),
    Index("ix_signups_consent", "consent", **only("consent IS NOT NULL")),
)  # fmt: skip

attendances = Table(  # one a sign-up
    "attendances", metadata,
    Column("signup", BigInteger, primary_key=True, autoincrement=False),
    Column("activity", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("came", Utc, nullable=False), Column("went", Utc),
    Column("came_how", String(8), nullable=False), Column("went_how", String(8)),  # qr code place makeup
    Index("ix_attendances_activity", "activity"),
)  # fmt: skip

makeups = Table(  # 补签: one person asks, another confirms
    "makeups", metadata, key(), Column("signup", BigInteger, nullable=False),
    Column("step", String(4), nullable=False),  # came went
    Column("at", Utc, nullable=False), Column("by", BigInteger, nullable=False),
    Column("why", Secret("makeups.why"), nullable=False), Column("second", BigInteger, nullable=False, default=0),
    Column("asked", Utc, nullable=False), Column("decided", Utc),
    Index("ix_makeups_signup", "signup"), Index("ix_makeups_open", "asked", **only("decided IS NULL")),
)  # fmt: skip

hours = Table(  # the ledger of service time: rows are only added, a correction is a reversing row and a new one
    "hours", metadata, key(), Column("person", BigInteger, nullable=False),
    Column("guest", Integer, nullable=False, default=0),  # 0 the person, else who of the party
    Column("label", Secret("hours.label")),  # of a guest: 妈妈
    Column("signup", BigInteger, nullable=False), Column("activity", BigInteger, nullable=False),
    Column("half", Integer, nullable=False),  # half hours; negative in a reversing row
    Column("minutes", Integer, nullable=False), Column("day", String(10), nullable=False),
    Column("round", Integer, nullable=False),  # 0, after a correction 1, 2 …
    Column("reverses", BigInteger, nullable=False, default=0),
    Column("by", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Column("why", Secret("hours.why")),
    Index("uq_hours_once", "signup", "guest", "round", unique=True, **only("reverses = 0")),
    Index("uq_hours_reversed", "reverses", unique=True, **only("reverses <> 0")),
    Index("ix_hours_person", "person", "id"), Index("ix_hours_activity", "activity"),
)  # fmt: skip

hours_days = Table(  # half hours of a person's day, so that the day's cap holds in every process
    "hours_days", metadata, Column("person", BigInteger), Column("day", String(10)),
    Column("half", Integer, nullable=False),
    PrimaryKeyConstraint("person", "day"), CheckConstraint("half >= 0", name="never_negative"),
    sqlite_with_rowid=False,
)  # fmt: skip

objections = Table(
    "objections", metadata, key(), Column("hours", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False), Column("words", Secret("objections.words"), nullable=False),
    Column("at", Utc, nullable=False), Column("decided", Utc), Column("by", BigInteger, nullable=False, default=0),
    Index("uq_objections_open", "hours", unique=True, **only("decided IS NULL")),
)  # fmt: skip

certificates = Table(
    "certificates", metadata, key(), Column("serial", String(20), nullable=False, unique=True),
    Column("person", BigInteger, nullable=False), Column("name", Secret("certificates.name"), nullable=False),
    Column("half", Integer, nullable=False), Column("issuer", String(64), nullable=False),  # 记录单位
    Column("lines", Secret("certificates.lines"), nullable=False),  # JSON: [day, activity, half hours]
    Column("issued", Utc, nullable=False), Column("withdrawn", Utc),
    Index("ix_certificates_person", "person"),
)  # fmt: skip

volunteers = Table(
    "volunteers", metadata, Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("born", Integer, nullable=False, default=0),  # year; 0 for grown-ups and where not known
    Column("adult", Boolean), Column("guardian", BigInteger, nullable=False, default=0),
    Column("skills", Secret("volunteers.skills")), Column("free", String(48), nullable=False, default=""),
    Column("since", Utc, nullable=False),
)  # fmt: skip

ratings = Table(  # 评价 both ways: of the activity by who came, of who came by the organiser
    "ratings", metadata, key(), Column("signup", BigInteger, nullable=False),
    Column("of", String(9), nullable=False),  # activity volunteer
    Column("by", BigInteger, nullable=False), Column("stars", Integer, nullable=False),
    Column("words", Secret("ratings.words")), Column("at", Utc, nullable=False),
    UniqueConstraint("signup", "of"),
)  # fmt: skip

teams = Table(
    "teams", metadata, key(), ref("community", "communities.id"), Column("name", String(32), nullable=False),
    Column("about", Text, nullable=False), Column("captain", BigInteger, nullable=False),
    Column("filing", String(32), nullable=False, default=""),  # 备案号
    Column("tags", String(32), nullable=False, default=""),
    Column("successor", BigInteger, nullable=False, default=0, server_default="0"),  # asked to be the next captain
    Column("status", String(8), nullable=False), Column("since", Utc, nullable=False),  # asked active refused
    Index("uq_teams_name", "community", "name", unique=True, **only("status <> 'refused'")),
    Index("ix_teams_captain", "captain"), Index("ix_teams_successor", "successor"),
    Index("ix_teams_community", "community", "status"),
)  # fmt: skip

team_members = Table(
    "team_members", metadata, Column("team", BigInteger), Column("person", BigInteger),
    Column("since", Utc, nullable=False), Column("until", Utc),
    PrimaryKeyConstraint("team", "person"), Index("ix_team_members_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip
