"""Units with the areas they serve and their members, as the console shows them; taking a member or an area away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select

from handlers.tickets.rules import OPEN
from handlers.types import Role
from storage import people
from storage.engine import Database
from storage.schema import communities, estates, identities, persons, posts, tickets, unit_areas, units

ROLES = (Role.HEAD.value, Role.MEMBER.value, Role.STREET.value)


@dataclass(frozen=True, slots=True)
class Member:
    """`open`: tickets in hand. Name and phone are whole: the page masks them."""

    person: int
    name: str
    phone: str
    role: str
    joined: bool
    open: int


@dataclass(frozen=True, slots=True)
class Area:
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    code: str
    name: str
    kind: str
    phone: str
    areas: tuple[Area, ...]
    members: tuple[Member, ...]


class InHand(Exception):
    """The member still has tickets; `str(error)` says how many."""


def listed(db: Database, only: int = 0) -> list[UnitRow]:
    """Every unit by kind and code; `only`: this one."""
    with db.reading() as conn:
        wanted = select(units).order_by(units.c.kind, units.c.code)
        found = conn.execute(wanted.where(units.c.id == only) if only else wanted).all()
        ids = [row.id for row in found]
        areas, members = _areas(conn, ids), _members(conn, ids)
        return [
            UnitRow(r.id, r.code, r.name, r.kind, r.phone, tuple(areas[r.id]), tuple(members[r.id])) for r in found
        ]


def end_member(conn: Connection, unit: int, person: int, now: datetime) -> str:
    """No member any more; the name, "" where he was none. Raises InHand."""
    row = conn.execute(
        select(persons.c.name, posts.c.role)
        .join(posts, posts.c.person == persons.c.id)
        .where(
            persons.c.id == person, posts.c.scope == unit, posts.c.role.in_(ROLES), posts.c.until.is_(None)
        )
    ).first()  # fmt: skip
    if row is None:
        return ""
    still = conn.execute(_open([person], unit)).first()
    if still is not None:
        raise InHand(f"他手上还有{still[1]}件没办完，请先转给别人。")
    people.end_post(conn, person, Role(row.role), unit, now=now)
    return row.name or "没留姓名"


def end_area(conn: Connection, unit: int, area: int) -> str:
    """The area is not served any more; what it was, "" where there was none."""
    found = next((one for one in _areas(conn, [unit])[unit] if one.id == area), None)
    if found is None:
        return ""
    conn.execute(delete(unit_areas).where(unit_areas.c.id == area, unit_areas.c.unit == unit))
    return found.label


def _open(people_: Sequence[int], unit: int = 0) -> Select[Any]:
    t = tickets.c
    wanted = select(t.owner, func.count()).where(
        t.owner.in_(list(people_)), t.status.in_([status.value for status in OPEN])
    )
    return (wanted.where(t.unit == unit) if unit else wanted).group_by(t.owner)


def _areas(conn: Connection, ids: Sequence[int]) -> dict[int, list[Area]]:
    wanted = (
        select(unit_areas, estates.c.name.label("estate"), communities.c.name.label("community"))
        .outerjoin(estates, (estates.c.id == unit_areas.c.place) & (unit_areas.c.scope == "estate"))
        .outerjoin(communities, (communities.c.id == unit_areas.c.place) & (unit_areas.c.scope == "community"))
        .where(unit_areas.c.unit.in_(list(ids)))
        .order_by(unit_areas.c.id)
    )
    found: dict[int, list[Area]] = defaultdict(list)
    for row in conn.execute(wanted):
        found[row.unit].append(Area(row.id, row.estate or row.community or row.street or "全部"))
    return found


def _members(conn: Connection, ids: Sequence[int]) -> dict[int, list[Member]]:
    rows = conn.execute(
        select(posts.c.scope, posts.c.person, posts.c.role, persons.c.name, persons.c.phone)
        .join(persons, persons.c.id == posts.c.person)
        .where(posts.c.scope.in_(list(ids)), posts.c.role.in_(ROLES), posts.c.until.is_(None))
        .order_by(posts.c.role, posts.c.id)
    ).all()
    who = {row.person for row in rows}
    joined = set(
        conn.execute(
            select(identities.c.person).where(identities.c.person.in_(who), identities.c.followed.is_(True))
        ).scalars()
    )
    busy = {row[0]: row[1] for row in conn.execute(_open(sorted(who)))}
    found: dict[int, list[Member]] = defaultdict(list)
    for row in rows:
        found[row.scope].append(
            Member(
                row.person, row.name or "", row.phone or "", row.role, row.person in joined, busy.get(row.person, 0)
            )
        )
    return found
