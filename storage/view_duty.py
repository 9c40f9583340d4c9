"""A month of each micro-grid leader in figures, for who checks their duty; changes nothing, judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from handlers.points.rules import DUTY
from handlers.types import Role
from storage.engine import Database
from storage.schema import micro_grids, persons, point_entries, posts, tickets

_t = tickets.c


@dataclass(frozen=True, slots=True)
class Duty:
    """`solved`: matters done in the month; `late`: of them after their date; `given`: the points are there."""

    person: int
    name: str
    grid: str
    solved: int
    late: int
    given: bool


def month(db: Database, community: int, name: str, since: datetime, until: datetime) -> list[Duty]:
    """The leaders of a community now. `name`: YYYY-MM."""
    with db.reading() as conn:
        held = conn.execute(
            select(posts.c.person, persons.c.name, micro_grids.c.name.label("grid"))
            .join(persons, persons.c.id == posts.c.person)
            .join(micro_grids, micro_grids.c.id == posts.c.scope)
            .where(
                posts.c.role == Role.LEADER.value, posts.c.until.is_(None),
                posts.c.scope.in_(select(micro_grids.c.id).where(micro_grids.c.community == community)),
                persons.c.erased.is_(None),
            )
            .order_by(micro_grids.c.name, posts.c.id)
        ).all()  # fmt: skip
        people = [row.person for row in held]
        in_month = (_t.owner.in_(people), _t.solved >= since, _t.solved < until)
        count = select(_t.owner, func.count()).group_by(_t.owner)
        done: dict[int, int] = {row[0]: row[1] for row in conn.execute(count.where(*in_month))}
        late: dict[int, int] = {row[0]: row[1] for row in conn.execute(count.where(*in_month, _t.solved > _t.due))}
        keys = {f"{DUTY}:duty:{name}:{person}": person for person in people}
        there = select(point_entries.c.once).where(point_entries.c.once.in_(list(keys)))
        given = {keys[once] for once in conn.execute(there).scalars() if once}
    return [
        Duty(
            one.person,
            one.name or "",
            one.grid,
            done.get(one.person, 0),
            late.get(one.person, 0),
            one.person in given,
        )
        for one in held
    ]
