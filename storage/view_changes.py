"""Changes of posts and borders that are still to come, as the console shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from storage.engine import Database
from storage.schema import grid_changes, grid_moves, grids, micro_grids, persons
from storage.view_people import counted


@dataclass(frozen=True, slots=True)
class Planned:
    """A change that is planned. `kind`: post or redraw; `moves`: households of a re-drawing."""

    id: int
    kind: str
    day: date
    role: str
    scope: int
    where: str
    incoming: str
    moves: int = 0


def planned(db: Database, ids: Sequence[int]) -> list[Planned]:
    """Changes of these communities that are still to come, the earliest first."""
    c = grid_changes.c
    wanted = select(grid_changes).where(c.community.in_(list(ids)), c.state == "planned").order_by(c.day, c.id)
    with db.reading() as conn:
        found = conn.execute(wanted).all()
        moves = counted(
            conn,
            select(grid_moves.c.change, func.count())
            .where(grid_moves.c.change.in_([row.id for row in found]))
            .group_by(grid_moves.c.change),
        )
        names = dict(
            conn.execute(
                select(micro_grids.c.id, micro_grids.c.name).where(micro_grids.c.community.in_(list(ids)))
            ).all()
        )
        of_grids = select(grids.c.id, grids.c.name).where(grids.c.community.in_(list(ids)))
        names |= dict(conn.execute(of_grids).all())
        who = _names(conn, {row.incoming for row in found})
        return [
            Planned(
                row.id, row.kind, date.fromisoformat(row.day), row.role, row.scope, names.get(row.scope, ""),
                who.get(row.incoming, ""), moves[row.id],
            )
            for row in found
        ]  # fmt: skip


def _names(conn: Connection, ids: Iterable[int]) -> dict[int, str]:
    wanted = select(persons.c.id, persons.c.name).where(persons.c.id.in_([one for one in ids if one]))
    return {row.id: row.name or "" for row in conn.execute(wanted)}
