"""Limits as the field has them, as they are written down, and the rungs of the ladder they lead to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tickets import ladder
from handlers.tickets.clock import Calendar
from handlers.tickets.clocks import Event, Kind
from handlers.tickets.limits import CLASSES, DEFAULTS, RAISED, Clock, Limit, Limits, limit_from
from tests.handlers.walker import BEGIN, CALENDARS, LIMITS, START


@settings(max_examples=60, deadline=None)
@given(LIMITS, CALENDARS, st.lists(st.integers(1, 3000), min_size=1, max_size=30))
def test_each_rung_of_the_ladder_is_taken_once_in_order_and_not_before_its_moment(
    limit: Limit, calendar: Calendar, steps: list[int]
) -> None:
    events, now, taken = [Event(START, Kind.START, Clock.WHOLE, limit)], START, []
    assert ladder.first_rung(limit, BEGIN, calendar) == ladder.next_rung(events, calendar)
    for step in steps:
        now += step * 60
        at = datetime.fromtimestamp(now, UTC)
        due = ladder.next_rung(events, calendar)
        new = ladder.reached(events, calendar, at)
        assert bool(new) == (due is not None and due <= at)
        taken += new
        events += [Event(now, Kind.RUNG, value=rung) for rung in new]
    assert taken == list(ladder.RUNGS)[: len(taken)]


def test_a_reopened_order_climbs_the_ladder_again() -> None:
    limit = Limit(100, False)
    events = [Event(START, Kind.START, Clock.WHOLE, limit), Event(START + 3000, Kind.RUNG, value=50)]
    assert ladder.reached(events, Calendar(), BEGIN + timedelta(minutes=60)) == ()
    again = [*events, Event(START + 3600, Kind.SOLVED), Event(START + 7200, Kind.START, Clock.WHOLE, limit)]
    assert ladder.reached(again, Calendar(), BEGIN + timedelta(minutes=170)) == (50,)
    assert ladder.next_rung(again, Calendar()) == BEGIN + timedelta(minutes=170)


def test_a_late_look_takes_every_rung_it_missed() -> None:
    events = [Event(START, Kind.START, Clock.WHOLE, Limit(100, False))]
    assert ladder.reached(events, Calendar(), BEGIN + timedelta(minutes=155)) == (50, 80, 100, 150)


def test_the_table_of_the_field() -> None:
    """domain.md §2.4, line by line."""
    table = Limits()
    assert [table.of(Clock.ACCEPT, level) for level in ("T0", "T1", "T2", "T4")] == [
        Limit(5, False), Limit(30, False), Limit(120, True), Limit(480, True),
    ]  # fmt: skip
    assert [table.of(Clock.WHOLE, level) for level in ("T0", "T1", "T2", "T3", "T4", "TC", "TW")] == [
        Limit(120, False), Limit(1440, False), Limit(1440, True), Limit(2400, True), Limit(21600, False),
        Limit(480, True), Limit(14400, False),
    ]  # fmt: skip
    assert table.of(Clock.ARRIVE, "T0") == Limit(30, False)
    assert table.of(Clock.HANDLE, "T2") is None
    for level in CLASSES:  # danger and urgency run round the clock, the rest in duty time
        assert not (level in RAISED and DEFAULTS[level, Clock.FIRST].working)


def test_a_category_has_its_own_limit_but_never_lengthens_danger() -> None:
    own = Limits({**DEFAULTS, ("0101", Clock.WHOLE): Limit(1440, False)})
    assert own.of(Clock.WHOLE, "T2", "0101") == Limit(1440, False)
    assert own.of(Clock.WHOLE, "T2", "0102") == DEFAULTS["T2", Clock.WHOLE]
    assert own.of(Clock.WHOLE, "T0", "0101") == DEFAULTS["T0", Clock.WHOLE]


@settings(deadline=None)
@given(LIMITS)
def test_terms_are_read_as_they_were_written(limit: Limit) -> None:
    assert limit_from(limit.terms) == limit


@pytest.mark.parametrize("terms", ["", "w", "12", "12x", "-1w", "12wcc"])
def test_other_terms_are_refused(terms: str) -> None:
    with pytest.raises(ValueError, match="no limit"):
        limit_from(terms)
