"""A small register: one community, one estate, two buildings, one micro-grid with its people."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import insert

from storage import places, schema
from storage.engine import Database
from tests.storage.kit import NOW


@dataclass
class Town:
    community: int = 10
    grid: int = 11
    micro_grid: int = 12
    estate: int = 5
    building: int = 30
    leader: int = 40
    deputy: int = 41
    desk: int = 42
    grid_worker: int = 43
    households: dict[str, int] = field(default_factory=dict)


REGISTER = (
    (schema.communities, ("id", "code", "name", "street", "phone"), [
        (10, "330483001001", "学府社区", "梧桐街道", "0573-1"),
    ]),
    (schema.grids, ("id", "community", "code", "name"), [(11, 10, "330483001001001", "第1网格")]),
    (schema.micro_grids, ("id", "grid", "community", "code", "name"), [(12, 11, 10, "33048300100100103", "学府1-3")]),
    (schema.estates, ("id", "community", "name", "aliases", "road", "lane", "word", "spots"), [
        (5, 10, "学府花园", ["学府"], "校场路", "", "幢", ["北门"]),
    ]),
    (schema.buildings, ("id", "estate", "community", "name", "lat", "lon", "qr"), [
        (30, 5, 10, "3", 30.6, 120.5, "AAAA"),
        (31, 5, 10, "7", 30.6005, 120.5, "BBBB"),
    ]),
    (schema.households, ("id", "building", "estate", "community", "micro_grid", "unit", "floor", "room"), [
        (60, 30, 5, 10, 12, "2", "3", "301"),
        (61, 30, 5, 10, 12, "2", "3", "302"),
        (62, 30, 5, 10, 12, "2", "4", "402"),
        (63, 30, 5, 10, None, "1", "1", "101"),
        (64, 31, 5, 10, 12, "", "2", "201"),
    ]),
    (schema.persons, ("id", "name", "community", "created"), [
        (40, "陈立", 10, NOW), (41, "陈小红", 10, NOW), (42, "王社", 10, NOW), (43, "李网", 10, NOW),
    ]),
    (schema.posts, ("id", "person", "role", "scope", "since"), [
        (50, 40, "leader", 12, NOW), (51, 41, "deputy", 12, NOW), (52, 42, "desk", 10, NOW),
        (53, 43, "grid", 11, NOW),
    ]),
)  # fmt: skip


def build(database: Database) -> Town:
    """Building 3 has units 1 and 2; unit 2 is all in one micro-grid, unit 1 is in none."""
    town = Town()
    with database.writing() as conn:
        for table, names, several in REGISTER:
            conn.execute(insert(table), [dict(zip(names, values, strict=True)) for values in several])
        places.bump_version(conn)
    town.households = {"301": 60, "302": 61, "402": 62, "101": 63, "201": 64}
    return town
