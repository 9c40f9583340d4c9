"""Units, their members and the category table as rows, in the columns of the import."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, select

from bot.importing.plan_units import ROLE_NAMES
from handlers.tickets.categories import UNITS as UNIT_KINDS
from handlers.types import Role
from storage.schema import categories, communities, estates, persons, posts, unit_areas, units

_MEMBER_NAMES = {Role.HEAD: "负责人", Role.MEMBER: "办事员", Role.STREET: "指挥室"}
assert _MEMBER_NAMES.keys() == ROLE_NAMES.keys()


def unit_rows(conn: Connection) -> Iterator[list[str]]:
    of_estate = {
        row.id: (row.name, row.code)
        for row in conn.execute(
            select(estates.c.id, estates.c.name, communities.c.code).join(
                communities, communities.c.id == estates.c.community
            )
        )
    }
    of_community = {row.id: row.code for row in conn.execute(select(communities.c.id, communities.c.code))}
    wanted = select(units, unit_areas.c.scope, unit_areas.c.place, unit_areas.c.street).join(
        unit_areas, unit_areas.c.unit == units.c.id
    )
    for row in conn.execute(wanted.order_by(units.c.code, unit_areas.c.id)):
        community = ""
        match row.scope:
            case "estate":
                where, community = of_estate[row.place]
            case "community":
                where = of_community[row.place]
            case "street":
                where = row.street
            case _:
                where = "全部"
        yield [row.code, row.name, UNIT_KINDS[row.kind], row.phone, where, community]


def member_rows(conn: Connection) -> Iterator[tuple[str, str, str, str]]:
    """(name, phone, unit's code, role in words), unmasked."""
    wanted = (
        select(persons.c.name, persons.c.phone, units.c.code, posts.c.role)
        .join(posts, and_(posts.c.person == persons.c.id, posts.c.until.is_(None)))
        .join(units, units.c.id == posts.c.scope)
        .where(posts.c.role.in_([role.value for role in _MEMBER_NAMES]))
        .order_by(units.c.code, posts.c.id)
    )
    for row in conn.execute(wanted):
        yield row.name or "", row.phone or "", row.code, _MEMBER_NAMES[Role(row.role)]


def category_rows(conn: Connection) -> Iterator[list[str]]:
    for row in conn.execute(select(categories).order_by(categories.c.code)):
        yield [
            row.code, row.name, UNIT_KINDS.get(row.lead, row.lead),
            "、".join(UNIT_KINDS.get(kind, kind) for kind in row.assist.split()), row.level, row.std_code,
            "是" if row.photo else "否", "是" if row.verify else "否",
        ]  # fmt: skip
