"""Which communities and estates the sample is made of; no rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storage.sample_words import HALVES_A, HALVES_B, STREETS


@dataclass(frozen=True, slots=True)
class Plan:
    """An estate to build: `per_micro` buildings make a micro-grid of 24 households."""

    name: str
    word: str
    buildings: int
    units: tuple[str, ...]
    per_micro: int
    road: str = ""
    lane: str = ""


def communities_of_the_sample() -> Iterator[tuple[str, str, tuple[Plan, ...]]]:
    """(street, community, estates), the two of design.md §3 first, then more of the same shape."""
    names = [a + b for b in HALVES_B for a in HALVES_A]
    yield STREETS[0], "学府社区", (_blocks("学府花园", "学府路"),)
    yield STREETS[0], "枫桦社区", (_lanes("枫桦景苑一期", "枫桦路", 5511), _lanes("枫桦景苑二期", "枫桦路", 5513))
    for number, name in enumerate(names, start=2):
        street = STREETS[number // 15 % len(STREETS)]
        if number % 2 == 0:
            yield street, f"{name}社区", (_blocks(f"{name}花园", f"{name}路"),)
        else:
            lane, road = 100 + 4 * number, f"{name}路"
            yield street, f"{name}社区", (
                _lanes(f"{name}景苑一期", road, lane), _lanes(f"{name}景苑二期", road, lane + 2),
            )  # fmt: skip


def _blocks(name: str, road: str) -> Plan:
    return Plan(name, "幢", 20, ("1", "2"), 1, road=road)


def _lanes(name: str, road: str, lane: int) -> Plan:
    return Plan(name, "号", 60, ("",), 2, road=road, lane=str(lane))
