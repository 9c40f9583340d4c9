"""Questions about units, leave, the chain and the category table (handlers.tickets.port.AskUnits)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, or_, select

from handlers.read import Ticket
from handlers.tickets.categories import UNITS
from handlers.tickets.port import Party, Unit
from handlers.tickets.rules import OPEN, Status
from handlers.types import Role
from nlp.types import Place
from storage import places
from storage.schema import (
    buildings,
    communities,
    estates,
    homes,
    households,
    leaves,
    micro_grids,
    notes,
    posts,
    ticket_units,
    tickets,
    unit_areas,
    units,
)  # fmt: skip
from storage.sql import Prepared
from storage.ticket_rows import COLUMNS
from storage.transaction import Transaction

_t, _u, _a, _p = tickets.c, units.c, unit_areas.c, ticket_units.c
_UNIT_COLUMNS = (_u.id, _u.code, _u.name, _u.kind, _u.phone)
_street = select(communities.c.street).where(communities.c.id == bindparam("community")).scalar_subquery()
_estates_here = select(estates.c.id).where(estates.c.community == bindparam("community"))
_serves = or_(
    and_(_a.scope == "estate", _a.place == bindparam("estate")),
    and_(_a.scope == "community", _a.place == bindparam("community")),
    and_(_a.scope == "street", _a.street == _street, _a.street != ""),
    _a.scope == "all",
)
_near_first = case((_a.scope == "estate", 0), (_a.scope == "community", 1), (_a.scope == "street", 2), else_=3)
_UNIT = Prepared(select(*_UNIT_COLUMNS).where(_u.id == bindparam("id")))
_FOR = Prepared(
    select(*_UNIT_COLUMNS)
    .join(unit_areas, _a.unit == _u.id)
    .where(_u.kind == bindparam("kind"), _serves)
    .order_by(_near_first, _u.id)
)
_AROUND = Prepared(
    select(*_UNIT_COLUMNS)
    .where(_u.id.in_(select(_a.unit).where(or_(_serves, and_(_a.scope == "estate", _a.place.in_(_estates_here))))))
    .order_by(_u.id)
)
_MEMBERS = Prepared(
    select(posts.c.person)
    .where(
        posts.c.scope == bindparam("unit"),
        posts.c.role.in_([literal(role.value) for role in (Role.HEAD, Role.MEMBER, Role.STREET)]),
        posts.c.until.is_(None),
    )
    .order_by(case((posts.c.role == Role.HEAD.value, 0), else_=1), posts.c.since, posts.c.id)
)
_DWELLERS = Prepared(
    select(homes.c.person)
    .join(households, households.c.id == homes.c.household)
    .where(
        households.c.building
        == select(buildings.c.id)
        .where(buildings.c.estate == bindparam("estate"), buildings.c.name == bindparam("building"))
        .scalar_subquery(),
        households.c.unit == bindparam("unit"), households.c.room == bindparam("room"), homes.c.until.is_(None),
    )
    .order_by(homes.c.id)
    .limit(20)
)  # fmt: skip
_GRID = Prepared(select(micro_grids.c.grid).where(micro_grids.c.id == bindparam("id")))
AWAY = Prepared(
    select(leaves.c.id)
    .where(
        leaves.c.person == bindparam("person"), leaves.c.first <= bindparam("day"), leaves.c.last >= bindparam("day")
    )
    .limit(1),
    kept=True,
)
_NOTED = Prepared(
    select(notes.c.words)
    .where(notes.c.ticket == bindparam("ticket"), notes.c.kind == bindparam("kind"))
    .order_by(notes.c.id.desc())
    .limit(1)
)
_PARTIES = Prepared(
    select(
        _p.unit, _u.name, _p.role, _p.asked, _p.arrive_by, _p.arrived, _p.concluded, _p.words, _p.rating
    )
    .join(units, _u.id == _p.unit)
    .where(_p.ticket == bindparam("ticket"))
    .order_by(_p.asked, _p.unit)
)  # fmt: skip
_open = _t.status.in_([literal(status.value) for status in sorted(OPEN)])
_pressing = (case((_t.due.is_(None), 1), else_=0), _t.due, _t.opened, _t.id)
_limit: Any = bindparam("limit")
_MERGED = Prepared(select(*COLUMNS).where(_t.merged_into == bindparam("ticket"), _t.merged_into != 0).order_by(_t.id))
_WITH_UNIT = Prepared(
    select(*COLUMNS)
    .where(
        _open,
        or_(
            and_(_t.unit == bindparam("unit"), _t.owner == 0),
            _t.id.in_(select(_p.ticket).where(_p.unit == bindparam("unit"), _p.concluded.is_(None))),
        ),
    )
    .order_by(*_pressing)
    .limit(_limit)
)
_AT_GRID = Prepared(
    select(*COLUMNS)
    .where(
        _t.tier == 1, _t.owner == 0, _open,
        _t.micro_grid.in_(select(micro_grids.c.id).where(micro_grids.c.grid == bindparam("scope"))),
    )
    .order_by(*_pressing)
    .limit(_limit)
)  # fmt: skip
_streets = select(_a.street).where(_a.unit == bindparam("scope"), _a.scope == "street")
_AT_STREET = Prepared(
    select(*COLUMNS)
    .where(
        _t.tier == 3, _open,
        or_(and_(_t.owner == 0, _t.unit == 0), _t.hang_asked.is_not(None),
            _t.status.in_([literal(Status.RETURN_ASKED.value), literal(Status.EXTENSION_ASKED.value)])),
        _t.community.in_(select(communities.c.id).where(communities.c.street.in_(_streets))),
    )
    .order_by(*_pressing)
    .limit(_limit)
)  # fmt: skip
_HERE = Prepared(
    select(*COLUMNS)
    .where(_t.place_key == bindparam("key"), _t.opened >= bindparam("since"))
    .order_by(_t.opened.desc(), _t.id.desc())
    .limit(_limit)
)
AGAIN = Prepared(
    select(
        func.coalesce(func.sum(case((_t.kind == "主动治理", 0), else_=1)), 0),
        func.coalesce(func.sum(case((_t.kind == "主动治理", 1), else_=0)), 0),
    ).where(
        _t.place_key == bindparam("key"), _t.category == bindparam("category"), _t.opened >= bindparam("since"),
        _t.status != Status.WITHDRAWN.value, _t.merged_into == 0,
    )
)  # fmt: skip


class ReadUnits:
    """The part of handlers.read.Read that is about units. `_read` makes tickets of rows."""

    _tx: Transaction
    _ahead: Callable[..., list[Any]]  # storage.ahead.Ahead.rows
    _read: Callable[..., tuple[Ticket, ...]]

    def unit(self, unit: int) -> Unit | None:
        row = self._tx.one(_UNIT, id=unit) if unit else None
        return Unit(*row) if row else None

    def units_for(self, kind: str, place: Place) -> tuple[Unit, ...]:
        found = self._tx.rows(_FOR, kind=kind, estate=place.estate, community=place.community)
        return tuple(dict.fromkeys(Unit(*row) for row in found))

    def units_named(self, community: int, words: str) -> tuple[Unit, ...]:
        words = words.strip()
        if not words:
            return ()
        around = [Unit(*row) for row in self._tx.rows(_AROUND, estate=0, community=community)]
        exact = tuple(unit for unit in around if unit.name in words or words in (unit.name, unit.code))
        if exact:
            return exact
        kinds = {kind for kind, name in UNITS.items() if name in words} | {k for w, k in _SPOKEN if w in words}
        return tuple(unit for unit in around if unit.kind in kinds or (len(words) >= 2 and words in unit.name))

    def unit_members(self, unit: int) -> tuple[int, ...]:
        return tuple(row[0] for row in self._tx.rows(_MEMBERS, unit=unit)) if unit else ()

    def street_of(self, community: int) -> int:
        found = self.units_for("JD", Place(community=community)) if community else ()
        return found[0].id if found else 0

    def grid_of(self, micro_grid: int) -> int:
        row = self._tx.one(_GRID, id=micro_grid) if micro_grid else None
        return int(row[0]) if row else 0

    def dwellers(self, place: Place) -> tuple[int, ...]:
        if not place.room:
            return ()
        at = {"estate": place.estate, "building": place.building, "unit": place.unit, "room": place.room}
        return tuple(row[0] for row in self._tx.rows(_DWELLERS, **at))

    def away(self, person: int, day: date) -> bool:
        return bool(person) and bool(self._ahead(AWAY, person=person, day=day.isoformat()))

    def noted(self, ticket: int, kind: str) -> str:
        row = self._tx.one(_NOTED, ticket=ticket, kind=kind[:16])
        return row[0] or "" if row else ""

    def parties(self, ticket: int) -> tuple[Party, ...]:
        return tuple(_party(*row) for row in self._tx.rows(_PARTIES, ticket=ticket))

    def merged(self, ticket: int) -> tuple[Ticket, ...]:
        return self._read(_MERGED, ticket=ticket)

    def unit_tasks(self, units: tuple[int, ...], limit: int = 20) -> tuple[Ticket, ...]:
        found: dict[int, Ticket] = {}
        for unit in dict.fromkeys(units):
            found |= {ticket.id: ticket for ticket in self._read(_WITH_UNIT, unit=unit, limit=limit)}
        return tuple(found.values())[:limit]

    def tier_tasks(self, tier: int, scope: int, limit: int = 20) -> tuple[Ticket, ...]:
        return self._read(_AT_GRID if tier == 1 else _AT_STREET, scope=scope, limit=limit)

    def tickets_at(self, key: Place, since: datetime, limit: int = 20) -> tuple[Ticket, ...]:
        return self._read(_HERE, key=places.key(key), since=since, limit=limit) if places.key(key) else ()

    def recurring(self, category: str, place: Place, since: datetime) -> tuple[int, int]:
        if not places.key(place):
            return 0, 0
        ((reports, tasks),) = self._ahead(AGAIN, key=places.key(place), category=category, since=since)
        return int(reports), int(tasks)


def _party(unit: int, name: str, role: str, asked: datetime, *rest: Any) -> Party:
    arrive_by, arrived, concluded, words, rating = rest
    return Party(unit, name, role, asked, arrive_by, arrived, concluded, words or "", rating)


# what people call the units beside their names in categories.UNITS
_SPOKEN = (
    ("城管", "CG"), ("执法", "CG"), ("电梯", "WB"), ("维保", "WB"), ("自来水", "GS"), ("水务", "GS"), ("电力", "GD"),
    ("电网", "GD"), ("燃气", "RQ"), ("煤气", "RQ"), ("消防", "XF"), ("公安", "GA"), ("民警", "GA"), ("调解", "TJ"),
    ("路灯", "SZ"), ("保洁", "HW"), ("物管", "WY"), ("社保", "RS"), ("医保", "RS"), ("疾控", "WJ"), ("绿化", "YL"),
)  # fmt: skip
