"""Announcements as pages show them: lists, progress, how each recipient stands; marks that one was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update

from handlers.announcements.port import Announcement
from handlers.announcements.rules import NO, ROLES, YES, Place
from storage.engine import Database
from storage.looking import looking
from storage.schema import (
    announcements,
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
from storage.view_audiences import in_scope

_a, _r = announcements.c, recipients.c
PAGE = 50
_WHY = (Place.FAILED, Place.UNSURE, Place.SKIPPED)  # whose reasons are shown


@dataclass(frozen=True, slots=True)
class Line:
    """One announcement of the list. `sent`, `failed`, `unsure`, `read`: recipients."""

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
    unsure: int = 0
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


def listed(db: Database, mine: tuple[int, ...] | None, before: int = 0, limit: int = PAGE) -> list[Line]:
    """Of these communities (None: all), the newest first; `before`: an id of an earlier page."""
    where = [in_scope(_a.community, mine)] + ([_a.id < before] if before else [])

    def count(*conditions: ColumnElement[bool]) -> Any:
        return select(func.count()).where(_r.announcement == _a.id, *conditions).scalar_subquery()

    wanted = (
        select(
            _a.id, _a.number, _a.title, _a.kind, _a.state, _a.muster, _a.people, _a.at, _a.created, _a.started,
            func.coalesce(persons.c.name, ""), communities.c.name, count(_r.state == Place.SENT.value),
            count(_r.state == Place.FAILED.value), count(_r.state == Place.UNSURE.value),
            count(_r.state == Place.SENT.value, _r.read.is_not(None)),
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
    reasons = tuple((state, reason, count) for state, reason, count in rows if reason and state in _WHY)
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


def opened(db: Database, announcement: int, person: int, now: datetime) -> bool:
    """The page was opened by somebody it was sent to; whether the person is one."""
    mine = and_(_r.announcement == announcement, _r.person == person)
    with db.reading() as conn:
        row = conn.execute(select(_r.read, _r.state).where(mine)).first()
    if row is None or row.state not in (Place.QUEUED, Place.SENT, Place.UNSURE):
        return False
    if row.read is None:
        came = case((_r.state == Place.UNSURE.value, Place.SENT.value), else_=_r.state)
        with db.writing() as conn:
            conn.execute(update(recipients).where(mine, _r.read.is_(None)).values(read=now, state=came))
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
