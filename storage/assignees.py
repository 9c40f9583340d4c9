"""To whom a ticket can be given: people with posts and units of some communities; not who may give it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select

from handlers.types import Role
from storage.engine import Database
from storage.schema import communities, estates, grids, micro_grids, persons, posts, unit_areas, units


@dataclass(frozen=True, slots=True)
class Assignee:
    """Somebody or some unit to give a ticket to. `where`: the place of the post."""

    id: int
    name: str
    where: str
    group: str
    community: int = 0  # 0: of a unit, which its areas tell


def assignees(db: Database, ids: tuple[int, ...]) -> tuple[list[Assignee], list[Assignee]]:
    """(people, units) to whom tickets of these communities can be given."""
    with db.reading() as conn:
        return _people(conn, ids), _units(conn, ids)


def _people(conn: Connection, ids: tuple[int, ...]) -> list[Assignee]:
    found: list[Assignee] = []
    for role, table, group in (
        (Role.DESK, communities, "社区"), (Role.GRID, grids, "网格员"), (Role.LEADER, micro_grids, "微网格长"),
        (Role.DEPUTY, micro_grids, "副微网格长"),
    ):  # fmt: skip
        community = table.c.id if table is communities else table.c.community
        rows = conn.execute(
            select(persons.c.id, persons.c.name, table.c.name.label("place"), community.label("community"))
            .join(posts, posts.c.person == persons.c.id)
            .join(table, table.c.id == posts.c.scope)
            .where(
                posts.c.role == role.value,
                posts.c.until.is_(None),
                community.in_(ids),
                posts.c.scope.in_(select(table.c.id).where(community.in_(ids))),  # else everybody of the role is read
            )
            .order_by(table.c.code)
            .limit(1000)
        )
        found += [Assignee(row.id, row.name or "没有登记姓名", row.place, group, row.community) for row in rows]
    return found


def _units(conn: Connection, ids: tuple[int, ...]) -> list[Assignee]:
    streets = select(communities.c.street).where(communities.c.id.in_(ids))
    near = select(unit_areas.c.unit).where(
        or_(
            unit_areas.c.scope == "all",
            and_(unit_areas.c.scope == "community", unit_areas.c.place.in_(ids)),
            and_(unit_areas.c.scope == "street", unit_areas.c.street.in_(streets)),
            and_(
                unit_areas.c.scope == "estate",
                unit_areas.c.place.in_(select(estates.c.id).where(estates.c.community.in_(ids))),
            ),
        )
    )
    wanted = select(units.c.id, units.c.name).where(units.c.id.in_(near), units.c.kind != "JD").order_by(units.c.code)
    return [Assignee(row.id, row.name, "", "单位") for row in conn.execute(wanted.limit(500))]
