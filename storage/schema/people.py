"""Persons, their addresses on channels, homes, posts and accounts."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
    true,
)

from storage.columns import Secret, Utc
from storage.schema.base import key, metadata, ref

persons = Table(
    "persons", metadata, key(),
    Column("community", BigInteger, nullable=False, default=0),
    Column("building", BigInteger, nullable=False, default=0),  # of a scanned plate, without a household
    Column("name", Secret("persons.name")), Column("phone", Secret("persons.phone")),
    Column("phone_index", String(44), index=True),  # blind index (HMAC) of the digits
    Column("anonymous", Boolean, nullable=False, default=False),
    Column("notice", Integer, nullable=False, default=0),
    Column("created", Utc, nullable=False), Column("erased", Utc),
    Column("prefers", String(16)),  # channel for pushes of a post, by the table without one
)  # fmt: skip

identities = Table(
    "identities", metadata,
    Column("channel", String(16)), Column("account", String(64)), Column("user", String(128)),
    ref("person", "persons.id"),
    Column("followed", Boolean, nullable=False, default=True),
    Column("seen", Utc, nullable=False),  # last inbound
    Column("window_until", Utc), Column("window_left", Integer, nullable=False, default=0),
    PrimaryKeyConstraint("channel", "account", "user"),
    Index("ix_identities_person", "person"),
    sqlite_with_rowid=False,
)  # fmt: skip

homes = Table(
    "homes", metadata, key(), ref("person", "persons.id"), ref("household", "households.id"),
    Column("relation", String(8), nullable=False),  # owner tenant family
    Column("source", String(8), nullable=False),  # text scan desk import
    Column("since", Utc, nullable=False), Column("until", Utc),
    Index("ix_homes_person", "person"), Index("ix_homes_household", "household"),
)  # fmt: skip

posts = Table(
    "posts", metadata, key(), ref("person", "persons.id"),
    Column("role", String(8), nullable=False),  # handlers.types.Role
    Column("scope", BigInteger, nullable=False),  # id of micro-grid, grid or community
    Column("since", Utc, nullable=False), Column("until", Utc),
    Index("ix_posts_person", "person"), Index("ix_posts_role_scope", "role", "scope"),
)  # fmt: skip

claims = Table(  # one-time codes by which a leader or staff member joins a chat identity
    "claims", metadata,
    Column("code_hash", String(64), primary_key=True), ref("person", "persons.id"),
    Column("expires", Utc, nullable=False), Column("used", Utc),
    Index("ix_claims_person", "person"),
)  # fmt: skip

claim_failures = Table(
    "claim_failures", metadata, key(),
    Column("person", BigInteger, nullable=False), Column("at", Utc, nullable=False),
    Index("ix_claim_failures_person", "person", "at"),
)  # fmt: skip

logins = Table(  # staff accounts of the console
    "logins", metadata,
    Column("login", String(64), primary_key=True), ref("person", "persons.id"),
    Column("password", String(160), nullable=False),  # argon2id
    Column("failures", Integer, nullable=False, default=0), Column("locked_until", Utc),
    Column("disabled", Boolean, nullable=False, default=False), Column("created", Utc, nullable=False),
    Column("role", String(8), nullable=False, server_default="desk"),  # storage.sight.StaffRole
    Column("scope", BigInteger, nullable=False, server_default=text("0")),  # a community, of a role without a post
    Column("asked", String(8), nullable=False, server_default=""),  # a role asked for, not granted yet
    Column("granted", Boolean, nullable=False, server_default=true()),  # the role was given by who may give it
    Column("initial", Boolean, nullable=False, server_default=false()),  # the password is somebody else's making
    Column("code_secret", Secret("logins.code_secret")),
    Column("code_on", Boolean, nullable=False, server_default=false()),
    Column("code_step", BigInteger, nullable=False, server_default=text("0")),  # last 30 seconds a code was used for
)  # fmt: skip

sessions = Table(
    "sessions", metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("login", String(64), ForeignKey("logins.login"), nullable=False),
    Column("created", Utc, nullable=False), Column("seen", Utc, nullable=False), Column("ended", Utc),
    Column("device", String(40), nullable=False, server_default=""),  # 手机 Chrome: what its owner knows it by
    Index("ix_sessions_login", "login"),
)  # fmt: skip

drafts = Table(  # a form that was sent after its log-in had ended
    "drafts", metadata,
    Column("login", String(64), primary_key=True), Column("body", Secret("drafts.body"), nullable=False),
    Column("at", Utc, nullable=False),
)  # fmt: skip
