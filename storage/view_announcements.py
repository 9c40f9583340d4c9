"""Announcements as pages show them: lists, progress, how each recipient stands; marks that one was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, select, update

from handlers.announcements.port import Announcement
from handlers.announcements.rules import AREAS, NO, ROLES, YES, Place
from storage.engine import Database
from storage.looking import looking
from storage.schema import (
    announcements,
    audiences,
    buildings,
    communities,
    estates,
    homes,
    households,
    micro_grids,
    persons,
    posts,
    recipients,
)  # fmt: skip

_a, _r = announcements.c, recipients.c
PAGE = 50
MOST_PLACES = 600  # of one kind on one form


@dataclass(frozen=True, slots=True)
class Line:
    """One announcement of the list. `sent`, `failed`, `read`: recipients."""

    id: int
    number: int
    title: str
    kind: str
    state: str
    muster: bool
    people: int
    at: datetime | None
    created: datetime
    started: datetime | None
    writer: str
    community: str
    sent: int = 0
    failed: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one has come. `places`: rules.Place → recipients; `reasons`: (place, reason, recipients)."""

    one: Announcement
    where: str
    writer: str
    second: str
    places: dict[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    office: str
    read: int
    yes: int
    no: int

    @property
    def roles(self) -> str:
        return "、".join(ROLES[role] for role in self.one.audience.roles)

    @property
    def total(self) -> int:
        return sum(self.places.values())

    @property
    def done(self) -> int:
        """Recipients for whom nothing is left to do."""
        return self.total - self.places.get(Place.WAITING, 0) - self.places.get(Place.QUEUED, 0)


@dataclass(frozen=True, slots=True)
class Recipient:
    """`where`: building of the home, or the micro-grid led; "" where not known."""

    person: int
    name: str
    where: str
    state: str
    reason: str
    rung: str
    changed: datetime
    read: datetime | None
    answer: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Area:
    """A place to choose. `area`: a key of rules.AREAS; `group`: under which heading it stands."""

    area: str
    id: int
    name: str
    group: str

    @property
    def value(self) -> str:
        """As a form gives it back."""
        return f"{self.area}:{self.id}"


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    places: tuple[tuple[str, int], ...]
    roles: tuple[str, ...]


def _scope(column: Any, mine: tuple[int, ...] | None) -> ColumnElement[bool]:
    if mine is None:
        return column.is_not(None)  # type: ignore[no-any-return]
    return column.in_(mine) if mine else false()


def listed(db: Database, mine: tuple[int, ...] | None, before: int = 0, limit: int = PAGE) -> list[Line]:
    """Of these communities (None: all), the newest first; `before`: an id of an earlier page."""
    where = [_scope(_a.community, mine)] + ([_a.id < before] if before else [])

    def count(*conditions: ColumnElement[bool]) -> Any:
        return select(func.count()).where(_r.announcement == _a.id, *conditions).scalar_subquery()

    wanted = (
        select(
            _a.id, _a.number, _a.title, _a.kind, _a.state, _a.muster, _a.people, _a.at, _a.created, _a.started,
            func.coalesce(persons.c.name, ""), communities.c.name, count(_r.state == Place.SENT.value),
            count(_r.state == Place.FAILED.value), count(_r.state == Place.SENT.value, _r.read.is_not(None)),
        )
        .join(communities, communities.c.id == _a.community, isouter=True)
        .join(persons, persons.c.id == _a.by, isouter=True)
        .where(*where)
        .order_by(_a.id.desc())
        .limit(limit)
    )  # fmt: skip
    with db.reading() as conn:
        return [Line(*list(row)) for row in conn.execute(wanted)]


def progress(db: Database, announcement: int, mine: tuple[int, ...] | None, now: datetime) -> Progress | None:
    """None also where it belongs to another community."""
    with looking(db, now) as read:
        one = read.announcement(announcement)
        if one is None or (mine is not None and one.community not in mine):
            return None
        where = read.places_named(one.audience)
        people = [read.person(person) for person in (one.by, one.second)]
        office = read.community(one.community)
    with db.reading() as conn:
        rows = conn.execute(
            select(_r.state, _r.reason, func.count())
            .where(_r.announcement == announcement)
            .group_by(_r.state, _r.reason)
        ).all()
        seen = conn.execute(
            select(
                func.count(_r.read), func.count(case((_r.answer == YES, 1))), func.count(case((_r.answer == NO, 1)))
            ).where(_r.announcement == announcement)
        ).one()
        final = conn.execute(select(_a.final).where(_a.id == announcement)).scalar()
    places: dict[str, int] = {}
    for state, _, count in rows:
        places[state] = places.get(state, 0) + count
    names = [person.name if person else "" for person in people]
    yes, no = (final["yes"], final["no"]) if final else (seen[1], seen[2])
    reasons = tuple((state, reason, count) for state, reason, count in rows if reason and state != Place.SENT.value)
    return Progress(one, where, names[0], names[1], places, reasons, office.name if office else "", seen[0], yes, no)


def recipients_of(
    db: Database, announcement: int, state: str = "", after: int = 0, limit: int = PAGE
) -> list[Recipient]:
    """One page in the order of their ids; `state` "": every one. Names are whole: the page masks them."""
    where = [_r.announcement == announcement, _r.person > after] + ([_r.state == state] if state else [])
    wanted = (
        select(
            _r.person, persons.c.name, _r.state, _r.reason, _r.rung, _r.changed, _r.read, _r.answer, _r.minutes
        )
        .join(persons, persons.c.id == _r.person)
        .where(*where)
        .order_by(_r.person)
        .limit(limit)
    )  # fmt: skip
    with db.reading() as conn:
        rows = conn.execute(wanted).all()
        lived = select(homes.c.person, estates.c.name + buildings.c.name + estates.c.word).select_from(
            homes.join(households, households.c.id == homes.c.household)
            .join(buildings, buildings.c.id == households.c.building)
            .join(estates, estates.c.id == buildings.c.estate)
        )
        ids = [row.person for row in rows]
        found = conn.execute(
            lived.where(homes.c.person.in_(ids), homes.c.until.is_(None)).order_by(homes.c.id.desc())
        )
        lives = {row[0]: row[1] for row in found}
        leads = conn.execute(
            select(posts.c.person, micro_grids.c.name)
            .join(micro_grids, micro_grids.c.id == posts.c.scope)
            .where(posts.c.person.in_(ids), posts.c.role.in_(("leader", "deputy")), posts.c.until.is_(None))
            .order_by(posts.c.id.desc())
        )
        at = {row[0]: row[1] for row in leads} | lives
    return [Recipient(row[0], row[1] or "", at.get(row[0], ""), *row[2:]) for row in rows]


def areas(db: Database, mine: tuple[int, ...] | None) -> list[Area]:
    """Every place of these communities that can be chosen: communities, estates, micro-grids, buildings by estate."""
    named = (
        (area, table)
        for area, table in (("community", communities), ("estate", estates), ("micro_grid", micro_grids))
    )
    found = []
    with db.reading() as conn:
        for area, table in named:
            here = table.c.id if area == "community" else table.c.community
            wanted = (
                select(table.c.id, table.c.name).where(_scope(here, mine)).order_by(table.c.id).limit(MOST_PLACES)
            )
            found += [Area(area, row.id, row.name, AREAS[area]) for row in conn.execute(wanted)]
        wanted_buildings = (
            select(buildings.c.id, buildings.c.name, estates.c.name.label("estate"), estates.c.word)
            .join(estates, estates.c.id == buildings.c.estate)
            .where(_scope(buildings.c.community, mine))
            .order_by(estates.c.id, buildings.c.id)
            .limit(MOST_PLACES)
        )
        found += [
            Area("building", row.id, row.name + row.word, f"{row.estate}的楼")
            for row in conn.execute(wanted_buildings)
        ]
    return found


def kept(db: Database, mine: tuple[int, ...] | None) -> list[Kept]:
    """Audiences that were given a name."""
    wanted = select(audiences).where(_scope(audiences.c.community, mine)).order_by(audiences.c.name).limit(50)
    with db.reading() as conn:
        return [
            Kept(row.id, row.name, tuple((area, place) for area, place in row.places), tuple(row.roles))
            for row in conn.execute(wanted)
        ]


def opened(db: Database, announcement: int, person: int, now: datetime) -> bool:
    """The page was opened by somebody it was sent to; whether the person is one."""
    mine = and_(_r.announcement == announcement, _r.person == person)
    with db.reading() as conn:
        row = conn.execute(select(_r.read, _r.state).where(mine)).first()
    if row is None or row.state not in (Place.QUEUED, Place.SENT):
        return False
    if row.read is None:
        with db.writing() as conn:
            conn.execute(update(recipients).where(mine, _r.read.is_(None)).values(read=now))
    return True


def by_grid(db: Database, announcement: int) -> Sequence[tuple[str, int, int, int]]:
    """Answers to a mobilisation by micro-grid: of the post, else of the home; name, yes, no, silent."""
    grid = func.coalesce(
        select(func.min(posts.c.scope))
        .where(posts.c.person == _r.person, posts.c.role.in_(("leader", "deputy")), posts.c.until.is_(None))
        .scalar_subquery(),
        select(func.min(households.c.micro_grid))
        .join(homes, homes.c.household == households.c.id)
        .where(homes.c.person == _r.person, homes.c.until.is_(None))
        .scalar_subquery(),
    )
    answered = (
        select(grid.label("grid"), _r.answer)
        .where(_r.announcement == announcement, _r.state == Place.SENT.value)
        .subquery()
    )
    counts = [func.count(case((answered.c.answer == said, 1))) for said in (YES, NO, "")]
    wanted = (
        select(func.coalesce(micro_grids.c.name, ""), *counts)
        .select_from(answered.join(micro_grids, micro_grids.c.id == answered.c.grid, isouter=True))
        .group_by(micro_grids.c.name)
        .order_by(micro_grids.c.name)
    )
    with db.reading() as conn:
        return [tuple(row) for row in conn.execute(wanted)]
