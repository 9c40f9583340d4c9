"""Arithmetic on days: months on, weeks, working days; the zone every time is meant in. Naive local times inside."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
YEARS = (1000, 2999)  # what is beyond is no date people write


@dataclass(frozen=True, slots=True)
class Workdays:
    """Public holidays and weekends worked (调休). Without a table Monday to Friday are worked."""

    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.holidays)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); at most 400 days away."""
        step, left = (1 if count >= 0 else -1), abs(count)
        for _ in range(400):
            if left == 0:
                break
            day += timedelta(days=step)
            left -= self.works(day)
        return day


PLAIN = Workdays()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def months_on(moment: datetime, months: int) -> datetime:
    """The same day so many months on, the last of a shorter month; years outside 1000–2999 are held at the edge."""
    at = moment.year * 12 + moment.month - 1 + months
    year, month = min(max(at // 12, YEARS[0]), YEARS[1]), at % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, last_day(year, month)))


def days_on(moment: datetime, days: float) -> datetime:
    """So many days on; what leaves the calendar stays at its edge."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return datetime(YEARS[1] if days > 0 else YEARS[0], 1, 1)


def last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def monday(moment: datetime, weeks: int = 0) -> datetime:
    """The Monday of the moment's week, `weeks` on (weeks begin on Monday, GB/T 7408)."""
    return midnight(moment.date()) - timedelta(days=moment.weekday()) + timedelta(weeks=weeks)


def day_of(year: int, month: int, day: int) -> datetime | None:
    """None for what is no day (2月30日) and for years outside 1000–2999."""
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    try:
        return datetime(year, month, day)
    except ValueError:
        return None
