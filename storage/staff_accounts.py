"""Log-ins as the administrators keep them: listed by a page, a role asked for by one and granted by another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select, update

from storage import staff, staff_codes
from storage.engine import Database
from storage.schema import communities, logins, persons, sessions
from storage.sight import ADMINISTRATORS, StaffRole, sight_of
from storage.staff_sessions import end_sessions


class NotGranted(Exception):
    """Its role waits for who may grant it, so it cannot be opened."""

    def __init__(self) -> None:
        super().__init__("这个账号的岗位还没有同意，不能启用。")


class OfAnAdministrator(Exception):
    """Who gave an administrator a password would hold two roles (domain.md §2.8: 三员分立)."""

    def __init__(self) -> None:
        super().__init__("管理员的密码不能由别的管理员来换。请让运维在服务器上用 jushe staff password 换。")


@dataclass(frozen=True, slots=True)
class Account:
    """`asked`: a role waiting to be granted, None for none. `places`: names of its communities."""

    login: str
    name: str
    role: StaffRole
    asked: StaffRole | None
    places: tuple[str, ...]
    disabled: bool
    locked: bool
    coded: bool
    seen: datetime | None


def page(db: Database, now: datetime, words: str, after: str, limit: int) -> list[Account]:
    """By log-in, beyond `after`. `words`: a part of the log-in, or the role.

    One more than `limit` when there is another page.
    """
    wanted = select(logins, persons.c.name).join(persons, persons.c.id == logins.c.person)
    if words:
        here = logins.c.login.contains(words, autoescape=True)
        wanted = wanted.where(or_(here, logins.c.role == words, logins.c.asked == words))
    if after:
        wanted = wanted.where(logins.c.login > after)
    with db.reading() as conn:
        rows = conn.execute(wanted.order_by(logins.c.login).limit(limit + 1)).all()
        last = (
            select(sessions.c.login, func.max(sessions.c.seen).label("seen"))
            .where(sessions.c.login.in_([row.login for row in rows]))
            .group_by(sessions.c.login)
        )
        used = {row.login: row.seen for row in conn.execute(last)}
        return [_account(conn, row, used.get(row.login), now) for row in rows]


def waiting(db: Database, now: datetime) -> list[Account]:
    """Those for whom a role was asked."""
    wanted = select(logins, persons.c.name).join(persons, persons.c.id == logins.c.person)
    with db.reading() as conn:
        rows = conn.execute(wanted.where(logins.c.asked != "").order_by(logins.c.login).limit(200)).all()
        return [_account(conn, row, None, now) for row in rows]


def new_password() -> str:
    """A first one, shown once to who made the account and changed by who gets it."""
    return secrets.token_urlsafe(9)


def ask_role(conn: Connection, login: str, role: StaffRole) -> None:
    """Asks for it; nothing changes until somebody else grants it. Raises staff.RolesMixed."""
    person = conn.execute(select(logins.c.person).where(logins.c.login == login)).scalar_one()
    staff.check_separate(conn, person, role, login=login)
    conn.execute(update(logins).where(logins.c.login == login).values(asked=role.value))


def decide_role(conn: Connection, login: str, *, granted: bool, now: datetime) -> StaffRole | None:
    """The role that was asked for, None where none was. Granted, it holds at once and its sessions end.

    Raises staff.RolesMixed where the person got another role meanwhile.
    """
    row = conn.execute(select(logins.c.asked, logins.c.person).where(logins.c.login == login)).first()
    if row is None or not row.asked:
        return None
    role = StaffRole(row.asked)
    values: dict[str, object] = {"asked": ""}
    if granted:
        staff.check_separate(conn, row.person, role, login=login)
        values |= {"role": role.value, "disabled": False, "granted": True}
        end_sessions(conn, login, now)
    conn.execute(update(logins).where(logins.c.login == login).values(**values))
    return role


def hold(conn: Connection, login: str, role: StaffRole, now: datetime) -> None:
    """A new one: closed until its role is granted."""
    conn.execute(update(logins).where(logins.c.login == login).values(granted=False))
    staff.disable_login(conn, login, now=now)
    ask_role(conn, login, role)


def stop(conn: Connection, login: str, now: datetime) -> None:
    """No more log-in; its sessions end."""
    staff.disable_login(conn, login, now=now)


def start(conn: Connection, login: str, now: datetime) -> None:
    """As before, unlocked. Raises NotGranted, staff.RolesMixed."""
    row = conn.execute(select(logins.c.person, logins.c.role, logins.c.granted).where(logins.c.login == login)).one()
    if not row.granted:
        raise NotGranted
    staff.check_separate(conn, row.person, StaffRole(row.role), login=login)
    fresh = {"disabled": False, "failures": 0, "locked_until": None}
    conn.execute(update(logins).where(logins.c.login == login).values(**fresh))


def reset_password(conn: Connection, login: str, now: datetime) -> str:
    """A new first password, shown once; a lock ends, sessions end, being disabled does not.

    Raises OfAnAdministrator, also for a role that was only asked for.
    """
    roles = conn.execute(select(logins.c.role, logins.c.asked).where(logins.c.login == login)).one()
    if ADMINISTRATORS & set(roles):
        raise OfAnAdministrator
    word = new_password()
    hashed = staff.hash_password(word)
    fresh = {"password": hashed, "failures": 0, "locked_until": None, "initial": True}
    conn.execute(update(logins).where(logins.c.login == login).values(**fresh))
    end_sessions(conn, login, now)
    return word


def forget_code(conn: Connection, login: str, now: datetime) -> None:
    """The second step is off: the phone is lost. Its sessions end."""
    end_sessions(conn, login, now)
    staff_codes.turn_off(conn, login)


def _account(conn: Connection, row: object, seen: datetime | None, now: datetime) -> Account:
    r = row._mapping  # type: ignore[attr-defined]
    role = StaffRole(r["role"])
    ids = sight_of(conn, r["person"], role, r["scope"]).communities
    names = conn.execute(select(communities.c.name).where(communities.c.id.in_(ids[:4])).order_by(communities.c.code))
    locked = r["locked_until"] is not None and r["locked_until"] > now
    return Account(
        r["login"], r["name"] or "", role, StaffRole(r["asked"]) if r["asked"] else None, tuple(names.scalars()),
        r["disabled"], locked, r["code_on"], seen,
    )  # fmt: skip
