"""Tokens by which other programs call the API: made once, kept as a hash, withdrawn at any time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from storage.engine import Database
from storage.ids import new_id
from storage.schema import api_tokens, communities

PREFIX = "jst_"  # so that a leaked one is recognised for what it is
_USED_STEP = timedelta(minutes=5)  # `used` is not written on every call
_c = api_tokens.c


@dataclass(frozen=True, slots=True)
class Token:
    """`communities`: ids it may see. `role`: source desk member read."""

    id: int
    name: str
    role: str
    person: int
    communities: tuple[int, ...]
    per_minute: int


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as the operator sees it; the secret itself is kept nowhere."""

    name: str
    role: str
    community: str  # name, "" for all
    per_minute: int
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    used: datetime | None


def add(
    conn: Connection, name: str, role: str, community: int, person: int, *, now: datetime, days: int, per_minute: int
) -> str:
    """The new token, shown this once. The name must be free."""
    token = PREFIX + secrets.token_urlsafe(32)
    conn.execute(
        insert(api_tokens).values(
            id=new_id(), name=name, token_hash=_hash(token), role=role, community=community, person=person,
            per_minute=per_minute, created=now, expires=now + timedelta(days=days) if days else None,
        )
    )  # fmt: skip
    return token


def taken(conn: Connection, name: str) -> bool:
    return conn.execute(select(_c.id).where(_c.name == name)).first() is not None


def revoke(conn: Connection, name: str, now: datetime) -> bool:
    """False when no live token has this name."""
    done = conn.execute(update(api_tokens).where(_c.name == name, _c.revoked.is_(None)).values(revoked=now))
    return bool(done.rowcount)


def listed(conn: Connection) -> list[TokenRow]:
    wanted = select(api_tokens, communities.c.name.label("place")).outerjoin(
        communities, communities.c.id == _c.community
    )
    return [
        TokenRow(r.name, r.role, r.place or "", r.per_minute, r.created, r.expires, r.revoked, r.used)
        for r in conn.execute(wanted.order_by(_c.name))
    ]


def check(db: Database, token: str, now: datetime) -> Token | None:
    """Who a token belongs to; None when unknown, withdrawn or over. Blocks."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    with db.reading() as conn:
        row = conn.execute(
            select(api_tokens).where(_c.token_hash == _hash(token), _c.revoked.is_(None))
        ).first()  # fmt: skip
        if row is None or (row.expires is not None and row.expires <= now):
            return None
        every = select(communities.c.id).order_by(communities.c.id)
        ids = (row.community,) if row.community else tuple(conn.execute(every).scalars())
    if row.used is None or now - row.used > _USED_STEP:
        with db.writing() as conn:
            conn.execute(update(api_tokens).where(_c.id == row.id).values(used=now))
    return Token(row.id, row.name, row.role, row.person, ids, row.per_minute)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
