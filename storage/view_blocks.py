"""What of a grid can be drawn again: its buildings by unit, large units by floor; labels of households."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage import places
from storage.engine import Database
from storage.schema import buildings, estates, grids, households, micro_grids
from storage.view_homes import number_of


@dataclass(frozen=True, slots=True)
class Block:
    """Households of a building that are drawn together: one unit, or one floor of a unit that is large."""

    building: int
    label: str
    unit: str
    floor: str  # "" for the whole unit
    micro_grid: int
    micro: str
    houses: tuple[int, ...]

    @property
    def key(self) -> str:
        """As a form names it."""
        return f"{self.building}.{self.unit}.{self.floor}.{self.micro_grid}"


def blocks(db: Database, grid: int, ids: Sequence[int], most: int) -> list[Block]:
    """What can be drawn: everything in the micro-grids of a grid, and households of its community that are in none.

    A unit with more than `most` households is drawn by floors.
    """
    with db.reading() as conn:
        home = conn.execute(
            select(grids.c.community).where(grids.c.id == grid, grids.c.community.in_(list(ids)))
        ).scalar()
        if home is None:
            return []
        micros = conn.execute(select(micro_grids.c.id, micro_grids.c.name).where(micro_grids.c.grid == grid)).all()
        names = {row.id: row.name for row in micros}
        found = conn.execute(
            select(
                households.c.id, households.c.building, households.c.unit, households.c.floor,
                households.c.micro_grid,
                estates.c.name.label("e"), estates.c.word, buildings.c.name.label("b"),
            )
            .join(buildings, buildings.c.id == households.c.building)
            .join(estates, estates.c.id == households.c.estate)
            .where(
                households.c.community == home,
                households.c.micro_grid.in_(list(names)) | households.c.micro_grid.is_(None),
            )
            .order_by(households.c.building, households.c.id)
        ).all()  # fmt: skip
    size: dict[tuple[int, str], int] = defaultdict(int)
    for row in found:
        size[row.building, row.unit] += 1
    grouped: dict[tuple[int, str, str, int], list[int]] = defaultdict(list)
    labels = {}
    for row in found:
        floor = row.floor if size[row.building, row.unit] > most else ""
        labels[row.building] = places.label(row.e, row.word, row.b)
        grouped[row.building, row.unit, floor, row.micro_grid or 0].append(row.id)
    made = [
        Block(key[0], labels[key[0]], key[1], key[2], key[3], names.get(key[3], ""), tuple(houses))
        for key, houses in grouped.items()
    ]
    return sorted(made, key=lambda one: (one.building, number_of(one.unit), number_of(one.floor)))


def house_labels(db: Database, wanted: Sequence[int]) -> dict[int, str]:
    """学府花园3幢2单元302室 of each household."""
    statement = (
        select(
            households.c.id, estates.c.name.label("e"), estates.c.word, buildings.c.name.label("b"),
            households.c.unit, households.c.room,
        )
        .join(buildings, buildings.c.id == households.c.building)
        .join(estates, estates.c.id == households.c.estate)
        .where(households.c.id.in_(list(wanted)))
        .order_by(households.c.building, households.c.unit, households.c.id)
    )  # fmt: skip
    with db.reading() as conn:
        return {
            row.id: places.label(row.e, row.word, row.b, row.unit, "", row.room) for row in conn.execute(statement)
        }
