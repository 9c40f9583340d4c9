"""The sample community of the demo: invented places and people, the same on every run; no real data."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from handlers.types import Role, Sender
from storage import (
    land,
    people,
    sample_activities,
    sample_knowledge,
    sample_logins,
    sample_organisations,
    sample_shop,
)
from storage.engine import Database
from storage.ledger import Ledger
from storage.sample_logins import LOGIN, PASSWORD
from storage.sample_plan import Plan, communities_of_the_sample
from storage.sample_units import Units
from storage.sample_words import FAMILY, GIVEN, SPOTS
from storage.schema import (
    buildings,
    communities,
    estates,
    grids,
    households,
    meta,
    micro_grids,
    persons,
    posts,
    unit_areas,
    units,
)  # fmt: skip

_SEED = 20260601
_COUNTY = "330483"
_NORTH, _EAST = 30.6300, 120.5600  # degrees; communities lie in a row of blocks from here
_STEP_LAT, _STEP_LON = 0.000225, 0.000261  # about 25 m
_MICROS_PER_GRID = 14


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seeded. `people`: person ids of resident, neighbour, newcomer, leader, deputy, desk."""

    communities: tuple[int, ...]
    households: int
    people: Mapping[str, int]
    login: str = LOGIN
    password: str = field(default=PASSWORD, repr=False)


class SampleRefused(Exception):
    """The database already holds a register that is not the sample."""


def seed(db: Database, *, households: int = 0, now: datetime, step: Callable[[int], None] | None = None) -> Sample:
    """Fill an empty database; a second call returns what is there. About `households` households, at least 1,920.

    `step(n)` is called after each n rows. Raises SampleRefused when another register is there.
    """
    with db.writing() as conn:
        stored = conn.execute(select(meta.c.value).where(meta.c.name == "sample")).scalar()
        if stored is not None:
            return _read(stored)
        if conn.execute(select(communities.c.id).limit(1)).first() is not None:
            raise SampleRefused("数据库里已有社区数据，示例数据不会写进去。请换一个空的数据目录（--data）。")
        made = _Builder(conn, now, step).city(households)
        conn.execute(insert(meta).values(name="sample", value=json.dumps(asdict(made)).encode()))
        return made


def _read(stored: bytes) -> Sample:
    found = json.loads(stored)
    return Sample(tuple(found["communities"]), found["households"], found["people"])


