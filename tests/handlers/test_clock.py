"""Working time against a counter that walks every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tickets.clock import SHANGHAI, Calendar, add_working, working_minutes

DAYS = st.dates(date(2026, 9, 20), date(2026, 10, 20))
CALENDARS = st.builds(
    lambda off, on: Calendar(frozenset(off - on), frozenset(on)), st.sets(DAYS, max_size=6), st.sets(DAYS, max_size=3)
)
STARTS = st.datetimes(datetime(2026, 9, 21), datetime(2026, 10, 12)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
)


def walk(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """One minute after another."""
    at = start
    while minutes:
        clock = at.time()
        if calendar.works(at.date()) and any(a <= clock < b for a, b in calendar.periods):
            minutes -= 1
        at += timedelta(minutes=1)
    return at


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(1, 1500), CALENDARS)
def test_agrees_with_the_minute_counter(start: datetime, minutes: int, calendar: Calendar) -> None:
    assert add_working(start, minutes, calendar) == walk(start, minutes, calendar)


@settings(max_examples=100, deadline=None)
@given(STARTS, st.integers(0, 3000), CALENDARS)
def test_counting_back_gives_the_same_minutes(start: datetime, minutes: int, calendar: Calendar) -> None:
    assert working_minutes(start, add_working(start, minutes, calendar), calendar) == minutes


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(1, 1500), CALENDARS, DAYS)
def test_one_more_holiday_never_shortens(start: datetime, minutes: int, calendar: Calendar, day: date) -> None:
    more = Calendar(calendar.holidays | {day}, calendar.workdays - {day})
    if day in calendar.workdays or day not in calendar.holidays:
        assert add_working(start, minutes, more) >= add_working(start, minutes, calendar)


def test_a_worked_saturday_counts_and_a_holiday_does_not() -> None:
    friday = datetime(2026, 10, 9, 17, 30, tzinfo=SHANGHAI)
    plain, worked = Calendar(), Calendar(workdays=frozenset({date(2026, 10, 10)}))
    assert add_working(friday, 60, plain) == datetime(2026, 10, 12, 9, 0, tzinfo=SHANGHAI)
    assert add_working(friday, 60, worked) == datetime(2026, 10, 10, 9, 0, tzinfo=SHANGHAI)


def test_the_zone_of_the_start_is_kept() -> None:
    start = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    assert add_working(start, 30, Calendar()) == datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


def test_a_calendar_without_work_is_an_error() -> None:
    with pytest.raises(ValueError, match="no working time"):
        add_working(datetime(2026, 6, 1, 9, tzinfo=SHANGHAI), 10, Calendar(periods=()))
