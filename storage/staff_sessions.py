"""Sessions of the console: opened, looked up by the cookie's token, idle, ended. Not how one proves who one is."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from storage.engine import Database
from storage.schema import logins, persons, sessions
from storage.sight import Sight, StaffRole, sight_of

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_SEEN_STEP = timedelta(minutes=1)  # `seen` is not written on every click
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class StaffSession:
    """`initial`: the password is one that somebody else made, to be changed before anything else."""

    login: str
    person: int
    name: str
    role: StaffRole
    sight: Sight
    initial: bool = False

    @property
    def communities(self) -> tuple[int, ...]:
        """Ids of the communities the person may look at, at most."""
        return self.sight.communities


@dataclass(frozen=True, slots=True)
class Listed:
    """A running session as its owner sees it. `key` names it and opens nothing."""

    key: str
    device: str
    created: datetime
    seen: datetime


def open_session(conn: Connection, login: str, now: datetime, device: str = "") -> str:
    """A new token, always: what a browser held before becomes no session."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    values = {"token_hash": hash_of(token), "login": login, "created": now, "seen": now, "device": device[:40]}
    conn.execute(insert(sessions).values(**values))
    return token


def open_for(db: Database, person: int, now: datetime, device: str = "") -> str:
    """A new session token of somebody whom another house vouches for; "" without a log-in that is in use. Blocks."""
    mine = select(logins.c.login).where(logins.c.person == person, logins.c.disabled.is_(False))
    with db.writing() as conn:
        login = conn.execute(mine.order_by(logins.c.created).limit(1)).scalar()
        return open_session(conn, login, now, device) if login else ""


def session(db: Database, token: str, now: datetime, *, touch: bool = True) -> StaffSession | None:
    """Who a token belongs to; None when unknown, ended, idle for 30 minutes or 12 hours old.

    `touch`: this look counts as use. A page that refreshes itself passes False.
    """
    if not token or len(token) > 100:
        return None
    hashed = hash_of(token)
    with db.reading() as conn:
        row = conn.execute(
            select(
                sessions.c.login, sessions.c.created, sessions.c.seen, logins.c.person, logins.c.role,
                logins.c.scope, logins.c.initial, persons.c.name,
            )
            .join(logins, logins.c.login == sessions.c.login)
            .join(persons, persons.c.id == logins.c.person)
            .where(sessions.c.token_hash == hashed, sessions.c.ended.is_(None), logins.c.disabled.is_(False))
        ).first()  # fmt: skip
        if row is None or now - row.seen > IDLE or now - row.created > ABSOLUTE:
            return None
        role = StaffRole(row.role)
        sight = sight_of(conn, row.person, role, row.scope)
    if touch and now - row.seen > _SEEN_STEP:
        with db.writing() as conn:
            conn.execute(update(sessions).where(sessions.c.token_hash == hashed).values(seen=now))
    return StaffSession(row.login, row.person, row.name or "", role, sight, row.initial)


def whose(conn: Connection, token: str) -> str:
    """The log-in a token was given to, also when its session is over; "" for one we never gave."""
    if not token or len(token) > 100:
        return ""
    found = conn.execute(select(sessions.c.login).where(sessions.c.token_hash == hash_of(token))).scalar()
    return str(found or "")


def listed(db: Database, login: str, now: datetime) -> list[Listed]:
    """The sessions of a log-in that still open something, the last used first."""
    wanted = select(sessions).where(
        sessions.c.login == login, sessions.c.ended.is_(None), sessions.c.seen > now - IDLE,
        sessions.c.created > now - ABSOLUTE,
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(sessions.c.seen.desc()).limit(50)).all()
    return [Listed(row.token_hash, row.device, row.created, row.seen) for row in rows]


def end_session(db: Database, token: str, now: datetime) -> None:
    """Log out; unknown tokens are no error."""
    with db.writing() as conn:
        conn.execute(update(sessions).where(sessions.c.token_hash == hash_of(token)).values(ended=now))


def end_one(db: Database, login: str, key: str, now: datetime) -> bool:
    """End a session of this log-in by its key; False when it is none of its."""
    mine = (sessions.c.login == login, sessions.c.token_hash == key, sessions.c.ended.is_(None))
    with db.writing() as conn:
        return bool(conn.execute(update(sessions).where(*mine).values(ended=now)).rowcount)


def end_sessions(conn: Connection, login: str, now: datetime, *, keep: str = "") -> None:
    """All of them, or all but that of the token `keep`."""
    others = [sessions.c.login == login, sessions.c.ended.is_(None)]
    if keep:
        others.append(sessions.c.token_hash != hash_of(keep))
    conn.execute(update(sessions).where(*others).values(ended=now))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
