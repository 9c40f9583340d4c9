"""Limits in working time and natural time: pure arithmetic on a calendar given as a value.

Working time (domain.md §2.9): whole minutes inside the duty periods of working days; a 调休 workday
counts, a public holiday does not. Natural time simply runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAYS_AHEAD = 400  # a calendar without any working day in this long is a mistake in the table


@dataclass(frozen=True, slots=True)
class Calendar:
    """Duty calendar of a community. `holidays` are off, `workdays` are 调休 weekends worked."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    periods: tuple[tuple[time, time], ...] = field(default=((time(8, 30), time(11, 30)), (time(13, 0), time(18, 0))))

    def works(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays


def add_working(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """The moment `minutes` of working time after `start` (aware), in the zone of `start`.

    Raises ValueError when the calendar has no working time within 400 days.
    """
    if minutes <= 0:
        return start
    left = timedelta(minutes=minutes)
    local = start.astimezone(SHANGHAI)
    for ahead in range(_DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        if not calendar.works(day):
            continue
        for begin, end in calendar.periods:
            opens = datetime.combine(day, begin, SHANGHAI)
            closes = datetime.combine(day, end, SHANGHAI)
            opens = max(opens, local)
            if opens >= closes:
                continue
            if closes - opens >= left:
                return (opens + left).astimezone(start.tzinfo)
            left -= closes - opens
    raise ValueError("the duty calendar has no working time in the next 400 days: check holidays and periods")


def working_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole minutes of working time between two moments (0 when `end` is not after `start`)."""
    if end <= start:
        return 0
    a, b = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    total = timedelta()
    day = a.date()
    while day <= b.date():
        if calendar.works(day):
            for begin, stop in calendar.periods:
                lo = max(a, datetime.combine(day, begin, SHANGHAI))
                hi = min(b, datetime.combine(day, stop, SHANGHAI))
                if hi > lo:
                    total += hi - lo
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)
