"""How long each part of a ticket may take: whole order 整体时限 and steps 环节时限, per class (domain.md §2.4).

A table of values that a city or a community edits (`jushe import limits`); standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

WORK_DAY = 480  # minutes of a working day: eight duty hours
DAY = 1440


class Clock(StrEnum):
    """What is timed. The value is what tables and screens call it."""

    WHOLE = "整体"  # from the report to 办结
    FIRST = "首次联系"  # until somebody has spoken with the reporter
    NEXT = "下次答复"  # after the reporter's last message
    INTAKE = "受理"  # S1
    DISPATCH = "派遣"  # S2
    ACCEPT = "接单"  # S3
    ARRIVE = "到场"  # danger only
    HANDLE = "处置"  # S4
    CHECK = "核查"  # S5


STEPS = frozenset({Clock.INTAKE, Clock.DISPATCH, Clock.ACCEPT, Clock.HANDLE, Clock.CHECK})  # one at a time


@dataclass(frozen=True, slots=True)
class Limit:
    """`minutes` of duty time (`working`) or natural time; `cumulative`: a step that comes again goes on counting."""

    minutes: int
    working: bool
    cumulative: bool = False

    @property
    def terms(self) -> str:
        """120w, 1440n, 480wc: how it stands in the table of events."""
        return f"{self.minutes}{'w' if self.working else 'n'}{'c' if self.cumulative else ''}"


def limit_from(terms: str) -> Limit:
    """Raises ValueError for what `Limit.terms` does not write."""
    found = re.fullmatch(r"(\d{1,7})([wn])(c?)", terms)
    if found is None:
        raise ValueError(f"{terms!r} is no limit")
    return Limit(int(found[1]), found[2] == "w", bool(found[3]))


def _w(minutes: int) -> Limit:
    return Limit(minutes, True)


def _n(minutes: int) -> Limit:
    return Limit(minutes, False)


# class: whole, first contact (also the next answer), accept
_CLASSES: dict[str, tuple[Limit, Limit, Limit]] = {
    "T0": (_n(120), _n(5), _n(5)),  # feedback ≤ 2 h, contact at once, 5 min ack
    "T1": (_n(DAY), _n(60), _n(30)),  # ≤ 24 h, 1 h, 30 min, 7×24
    "T2": (_w(3 * WORK_DAY), _w(WORK_DAY), _w(120)),  # 3 working days, same day, 2 duty hours
    "T3": (_w(5 * WORK_DAY), _w(WORK_DAY), _w(120)),  # 5 working days
    "T4": (_n(15 * DAY), _w(WORK_DAY), _w(WORK_DAY)),  # 15 days, else 挂账 with a review date
    "TC": (_w(WORK_DAY), _w(WORK_DAY), _w(120)),  # a question: 1 working day
    "TW": (_n(10 * DAY), _w(WORK_DAY), _w(120)),  # 物业 must answer within 10 days
    "TX": (_n(60 * DAY), _w(5 * WORK_DAY), _n(15 * DAY)),  # 信访: 15 days' notice, 60 days
}
CLASSES = tuple(_CLASSES)
RAISED = frozenset({"T0", "T1"})  # 特急 and 紧急: a category's own row never lengthens these


def _pressing(whole: Limit) -> timedelta:
    days = whole.minutes / (WORK_DAY if whole.working else DAY)
    return min(timedelta(days=1), max(timedelta(minutes=30), timedelta(days=days / 5)))


# 快超时, by class: how long before it is due. The last fifth of the limit, where the ladder warns (domain.md §2.4), a
# working day taken for a day; never less than half an hour nor more than a day: nothing presses from the start.
PRESSING = {level: _pressing(whole) for level, (whole, _, _) in _CLASSES.items()}


def presses(level: str, due: datetime, now: datetime) -> bool:
    """Soon due, or late already."""
    return due <= now + PRESSING.get(level, timedelta(days=1))


Rows = Mapping[tuple[str, Clock], Limit]


def _defaults() -> dict[tuple[str, Clock], Limit]:
    rows: dict[tuple[str, Clock], Limit] = {}
    for level, (whole, first, accept) in _CLASSES.items():
        rows |= {
            (level, Clock.WHOLE): whole, (level, Clock.FIRST): first, (level, Clock.NEXT): first,
            (level, Clock.INTAKE): accept, (level, Clock.DISPATCH): accept, (level, Clock.ACCEPT): accept,
            (level, Clock.CHECK): _n(60) if level == "T0" else _w(WORK_DAY),
        }  # fmt: skip
    rows["T0", Clock.ARRIVE] = _n(30)  # on site ≤ 30 min
    return rows


DEFAULTS: Rows = _defaults()


@dataclass(frozen=True, slots=True)
class Limits:
    """The table in force for one community: its own rows over the city's over the defaults.

    A row is for a class (T2) or a category (0101). 处置 has no limit of its own unless a row gives one.
    """

    rows: Rows = field(default_factory=lambda: DEFAULTS)

    def of(self, clock: Clock, level: str, category: str = "") -> Limit | None:
        """The category's own row first, unless the report was raised to T0 or T1; None: not timed."""
        if category and level not in RAISED:
            own = self.rows.get((category, clock))
            if own is not None:
                return own
        return self.rows.get((level, clock))
