"""What one ticket adds to the sums that stand for many: the indicators of numbers.py in a form that can be added up.

Sums of a day added together are the sums of a month: a report over years costs as many rows as it has days. The
halves and nine tenths of a time come from how often each rounded length occurred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.tickets.numbers import KPIS, NOT_ACCEPTED, SMALL, Case, Lists, Numbers, Rate, Times, rounded_up

MEASURES: tuple[str, ...] = (
    "tickets",
    *(f"{kpi.key}_{end}" for kpi in KPIS for end in ("part", "whole")),
    "first_count", "first_minutes", "done_count", "done_minutes", "inside", "outside", "refused", "cost",
)  # fmt: skip
TIMES = ("first", "done")  # 响应 and 办结: the two times that are measured

Sums = Mapping[str, float]
Spread = Mapping[int, int]  # rounded minutes → how many tickets took so long


def measures(case: Case) -> dict[str, float]:
    """Every measure of one ticket."""
    found: dict[str, float] = {"tickets": 1}
    for kpi in KPIS:
        found[f"{kpi.key}_part"], found[f"{kpi.key}_whole"] = kpi.count(case)
    for what in TIMES:
        minutes = spent(case, what)
        found[f"{what}_count"], found[f"{what}_minutes"] = (0, 0) if minutes is None else (1, minutes)
    found |= {
        "inside": case.list_basis == "清单内", "outside": case.list_basis == "清单外", "refused": case.refused,
        "cost": case.cost,
    }  # fmt: skip
    return {name: float(value) if name.endswith("_part") else int(value) for name, value in found.items()}


def spent(case: Case, what: str) -> int | None:
    """Whole minutes of one of TIMES; None where it does not count."""
    if case.status in NOT_ACCEPTED:
        return None
    return case.first_minutes if what == "first" else case.done_minutes


def length(case: Case, what: str) -> int | None:
    """The same, rounded up as a Spread has it."""
    minutes = spent(case, what)
    return None if minutes is None else rounded_up(minutes)


def added(sums: Iterable[Sums]) -> dict[str, float]:
    """Zero of everything where there are none."""
    total = dict.fromkeys(MEASURES, 0.0)
    for one in sums:
        for name in MEASURES:
            total[name] += one[name]
    return total


def told(sums: Sums, spreads: Mapping[str, Spread]) -> Numbers:
    """The indicators of the tickets that were added up; the same as numbers() of those tickets."""
    return Numbers(
        tickets=int(sums["tickets"]),
        rates=tuple(_rate(kpi.key, kpi.name, kpi.formula, sums) for kpi in KPIS),
        response_time=_times(sums, "first", spreads.get("first", {})),
        done_time=_times(sums, "done", spreads.get("done", {})),
        lists=Lists(*(int(sums[name]) for name in ("inside", "outside", "refused", "cost"))),
    )


def _rate(key: str, name: str, formula: str, sums: Sums) -> Rate:
    part, whole = float(sums[f"{key}_part"]), int(sums[f"{key}_whole"])
    shown = whole >= SMALL
    return Rate(key, name, formula, part if shown else None, whole, round(part / whole, 4) if shown else None)


def _times(sums: Sums, what: str, spread: Spread) -> Times:
    count = int(sums[f"{what}_count"])
    if count < SMALL:
        return Times(count, None, None, None)
    mean = round(int(sums[f"{what}_minutes"]) / count)
    if not spread:  # of a group only the mean is kept
        return Times(count, mean, None, None)
    return Times(count, mean, _reached(spread, (count - 1) // 2), _reached(spread, -(-count * 9 // 10) - 1))


def _reached(spread: Spread, place: int) -> int:
    """The length at a place of the row from the shortest to the longest."""
    before = 0
    for minutes in sorted(spread):
        before += spread[minutes]
        if before > place:
            return minutes
    raise ValueError(f"{before} lengths, and the {place + 1}th was asked for")