class _Builder:
    def __init__(self, conn: Connection, now: datetime, step: Callable[[int], None] | None) -> None:
        self.conn = conn
        self.now = now
        self.step = step
        self.chance = random.Random(_SEED)  # noqa: S311 - names only
        self.ledger = Ledger(conn)
        self.ledger.plates = set()
        for table, keys in (
            (communities, ("code",)), (grids, ("code",)), (micro_grids, ("code",)), (estates, ("community", "name")),
            (buildings, ("estate", "name")), (households, ("building", "unit", "room")),
            (persons, ("id",)), (posts, ("person", "role", "scope")), (units, ("code",)),
            (unit_areas, ("unit", "scope", "place", "street")),
        ):  # fmt: skip
            self.ledger.know(table, keys)
        self.total = 0
        self.estates: list[tuple[int, str]] = []
        self.grids: list[tuple[int, int]] = []

    def city(self, wanted: int) -> Sample:
        """Communities until there are `wanted` households."""
        ids: list[int] = []
        cast: dict[str, int] = {}
        streets: dict[str, None] = {}
        for number, (street, name, plans) in enumerate(communities_of_the_sample()):
            if number >= 2 and self.total >= wanted:
                break
            ids.append(self._community(number, street, name, plans, cast))
            streets[street] = None
            self.ledger.write(self.step)
            self.ledger.forget()
        self._units(streets, cast)
        sample_shop.stock(self.conn, ids)
        self._people(cast, ids[0])
        sample_activities.seed(self.conn, ids[0], cast, self.now)
        sample_knowledge.seed(self.conn, (ids[0], ids[1]))
        sample_organisations.seed(self.conn, ids[0])
        return Sample(tuple(ids), self.total, cast)

    def _community(self, number: int, street: str, name: str, plans: tuple[Plan, ...], cast: dict[str, int]) -> int:
        code = f"{_COUNTY}{number // 15 + 1:03d}{number % 15 + 1:03d}"
        phone = f"0573-8800{number + 1:04d}(示例)"
        community = land.community(self.ledger, code, name, street=street, phone=phone)
        micros = sum(-(-plan.buildings // plan.per_micro) for plan in plans)
        micro_ids = iter(self._grids(community, code, name, micros))
        for block, plan in enumerate(plans):
            north = _NORTH + 0.02 * (number // 20)
            east = _EAST + 0.02 * (number % 20) + 0.008 * block
            self._estate(community, code, plan, micro_ids, (north, east), cast)
        for desk in range(2):
            person = self._person(community)
            people.post(self.ledger, person, Role.DESK, community, self.now)
            if number == 0 and desk == 0:
                cast["desk"] = person
        return community

    def _grids(self, community: int, code: str, name: str, micros: int) -> Iterator[int]:
        """Micro-grids in even grids of at most 14."""
        count = -(-micros // _MICROS_PER_GRID)
        for number in range(count):
            share = micros // count + (number < micros % count)
            grid = land.grid(self.ledger, community, f"{code}{number + 1:03d}")
            self.grids.append((grid, community))
            for micro in range(share):
                micro_code = f"{code}{number + 1:03d}{micro + 1:02d}"
                yield land.micro_grid(
                    self.ledger, grid, community, micro_code, land.micro_grid_name(name, micro_code)
                )  # fmt: skip

    def _estate(
        self, community: int, code: str, plan: Plan, micros: Iterator[int], at: tuple[float, float],
        cast: dict[str, int],
    ) -> None:  # fmt: skip
        estate = land.estate(
            self.ledger, community, plan.name, road=plan.road, lane=plan.lane, word=plan.word, spots=SPOTS
        )
        self.estates.append((estate, plan.name))
        micro = 0
        for number in range(plan.buildings):
            if number % plan.per_micro == 0:
                micro = next(micros)
                leader, deputy = self._posts(community, micro)
                if plan.name == "学府花园" and number == 2:
                    cast |= {"leader": leader, "deputy": deputy}
            name = str(number + 1)
            lat, lon = at[0] + number // 10 * _STEP_LAT, at[1] + number % 10 * _STEP_LON
            building = land.building(
                self.ledger, estate, community, name, lat=lat, lon=lon, plate=land.plate_of(code, plan.name, name)
            )
            for unit in plan.units:
                for room in _ROOMS:
                    land.household(
                        self.ledger, building, estate, community, room, unit=unit, floor=room[0], micro_grid=micro
                    )
                self.total += len(_ROOMS)

    def _posts(self, community: int, micro: int) -> tuple[int, int]:
        leader, deputy = self._person(community), self._person(community)
        people.post(self.ledger, leader, Role.LEADER, micro, self.now)
        people.post(self.ledger, deputy, Role.DEPUTY, micro, self.now)
        return leader, deputy

    def _person(self, community: int) -> int:
        name = self.chance.choice(FAMILY) + self.chance.choice(GIVEN)
        return people.person(self.ledger, name, "", community, self.now)

    def _units(self, streets: Iterable[str], cast: dict[str, int]) -> None:
        """Who handles what the grid cannot: after the register, so that its names stay as they were."""
        made = Units(self.ledger, self.now)
        for number, (estate, name) in enumerate(self.estates, 1):
            made.property_company(estate, name, number, shown=number == 1)
        for number, street in enumerate(streets, 1):
            made.street(street, number)
        made.city()
        for number, (grid, community) in enumerate(self.grids):
            made.grid_worker(grid, community, shown=number == 0)
        cast |= made.cast
        self.ledger.write(self.step)
        self.ledger.forget()

    def _people(self, cast: dict[str, int], community: int) -> None:
        """The people behind the phones of the demo, and the log-in of the console."""
        for user, name, unit, room, relation in (
            ("resident", "王秀英", "2", "302", "owner"), ("neighbour", "陈国强", "1", "201", "tenant"),
        ):  # fmt: skip
            cast[user] = people.add_person(self.conn, name, "", community, now=self.now)
            people.add_home(self.conn, cast[user], self._household(unit, room), relation, "desk", now=self.now)
        cast["newcomer"] = people.add_person(self.conn, "", "", 0, now=self.now)
        for user, person in cast.items():
            for channel in ("webchat", "terminal"):
                people.link_identity(self.conn, person, Sender(channel, "-", user), self.now)
        sample_logins.seed(self.conn, cast, self.now)

    def _household(self, unit: str, room: str) -> int:
        found = self.conn.execute(
            select(households.c.id)
            .join(buildings, buildings.c.id == households.c.building)
            .join(estates, estates.c.id == households.c.estate)
            .where(estates.c.name == "学府花园", buildings.c.name == "3")
            .where(households.c.unit == unit, households.c.room == room)
        )
        return int(found.scalar_one())


_ROOMS = tuple(f"{floor}0{door}" for floor in range(1, 7) for door in (1, 2))
