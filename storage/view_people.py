"""Grids, micro-grids, buildings and who answers for them, as the console shows them; changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from handlers.tickets.rules import OPEN
from handlers.types import Role
from nlp.types import Place
from storage import places
from storage.engine import Database
from storage.schema import (
    buildings,
    communities,
    estates,
    grids,
    households,
    identities,
    leaves,
    micro_grids,
    persons,
    posts,
    tickets,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post. `joined`: reachable in the chat; `away`: the last day of a leave that runs today, ISO."""

    person: int
    name: str
    phone: str
    since: datetime
    joined: bool
    away: str = ""


@dataclass(frozen=True, slots=True)
class MicroRow:
    """A micro-grid in one line."""

    id: int
    grid: int
    code: str
    name: str
    households: int
    open: int  # tickets that are open there
    leader: Holder | None = None
    deputy: Holder | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """A grid with its micro-grids, by code."""

    id: int
    community: int
    community_name: str
    code: str
    name: str
    worker: Holder | None
    micros: tuple[MicroRow, ...] = ()

    @property
    def households(self) -> int:
        return sum(micro.households for micro in self.micros)


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building of an estate; `micros`: names of the micro-grids it lies in, "" for households in none."""

    id: int
    estate: int
    label: str
    households: int
    micros: tuple[str, ...] = field(default=())


def overview(db: Database, ids: Sequence[int], today: date) -> list[GridRow]:
    """Every grid of these communities."""
    with db.reading() as conn:
        found = conn.execute(
            select(grids, communities.c.name.label("community_name"))
            .join(communities, communities.c.id == grids.c.community)
            .where(grids.c.community.in_(list(ids)))
            .order_by(grids.c.code)
        ).all()
        micros: dict[int, list[MicroRow]] = defaultdict(list)
        for micro in micro_rows(conn, ids, today):
            micros[micro.grid].append(micro)
        workers = _holders(conn, {Role.GRID: [row.id for row in found]}, today)
        return [
            GridRow(
                row.id, row.community, row.community_name, row.code, row.name, workers.get((Role.GRID, row.id)),
                tuple(micros[row.id]),
            )
            for row in found
        ]  # fmt: skip


def micro_rows(
    conn: Connection, ids: Sequence[int], today: date, only: Sequence[int] | None = None
) -> list[MicroRow]:
    """Micro-grids of these communities by code; `only`: of these."""
    wanted = select(micro_grids).where(micro_grids.c.community.in_(list(ids))).order_by(micro_grids.c.code)
    found = conn.execute(wanted if only is None else wanted.where(micro_grids.c.id.in_(list(only)))).all()
    if not found:
        return []
    keys = [row.id for row in found]
    here = households.c.micro_grid.in_(keys)
    sizes = counted(conn, select(households.c.micro_grid, func.count()).where(here).group_by(households.c.micro_grid))
    still = tickets.c.status.in_([status.value for status in OPEN])
    open_ = counted(
        conn,
        select(tickets.c.micro_grid, func.count())
        .where(tickets.c.micro_grid.in_(keys), still)
        .group_by(tickets.c.micro_grid),
    )
    held = _holders(conn, {Role.LEADER: keys, Role.DEPUTY: keys}, today)
    return [
        MicroRow(
            row.id, row.grid, row.code, row.name, sizes[row.id], open_[row.id], held.get((Role.LEADER, row.id)),
            held.get((Role.DEPUTY, row.id)),
        )
        for row in found
    ]  # fmt: skip


def micro(
    db: Database, micro_grid: int, ids: Sequence[int], today: date
) -> tuple[MicroRow, list[BuildingRow]] | None:
    """One micro-grid with its buildings; None when it is not of these communities."""
    with db.reading() as conn:
        found = micro_rows(conn, ids, today, (micro_grid,))
        if not found:
            return None
        return found[0], _buildings(conn, households.c.micro_grid == micro_grid)


def cover(db: Database, place: Place, ids: Sequence[int], today: date) -> list[MicroRow]:
    """The micro-grids a place lies in: 谁管我们楼. Nothing for a place of another community."""
    at = [households.c.estate == place.estate, households.c.community.in_(list(ids))]
    for column, value in (
        (buildings.c.name, place.building), (households.c.unit, place.unit), (households.c.room, place.room),
    ):  # fmt: skip
        if value:
            at.append(column == value)
    wanted = (
        select(households.c.micro_grid).join(buildings, buildings.c.id == households.c.building).where(*at).distinct()
    )
    with db.reading() as conn:
        found = [key for key in conn.execute(wanted).scalars() if key]
        return micro_rows(conn, ids, today, found)


def grid(db: Database, wanted: int, ids: Sequence[int], today: date) -> GridRow | None:
    return next((row for row in overview(db, ids, today) if row.id == wanted), None)


def estate_names(db: Database, ids: Sequence[int]) -> list[tuple[int, str, str, int]]:
    """(id, name, community, buildings) of every estate of these communities."""
    size = select(func.count()).where(buildings.c.estate == estates.c.id).scalar_subquery()
    wanted = (
        select(estates.c.id, estates.c.name, communities.c.name, size)
        .join(communities, communities.c.id == estates.c.community)
        .where(estates.c.community.in_(list(ids)))
        .order_by(communities.c.code, estates.c.id)
    )
    with db.reading() as conn:
        return [(row[0], row[1], row[2], row[3]) for row in conn.execute(wanted)]


def buildings_of(db: Database, estate: int, ids: Sequence[int]) -> list[BuildingRow]:
    """Of one estate, in register order; () when it is not of these communities."""
    with db.reading() as conn:
        return _buildings(conn, households.c.estate == estate, households.c.community.in_(list(ids)))


def _buildings(conn: Connection, *where: object) -> list[BuildingRow]:
    wanted = (
        select(
            buildings.c.id, buildings.c.estate, estates.c.name.label("estate_name"), estates.c.word,
            buildings.c.name, micro_grids.c.name.label("micro"), func.count().label("many"),
        )
        .join(households, households.c.building == buildings.c.id)
        .join(estates, estates.c.id == buildings.c.estate)
        .outerjoin(micro_grids, micro_grids.c.id == households.c.micro_grid)
        .where(*where)  # type: ignore[arg-type]
        .group_by(
            buildings.c.id, buildings.c.estate, estates.c.name, estates.c.word, buildings.c.name, micro_grids.c.name
        )
        .order_by(buildings.c.id, micro_grids.c.name)
    )  # fmt: skip
    found: dict[int, BuildingRow] = {}
    for row in conn.execute(wanted):
        known = found.get(row.id)
        label = places.label(row.estate_name, row.word, row.name)
        before = (known.households, known.micros) if known else (0, ())
        found[row.id] = BuildingRow(
            row.id, row.estate, label, before[0] + row.many, (*before[1], row.micro or "")
        )  # fmt: skip
    return list(found.values())


def _holders(conn: Connection, wanted: dict[Role, list[int]], today: date) -> dict[tuple[Role, int], Holder]:
    """Who holds these posts, the first of several."""
    scopes = sorted({scope for several in wanted.values() for scope in several})
    rows = conn.execute(
        select(posts.c.role, posts.c.scope, posts.c.person, posts.c.since, persons.c.name, persons.c.phone)
        .join(persons, persons.c.id == posts.c.person)
        .where(posts.c.role.in_([r.value for r in wanted]), posts.c.scope.in_(scopes), posts.c.until.is_(None))
        .order_by(posts.c.since, posts.c.id)
    ).all()
    people = {row.person for row in rows}
    joined = set(
        conn.execute(
            select(identities.c.person).where(identities.c.person.in_(people), identities.c.followed.is_(True))
        ).scalars()
    )
    day = today.isoformat()
    away = dict(
        conn.execute(
            select(leaves.c.person, leaves.c.last).where(
                leaves.c.person.in_(people), leaves.c.first <= day, leaves.c.last >= day
            )
        ).all()
    )
    found: dict[tuple[Role, int], Holder] = {}
    for row in rows:
        holder = Holder(
            row.person, row.name or "", row.phone or "", row.since, row.person in joined, away.get(row.person, "")
        )
        found.setdefault((Role(row.role), row.scope), holder)
    return found


def counted(conn: Connection, wanted: object) -> Counter[int]:
    return Counter({row[0]: row[1] for row in conn.execute(wanted)})  # type: ignore[call-overload]
