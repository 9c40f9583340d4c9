"""Working time and natural time: pure arithmetic on a calendar given as a value.

Working time (domain.md §2.9): inside the duty periods of working days; a 调休 workday counts, a public holiday
does not; a community may also be on duty at weekends (错时, 延时). Natural time simply runs.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from nlp.when import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
_OFFSET = 8 * 3600  # Shanghai keeps no summer time since 1991
_DAY = 86_400
_BEGIN = date(2015, 1, 1)  # nothing is counted before
_DAYS_AHEAD = 400  # a calendar without any working day in this long is a mistake in the table
_BLOCK = 512  # days looked up at once

Periods = tuple[tuple[time, time], ...]
DUTY: Periods = ((time(8, 30), time(11, 30)), (time(13, 0), time(18, 0)))  # eight hours a day


@dataclass(frozen=True, slots=True)
class Calendar:
    """Duty calendar of a community. `holidays` are off, `workdays` are 调休 weekends worked.

    `periods` are the duty periods of a working day in their order, `weekend` those of a Saturday or Sunday
    that is neither holiday nor 调休 workday.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    periods: Periods = DUTY
    weekend: Periods = ()

    def works(self, day: date) -> bool:
        """Whether it is a working day; weekend duty does not make it one."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`."""
        return Workdays(self.holidays, self.workdays).after(day, count)

    def on_duty(self, day: date) -> Periods:
        if self.works(day):
            return self.periods
        return () if day in self.holidays else self.weekend


class Natural:
    """Natural time as a ruler: a second is a second."""

    def upto(self, second: int) -> int:
        return second

    def when(self, counted: int) -> int:
        return counted


class Working:
    """Working seconds of a calendar, added up once and then looked up. Seconds are whole and count from 1970."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._lock = threading.Lock()
        self._first = _BEGIN.toordinal() - date(1970, 1, 1).toordinal()
        self._before: list[int] = [0]  # seconds worked before each day; one more entry than days known
        self._spans: list[tuple[tuple[int, int], ...]] = []

    def upto(self, second: int) -> int:
        """Seconds worked from 2015 to a moment. Raises ValueError for one before that."""
        day, rest = divmod(second + _OFFSET, _DAY)
        at = day - self._first
        if at < 0:
            raise ValueError(f"working time is not counted before {_BEGIN}")
        if at >= len(self._spans):
            self._look_ahead(at)
        worked = self._before[at]
        for begin, end in self._spans[at]:
            if rest <= begin:
                break
            worked += min(rest, end) - begin
        return worked

    def when(self, counted: int) -> int:
        """The first moment by which so many seconds were worked. Raises ValueError where nobody ever works."""
        while self._before[-1] < counted:
            known, worked = len(self._spans), self._before[-1]
            self._look_ahead(known)
            if self._before[-1] == worked and len(self._spans) > _DAYS_AHEAD:
                raise ValueError(
                    f"the duty calendar has no working time in {_DAYS_AHEAD} days: check holidays and periods"
                )
        at = bisect_left(self._before, counted) - 1
        left = counted - self._before[at]
        for begin, end in self._spans[at]:
            if end - begin >= left:
                return (self._first + at) * _DAY + begin + left - _OFFSET
            left -= end - begin
        raise AssertionError("the day's periods are shorter than its sum")

    def _look_ahead(self, at: int) -> None:
        """Add up the days until one, a block at a time."""
        with self._lock:
            while len(self._spans) <= at:
                start = _BEGIN.toordinal() + len(self._spans)
                for ordinal in range(start, start + _BLOCK):
                    periods = self._calendar.on_duty(date.fromordinal(ordinal))
                    self._before.append(self._before[-1] + sum(_second(b) - _second(a) for a, b in periods))
                    self._spans.append(tuple((_second(a), _second(b)) for a, b in periods))


Ruler = Natural | Working
NATURAL = Natural()


@lru_cache(maxsize=128)
def ruler(calendar: Calendar) -> Working:
    """The working time of a calendar; the same object for the same calendar."""
    return Working(calendar)


def _second(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def add_working(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """The moment `minutes` of working time after `start` (aware), in the zone of `start`, to the second.

    Raises ValueError when the calendar has no working time within 400 days.
    """
    if minutes <= 0:
        return start
    measure = ruler(calendar)
    until = measure.when(measure.upto(int(start.timestamp())) + minutes * 60)
    return datetime.fromtimestamp(until, start.tzinfo)


def working_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Whole minutes of working time between two moments (0 when `end` is not after `start`)."""
    if end <= start:
        return 0
    measure = ruler(calendar)
    return (measure.upto(int(end.timestamp())) - measure.upto(int(start.timestamp()))) // 60
