"""Who answers for a place and who holds a post, for storage/read.py."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, literal, or_, select

from handlers.read import Duty
from handlers.types import Person, Role
from nlp.types import Place
from storage.person_rows import LEADERS, people_from
from storage.read_people import ReadPeople
from storage.schema import micro_grids, posts
from storage.sql import Prepared
from storage.transaction import Transaction

_LEADER, _DEPUTY, _DESK = Role.LEADER.value, Role.DEPUTY.value, Role.DESK.value

_HOLDERS = Prepared(
    select(posts.c.person)
    .where(posts.c.role == bindparam("role"), posts.c.scope == bindparam("scope"), posts.c.until.is_(None))
    .order_by(posts.c.since, posts.c.id)
)
_grid: BindParameter[int] = bindparam("grid")
_ON_DUTY = Prepared(
    select(posts.c.role, posts.c.person)
    .where(
        posts.c.until.is_(None),
        or_(
            and_(posts.c.role == literal(Role.LEADER.value), posts.c.scope == _grid),
            and_(posts.c.role == literal(Role.DEPUTY.value), posts.c.scope == _grid),
            and_(posts.c.role == literal(Role.DESK.value), posts.c.scope == bindparam("community")),
        ),
    )
    .order_by(posts.c.since, posts.c.id)
)
_EVERY_DESK = Prepared(
    select(posts.c.person)
    .where(posts.c.role == Role.DESK.value, posts.c.until.is_(None))
    .group_by(posts.c.person)
    .order_by(func.min(posts.c.id))
    .limit(20)
)
_MICRO_GRID = Prepared(select(micro_grids.c.community, micro_grids.c.name).where(micro_grids.c.id == bindparam("id")))


def _posts(micro_grid: int, community: int) -> tuple[tuple[str, int], ...]:
    return (_LEADER, micro_grid), (_DEPUTY, micro_grid), (_DESK, community)


class ReadDuty(ReadPeople):
    """The part of handlers.read.Read that is about duties."""

    def __init__(self, tx: Transaction, database: int) -> None:
        super().__init__(tx, database)
        self._held: dict[tuple[str, int], tuple[int, ...]] = {}
        self._duties: dict[tuple[Any, ...], Duty] = {}  # by place

    def forget(self) -> None:
        super().forget()
        self._held.clear()
        self._duties.clear()

    def register_changes(self) -> None:
        super().register_changes()
        self._duties.clear()

    def desk(self, community: int) -> tuple[int, ...]:
        if community:
            return self._holding(Role.DESK, community)
        return tuple(row[0] for row in self.tx.rows(_EVERY_DESK))

    def duty(self, place: Place) -> Duty:
        key = (place.community, place.estate, place.building, place.unit, place.floor, place.room)
        found = self._duties.get(key)
        if found is None:
            found = self._duties[key] = self._duty(place)
        return found

    def _duty(self, place: Place) -> Duty:
        if micro_grid := self._micro_grid(place):
            return self.duty_of(micro_grid)
        return Duty(community=place.community, desk=self.desk(place.community))

    def _micro_grid(self, place: Place) -> int:
        if place.building:
            for wanted in dict.fromkeys(((place.unit, place.floor, place.room), (place.unit, "", ""))):
                if micro_grid := self.covering(place, *wanted):
                    return micro_grid
        return 0

    def duty_of(self, micro_grid: int) -> Duty:
        row = self._names_of(micro_grid)
        if row is None:
            return Duty(community=0)
        self._on_duty([(micro_grid, row[0])])
        leaders, deputies, desk = (self._held[post] for post in _posts(micro_grid, row[0]))
        return Duty(row[0], micro_grid, row[1], (*leaders, 0)[0], (*deputies, 0)[0], desk)

    def _names_of(self, micro_grid: int) -> Any:
        return self.of_register(("micro_grid", micro_grid), lambda: self.tx.one(_MICRO_GRID, id=micro_grid))

    def know_duties(self, of: Iterable[Place]) -> None:
        """Ask for these at once, before anything is written that such a question would have to wait for."""
        grids = (self._micro_grid(place) for place in of)
        self._on_duty((grid, row[0]) for grid in grids if (row := self._names_of(grid)))

    def holders(self, role: Role, scope: int) -> tuple[Person, ...]:
        return self._people(self._holding(role, scope))

    def _on_duty(self, there: Iterable[tuple[int, int]]) -> None:
        """微网格长, 副微网格长 and the desk of each (micro-grid, community), in one round trip."""
        new = [one for one in dict.fromkeys(there) if not self._held.keys() >= {*_posts(*one)}]
        asked = [
            question
            for grid, community in new
            for question in ((_ON_DUTY, {"grid": grid, "community": community}), (LEADERS, {"grid": grid}))
        ]
        answers = self.tx.gather(asked)
        for one, rows, leaders in zip(new, answers[::2], answers[1::2], strict=True):
            self._persons |= people_from(self.tx, leaders)  # who is told, at once
            for post in _posts(*one):
                self._held[post] = tuple(person for role, person in rows if role == post[0])

    def _holding(self, role: Role, scope: int) -> tuple[int, ...]:
        key = (role.value, scope)
        if key not in self._held:
            self._held[key] = tuple(row[0] for row in self.tx.rows(_HOLDERS, role=role.value, scope=scope))
        return self._held[key]
