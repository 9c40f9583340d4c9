"""Activities and certificates as pages show them; changes nothing, decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import ColumnElement, Connection, false, func, select

from handlers.activities.rules import HOLDS, Place, State
from storage.engine import Database
from storage.schema import activities, attendances, certificates, communities, persons, signups, stations

_a = activities.c
_BACK, _AHEAD = timedelta(days=14), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity in one line: seats, people with a seat, people who checked in and out."""

    id: int
    number: int
    name: str
    place: str
    starts: datetime
    ends: datetime
    status: str
    seats: int
    taken: int
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What everybody may read of an activity (志愿服务条例 art. 12)."""

    row: Shown
    about: str
    conditions: str
    risks: str
    insurance: str
    policy_number: str
    bring: str
    children: bool
    posts: tuple[tuple[str, int, int], ...]  # name, seats, taken
    organiser: str
    phone: str
    community: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """`lines`: day, activity, half hours."""

    serial: str
    name: str
    half: int
    issuer: str
    lines: tuple[tuple[str, str, int], ...]
    issued: datetime
    withdrawn: datetime | None


def listed(db: Database, mine: tuple[int, ...] | None, now: datetime) -> list[Shown]:
    """Of these communities (None: all), from two weeks ago to sixty days ahead, in the order of their start."""
    where = [_a.ends > now - _BACK, _a.starts < now + _AHEAD, _a.status != State.CANCELLED.value]
    with db.reading() as conn:
        return _shown(conn, *where, _scope(mine))


def one(db: Database, activity: int, mine: tuple[int, ...] | None) -> Shown | None:
    with db.reading() as conn:
        return next(iter(_shown(conn, _a.id == activity, _scope(mine))), None)


def notice(db: Database, activity: int) -> Notice | None:
    """Published words only; nobody's name but the organiser's."""
    with db.reading() as conn:
        row = next(iter(_shown(conn, _a.id == activity)), None)
        found = conn.execute(
            select(activities, persons.c.name.label("who"), communities.c.name.label("office"), communities.c.phone)
            .outerjoin(persons, persons.c.id == _a.organiser)
            .join(communities, communities.c.id == _a.community)
            .where(_a.id == activity)
        ).first()
        if row is None or found is None:
            return None
        posts = conn.execute(
            select(stations.c.name, stations.c.seats, stations.c.taken)
            .where(stations.c.activity == activity)
            .order_by(stations.c.id)
        ).all()
    return Notice(
        row, found.about, found.conditions, found.risks, found.insurance, found.policy_number, found.bring,
        found.children, tuple((post.name, post.seats, post.taken) for post in posts), found.who or found.office,
        found.phone, found.office,
    )  # fmt: skip


def certificate(db: Database, serial: str) -> Certificate | None:
    with db.reading() as conn:
        row = conn.execute(select(certificates).where(certificates.c.serial == serial)).first()
    if row is None:
        return None
    lines = tuple((day, name, half) for day, name, half in orjson.loads(row.lines))
    return Certificate(row.serial, row.name, row.half, row.issuer, lines, row.issued, row.withdrawn)


def _scope(mine: tuple[int, ...] | None) -> ColumnElement[bool]:
    if mine is None:
        return _a.id.is_not(None)
    return _a.community.in_(mine) if mine else false()


def _shown(conn: Connection, *where: ColumnElement[bool]) -> list[Shown]:
    """One round trip: seats and heads are counted beside each activity."""
    counted = [place.value for place in (*HOLDS, Place.CAME)]
    seats = select(func.sum(stations.c.seats)).where(stations.c.activity == _a.id).scalar_subquery()
    taken = (
        select(func.sum(signups.c.people))
        .where(signups.c.activity == _a.id, signups.c.status.in_(counted))
        .scalar_subquery()
    )
    heads = (
        select(func.sum(signups.c.people))
        .join(attendances, attendances.c.signup == signups.c.id)
        .where(signups.c.activity == _a.id)
    )
    came, went = heads.scalar_subquery(), heads.where(attendances.c.went.is_not(None)).scalar_subquery()
    found = conn.execute(
        select(
            _a.id, _a.number, _a.name, _a.place, _a.starts, _a.ends, _a.status, func.coalesce(seats, 0),
            func.coalesce(taken, 0), func.coalesce(came, 0), func.coalesce(went, 0),
        )
        .where(*where)
        .order_by(_a.starts, _a.id)
        .limit(100)
    )  # fmt: skip
    return [Shown(*row) for row in found]
