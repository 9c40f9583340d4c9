"""The units of the sample: a property company an estate, departments of the street, its command room; invented."""

from __future__ import annotations

import random
from datetime import datetime

from handlers.types import Role
from storage import people, units
from storage.ledger import Ledger
from storage.sample_words import FAMILY, GIVEN

_SEED = 20260602  # a chance of its own: the register's names do not move
_STREET_UNITS = (
    ("CG", "{street}综合执法中队"), ("SZ", "{street}市政养护站"), ("HW", "{street}环卫所"),
    ("WB", "安捷电梯维保（示例）"), ("GA", "{street}派出所"), ("XF", "{street}消防救援站"),
    ("TJ", "{street}人民调解委员会"), ("JD", "{street}指挥室"),
)  # fmt: skip
_SHOWN = {"CG": "chengguan", "SZ": "shizheng", "WB": "lift"}  # phones of the demo
_CITY_UNITS = (("GS", "城市供水公司（示例）"), ("GD", "城市供电公司（示例）"), ("RQ", "城市燃气公司（示例）"))


class Units:
    """Units and their people, made after the register. `cast`: the demo's people by the name of their phone."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self.chance = random.Random(_SEED)  # noqa: S311 - names only
        self.cast: dict[str, int] = {}

    def property_company(self, estate: int, name: str, number: int, *, shown: bool) -> None:
        unit = units.unit(self.ledger, f"WY-{number:03d}", f"{name}物业服务中心", "WY", "0573-88100000(示例)")
        units.area(self.ledger, unit, "estate", estate)
        head, worker = self._people(unit)
        if shown:
            self.cast |= {"property": worker, "property_head": head}

    def street(self, street: str, number: int) -> None:
        for kind, name in _STREET_UNITS:
            unit = units.unit(self.ledger, f"{kind}-{number:03d}", name.format(street=street), kind)
            units.area(self.ledger, unit, "street", street=street)
            if kind == "JD":
                for _ in range(2):
                    person = self._person()
                    units.member(self.ledger, unit, person, Role.STREET, self.now)
                    if number == 1:
                        self.cast.setdefault("street", person)
                continue
            head, _ = self._people(unit)
            if number == 1 and kind in _SHOWN:
                self.cast[_SHOWN[kind]] = head

    def city(self) -> None:
        for kind, name in _CITY_UNITS:
            unit = units.unit(self.ledger, f"{kind}-000", name, kind)
            units.area(self.ledger, unit, "all")
            self._people(unit)

    def grid_worker(self, grid: int, community: int, *, shown: bool) -> None:
        person = self._person(community)
        people.post(self.ledger, person, Role.GRID, grid, self.now)
        if shown:
            self.cast["grid"] = person

    def _people(self, unit: int) -> tuple[int, int]:
        head, worker = self._person(), self._person()
        units.member(self.ledger, unit, head, Role.HEAD, self.now)
        units.member(self.ledger, unit, worker, Role.MEMBER, self.now)
        return head, worker

    def _person(self, community: int = 0) -> int:
        name = self.chance.choice(FAMILY) + self.chance.choice(GIVEN)
        return people.person(self.ledger, name, "", community, self.now)
