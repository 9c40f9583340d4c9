"""Log-ins of the console: passwords, locks, sessions. Not what a signed-in person may see of a ticket."""

from __future__ import annotations

import functools
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update

from storage.engine import Database
from storage.schema import logins, persons, sessions
from storage.sight import ADMINISTRATORS, Sight, StaffRole, sight_of

PASSWORD_MIN = 10
FAILURES_MAX = 5
LOCK = timedelta(minutes=30)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_SEEN_STEP = timedelta(minutes=1)  # `seen` is not written on every click
_TOKEN_BYTES = 32

# reliability.md T15: 19 MiB, t=2, p=1 is about 25 ms
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class LoginRefused(Exception):
    """Wrong, unknown, locked or disabled: the same words for all, so that nothing can be tried out."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对，或者账号已锁定。连续输错5次会锁定30分钟。")


class LoginTaken(Exception):
    """The login name belongs to somebody else."""


class RolesMixed(Exception):
    """One person may not hold two roles of which one is an administrator's (domain.md §2.8: 三员分立)."""

    def __init__(self) -> None:
        super().__init__("系统、安全、审计管理员要分开，也不能再兼别的岗位。请换一个人。")


@dataclass(frozen=True, slots=True)
class StaffSession:
    login: str
    person: int
    name: str
    role: StaffRole
    sight: Sight

    @property
    def communities(self) -> tuple[int, ...]:
        """Ids of the communities the person may look at, at most."""
        return self.sight.communities


@dataclass(frozen=True, slots=True)
class LoginRow:
    """A log-in as the operator sees it."""

    login: str
    person: int
    name: str
    role: StaffRole
    communities: tuple[int, ...]
    disabled: bool
    locked_until: datetime | None
    created: datetime


def password_fault(password: str, login: str = "") -> str:
    """Why a password is not taken, "" when it is."""
    if len(password) < PASSWORD_MIN:
        return f"密码至少{PASSWORD_MIN}位。"
    if len(password) > 200:
        return "密码太长（最多200位）。"
    if login and login.lower() in password.lower():
        return "密码里不要包含登录名。"
    if len(set(password)) < 4:
        return "密码太简单，请多用几种字符。"
    return ""


def hash_password(password: str) -> str:
    """argon2id, about 25 ms."""
    return _HASHER.hash(password)


def add_login(
    conn: Connection, login: str, password: str, person: int, *, now: datetime,
    role: StaffRole = StaffRole.DESK, scope: int = 0,
) -> None:  # fmt: skip
    """A new log-in, or for the same person a new password: unlocked, enabled, other sessions ended.

    `role` and `scope` (the community of a role without a post) are those of a new one only.
    Raises LoginTaken when the login is another person's, RolesMixed, ValueError for a password that is too weak.
    """
    fault = password_fault(password, login)
    if fault:
        raise ValueError(fault)
    owner = conn.execute(select(logins.c.person).where(logins.c.login == login)).scalar()
    hashed = hash_password(password)
    if owner is None:
        check_separate(conn, person, role)
        conn.execute(
            insert(logins).values(
                login=login, person=person, password=hashed, failures=0, disabled=False, created=now,
                role=role.value, scope=scope,
            )
        )  # fmt: skip
        return
    if owner != person:
        raise LoginTaken(login)
    fresh = {"password": hashed, "failures": 0, "locked_until": None, "disabled": False}
    conn.execute(update(logins).where(logins.c.login == login).values(**fresh))
    end_sessions(conn, login, now)


def check_separate(conn: Connection, person: int, role: StaffRole, *, login: str = "") -> None:
    """Raises RolesMixed when another log-in of the person, beside `login`, makes this role one too many."""
    wanted = select(logins.c.role).where(
        logins.c.person == person, logins.c.login != login, logins.c.disabled.is_(False)
    )
    others = {StaffRole(other) for other in conn.execute(wanted).scalars()} - {role}
    if others and (role in ADMINISTRATORS or others & ADMINISTRATORS):
        raise RolesMixed


def disable_login(conn: Connection, login: str, *, now: datetime) -> bool:
    """No more log-in; running sessions end. False when there is no such login."""
    done = conn.execute(update(logins).where(logins.c.login == login).values(disabled=True))
    end_sessions(conn, login, now)
    return bool(done.rowcount)


def end_sessions(conn: Connection, login: str, now: datetime) -> None:
    conn.execute(update(sessions).where(sessions.c.login == login, sessions.c.ended.is_(None)).values(ended=now))


