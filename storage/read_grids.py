"""Questions about grids and planned changes, for storage/read.py (handlers.grids.port.ReadGrids)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import BigInteger, bindparam, func, select

from handlers.grids.port import Change, Grid, MicroGrid
from handlers.types import Person
from storage.people import phone_indexes
from storage.schema import grid_changes, grid_moves, grids, homes, households, leaves, micro_grids, persons
from storage.sql import Prepared, each, given
from storage.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

_c = grid_changes.c
_size = select(func.count()).where(households.c.micro_grid == micro_grids.c.id).scalar_subquery()
_MICRO = (
    micro_grids.c.id, micro_grids.c.grid, micro_grids.c.community, micro_grids.c.code, micro_grids.c.name, _size,
)  # fmt: skip
_MICRO_GRID = Prepared(select(*_MICRO).where(micro_grids.c.id == bindparam("id")))
_MICROS_IN = Prepared(select(*_MICRO).where(micro_grids.c.grid == bindparam("grid")).order_by(micro_grids.c.code))
_GRID = Prepared(
    select(grids.c.id, grids.c.community, grids.c.code, grids.c.name).where(grids.c.id == bindparam("id"))
)
_CHANGE_COLUMNS = (
    _c.id, _c.kind, _c.community, _c.day, _c.state, _c.by, _c.role, _c.scope, _c.incoming, _c.outgoing, _c.tasks,
)  # fmt: skip
_CHANGE = Prepared(select(*_CHANGE_COLUMNS).where(_c.id == bindparam("id")))
_OF_POST = Prepared(
    select(*_CHANGE_COLUMNS)
    .where(
        _c.kind == "post", _c.state == "planned", _c.role == bindparam("role"), _c.scope == bindparam("scope"),
        _c.community == bindparam("community"),
    )
    .limit(1)
)  # fmt: skip
_REDRAWS = Prepared(
    select(*_CHANGE_COLUMNS)
    .where(_c.kind == "redraw", _c.state == "planned", _c.community == bindparam("community"))
    .order_by(_c.day, _c.id)
)
_MOVES = Prepared(
    select(grid_moves.c.household, grid_moves.c.before, grid_moves.c.after)
    .where(grid_moves.c.change == bindparam("change"))
    .order_by(grid_moves.c.household)
)
_LIVES = Prepared(
    select(households.c.community)
    .join(homes, homes.c.household == households.c.id)
    .where(
        homes.c.person == bindparam("person"), homes.c.household == bindparam("household"), homes.c.until.is_(None)
    )
)
_OWNER = Prepared(
    select(persons.c.id).where(persons.c.phone_index == bindparam("phone"), persons.c.erased.is_(None)).limit(1)
)


_LEAVE_AHEAD = Prepared(
    select(leaves.c.id).where(leaves.c.person == bindparam("person"), leaves.c.last >= bindparam("day")).limit(1)
)


def _of_households(dialect: str) -> Any:
    asked, (household,) = given(dialect, "ids", BigInteger())
    return select(households.c.id, households.c.micro_grid).where(
        households.c.id.in_(select(household).select_from(asked)), households.c.community == bindparam("community")
    )


def _estates(dialect: str) -> Any:
    asked, (micro_grid,) = given(dialect, "ids", BigInteger())
    return (
        select(households.c.estate)
        .distinct()
        .where(households.c.micro_grid.in_(select(micro_grid).select_from(asked)))
    )


def _dwellers(dialect: str) -> Any:
    asked, (household,) = given(dialect, "ids", BigInteger())
    return (
        select(homes.c.person, homes.c.household)
        .where(homes.c.household.in_(select(household).select_from(asked)), homes.c.until.is_(None))
        .order_by(homes.c.id)
    )


_OF_HOUSEHOLDS, _DWELLERS = Prepared(each(_of_households)), Prepared(each(_dwellers))
_ESTATES = Prepared(each(_estates))


class ReadGrids:
    """The part of handlers.read.Read that is about grids and their changes."""

    tx: Transaction
    person: Callable[[int], Person | None]

    def micro_grid(self, micro_grid: int) -> MicroGrid | None:
        row = self.tx.one(_MICRO_GRID, id=micro_grid) if micro_grid else None
        return MicroGrid(*row) if row else None

    def grid(self, grid: int) -> Grid | None:
        row = self.tx.one(_GRID, id=grid) if grid else None
        return Grid(*row) if row else None

    def micro_grids_in(self, grid: int) -> tuple[MicroGrid, ...]:
        return tuple(MicroGrid(*row) for row in self.tx.rows(_MICROS_IN, grid=grid))

    def estates_of(self, micro_grids: tuple[int, ...]) -> frozenset[int]:
        rows = self.tx.rows(_ESTATES, ids=_json(micro_grids)) if micro_grids else ()
        return frozenset(row[0] for row in rows)

    def change(self, change: int) -> Change | None:
        row = self.tx.one(_CHANGE, id=change)
        return self._change(row) if row else None

    def change_of_post(self, role: str, scope: int) -> Change | None:
        found = self.grid(scope) if role == "grid" else self.micro_grid(scope)
        if found is None:
            return None
        row = self.tx.one(_OF_POST, role=role, scope=scope, community=found.community)
        return self._change(row) if row else None

    def redraws(self, community: int) -> tuple[Change, ...]:
        return tuple(self._change(row) for row in self.tx.rows(_REDRAWS, community=community))

    def micro_grids_of(self, households: tuple[int, ...], community: int) -> dict[int, int]:
        rows = self.tx.rows(_OF_HOUSEHOLDS, ids=_json(households), community=community) if households else ()
        return {row[0]: row[1] or 0 for row in rows}

    def dwellers_of(self, households: tuple[int, ...]) -> dict[int, int]:
        rows = self.tx.rows(_DWELLERS, ids=_json(households)) if households else ()
        return {row[0]: row[1] for row in rows}

    def lives_at(self, person: int, household: int) -> int:
        row = self.tx.one(_LIVES, person=person, household=household)
        return row[0] if row else 0

    def leave_ahead(self, person: int, day: date) -> bool:
        return self.tx.one(_LEAVE_AHEAD, person=person, day=day.isoformat()) is not None

    def phone_owner(self, phone: str) -> Person | None:
        for index in phone_indexes(phone):
            row = self.tx.one(_OWNER, phone=index)
            if row:
                return self.person(row[0])
        return None

    def _change(self, row: Sequence[Any]) -> Change:
        key, kind, community, day, state, by, *post = row
        moves: tuple[tuple[int, int, int], ...] = ()
        if kind == "redraw":
            moves = tuple((found[0], found[1], found[2]) for found in self.tx.rows(_MOVES, change=key))
        role, scope, incoming, outgoing, tasks = post
        when = date.fromisoformat(day)
        return Change(key, kind, community, when, state, by, role, scope, incoming, outgoing, tasks, moves)


def _json(ids: Sequence[int]) -> str:
    return orjson.dumps([[one] for one in ids]).decode()
