"""An invented town for the reading tests: two 幢 estates, a lane estate in two phases, a village, a tower."""

from __future__ import annotations

from nlp import Building, Estate, Register


def rooms(floors: int, each: int) -> frozenset[str]:
    return frozenset(f"{floor}{room:02}" for floor in range(1, floors + 1) for room in range(1, each + 1))


def block(count: int, word: str, units: dict[str, frozenset[str]]) -> dict[str, Building]:
    return {str(n): Building(str(n), word, units, n) for n in range(1, count + 1)}


TWO_UNITS = {"1": rooms(6, 2), "2": rooms(6, 2)}
ONE = {"": rooms(6, 2)}
COURT = Estate(
    1, 1, "海棠花园", ("海棠苑",), "海棠路", "", "幢",
    {**block(12, "幢", TWO_UNITS), "C2": Building("C2", "栋", {"": rooms(6, 5)}),
     "15": Building("15", "幢", {"": rooms(30, 4)}),
     "3-2": Building("3-2", "幢", ONE)},
    ("北门", "水泵房", "中心花园", "垃圾房"),
)  # fmt: skip
FIRST = Estate(2, 1, "云杉里一期", (), "云杉路", "5511弄", "号", block(40, "号", ONE))
SECOND = Estate(3, 1, "云杉里二期", (), "云杉路", "5513弄", "号", block(40, "号", ONE))
WIDE = Estate(
    4, 2, "长桥新村", (), "长桥路", "186弄/188弄", "号",
    {f"{lane}弄{n}": Building(f"{lane}弄{n}", "号", ONE) for lane in (186, 188) for n in range(50, 60)},
)  # fmt: skip
VILLAGE = Estate(5, 2, "麦浜村", (), "", "", "号", {"3组12": Building("3组12", "号", {})})
TOWN = Register((COURT, FIRST, SECOND, WIDE, VILLAGE))
