"""Questions about the places of the register, for storage/read.py; nothing of who lives or works there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, or_, select

from handlers.ground import metres
from handlers.read import Scene
from handlers.types import Home, Pin
from nlp.types import Place, PlaceSource
from storage import places
from storage.geo import box
from storage.schema import buildings, estates, households, meta
from storage.sql import Prepared
from storage.transaction import Transaction

PIN_METRES = 60
T = TypeVar("T")

AT = (
    households.c.id, households.c.micro_grid, households.c.community, households.c.estate, estates.c.name,
    estates.c.word, buildings.c.name.label("building"), households.c.unit, households.c.floor, households.c.room,
)  # fmt: skip
HOUSES = households.join(buildings, buildings.c.id == households.c.building).join(
    estates, estates.c.id == households.c.estate
)
_WITHIN = (
    # by the building's id, so that only the homes of one building are looked through
    households.c.building
    == select(buildings.c.id)
    .where(buildings.c.estate == bindparam("estate"), buildings.c.name == bindparam("building"))
    .scalar_subquery(),
    or_(bindparam("unit") == "", households.c.unit == bindparam("unit")),
    or_(bindparam("floor") == "", households.c.floor == bindparam("floor")),
    or_(bindparam("room") == "", households.c.room == bindparam("room")),
)
_AT_PLACE = Prepared(
    select(*AT).select_from(HOUSES).where(*_WITHIN).order_by(households.c.unit, households.c.room).limit(3)
)
_COVERED = Prepared(select(households.c.micro_grid).where(*_WITHIN).distinct().limit(2))
_BUILDING = Prepared(
    select(buildings.c.id).where(buildings.c.estate == bindparam("estate"), buildings.c.name == bindparam("building"))
)
_SITE = (
    buildings.c.community,
    buildings.c.estate,
    estates.c.name,
    estates.c.word,
    buildings.c.name.label("building"),
)
_SITES = buildings.join(estates, estates.c.id == buildings.c.estate)
_PLATE = Prepared(select(*_SITE, buildings.c.id).select_from(_SITES).where(buildings.c.qr == bindparam("code")))
SITE_OF = Prepared(select(*_SITE).select_from(_SITES).where(buildings.c.id == bindparam("id")))
_POINT = Prepared(
    select(buildings.c.lat, buildings.c.lon).where(
        buildings.c.estate == bindparam("estate"), buildings.c.name == bindparam("building"),
        buildings.c.lat.is_not(None), buildings.c.lon.is_not(None),
    )
)  # fmt: skip
_MIDDLE = Prepared(
    select(func.avg(buildings.c.lat), func.avg(buildings.c.lon)).where(
        buildings.c.estate == bindparam("estate"), buildings.c.lat.is_not(None), buildings.c.lon.is_not(None)
    )
)
_AROUND = Prepared(
    select(*_SITE, buildings.c.lat, buildings.c.lon)
    .select_from(_SITES)
    .where(
        buildings.c.lat.between(bindparam("south"), bindparam("north")),
        buildings.c.lon.between(bindparam("west"), bindparam("east")),
    )
)


def home_from(row: Sequence[Any], relation: str = "") -> Home:
    household, micro_grid, community, estate, name, word, building, unit, floor, room = row[:10]
    place = Place(
        community=community, estate=estate, estate_name=name, building=building, unit=unit, floor=floor, room=room,
        label=places.label(name, word, building, unit, floor, room), confidence=1.0, source="home",
    )  # fmt: skip
    return Home(household, place, micro_grid or 0, community, relation)


def place_at_site(row: Sequence[Any], source: PlaceSource) -> Place:
    """A building's place from a row of _SITE."""
    community, estate, name, word, building = row[:5]
    return Place(
        community=community, estate=estate, estate_name=name, building=building,
        label=places.label(name, word, building), confidence=1.0, source=source,
    )  # fmt: skip


VERSION = Prepared(select(meta.c.value).where(meta.c.name == places.VERSION))
_RISES = Prepared(
    lambda insert: (new := insert(meta)).values(name=places.VERSION, value=bindparam("value"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
)  # fmt: skip
_KEPT = 50_000  # answers about one register
_answers: dict[int, tuple[bytes | None, dict[Any, Any]]] = {}  # database → the register's version, answers about it


class ReadPlaces:
    """The part of handlers.read.Read that is about places.

    What only the register tells (who covers a building, what a community is called) is kept until its version rises.
    `database` tells registers of different databases apart.
    """

    def __init__(self, tx: Transaction, database: int) -> None:
        self.tx = tx
        self._database = database
        self._of_register: dict[Any, Any] | None = None

    def of_register(self, key: Any, ask: Callable[[], T]) -> T:
        """The answer kept under `key`, else that of `ask()`, which must depend on nothing but the register."""
        known = self._of_register
        if known is None:
            known = self.at_version(self.tx.one(VERSION))
        if key not in known:
            known[key] = ask()
        found: T = known[key]
        return found

    def at_version(self, row: Sequence[Any] | None) -> dict[Any, Any]:
        """What is kept of the register as it is now; `row`: what VERSION gave."""
        version = row[0] if row else None
        last = _answers.get(self._database)
        if last is None or last[0] != version or len(last[1]) > _KEPT:
            last = _answers[self._database] = (version, {})
        self._of_register = last[1]
        return last[1]

    def register_changes(self) -> None:
        """The register is changed in this transaction: its version rises, and nothing kept is believed until the end.

        What is asked now is kept for this transaction alone, which may yet be rolled back.
        """
        row = self.tx.one(VERSION)
        self.tx.write(_RISES, value=str(int(row[0]) + 1 if row else 1).encode())
        self._of_register = {}

    def households_at(self, place: Place) -> tuple[Home, ...]:
        if not place.building:
            return ()
        values = self._within(place, place.unit, place.floor, place.room)
        return tuple(home_from(row) for row in self.tx.rows(_AT_PLACE, **values))

    def building_id(self, place: Place) -> int:
        row = self.tx.one(_BUILDING, estate=place.estate, building=place.building) if place.building else None
        return row[0] if row else 0

    def place_at(self, pin: Pin) -> Place | None:
        rows = self.tx.rows(_AROUND, **box(pin, PIN_METRES))
        near = sorted((metres(pin, Pin(row[5], row[6])), at) for at, row in enumerate(rows))
        if not near or near[0][0] > PIN_METRES:
            return None
        return place_at_site(rows[near[0][1]], "pin")

    def where_is(self, place: Place) -> Pin | None:
        if not place.estate:
            return None
        row = self.tx.one(_POINT, estate=place.estate, building=place.building) if place.building else None
        row = row or self.tx.one(_MIDDLE, estate=place.estate)
        return Pin(row[0], row[1]) if row and row[0] is not None else None

    def scene(self, code: str) -> Scene | None:
        code = code.removeprefix("g1.")
        row = self.tx.one(_PLATE, code=code)
        if row is None:
            return None
        place = place_at_site(row, "scan")
        return Scene(code, place.community, place, micro_grid=self.covering(place, "", "", ""), building=row[5])

    def covering(self, place: Place, unit: str, floor: str, room: str) -> int:
        """The one micro-grid of everything there, else 0."""
        within = self._within(place, unit, floor, room)

        def ask() -> int:
            rows = self.tx.rows(_COVERED, **within)
            return rows[0][0] or 0 if len(rows) == 1 else 0

        return self.of_register(("covering", *within.values()), ask)

    @staticmethod
    def _within(place: Place, unit: str, floor: str, room: str) -> dict[str, Any]:
        return {"estate": place.estate, "building": place.building, "unit": unit, "floor": floor, "room": room}
