"""The tables, for SQLite and PostgreSQL alike. What they mean; nothing of how they are written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip

from storage.columns import Json, Secret, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    """Ids are made by the application (storage/ids.py): 63 bits, rising with time."""
    # INTEGER on SQLite: the id is then the row's own key, without an index beside the table
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(target), nullable=null)


def _only(which: str) -> dict[str, Any]:
    """An index of the rows that fit only, on both databases."""
    return {"sqlite_where": text(which), "postgresql_where": text(which)}


# --- places and posts -------------------------------------------------------------------------------------

communities = Table(
    "communities", metadata, _id(),
    Column("code", String(12), nullable=False, unique=True),  # 12 digits (domain.md §3.3)
    Column("name", String(64), nullable=False),
    Column("street", String(64), nullable=False, default=""),
    Column("phone", String(32), nullable=False, default=""),  # the published office number, not personal
)  # fmt: skip

grids = Table(
    "grids", metadata, _id(), _ref("community", "communities.id"),
    Column("code", String(15), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
)  # fmt: skip

micro_grids = Table(
    "micro_grids", metadata, _id(), _ref("grid", "grids.id"), _ref("community", "communities.id"),
    Column("code", String(17), nullable=False, unique=True),
    Column("name", String(64), nullable=False),  # e.g. 学府1-3
)  # fmt: skip

estates = Table(
    "estates", metadata, _id(), _ref("community", "communities.id"),
    Column("name", String(64), nullable=False),  # with the phase: 枫桦景苑一期
    Column("aliases", Json, nullable=False),  # list of other names in use
    Column("road", String(64), nullable=False, default=""),
    Column("lane", String(16), nullable=False, default=""),  # "5511" for 5511弄
    Column("word", String(4), nullable=False, default="幢"),  # what its buildings are called: 幢 号 栋 座 号楼
    Column("spots", Json, nullable=False),  # list of public spots: 北门, 儿童乐园, 水泵房 …
    UniqueConstraint("community", "name"),
)  # fmt: skip

buildings = Table(
    "buildings", metadata, _id(), _ref("estate", "estates.id"), _ref("community", "communities.id"),
    Column("name", String(16), nullable=False),  # "3", "C2"
    Column("lat", Float), Column("lon", Float),
    Column("qr", String(32), nullable=False, unique=True),  # code of its g1.<code> plate
    UniqueConstraint("estate", "name"), Index("ix_buildings_lat", "lat"),
)  # fmt: skip

households = Table(
    "households", metadata, _id(), _ref("building", "buildings.id"), _ref("estate", "estates.id"),
    _ref("community", "communities.id"), _ref("micro_grid", "micro_grids.id", null=True),
    Column("unit", String(8), nullable=False, default=""),
    Column("floor", String(8), nullable=False, default=""),
    Column("room", String(16), nullable=False),
    UniqueConstraint("building", "unit", "room"),
    Index("ix_households_micro_grid", "micro_grid"),
)  # fmt: skip

persons = Table(
    "persons", metadata, _id(),
    Column("community", BigInteger, nullable=False, default=0),
    Column("building", BigInteger, nullable=False, default=0),  # of a scanned plate, without a household
    Column("name", Secret("persons.name")), Column("phone", Secret("persons.phone")),
    Column("phone_index", String(44), index=True),  # blind index (HMAC) of the digits
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("notice", Integer, nullable=False, default=0),
    Column("created", Utc, nullable=False), Column("erased", Utc),
)  # fmt: skip

identities = Table(
    "identities", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    _ref("person", "persons.id"),
    Column("followed", Boolean, nullable=False, default=True),
    Column("seen", Utc, nullable=False),  # last inbound
    Column("window_until", Utc), Column("window_left", Integer, nullable=False, default=0),
    PrimaryKeyConstraint("channel", "account", "user"),
    Index("ix_identities_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

homes = Table(
    "homes", metadata, _id(), _ref("person", "persons.id"), _ref("household", "households.id"),
    Column("relation", String(8), nullable=False),  # owner tenant family
    Column("source", String(8), nullable=False),  # text scan desk import
    Column("since", Utc, nullable=False), Column("until", Utc),
    Index("ix_homes_person", "person"), Index("ix_homes_household", "household"),
)  # fmt: skip

posts = Table(
    "posts", metadata, _id(), _ref("person", "persons.id"),
    Column("role", String(8), nullable=False),  # handlers.types.Role
    Column("scope", BigInteger, nullable=False),  # id of micro-grid, grid or community
    Column("since", Utc, nullable=False), Column("until", Utc),
    Index("ix_posts_person", "person"), Index("ix_posts_role_scope", "role", "scope"),
)  # fmt: skip

claims = Table(  # one-time codes by which a leader or staff member joins a chat identity
    "claims", metadata,
    Column("code_hash", String(64), primary_key=True), _ref("person", "persons.id"),
    Column("expires", Utc, nullable=False), Column("used", Utc),
)  # fmt: skip

claim_failures = Table(
    "claim_failures", metadata, _id(),
    Column("person", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Index("ix_claim_failures_person", "person", "at"),
)  # fmt: skip

logins = Table(  # staff accounts of the console
    "logins", metadata,
    Column("login", String(64), primary_key=True), _ref("person", "persons.id"),
    Column("password", String(160), nullable=False),  # argon2id
    Column("failures", Integer, nullable=False, default=0), Column("locked_until", Utc),
    Column("disabled", Boolean, nullable=False, default=False), Column("created", Utc, nullable=False),
)  # fmt: skip

sessions = Table(
    "sessions", metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("login", String(64), ForeignKey("logins.login"), nullable=False),
    Column("created", Utc, nullable=False), Column("seen", Utc, nullable=False), Column("ended", Utc),
)  # fmt: skip

# --- the turn ---------------------------------------------------------------------------------------------

inbox = Table(  # one row a message: its primary key is what makes a message happen once
    "inbox", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    Column("key", String(128)),
    Column("turn", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, default=0),
    Column("at", Utc, nullable=False), Column("received", Utc, nullable=False),
    Column("replies", Secret("inbox.replies"), nullable=False),  # JSON of what was answered; the same on every repeat
    PrimaryKeyConstraint("channel", "account", "user", "key"),
    Index("ix_inbox_received", "received"),
    sqlite_with_rowid=False,
)  # fmt: skip

dialogs = Table(
    "dialogs", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    Column("form", String(32), nullable=False), Column("state", Secret("dialogs.state"), nullable=False),
    Column("since", Utc, nullable=False),
    PrimaryKeyConstraint("channel", "account", "user"),
    sqlite_with_rowid=False,
)  # fmt: skip

facts = Table(  # the timeline and audit trail; sealed in order by storage/chain.py
    "facts", metadata, _id(),
    Column("turn", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Column("actor", BigInteger, nullable=False),  # person id, 0: the clockwork
    Column("via", String(16), nullable=False),  # channel, timer, console, import
    Column("kind", String(32), nullable=False), Column("ticket", BigInteger, nullable=False, default=0),
    Column("body", Text, nullable=False),  # canonical JSON, private fields as digests
    Column("position", BigInteger, unique=True), Column("hash", String(64)),  # set when sealed
    Index("ix_facts_ticket", "ticket", "id"),
    Index("ix_facts_unsealed", "id", **_only("hash IS NULL")),
)  # fmt: skip

counters = Table(
    "counters", metadata, Column("name", String(32), primary_key=True), Column("value", BigInteger, nullable=False)
)

# --- tickets ----------------------------------------------------------------------------------------------

tickets = Table(
    "tickets", metadata, _id(),
    Column("code", String(16), nullable=False, unique=True),
    Column("tail", String(8), nullable=False, index=True),  # last four digits
    _ref("community", "communities.id", null=True),  # NULL: not known yet
    Column("micro_grid", BigInteger, nullable=False, default=0),
    Column("category", String(4), nullable=False), Column("level", String(2), nullable=False),
    Column("urgency", String(10), nullable=False), Column("kind", String(8), nullable=False),
    Column("status", String(8), nullable=False),
    Column("place", Secret("tickets.place"), nullable=False),  # JSON of nlp.types.Place
    Column("place_key", String(64), nullable=False, default=""),  # storage.places.key: to find what is near
    Column("lat", Float), Column("lon", Float),
    Column("words", Secret("tickets.words"), nullable=False),
    Column("summary", Secret("tickets.summary"), nullable=False),
    Column("result", Secret("tickets.result")),
    Column("reporter", BigInteger, nullable=False), Column("owner", BigInteger, nullable=False, default=0),
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("designated", Boolean, nullable=False, default=False),
    Column("dispatches", Integer, nullable=False, default=0), Column("reopened", Integer, nullable=False, default=0),
    Column("followers", Integer, nullable=False, default=0),
    Column("source", String(16), nullable=False),
    Column("opened", Utc, nullable=False), Column("changed", Utc, nullable=False),
    Column("accept_by", Utc), Column("due", Utc), Column("dispatched", Utc), Column("accepted", Utc),
    Column("visited", Utc), Column("solved", Utc), Column("closed", Utc),
    Column("extended", Boolean, nullable=False, default=False), Column("extension_until", Utc),
    Column("solved_answer", Boolean), Column("rating", String(8), nullable=False, default=""),
    Column("version", Integer, nullable=False, default=0),  # counts changes: two turns never change what only one saw
    Index("ix_tickets_reporter", "reporter", "opened"),
    Index("ix_tickets_owner_status", "owner", "status"),
    Index("ix_tickets_near", "place_key", "category", "opened"),
    Index("ix_tickets_pin", "category", "lat", **_only("lat IS NOT NULL")),
    Index("ix_tickets_board", "community", "changed"), Index("ix_tickets_desk", "community", "status"),
    Index("ix_tickets_grid", "micro_grid", "status"),
)  # fmt: skip

followers = Table(
    "followers", metadata, Column("ticket", BigInteger), Column("person", BigInteger),
    Column("since", Utc, nullable=False), Column("until", Utc),
    PrimaryKeyConstraint("ticket", "person"), Index("ix_followers_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

notes = Table(  # words added to a ticket, by anybody
    "notes", metadata, _id(),
    Column("ticket", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("at", Utc, nullable=False), Column("kind", String(16), nullable=False),  # name of the fact
    Column("words", Secret("notes.words"), nullable=False),
    Index("ix_notes_ticket", "ticket", "id"), Index("ix_notes_person", "person"),
)  # fmt: skip

media = Table(  # photos and voices; fetched from the platform by a job
    "media", metadata, _id(),
    Column("ticket", BigInteger, nullable=False), Column("person", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False), Column("ref", String(256), nullable=False),
    Column("file", String(96)), Column("state", String(8), nullable=False),  # wanted stored lost erased
    Column("attempts", Integer, nullable=False, default=0), Column("next_at", Utc),
    Column("at", Utc, nullable=False), Column("of", String(8), nullable=False, default="report"),  # report | result
    Index("ix_media_ticket", "ticket"),
    Index("ix_media_wanted", "next_at", **_only("state = 'wanted'")),
)  # fmt: skip

timers = Table(
    "timers", metadata, Column("ticket", BigInteger), Column("kind", String(12)),
    Column("due", Utc, nullable=False), Column("attempts", Integer, nullable=False, default=0),
    PrimaryKeyConstraint("ticket", "kind"), Index("ix_timers_due", "due"),
    sqlite_with_rowid=False,
)  # fmt: skip

# --- the outbox -------------------------------------------------------------------------------------------

outbox = Table(
    "outbox", metadata, _id(),  # rising ids are the order per recipient
    Column("person", BigInteger, nullable=False), Column("ticket", BigInteger, nullable=False, default=0),
    Column("kind", String(16), nullable=False), Column("rank", Integer, nullable=False),
    Column("body", Secret("outbox.body"), nullable=False),  # JSON {text, choices, media}
    Column("state", String(8), nullable=False),  # waiting sending sent failed
    Column("rung", String(16), nullable=False, default=""),  # how it went: passive service template person
    Column("attempts", Integer, nullable=False, default=0),
    Column("created", Utc, nullable=False), Column("next_at", Utc, nullable=False),
    Column("lease", Utc), Column("holder", String(36)), Column("code", String(32)), Column("done", Utc),
    Index("ix_outbox_waiting", "rank", "id", "next_at", "person", **_only("state = 'waiting'")),
    Index("ix_outbox_sending", "lease", **_only("state = 'sending'")),
    Index("ix_outbox_failed", "done", **_only("state = 'failed'")),
    Index("ix_outbox_open", "person", **_only("state IN ('waiting', 'sending')")),
    Index("ix_outbox_person", "person", "id"), Index("ix_outbox_ticket", "ticket"),
)  # fmt: skip

# --- the process ------------------------------------------------------------------------------------------

tokens = Table(  # access tokens of the platforms, one holder for all processes
    "tokens", metadata, Column("name", String(96), primary_key=True), Column("token", Secret("tokens.token")),
    Column("expires", Utc), Column("refreshing_until", Utc), Column("holder", String(36)),
)  # fmt: skip

job_runs = Table(
    "job_runs", metadata, Column("name", String(32), primary_key=True), Column("started", Utc, nullable=False),
    Column("seconds", Float, nullable=False), Column("ok", Boolean, nullable=False),
    Column("result", String(200), nullable=False),
)  # fmt: skip

holidays = Table(  # the operator's own table beside the library's: holiday or workday (调休)
    "holidays", metadata, Column("day", String(10), primary_key=True), Column("works", Boolean, nullable=False),
    Column("name", String(32), nullable=False, default=""),
)  # fmt: skip

meta = Table("meta", metadata, Column("name", String(32), primary_key=True), Column("value", LargeBinary))