def check_login(db: Database, login: str, password: str, now: datetime) -> str:
    """A new session token (256 bits, shown once). Raises LoginRefused. About 25 ms: call it in a thread.

    The password is checked outside the transaction, and against a dummy for an unknown login, so that
    the time says nothing. Five failures lock the login for 30 minutes; a lock is not prolonged by trying.
    """
    with db.reading() as conn:
        row = conn.execute(select(logins).where(logins.c.login == login)).mappings().first()
    locked = row is not None and row["locked_until"] is not None and row["locked_until"] > now
    right = _matches(row["password"] if row is not None and not locked else _dummy(), password)
    if row is None or locked:
        raise LoginRefused
    with db.writing() as conn:
        if not _count(conn, login, right=right, now=now):
            token = None
        else:
            if _HASHER.check_needs_rehash(row["password"]):
                conn.execute(update(logins).where(logins.c.login == login).values(password=hash_password(password)))
            token = _open_session(conn, login, now)
    if token is None:
        raise LoginRefused
    return token


def open_for(db: Database, person: int, now: datetime) -> str:
    """A new session token of somebody whom another house vouches for; "" without a log-in that is in use. Blocks."""
    mine = select(logins.c.login).where(logins.c.person == person, logins.c.disabled.is_(False))
    with db.writing() as conn:
        login = conn.execute(mine.order_by(logins.c.created).limit(1)).scalar()
        return _open_session(conn, login, now) if login else ""


def session(db: Database, token: str, now: datetime, *, touch: bool = True) -> StaffSession | None:
    """Who a token belongs to; None when unknown, ended, idle for 30 minutes or 12 hours old.

    `touch`: this look counts as use. A page that refreshes itself passes False.
    """
    if not token or len(token) > 100:
        return None
    hashed = _token_hash(token)
    with db.reading() as conn:
        row = conn.execute(
            select(
                sessions.c.login,
                sessions.c.created,
                sessions.c.seen,
                logins.c.person,
                logins.c.role,
                logins.c.scope,
                persons.c.name,
            )
            .join(logins, logins.c.login == sessions.c.login)
            .join(persons, persons.c.id == logins.c.person)
            .where(sessions.c.token_hash == hashed, sessions.c.ended.is_(None), logins.c.disabled.is_(False))
        ).first()
        if row is None or now - row.seen > IDLE or now - row.created > ABSOLUTE:
            return None
        role = StaffRole(row.role)
        sight = sight_of(conn, row.person, role, row.scope)
    if touch and now - row.seen > _SEEN_STEP:
        with db.writing() as conn:
            conn.execute(update(sessions).where(sessions.c.token_hash == hashed).values(seen=now))
    return StaffSession(row.login, row.person, row.name or "", role, sight)


def end_session(db: Database, token: str, now: datetime) -> None:
    """Log out; unknown tokens are no error."""
    with db.writing() as conn:
        conn.execute(update(sessions).where(sessions.c.token_hash == _token_hash(token)).values(ended=now))


def list_logins(conn: Connection) -> list[LoginRow]:
    """All log-ins by name."""
    found = conn.execute(
        select(logins, persons.c.name).join(persons, persons.c.id == logins.c.person).order_by(logins.c.login)
    ).all()
    return [
        LoginRow(
            r.login, r.person, r.name or "", StaffRole(r.role),
            sight_of(conn, r.person, StaffRole(r.role), r.scope).communities,
            r.disabled, r.locked_until, r.created,
        )
        for r in found
    ]  # fmt: skip


def _count(conn: Connection, login: str, *, right: bool, now: datetime) -> bool:
    """Note the try; True when it opens. The row is read again: other tries may have locked it meanwhile."""
    row = conn.execute(
        select(logins.c.failures, logins.c.locked_until, logins.c.disabled)
        .where(logins.c.login == login)
        .with_for_update()
    ).one()
    if row.locked_until is not None and row.locked_until > now:
        return False
    opens = right and not row.disabled
    failures = 0 if opens else (0 if row.locked_until else row.failures) + 1
    until = now + LOCK if failures >= FAILURES_MAX else None
    conn.execute(update(logins).where(logins.c.login == login).values(failures=failures, locked_until=until))
    return opens


def _open_session(conn: Connection, login: str, now: datetime) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    conn.execute(insert(sessions).values(token_hash=_token_hash(token), login=login, created=now, seen=now))
    return token


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:1000])
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _dummy() -> str:
    return hash_password(secrets.token_hex(16))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
