"""Stars that are shown and granted, and photos of activities, as pages show them; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.engine import Database
from storage.read_honour import SHOWN
from storage.schema import activity_photos, communities, persons, photo_people, star_requests

_s, _p, _q = star_requests.c, activity_photos.c, photo_people.c
_MOST = 100


@dataclass(frozen=True, slots=True)
class Star:
    """An application: shown to all under the family name, with the whole name in the console."""

    id: int
    number: int
    name: str
    star: int
    half: int
    state: str
    asked: datetime
    until: datetime | None
    objection: str


@dataclass(frozen=True, slots=True)
class StarPaper:
    serial: str
    name: str
    star: int
    half: int
    issuer: str
    granted: datetime


@dataclass(frozen=True, slots=True)
class Photo:
    """`waiting`, `people`: how many in it have not answered, and how many there are."""

    id: int
    file: str
    at: datetime
    people: int
    waiting: int


def _stars(db: Database, community: int, states: tuple[str, ...]) -> list[Star]:
    wanted = (
        select(
            _s.id, _s.number, persons.c.name, _s.star, _s.half, _s.state, _s.asked, _s.until, _s.objection
        )
        .join(persons, persons.c.id == _s.person)
        .where(_s.community == community, _s.state.in_(states), persons.c.erased.is_(None))
        .order_by(_s.id)
        .limit(_MOST)
    )  # fmt: skip
    with db.reading() as conn:
        return [
            Star(row.id, row.number, row.name or "", *row[3:8], row.objection or "") for row in conn.execute(wanted)
        ]


def shown(db: Database, community: int) -> list[Star]:
    """In their 公示 now."""
    return _stars(db, community, ("shown", "objected"))


def undecided(db: Database, community: int) -> list[Star]:
    return _stars(db, community, ("asked", "shown", "objected"))


def office(db: Database, community: int) -> tuple[str, str] | None:
    """Name and phone of a community."""
    c = communities.c
    with db.reading() as conn:
        row = conn.execute(select(c.name, c.phone).where(c.id == community)).first()
    return (row[0], row[1]) if row else None


def certificate(db: Database, serial: str) -> StarPaper | None:
    wanted = (
        select(_s.serial, persons.c.name, _s.star, _s.half, communities.c.name.label("office"), _s.decided)
        .join(persons, persons.c.id == _s.person)
        .join(communities, communities.c.id == _s.community)
        .where(_s.serial == serial, _s.state == "granted", persons.c.erased.is_(None))
    )
    with db.reading() as conn:
        row = conn.execute(wanted).first()
    return StarPaper(row.serial, row.name or "", row.star, row.half, row.office, row.decided) if row else None


def photos(db: Database, activity: int) -> tuple[str, ...]:
    """Files that everybody in them has agreed to, in the order they were added."""
    shown = select(_p.file).where(_p.activity == activity, _p.removed.is_(None), SHOWN)
    wanted = shown.order_by(_p.id).limit(_MOST)
    with db.reading() as conn:
        return tuple(conn.execute(wanted).scalars())


def album(db: Database, activity: int) -> list[Photo]:
    """What who runs it sees: also what still waits for an answer."""
    with db.reading() as conn:
        found = conn.execute(
            select(_p.id, _p.file, _p.at)
            .where(_p.activity == activity, _p.removed.is_(None))
            .order_by(_p.id)
            .limit(_MOST)
        ).all()
        states: dict[int, list[str]] = {}
        for photo, said in conn.execute(select(_q.photo, _q.state).where(_q.photo.in_([row.id for row in found]))):
            states.setdefault(photo, []).append(said)
    return [
        Photo(row.id, row.file, row.at, len(states.get(row.id, ())), states.get(row.id, []).count("asked"))
        for row in found
    ]
