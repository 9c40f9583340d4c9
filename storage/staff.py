"""Log-ins of the console: passwords, roles, locks. Sessions are storage/staff_sessions.py, codes staff_codes.py."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, insert, select, update

from storage.engine import Database
from storage.schema import logins, persons
from storage.sight import ADMINISTRATORS, StaffRole, sight_of
from storage.staff_sessions import end_sessions, open_session

PASSWORD_MIN = 10
FAILURES_MAX = 5
LOCK = timedelta(minutes=30)

# reliability.md T15: 19 MiB, t=2, p=1 is about 25 ms
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class LoginRefused(Exception):
    """Wrong, unknown, locked or disabled: the same words for all, so that nothing can be tried out."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对，或者账号已锁定。连续输错5次会锁定30分钟。")


class CodeNeeded(Exception):
    """The password is right, and this log-in also asks for a code; nothing is open yet."""


class LoginTaken(Exception):
    """The login name belongs to somebody else."""


class RolesMixed(Exception):
    """One person may not hold two roles of which one is an administrator's (domain.md §2.8: 三员分立)."""

    def __init__(self) -> None:
        super().__init__("系统、安全、审计管理员要分开，也不能再兼别的岗位。请换一个人。")


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
    role: StaffRole = StaffRole.DESK, scope: int = 0, initial: bool = False,
) -> None:  # fmt: skip
    """A new log-in, or for the same person a new password: unlocked, enabled, other sessions ended.

    `role` and `scope` (the community of a role without a post) are those of a new one only. `initial`: the
    password was made by somebody else, so the first thing is to change it.
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
                role=role.value, scope=scope, initial=initial,
            )
        )  # fmt: skip
        return
    if owner != person:
        raise LoginTaken(login)
    fresh = {
        "password": hashed, "failures": 0, "locked_until": None, "disabled": False, "initial": initial,
    }  # fmt: skip
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


def check_login(db: Database, login: str, password: str, now: datetime, *, device: str = "") -> str:
    """A new session token (256 bits, shown once). Raises LoginRefused, CodeNeeded. About 25 ms: call it in a thread.

    The password is checked outside the transaction, and against a dummy for an unknown login, so that
    the time says nothing. Five failures lock the login for 30 minutes; a lock is not prolonged by trying.
    """
    with db.reading() as conn:
        row = conn.execute(select(logins).where(logins.c.login == login)).mappings().first()
    locked = row is not None and row["locked_until"] is not None and row["locked_until"] > now
    right = _matches(row["password"] if row is not None and not locked else _dummy(), password)
    if row is None or locked:
        raise LoginRefused
    token, code_asked = "", bool(row["code_on"])
    with db.writing() as conn:
        opens = count(conn, login, right=right, now=now, last=not code_asked)
        if opens and _HASHER.check_needs_rehash(row["password"]):
            conn.execute(update(logins).where(logins.c.login == login).values(password=hash_password(password)))
        if opens and not code_asked:
            token = open_session(conn, login, now, device)
    if not opens:
        raise LoginRefused
    if not token:
        raise CodeNeeded
    return token


def change_password(db: Database, login: str, old: str, new: str, now: datetime, *, keep: str = "") -> str:
    """By its owner: why not, "" when it is done. Other sessions than the token `keep` end. Blocks, about 50 ms."""
    with db.reading() as conn:
        row = conn.execute(select(logins.c.password, logins.c.person).where(logins.c.login == login)).one()
    right = _matches(row.password, old)
    fault = password_fault(new, login) if right else "现在的密码不对。"
    if right and not fault and new == old:
        fault = "新密码和现在的一样。"
    hashed = "" if fault else hash_password(new)
    with db.writing() as conn:
        if not right:
            count(conn, login, right=False, now=now)
        elif not fault:
            conn.execute(update(logins).where(logins.c.login == login).values(password=hashed, initial=False))
            end_sessions(conn, login, now, keep=keep)
    return fault


def confirm_password(db: Database, login: str, password: str, now: datetime) -> bool:
    """Asked once more of somebody who is signed in; wrong ones count towards the lock. Blocks, about 25 ms."""
    with db.reading() as conn:
        hashed = conn.execute(select(logins.c.password).where(logins.c.login == login)).scalar_one()
    right = _matches(hashed, password)
    if not right:
        with db.writing() as conn:
            count(conn, login, right=False, now=now)
    return right


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


def count(conn: Connection, login: str, *, right: bool, now: datetime, last: bool = True) -> bool:
    """Note the try; True when it opens. The row is read again: other tries may have locked it meanwhile.

    `last` False: more is asked for yet, so that what failed before still counts.
    """
    row = conn.execute(
        select(logins.c.failures, logins.c.locked_until, logins.c.disabled)
        .where(logins.c.login == login)
        .with_for_update()
    ).one()
    if row.locked_until is not None and row.locked_until > now:
        return False
    opens = right and not row.disabled
    if opens and not last:
        return True
    failures = 0 if opens else (0 if row.locked_until else row.failures) + 1
    until = now + LOCK if failures >= FAILURES_MAX else None
    conn.execute(update(logins).where(logins.c.login == login).values(failures=failures, locked_until=until))
    return opens


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:1000])
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _dummy() -> str:
    return hash_password(secrets.token_hex(16))
