"""What an audience can be made of: places to choose, and audiences that were given a name; for the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, select

from handlers.announcements.rules import AREAS
from storage.engine import Database
from storage.schema import audiences, buildings, communities, estates, micro_grids

MOST_PLACES = 600  # of one kind on one form


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


def in_scope(column: Any, mine: tuple[int, ...] | None) -> ColumnElement[bool]:
    """Of these communities; None: of all."""
    if mine is None:
        return column.is_not(None)  # type: ignore[no-any-return]
    return column.in_(mine) if mine else false()


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
                select(table.c.id, table.c.name).where(in_scope(here, mine)).order_by(table.c.id).limit(MOST_PLACES)
            )
            found += [Area(area, row.id, row.name, AREAS[area]) for row in conn.execute(wanted)]
        wanted_buildings = (
            select(buildings.c.id, buildings.c.name, estates.c.name.label("estate"), estates.c.word)
            .join(estates, estates.c.id == buildings.c.estate)
            .where(in_scope(buildings.c.community, mine))
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
    wanted = select(audiences).where(in_scope(audiences.c.community, mine)).order_by(audiences.c.name).limit(50)
    with db.reading() as conn:
        return [
            Kept(row.id, row.name, tuple((area, place) for area, place in row.places), tuple(row.roles))
            for row in conn.execute(wanted)
        ]
