"""The register of places: communities, grids, estates, buildings, households; not who lives or works there."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence

from sqlalchemy import Connection, select

from storage.ledger import Ledger
from storage.schema import buildings, communities, estates, grids, households, micro_grids


def community(ledger: Ledger, code: str, name: str, *, street: str | None = None, phone: str | None = None) -> int:
    """By code (12 digits, domain.md §3.3)."""
    return ledger.put(communities, ("code",), {"code": code, "name": name, "street": street, "phone": phone})


def grid(ledger: Ledger, community: int, code: str, name: str | None = None) -> int:
    """By code (15 digits). Without a name a new grid is called 第N网格."""
    if not name and ledger.find(grids, code=code) is None:
        name = f"第{int(code[12:15])}网格"
    return ledger.put(grids, ("code",), {"community": community, "code": code, "name": name})


def micro_grid(ledger: Ledger, grid: int, community: int, code: str, name: str) -> int:
    """By code (17 digits)."""
    return ledger.put(
        micro_grids, ("code",), {"grid": grid, "community": community, "code": code, "name": name or None}
    )


def micro_grid_name(community: str, code: str) -> str:
    """学府社区 + …00103 → 学府1-3 (domain.md §3.3)."""
    short = re.sub(r"(社区|村|居民区)$", "", community) or community
    return f"{short}{int(code[12:15])}-{int(code[15:17])}"


def estate(
    ledger: Ledger,
    community: int,
    name: str,
    *,
    aliases: Sequence[str] | None = None,
    road: str | None = None,
    lane: str | None = None,
    word: str | None = None,
    spots: Sequence[str] | None = None,
) -> int:
    """By name inside a community; what is None stays as it is."""
    values = {
        "community": community, "name": name, "road": road, "lane": lane, "word": word,
        "aliases": list(aliases) if aliases is not None else None,
        "spots": list(spots) if spots is not None else None,
    }  # fmt: skip
    if ledger.find(estates, community=community, name=name) is None:
        values["aliases"] = values["aliases"] or []
        values["spots"] = values["spots"] or []
    return ledger.put(estates, ("community", "name"), values)


def building(
    ledger: Ledger, estate: int, community: int, name: str, *, lat: float | None = None, lon: float | None = None,
    plate: str = "",
) -> int:  # fmt: skip
    """By name inside an estate. `plate` is what the code of a new building's door plate is made from."""
    values = {"estate": estate, "community": community, "name": name, "lat": lat, "lon": lon}
    if ledger.find(buildings, estate=estate, name=name) is None:
        values["qr"] = _qr(ledger, plate or f"{estate}/{name}")
    return ledger.put(buildings, ("estate", "name"), values)


def household(
    ledger: Ledger, building: int, estate: int, community: int, room: str, *, unit: str = "",
    floor: str | None = None, micro_grid: int | None = None,
) -> int:  # fmt: skip
    """By unit and room inside a building. Without a floor it is read off the room number."""
    floor = floor or floor_of(room) or None
    return ledger.put(
        households,
        ("building", "unit", "room"),
        {
            "building": building, "estate": estate, "community": community, "micro_grid": micro_grid,
            "unit": unit, "floor": floor, "room": room,
        },
    )  # fmt: skip


def floor_of(room: str) -> str:
    """302 → 3, 1201 → 12; "" for a room number that does not tell."""
    return room[:-2] if re.fullmatch(r"[1-9]\d{2,3}", room) else ""


def _qr(ledger: Ledger, plate: str) -> str:
    """Eight characters, the same for the same plate in every database, so that printed signs outlive one."""
    for salt in range(100):
        code = base64.b32encode(hashlib.sha256(f"{plate}#{salt}".encode()).digest()[:5]).decode().lower()
        if code not in _taken(ledger):
            _taken(ledger).add(code)
            return code
    raise RuntimeError(f"no free plate code for {plate}")


def _taken(ledger: Ledger) -> set[str]:
    if ledger.plates is None:
        ledger.plates = set(ledger.conn.execute(select(buildings.c.qr)).scalars())
    return ledger.plates


# --- one row at a time


def add_community(conn: Connection, code: str, name: str, *, street: str = "", phone: str = "") -> int:
    """Add or rename a community; returns its id. "" leaves street and phone as they are."""
    ledger = Ledger(conn)
    found = community(ledger, code, name, street=street or None, phone=phone or None)
    ledger.write()
    return found


def add_grid(conn: Connection, community: int, code: str, name: str = "") -> int:
    ledger = Ledger(conn)
    found = grid(ledger, community, code, name or None)
    ledger.write()
    return found


def add_micro_grid(conn: Connection, grid: int, code: str, name: str = "") -> int:
    """The community is the grid's. Without a name: 学府1-3, from the code."""
    ledger = Ledger(conn)
    where = conn.execute(select(grids.c.community).where(grids.c.id == grid)).scalar_one()
    if not name and ledger.find(micro_grids, code=code) is None:
        name = micro_grid_name(
            conn.execute(select(communities.c.name).where(communities.c.id == where)).scalar_one(), code
        )
    found = micro_grid(ledger, grid, where, code, name)
    ledger.write()
    return found


def add_estate(
    conn: Connection, community: int, name: str, *, aliases: Sequence[str] = (), road: str = "", lane: str = "",
    word: str = "幢", spots: Sequence[str] = (),
) -> int:  # fmt: skip
    ledger = Ledger(conn)
    found = estate(ledger, community, name, aliases=aliases, road=road, lane=lane, word=word, spots=spots)
    ledger.write()
    return found


def add_building(
    conn: Connection, estate: int, name: str, *, lat: float | None = None, lon: float | None = None
) -> int:
    """The community is the estate's. Degrees."""
    ledger = Ledger(conn)
    where = conn.execute(
        select(communities.c.id, communities.c.code, estates.c.name)
        .join(estates, estates.c.community == communities.c.id)
        .where(estates.c.id == estate)
    ).one()
    found = building(ledger, estate, where[0], name, lat=lat, lon=lon, plate=plate_of(where[1], where[2], name))
    ledger.write()
    return found


def plate_of(community_code: str, estate_name: str, building_name: str) -> str:
    """What a door plate's code is made from."""
    return f"{community_code}/{estate_name}/{building_name}"


def add_household(
    conn: Connection, building: int, room: str, *, unit: str = "", floor: str = "", micro_grid: int = 0
) -> int:
    """The estate and community are the building's."""
    ledger = Ledger(conn)
    where = conn.execute(select(buildings.c.estate, buildings.c.community).where(buildings.c.id == building)).one()
    found = household(
        ledger, building, where[0], where[1], room, unit=unit, floor=floor or None, micro_grid=micro_grid or None
    )
    ledger.write()
    return found


def building_codes(conn: Connection, community: int) -> list[tuple[str, str, str]]:
    """(estate, building with its word, scene "g1.<code>") of every building, in register order, for door plates."""
    found = conn.execute(
        select(estates.c.name, buildings.c.name, estates.c.word, buildings.c.qr)
        .join(estates, buildings.c.estate == estates.c.id)
        .where(buildings.c.community == community)
        .order_by(buildings.c.id)
    )
    return [(name, building + word, f"g1.{qr}") for name, building, word, qr in found]
