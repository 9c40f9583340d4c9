"""Who lives where, as the community's staff see it: the households of a building, a search by name, phone or room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage import places
from storage.engine import Database
from storage.people import phone_indexes
from storage.schema import buildings, communities, estates, homes, households, micro_grids, persons


@dataclass(frozen=True, slots=True)
class Dweller:
    """Somebody registered at a household. Names and phones are whole: the page masks them by right."""

    person: int
    household: int
    name: str
    phone: str
    relation: str
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A household with everybody registered there now."""

    id: int
    unit: str
    floor: str
    room: str
    micro_grid: int
    micro: str
    dwellers: tuple[Dweller, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildingPage:
    id: int
    community: int
    estate: int
    label: str
    code: str  # of its plate, g1.<code>
    houses: tuple[HouseRow, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found by phone. `label`: the household, or the building of a scanned plate."""

    person: int
    name: str
    phone: str
    building: int
    label: str


def building(db: Database, wanted: int, ids: Sequence[int]) -> BuildingPage | None:
    """None when it is not of these communities."""
    with db.reading() as conn:
        row = conn.execute(
            select(buildings, estates.c.name.label("estate_name"), estates.c.word)
            .join(estates, estates.c.id == buildings.c.estate)
            .where(buildings.c.id == wanted, buildings.c.community.in_(list(ids)))
        ).first()
        if row is None:
            return None
        found = conn.execute(
            select(households, micro_grids.c.name.label("micro"))
            .outerjoin(micro_grids, micro_grids.c.id == households.c.micro_grid)
            .where(households.c.building == wanted)
        ).all()
        living = _dwellers(conn, wanted)
        houses = sorted(found, key=lambda house: (number_of(house.unit), number_of(house.room)))
        label = places.label(row.estate_name, row.word, row.name)
        return BuildingPage(
            row.id, row.community, row.estate, label, row.qr,
            tuple(
                HouseRow(h.id, h.unit, h.floor, h.room, h.micro_grid or 0, h.micro or "", tuple(living[h.id]))
                for h in houses
            ),
        )  # fmt: skip


def with_phone(db: Database, phone: str, ids: Sequence[int]) -> list[Found]:
    """Everybody of these communities with this phone: by a blind index, so only a whole number finds anybody."""
    indexes = phone_indexes(phone)
    if not indexes:
        return []
    wanted = (
        select(
            persons.c.id, persons.c.name, persons.c.phone, buildings.c.id.label("building"),
            estates.c.name.label("e"), estates.c.word, buildings.c.name.label("b"), households.c.unit,
            households.c.room,
        )
        .join(homes, homes.c.person == persons.c.id)
        .join(households, households.c.id == homes.c.household)
        .join(buildings, buildings.c.id == households.c.building)
        .join(estates, estates.c.id == households.c.estate)
        .where(
            persons.c.phone_index.in_(indexes), homes.c.until.is_(None), households.c.community.in_(list(ids)),
            persons.c.erased.is_(None),
        )
        .order_by(homes.c.id)
    )  # fmt: skip
    with db.reading() as conn:
        return [
            Found(
                row.id, row.name or "", row.phone or "", row.building,
                places.label(row.e, row.word, row.b, row.unit, "", row.room),
            )
            for row in conn.execute(wanted)
        ]  # fmt: skip


def plates(db: Database, estate: int, ids: Sequence[int]) -> tuple[str, list[tuple[str, str]]] | None:
    """(community, [(building, code of its plate)]) of an estate, in register order; None when it is elsewhere."""
    wanted = (
        select(
            buildings.c.name, buildings.c.qr, estates.c.name.label("e"), estates.c.word, communities.c.name.label("c")
        )
        .join(estates, estates.c.id == buildings.c.estate)
        .join(communities, communities.c.id == buildings.c.community)
        .where(buildings.c.estate == estate, buildings.c.community.in_(list(ids)))
        .order_by(buildings.c.id)
    )  # fmt: skip
    with db.reading() as conn:
        found = conn.execute(wanted).all()
    return (found[0].c, [(places.label(r.e, r.word, r.name), r.qr) for r in found]) if found else None


def _dwellers(conn: Connection, wanted: int) -> dict[int, list[Dweller]]:
    found: dict[int, list[Dweller]] = defaultdict(list)
    statement = (
        select(homes, persons.c.name, persons.c.phone)
        .join(persons, persons.c.id == homes.c.person)
        .join(households, households.c.id == homes.c.household)
        .where(households.c.building == wanted, homes.c.until.is_(None), persons.c.erased.is_(None))
        .order_by(homes.c.id)
    )
    for row in conn.execute(statement):
        found[row.household].append(
            Dweller(row.person, row.household, row.name or "", row.phone or "", row.relation, row.source, row.since)
        )
    return found


def number_of(text: str) -> tuple[int, str]:
    """302 after 99, letters after numbers."""
    return (int(text), "") if text.isdecimal() else (10**6, text)
